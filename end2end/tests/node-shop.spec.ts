// A shop of plain HTML and Node, which knows of Toss two addresses and a pair of keys.
import { fileURLToPath } from "node:url";
import { CK, expect, start, test as base, windowOf } from "./sandbox";

const SERVER = fileURLToPath(new URL("../node-shop/server.mjs", import.meta.url));

const test = base.extend<object, { nodeShop: string }>({
  nodeShop: [
    async ({ toss }, use) => {
      const { url, stop } = await start(process.execPath, [SERVER], {
        TOSS_API_URL: toss.url,
        TOSS_SCRIPT_URL: `${toss.url}/v2/standard`,
        TOSS_CLIENT_KEY: CK,
        TOSS_SECRET_KEY: "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R",
      });
      await use(url);
      await stop();
    },
    { scope: "worker" },
  ],
});

test("a payment and a refund", async ({ page, nodeShop }) => {
  await page.goto(nodeShop);
  await page.getByRole("button", { name: "카드로 사기" }).click();
  await windowOf(page).getByRole("combobox", { name: "카드사" }).selectOption({ label: "신한" });
  await windowOf(page).getByRole("button", { name: "33,000원 결제하기" }).click();
  await page.waitForURL("**/success?**");
  await expect(page.getByText(/^DONE 카드 33000원/)).toBeVisible();
  const orderId = new URL(page.url()).searchParams.get("orderId");
  for (const [amount, status, balanceAmount] of [[11_000, "PARTIAL_CANCELED", 22_000], [22_000, "PARTIAL_CANCELED", 0]]) {
    const refund = await page.request.post(`${nodeShop}/refund?orderId=${orderId}&amount=${amount}`);
    expect(await refund.json()).toMatchObject({ status, balanceAmount });
  }
});

test("a virtual account that is paid into, and the webhook about it", async ({ page, nodeShop, toss }) => {
  await toss.control("POST", "webhooks", { url: `${nodeShop}/webhook`, events: ["DEPOSIT_CALLBACK"] });
  await page.goto(nodeShop);
  await page.getByRole("button", { name: "가상계좌로 사기" }).click();
  await windowOf(page).getByRole("button", { name: "33,000원 결제하기" }).click();
  await page.waitForURL("**/success?**");
  await expect(page.getByText(/^WAITING_FOR_DEPOSIT 가상계좌 33000원 X\d+/)).toBeVisible();
  const { paymentKey, orderId } = Object.fromEntries(new URL(page.url()).searchParams);
  await toss.control("POST", `payments/${paymentKey}/deposit`, { depositorName: "김입금" });
  const order = async () => (await (await page.request.get(`${nodeShop}/order?orderId=${orderId}`)).json()) as object;
  await expect.poll(order).toMatchObject({ status: "DONE", told: expect.any(Number) });
});

test("a card that is registered, and charged", async ({ page, nodeShop, toss }) => {
  await page.goto(nodeShop);
  await page.getByRole("button", { name: "구독하기" }).click();
  const billing = windowOf(page, "자동결제 등록창");
  await billing.getByRole("combobox", { name: "카드사" }).selectOption({ label: "국민" });
  await billing.getByLabel("자동결제 이용 동의").check();
  await billing.getByRole("button", { name: "등록하기" }).click();
  await page.waitForURL("**/subscribed?**");
  await expect(page.getByText(/^DONE 카드 9900원/)).toBeVisible();
  const [, orderId] = (await page.getByText(/^DONE/).innerText()).match(/(\S+)$/)!;
  expect((await toss.api("GET", `/v1/payments/orders/${orderId}`)).body).toMatchObject({ type: "BILLING", totalAmount: 9_900 });
});
