// How a payment ends: as a redirect or as a promise, in a frame or as the page itself
// (Toss: sdk.md §4).
import { devices, type Page } from "@playwright/test";
import { CK, GCK, expect, newOrderId, test, windowOf } from "./sandbox";

interface Asked {
  redirect?: boolean;
  windowTarget?: string;
  orderId?: string;
  successUrl?: string;
  failUrl?: string;
}

/** payment() asks for a card payment of 1,000 won; what became of it is in `became`. */
async function ask(shop: Page, { redirect = true, orderId = newOrderId(), ...more }: Asked = {}) {
  await shop.evaluate(
    ({ CK, orderId, redirect, more }) => {
      const addresses = { successUrl: `${location.origin}/success`, failUrl: `${location.origin}/fail` };
      const asked = window.TossPayments(CK).payment({ customerKey: "customer-1" }).requestPayment({
        method: "CARD", orderId, orderName: "머그컵", amount: { currency: "KRW", value: 1000 },
        card: { flowMode: "DIRECT", easyPay: "TOSSPAY" },
        ...(redirect && addresses), ...more,
      });
      window.asked = asked;
      window.became = "pending";
      asked.then(
        () => (window.became = "resolved"),
        (error: { code: string; message: string }) => (window.became = `${error.code}: ${error.message}`),
      );
    },
    { CK, orderId, redirect, more },
  );
  return orderId;
}

const became = (shop: Page) => shop.evaluate(() => window.became);
const queryOf = (shop: Page) => Object.fromEntries(new URL(shop.url()).searchParams);
const PAY = "1,000원 결제하기";

test("sdk_4 in redirect mode the browser goes to successUrl and the promise stays pending", async ({ shop }) => {
  const orderId = await ask(shop);
  // What the page heard of its promise until it left.
  const said: string[] = [];
  await shop.exposeFunction("say", (text: string) => said.push(text));
  await shop.evaluate(() => {
    window.asked.then(() => window.say("resolved"), () => window.say("rejected"));
    addEventListener("pagehide", () => window.say(window.became));
  });
  await windowOf(shop).getByRole("button", { name: PAY }).click();
  await shop.waitForURL("**/success?**");
  expect(said.filter((text) => text !== "pending")).toEqual([]);
  expect(queryOf(shop)).toEqual({ orderId, paymentKey: expect.stringMatching(/^\S{1,200}$/), amount: "1000" });
});

test("sdk_4_1 in promise mode the result is the promise's", async ({ shop }) => {
  const orderId = await ask(shop, { redirect: false });
  await windowOf(shop).getByRole("button", { name: PAY }).click();
  expect(await shop.evaluate(() => window.asked)).toEqual({
    paymentKey: expect.any(String),
    orderId,
    amount: { value: 1000, currency: "KRW" },
  });
  await expect(shop.locator("iframe")).toHaveCount(0);
  expect(new URL(shop.url()).pathname).toBe("/");
});

test("sdk_4_1 query parts that successUrl has already are kept", async ({ shop, plainUrl }) => {
  for (const [successUrl, begin] of [
    [`${plainUrl}/success?x=y&`, "?x=y&orderId="],
    [`${plainUrl}/success?x=y`, "?x=y&orderId="],
    [`${plainUrl}/success#part`, "?orderId="],
  ]) {
    await shop.goto("/");
    await ask(shop, { successUrl });
    await windowOf(shop).getByRole("button", { name: PAY }).click();
    await shop.waitForURL("**/success?**");
    expect(new URL(shop.url()).search).toContain(begin);
    expect(new URL(shop.url()).hash).toBe(successUrl.endsWith("#part") ? "#part" : "");
  }
});

test("sdk_4_1 the widgets' result says what kind of payment it was", async ({ shop, toss }) => {
  const orderIds = [newOrderId(), newOrderId()];
  const choose = async (name: string) => {
    await shop.evaluate(async (key) => {
      const widgets = window.TossPayments(key).widgets({ customerKey: "customer-1", brandpay: {} });
      await widgets.setAmount({ currency: "KRW", value: 1000 });
      Object.assign(window, { widgets, methods: await widgets.renderPaymentMethods({ selector: "#methods" }) });
    }, GCK);
    await shop.frameLocator('iframe[title="결제수단 선택"]').getByRole("radio", { name }).check();
    const code = name === "토스페이" ? "TOSSPAY" : "BRANDPAY";
    await expect.poll(() => shop.evaluate(() => window.methods.getSelectedPaymentMethod())).toEqual({ code });
  };
  await choose("토스페이");
  await shop.evaluate((orderId) => {
    window.asked = window.widgets.requestPayment({ orderId, orderName: "머그컵" });
  }, orderIds[0]);
  await windowOf(shop).getByRole("button", { name: PAY }).click();
  expect(await shop.evaluate(() => window.asked)).toEqual({
    paymentType: "NORMAL",
    paymentKey: expect.any(String),
    orderId: orderIds[0],
    amount: { value: 1000, currency: "KRW" },
  });
  await shop.goto("/");
  await choose("브랜드페이");
  await shop.evaluate((orderId) => {
    window.widgets.requestPayment({
      orderId, orderName: "머그컵", successUrl: `${location.origin}/success`, failUrl: `${location.origin}/fail`,
    });
  }, orderIds[1]);
  await windowOf(shop).getByRole("button", { name: PAY }).click();
  await shop.waitForURL("**/success?**");
  expect(queryOf(shop)).toMatchObject({ paymentType: "BRANDPAY", orderId: orderIds[1], amount: "1000" });
  expect((await toss.control("GET", `payments?orderId=${orderIds[1]}`)).payments).toHaveLength(1);
});

test("sdk_4_2 a refusal and a stop lead to failUrl with code, message and orderId", async ({ shop, plainUrl }) => {
  const failUrl = `${plainUrl}/fail?from=toss`;
  let orderId = await ask(shop, { failUrl });
  await windowOf(shop).getByRole("button", { name: "거절" }).click();
  await shop.waitForURL("**/fail?**");
  expect(queryOf(shop)).toEqual({ from: "toss", code: "REJECT_CARD_COMPANY", message: "결제 승인이 거절되었습니다.", orderId });
  await shop.goto("/");
  orderId = await ask(shop);
  await windowOf(shop).getByRole("button", { name: "중단" }).click();
  await shop.waitForURL("**/fail?**");
  expect(queryOf(shop)).toEqual({
    code: "PAY_PROCESS_ABORTED",
    message: "결제 진행 중 승인에 실패하여 결제가 중단되었습니다.",
    orderId,
  });
});

test("sdk_4_2 in promise mode a refusal rejects with its code, and closing with USER_CANCEL", async ({ shop }) => {
  await ask(shop, { redirect: false });
  await windowOf(shop).getByRole("combobox", { name: "거절 사유" }).selectOption("INVALID_STOPPED_CARD");
  await windowOf(shop).getByRole("button", { name: "거절" }).click();
  await expect.poll(() => became(shop)).toBe("INVALID_STOPPED_CARD: 정지된 카드 입니다.");
  await ask(shop, { redirect: false });
  await windowOf(shop).getByRole("button", { name: "중단" }).click();
  await expect.poll(() => became(shop)).toContain("PAY_PROCESS_ABORTED");
  await ask(shop, { redirect: false });
  await windowOf(shop).getByRole("button", { name: "닫기" }).click();
  await expect.poll(() => became(shop)).toBe("USER_CANCEL: 취소되었습니다.");
});

test("sdk_4_2 closing the frame of a redirect rejects with USER_CANCEL, or goes to failUrl without orderId", async ({
  shop,
}) => {
  await ask(shop);
  await expect(windowOf(shop).getByRole("button", { name: PAY })).toBeFocused();
  await shop.keyboard.press("Escape");
  await expect.poll(() => became(shop)).toBe("USER_CANCEL: 취소되었습니다.");
  expect(new URL(shop.url()).pathname).toBe("/");
  await ask(shop);
  await windowOf(shop).getByText("시험 도구").click();
  await windowOf(shop).getByLabel("닫으면 실패 주소로 보내기").check();
  await windowOf(shop).getByRole("button", { name: "취소" }).click();
  await shop.waitForURL("**/fail?**");
  expect(queryOf(shop)).toEqual({ code: "PAY_PROCESS_CANCELED", message: "사용자에 의해 결제가 취소되었습니다." });
});

test("sdk_4_2 with windowTarget self the page is the window and the buyer returns through failUrl", async ({ shop, toss }) => {
  await ask(shop, { windowTarget: "self" });
  await shop.waitForURL(`${toss.url}/v2/window**`);
  await shop.getByRole("button", { name: "닫기" }).click();
  await shop.waitForURL("**/fail?**");
  expect(queryOf(shop)).toEqual({ code: "PAY_PROCESS_CANCELED", message: "사용자에 의해 결제가 취소되었습니다." });
  await shop.goto("/");
  const orderId = await ask(shop, { windowTarget: "self" });
  await shop.waitForURL(`${toss.url}/v2/window**`);
  await shop.getByRole("button", { name: PAY }).click();
  await shop.waitForURL("**/success?**");
  expect(queryOf(shop)).toMatchObject({ orderId, amount: "1000" });
});

test("sdk_4_1 billing returns customerKey and authKey, and its failure has no orderId", async ({ shop, toss }) => {
  const register = (method: string, windowTarget: string) =>
    shop.evaluate(
      ({ CK, method, windowTarget }) => {
        window.TossPayments(CK).payment({ customerKey: "customer-1" }).requestBillingAuth({
          method, windowTarget, successUrl: `${location.origin}/success?x=y`, failUrl: `${location.origin}/fail`,
          customerName: "김구독",
        });
      },
      { CK, method, windowTarget },
    );
  await register("CARD", "iframe");
  const billing = windowOf(shop, "자동결제 등록창");
  await billing.getByRole("button", { name: "등록하기" }).click();
  await expect(billing.getByRole("alert")).toHaveText("카드사를 선택해 주세요.");
  await billing.getByRole("combobox", { name: "카드사" }).selectOption({ label: "현대" });
  await billing.getByRole("button", { name: "등록하기" }).click();
  await expect(billing.getByRole("alert")).toHaveText("자동결제 이용에 동의해 주세요.");
  await billing.getByLabel("자동결제 이용 동의").check();
  await billing.getByRole("button", { name: "등록하기" }).click();
  await shop.waitForURL("**/success?**");
  const { authKey, ...rest } = queryOf(shop);
  expect(rest).toEqual({ x: "y", customerKey: "customer-1" });
  const issued = await toss.api("POST", "/v1/billing/authorizations/issue", { authKey, customerKey: "customer-1" });
  expect([issued.status, issued.body.customerKey]).toEqual([200, "customer-1"]);

  await shop.goto("/");
  await register("TRANSFER", "self");
  await shop.waitForURL(`${toss.url}/v2/billing**`);
  await shop.getByRole("combobox", { name: "출금할 은행" }).selectOption({ label: "국민" });
  await shop.getByLabel("자동결제 이용 동의").check();
  await shop.getByRole("button", { name: "등록하기" }).click();
  await shop.waitForURL("**/success?**");
  expect(queryOf(shop)).toMatchObject({ customerKey: "customer-1", authKey: expect.any(String) });

  await shop.goto("/");
  await register("CARD", "iframe");
  await billing.getByRole("button", { name: "거절" }).click();
  await shop.waitForURL("**/fail?**");
  expect(queryOf(shop)).toEqual({ code: "REJECT_CARD_COMPANY", message: "결제 승인이 거절되었습니다." });
});

test("sdk_4 an order that was paid does not open again; the reason leads back", async ({ page, toss }) => {
  const orderId = newOrderId();
  const order = { clientKey: CK, orderId, orderName: "머그컵", amount: 1000, method: "CARD" };
  const { paymentKey } = await toss.control("POST", "authenticate", order);
  const paid = await toss.api("POST", "/v1/payments/confirm", { paymentKey, orderId, amount: 1000 });
  expect(paid.status).toBe(200);
  await page.goto("/");
  await ask(page, { orderId });
  await expect(windowOf(page).getByRole("alert")).toContainText("결제창을 열 수 없어요.");
  await windowOf(page).getByRole("button", { name: "돌아가기" }).click();
  await page.waitForURL("**/fail?**");
  expect(queryOf(page)).toMatchObject({ code: "DUPLICATED_ORDER_ID", orderId });
});

test("sdk_4 the window comes back tampered, twice, or after its time", async ({ page, toss, context }) => {
  const plot = async (trouble: string) => {
    await page.goto("/");
    const orderId = await ask(page);
    await windowOf(page).getByText("시험 도구").click();
    await windowOf(page).getByRole("combobox", { name: "결제한 뒤에 일어날 일" }).selectOption(trouble);
    return orderId;
  };
  const pay = async () => {
    await windowOf(page).getByRole("button", { name: PAY }).click();
    await page.waitForURL("**/success?**");
    return new URL(page.url());
  };
  await plot("tamper");
  await windowOf(page).getByLabel("돌아갈 주소에 넣을 금액").fill("7");
  expect((await pay()).searchParams.get("amount")).toBe("7");

  await plot("twice");
  const [tab, address] = await Promise.all([context.waitForEvent("page"), pay()]);
  await tab.waitForURL("**/success?**");
  expect(tab.url()).toBe(address.href);
  const answers = [await toss.confirm(address, CK), await toss.confirm(address, CK)];
  expect(answers.map(({ status, body }) => `${status} ${body.code ?? body.status}`)).toEqual([
    "200 DONE", "400 ALREADY_PROCESSED_PAYMENT",
  ]);

  await plot("expire");
  const late = await toss.confirm(await pay(), CK);
  expect([late.status, late.body.code]).toEqual([404, "NOT_FOUND_PAYMENT_SESSION"]);

  await plot("refuse");
  await windowOf(page).getByRole("combobox", { name: "승인 때 돌려줄 코드" }).selectOption("REJECT_CARD_PAYMENT");
  const refused = await toss.confirm(await pay(), CK);
  expect([refused.status, refused.body.code]).toEqual([403, "REJECT_CARD_PAYMENT"]);

  // Whatever else may befall the confirm of this payment, as the control API knows it.
  for (const [trouble, answer] of [
    ["failBefore", "500 FAILED_INTERNAL_SYSTEM_PROCESSING"],
    ["rateLimit", "429"],
    ["unknownField", "200 DONE"],
  ]) {
    await plot(trouble);
    const { status, body } = await toss.confirm(await pay(), CK);
    expect(`${status} ${body.code ?? body.status}`, trouble).toContain(answer);
  }

  const orderId = await plot("timeout");
  await windowOf(page).getByRole("button", { name: PAY }).click();
  await expect(windowOf(page).getByRole("alert")).toContainText("결제 시간이 지났어요.");
  await windowOf(page).getByRole("button", { name: "돌아가기" }).click();
  await page.waitForURL("**/fail?**");
  expect(queryOf(page)).toMatchObject({ code: "NOT_FOUND_PAYMENT_SESSION", orderId });
});

test.describe("on a phone", () => {
  const { defaultBrowserType: _, ...phone } = devices["Pixel 7"];
  test.use({ ...phone, viewport: { width: 390, height: 844 } });

  test("sdk_4 a promise is refused, and the window is always the page", async ({ shop, toss }) => {
    await ask(shop, { redirect: false });
    await expect.poll(() => became(shop)).toContain("NOT_SUPPORTED_PROMISE");
    const orderId = await ask(shop, { windowTarget: "iframe" });
    await shop.waitForURL(`${toss.url}/v2/window**`);
    expect(await shop.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await shop.getByRole("button", { name: PAY }).click();
    await shop.waitForURL("**/success?**");
    expect(queryOf(shop)).toMatchObject({ orderId });
  });
});
