// Paying: from the shelf to a confirmed payment, by card, easy pay, on a desk and on a phone.
import { devices } from "@playwright/test";
import { CART, expect, test, won } from "./shop";

test("a card payment leads from the shelf to COMPLETED", async ({ buyer, shop }) => {
  const orderId = await buyer.order();
  await expect(buyer.page.getByRole("heading", { name: "토스 티셔츠 외 1건" })).toBeVisible();
  expect((await buyer.stored(orderId)).amount).toBe(62_500);
  await buyer.chooseCard("신한", "3개월");
  await buyer.agree();
  await expect(buyer.total).toHaveText("62,500원");
  await expect(buyer.payButton).toHaveText("62,500원 결제하기");
  await buyer.pay();

  await buyer.seesPaid(orderId);
  await expect(buyer.total).toHaveText("62,500원");
  await expect(buyer.page.getByRole("definition").filter({ hasText: /^카드$/ })).toBeVisible();
  await expect(buyer.page.getByText(/신한.*3개월/)).toBeVisible();
  expect(await shop.confirms(orderId)).toMatchObject([{ status: 200 }]);
  expect(await shop.payments(orderId)).toMatchObject([{ status: "DONE", balanceAmount: 62_500 }]);

  const [receipt] = await Promise.all([
    buyer.page.waitForEvent("popup"),
    buyer.page.getByRole("link", { name: "영수증 보기" }).click(),
  ]);
  await expect(receipt.getByText(orderId)).toBeVisible();
  await expect(receipt.getByText("62,500원").first()).toBeVisible();

  await buyer.page.goto("/cart");
  await expect(buyer.page.getByText("장바구니가 비어 있습니다.")).toBeVisible();
});

test("easy pay leads to COMPLETED", async ({ buyer, shop }) => {
  const orderId = await buyer.order({ mug: 1 });
  await buyer.chooseMethod("토스페이");
  await buyer.agree();
  await buyer.pay();
  await buyer.seesPaid(orderId);
  await expect(buyer.page.getByText("간편결제 · 토스페이")).toBeVisible();
  expect(await shop.confirms(orderId)).toHaveLength(1);
});

test("what was bought leaves the cart, and what came later stays", async ({ buyer }) => {
  await buyer.order({ mug: 1 });
  const other = await buyer.anotherTab();
  await other.page.goto("/");
  await other.product("socks").getByRole("button").click();
  await expect(other.page.getByTestId("cart-bar")).toContainText("장바구니 2개");
  await buyer.chooseCardAndAgree();
  await buyer.pay();
  await expect(buyer.status).toHaveAttribute("data-status", "COMPLETED");
  await buyer.page.goto("/cart");
  await expect(buyer.page.getByRole("list").getByText("줄무늬 양말")).toBeVisible();
  await expect(buyer.page.getByText("파란 머그컵")).toHaveCount(0);
});

test.describe("on a phone", () => {
  const { defaultBrowserType: _, ...phone } = devices["Pixel 7"];
  test.use({ ...phone, viewport: { width: 390, height: 844 } });

  test("a card payment leads from the shelf to COMPLETED, the window being the page", async ({ buyer, shop }) => {
    const orderId = await buyer.order();
    const widest = () => buyer.page.evaluate(() => document.documentElement.scrollWidth);
    expect(await widest()).toBe(390);
    await buyer.chooseCardAndAgree();
    await expect(buyer.payButton).toHaveText(`${won(62_500)} 결제하기`);
    await buyer.payButton.click();
    await buyer.page.waitForURL(`${shop.toss}/v2/window**`);
    await buyer.page.getByRole("button", { name: "62,500원 결제하기" }).click();
    await buyer.seesPaid(orderId);
    expect(await widest()).toBe(390);
    expect(await shop.confirms(orderId)).toMatchObject([{ status: 200 }]);
  });

  test("a buyer who cancels is led on to the same order", async ({ buyer, shop }) => {
    const orderId = await buyer.order(CART);
    await buyer.chooseCardAndAgree();
    await buyer.payButton.click();
    await buyer.page.getByRole("button", { name: "취소" }).click();
    // Toss leaves the order out of this address.
    await buyer.page.waitForURL(/\/fail\?code=PAY_PROCESS_CANCELED(?!.*orderId)/);
    await expect(buyer.status).toHaveText("결제되지 않았습니다");
    await expect(buyer.page.getByText(/결제를 취소했습니다/)).toBeVisible();
    await buyer.page.getByRole("button", { name: "다시 결제하기" }).click();
    expect(await buyer.orderAtCheckout()).toBe(orderId);
    await buyer.chooseCardAndAgree();
    await buyer.payButton.click();
    await buyer.page.getByRole("button", { name: "62,500원 결제하기" }).click();
    await buyer.seesPaid(orderId);
    expect(await shop.confirms(orderId)).toHaveLength(1);
  });
});
