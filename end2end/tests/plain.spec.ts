// JavaScript off: everything but the payment itself works with plain forms and links.
import { expect, test } from "./shop";

test.use({ javaScriptEnabled: false });

test("ordering works, paying says what it needs, and the return page is complete", async ({ buyer, shop }) => {
  const orderId = await buyer.order();
  // By element: searches by text leave out what is in a noscript.
  const needed = buyer.page.locator("noscript p");
  await expect(needed).toBeVisible();
  await expect(needed).toHaveText("결제하려면 브라우저의 JavaScript를 켜 주세요.");
  await expect(buyer.payButton).toBeDisabled();
  await expect(buyer.page.getByText("토스 티셔츠", { exact: true })).toBeVisible();
  await expect(buyer.total).toHaveText("62,500원");

  const answer = await buyer.page.goto(await shop.authenticate(await buyer.stored(orderId)));
  expect(answer?.status()).toBe(200);
  await buyer.seesPaid(orderId);
  const main = buyer.page.getByRole("main");
  for (const part of [
    "62,500원 결제가 승인되었습니다.",
    "토스 티셔츠",
    "29,000원 × 2개",
    "줄무늬 양말",
    "결제 수단",
    "카드",
    "영수증 보기",
    "홍길동",
  ]) {
    await expect(main).toContainText(part);
  }
  await buyer.page.reload();
  await buyer.seesPaid(orderId);
  expect(await shop.confirms(orderId)).toMatchObject([{ status: 200 }]);
});

test("an order in doubt is followed by a link", async ({ buyer, shop }) => {
  const orderId = await buyer.order({ mug: 1 });
  const address = await shop.authenticate(await buyer.stored(orderId));
  await shop.fault(orderId, { call: "confirm", kind: "lose", when: "after" });
  await shop.fault(orderId, { call: "read", kind: "hold", when: "before" });
  await buyer.page.goto(address);
  await expect(buyer.status).toHaveText("확인 중입니다, 다시 결제하지 마세요");
  await shop.liftFaults(orderId);
  await expect(async () => {
    await buyer.page.getByRole("link", { name: "지금 다시 확인하기" }).click({ timeout: 1_000 });
    await expect(buyer.status).toHaveAttribute("data-status", "COMPLETED", { timeout: 1_000 });
  }).toPass();
  expect(await shop.confirms(orderId)).toHaveLength(1);
});

test("a failed payment can be started again", async ({ buyer }) => {
  const orderId = await buyer.order({ mug: 1 });
  await buyer.page.goto(`/fail?code=REJECT_CARD_COMPANY&message=x&orderId=${orderId}`);
  await expect(buyer.page.getByText(/카드사에서 승인을 거절/)).toBeVisible();
  await buyer.page.getByRole("button", { name: /다시 결제하기$/ }).click();
  expect(await buyer.orderAtCheckout()).not.toBe(orderId);
});

test("a coupon code is a form like any other", async ({ buyer }) => {
  const orderId = await buyer.order();
  const code = buyer.page.getByLabel("쿠폰 코드");
  await code.fill("nosuchcode");
  await code.press("Enter");
  await expect(buyer.page.locator("#code-told")).toHaveText(
    "등록되지 않은 쿠폰 코드입니다. 코드를 다시 확인해 주세요.",
  );
  await expect(code).toHaveAttribute("aria-invalid", "true");
  await code.fill("thanks2000");
  await buyer.page.getByRole("button", { name: "쿠폰 받기" }).click();
  await expect(buyer.total).toHaveText("60,500원");
  await expect(buyer.page.getByRole("radio", { name: /선착순 1,000명/ })).toBeChecked();
  await expect(buyer.page.locator("#code-told")).toBeEmpty();
  expect((await buyer.stored(orderId)).amount).toBe(60_500);
});
