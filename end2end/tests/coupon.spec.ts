// Coupons on the checkout page: whenever the button can be pressed, all amounts are the same.
import { expect, test, won, type Buyer } from "./shop";

const FIXED = "첫 구매 3,000원 할인";
const PERCENT = "10% 할인 (최대 5,000원)";

/** Shown, on the button, stored and in the payment window: one amount. */
async function seesEverywhere(buyer: Buyer, orderId: string, amount: number) {
  await expect(buyer.payButton).toBeEnabled();
  await expect(buyer.payButton).toHaveText(`${won(amount)} 결제하기`);
  await expect(buyer.total).toHaveText(won(amount));
  expect((await buyer.stored(orderId)).amount).toBe(amount);
  await buyer.openWindow();
  await expect(buyer.window.getByRole("button", { name: `${won(amount)} 결제하기` })).toBeVisible();
  await buyer.window.getByRole("button", { name: "닫기" }).click();
  await expect(buyer.payButton).toBeEnabled();
}

test("a coupon is applied, changed and removed, and all amounts agree", async ({ buyer, shop }) => {
  const orderId = await buyer.order();
  await buyer.chooseCardAndAgree();
  await seesEverywhere(buyer, orderId, 62_500);
  await buyer.page.getByRole("radio", { name: FIXED }).check();
  await seesEverywhere(buyer, orderId, 59_500);
  await buyer.page.getByRole("radio", { name: PERCENT }).check();
  await seesEverywhere(buyer, orderId, 57_500);
  await buyer.page.getByRole("radio", { name: "사용 안 함" }).check();
  await seesEverywhere(buyer, orderId, 62_500);
  await buyer.page.getByRole("radio", { name: FIXED }).check();
  await seesEverywhere(buyer, orderId, 59_500);

  // What is stored is shown after a reload, too.
  await buyer.page.reload();
  await expect(buyer.page.getByRole("radio", { name: FIXED })).toBeChecked();
  await buyer.chooseCardAndAgree();
  await buyer.pay();
  await buyer.seesPaid(orderId);
  await expect(buyer.total).toHaveText("59,500원");
  expect(await shop.payments(orderId)).toContainEqual(
    expect.objectContaining({ status: "DONE", balanceAmount: 59_500 }),
  );

  // Used is used.
  await buyer.order();
  await expect(buyer.page.getByRole("radio", { name: FIXED })).toBeDisabled();
});

test("a coupon that asks for more cannot be chosen, and says why", async ({ buyer }) => {
  await buyer.order({ mug: 1 });
  await buyer.chooseCardAndAgree();
  const small = buyer.page.getByRole("radio", { name: PERCENT });
  await expect(small).toBeDisabled();
  await expect(buyer.page.locator("label", { has: small })).toContainText("20,000원");
  await expect(buyer.page.getByRole("radio", { name: FIXED })).toBeEnabled();
});

test("while the server prices anew the button is disabled and says so", async ({ buyer }) => {
  const orderId = await buyer.order();
  await buyer.chooseCardAndAgree();
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await buyer.page.route("**/api/apply-coupon", async (route) => {
    await held;
    await route.continue();
  });
  await buyer.page.getByRole("radio", { name: FIXED }).click();
  await expect(buyer.payButton).toBeDisabled();
  await expect(buyer.obstacle).toHaveText("금액을 다시 계산하고 있습니다.");
  await expect(buyer.page.getByRole("radio", { name: PERCENT })).toBeDisabled();
  answer();
  await seesEverywhere(buyer, orderId, 59_500);
  await expect(buyer.obstacle).toBeEmpty();
});

test("a coupon that could not be applied leaves the page with what is stored", async ({ buyer }) => {
  buyer.expectErrors(/apply-coupon/);
  const orderId = await buyer.order();
  await buyer.chooseCardAndAgree();
  await buyer.page.route("**/api/apply-coupon", (route) => route.abort());
  await buyer.page.getByRole("radio", { name: FIXED }).click();
  await expect(buyer.notice).toBeVisible();
  await expect(buyer.page.getByRole("radio", { name: "사용 안 함" })).toBeChecked();
  await seesEverywhere(buyer, orderId, 62_500);
});

test("a coupon put on in another tab is noticed before paying", async ({ buyer, shop }) => {
  const orderId = await buyer.order();
  await buyer.chooseCardAndAgree();
  const other = await buyer.anotherTab();
  await other.page.goto(buyer.page.url());
  await other.page.getByRole("radio", { name: FIXED }).check();
  await expect(other.payButton).toHaveText("59,500원 결제하기");

  await expect(buyer.payButton).toHaveText("62,500원 결제하기");
  await buyer.payButton.click();
  await expect(buyer.notice).toHaveText("결제 금액이 바뀌었습니다. 금액을 확인하고 다시 눌러 주세요.");
  await expect(buyer.payButton).toHaveText("59,500원 결제하기");
  await expect(buyer.page.getByRole("radio", { name: FIXED })).toBeChecked();
  await buyer.pay();
  await buyer.seesPaid(orderId);
  await expect(buyer.total).toHaveText("59,500원");
  expect(await shop.confirms(orderId)).toMatchObject([{ status: 200 }]);
});
