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

  // The same cart again is asked about; and used is used.
  await buyer.orderAgain();
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
  // Disabled, it would lose the keyboard.
  await expect(buyer.page.getByRole("radio", { name: FIXED })).toBeFocused();
  answer();
  await seesEverywhere(buyer, orderId, 59_500);
  await expect(buyer.obstacle).toBeEmpty();
});

test("coupons are chosen with the arrow keys, and the new total is announced", async ({ buyer }) => {
  const orderId = await buyer.order();
  await buyer.chooseCardAndAgree();
  const radios = buyer.page.locator(".coupons input");
  const announced = buyer.page.locator("[aria-live]", { hasText: "결제 금액" });
  await radios.nth(0).focus();
  for (const [key, at, amount] of [
    ["ArrowDown", 1, 57_500],
    ["ArrowDown", 2, 59_500],
    ["ArrowUp", 1, 57_500],
  ] as const) {
    await buyer.page.keyboard.press(key);
    await expect(radios.nth(at)).toBeFocused();
    await expect(buyer.payButton).toHaveText(`${won(amount)} 결제하기`);
    await expect(buyer.payButton).toBeEnabled();
    await expect(radios.nth(at)).toBeFocused();
    await expect(announced).toHaveCount(1);
    await expect(announced).toContainText(won(amount));
  }
  // Faster than the server prices: the last one counts.
  await buyer.page.keyboard.press("ArrowUp");
  await buyer.page.keyboard.press("ArrowDown");
  await buyer.page.keyboard.press("ArrowDown");
  await expect(buyer.payButton).toHaveText("59,500원 결제하기");
  await expect(radios.nth(2)).toBeFocused();
  await expect(radios.nth(2)).toBeChecked();
  await seesEverywhere(buyer, orderId, 59_500);
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
  await expect(buyer.notice).toBeInViewport({ ratio: 1 });
  await expect(buyer.payButton).toHaveText("59,500원 결제하기");
  await expect(buyer.page.getByRole("radio", { name: FIXED })).toBeChecked();
  await buyer.pay();
  await buyer.seesPaid(orderId);
  await expect(buyer.total).toHaveText("59,500원");
  expect(await shop.confirms(orderId)).toMatchObject([{ status: 200 }]);
});

/** 2,000 won off for a thousand people, among the sample offers. */
const THANKS = "선착순 1,000명 2,000원 할인";

for (const width of [390, 1280]) {
  test(`a code is entered with the Enter key, ${width} px wide`, async ({ buyer, shop }) => {
    await buyer.page.setViewportSize({ width, height: 800 });
    const orderId = await buyer.order();
    await buyer.chooseCardAndAgree();
    const code = buyer.page.getByLabel("쿠폰 코드");
    await code.fill(" thanks２０００ ");
    await code.press("Enter");
    await expect(buyer.page.getByRole("radio", { name: THANKS })).toBeChecked();
    await expect(buyer.page.getByRole("radio", { name: `${THANKS} −2,000원` })).toBeEnabled();
    await expect(code).toBeEmpty();
    await expect(buyer.payButton).toHaveText("60,500원 결제하기");
    // The card and the terms are still chosen.
    await expect(buyer.payButton).toBeEnabled();
    expect((await buyer.stored(orderId)).amount).toBe(60_500);
    // It is a choice like any other, also after a reload.
    await buyer.page.getByRole("radio", { name: FIXED }).check();
    await expect(buyer.payButton).toHaveText("59,500원 결제하기");
    await buyer.page.getByRole("radio", { name: THANKS }).check();
    await expect(buyer.payButton).toHaveText("60,500원 결제하기");
    await buyer.page.reload();
    await expect(buyer.page.getByRole("radio", { name: THANKS })).toBeChecked();
    expect(await shop.payments(orderId)).toEqual([]);
  });
}

test("a code that brings nothing is told beside its field", async ({ buyer, shop, visitor }) => {
  buyer.expectErrors(/404 .*claim-coupon/, /409 .*claim-coupon/);
  const offer = ["한 명만 1,000원 할인", "--fixed", "1000", "--days", "7", "--count", "1", "--code", "ONLYONE"];
  expect(shop.staff("coupon", "add", "only-one", "--name", ...offer)).toContain("only-one is made");
  const winner = await visitor();
  const claim = { data: { code: "onlyone" } };
  expect((await winner.page.request.post("/api/claim-coupon", claim)).status()).toBe(201);

  await buyer.order();
  await buyer.chooseCardAndAgree();
  const code = buyer.page.getByLabel("쿠폰 코드");
  const told = buyer.page.locator("#code-told");
  for (const [typed, sentence] of [
    ["NOSUCHCODE", "등록되지 않은 쿠폰 코드입니다. 코드를 다시 확인해 주세요."],
    ["only one", "선착순 마감된 쿠폰입니다."],
  ] as const) {
    await code.fill(typed);
    await buyer.page.getByRole("button", { name: "쿠폰 받기" }).click();
    await expect(told).toHaveText(sentence);
    await expect(code).toBeFocused();
    await expect(code).toHaveAttribute("aria-invalid", "true");
    await expect(code).toHaveAccessibleDescription(sentence);
    await expect(code).toHaveValue(typed);
  }
  await expect(buyer.payButton).toHaveText("62,500원 결제하기");
  await code.fill("THANKS2000");
  await code.press("Enter");
  await expect(buyer.payButton).toHaveText("60,500원 결제하기");
  await expect(told).toBeEmpty();
  await expect(code).toHaveAttribute("aria-invalid", "false");
  expect(shop.staff("coupon", "list")).toMatch(/only-one\t.*ONLYONE.*issued 1 of 1\tused 0/);
});

test("a code that brings less than the coupon that is chosen does not replace it", async ({ buyer }) => {
  const orderId = await buyer.order();
  await buyer.chooseCardAndAgree();
  await buyer.page.getByRole("radio", { name: PERCENT }).check();
  await expect(buyer.payButton).toHaveText("57,500원 결제하기");
  const code = buyer.page.getByLabel("쿠폰 코드");
  await code.fill("THANKS2000");
  await code.press("Enter");
  await expect(buyer.page.locator("#code-told")).toHaveText(
    "쿠폰을 받았습니다. 이 쿠폰은 2,000원, 선택한 쿠폰은 5,000원 할인이라 바꾸지 않았습니다.",
  );
  await expect(code).toBeEmpty();
  await expect(code).toHaveAttribute("aria-invalid", "false");
  await expect(buyer.page.getByRole("radio", { name: PERCENT })).toBeChecked();
  await seesEverywhere(buyer, orderId, 57_500);
  // It can be chosen all the same.
  await buyer.page.getByRole("radio", { name: THANKS }).check();
  await seesEverywhere(buyer, orderId, 60_500);
});

/** Another order of the same person, in another tab, with the coupon on it. */
async function inAnotherTab(buyer: Buyer, coupon: string) {
  const other = await buyer.anotherTab();
  const lines = [{ productId: "mug", quantity: 2 }];
  const customer = buyer.person;
  const placed = await other.page.request.post("/api/place-order", { data: { lines, customer } });
  const { orderId } = await placed.json();
  await other.page.goto(`/checkout?orderId=${orderId}`);
  await other.chooseCardAndAgree();
  await other.page.getByRole("radio", { name: coupon }).check();
  await expect(other.payButton).toHaveText("21,000원 결제하기");
  return { other, orderId: orderId as string };
}

test("a coupon lost to another tab is told before the window opens, and one pays without it", async ({
  buyer,
  shop,
}) => {
  buyer.expectErrors(/409 .*api\/price/);
  const orderId = await buyer.order();
  await buyer.chooseCardAndAgree();
  await buyer.page.getByRole("radio", { name: FIXED }).check();
  await expect(buyer.payButton).toHaveText("59,500원 결제하기");
  const { other, orderId: second } = await inAnotherTab(buyer, FIXED);
  await other.pay();
  await other.seesPaid(second);

  await buyer.page.bringToFront();
  await buyer.payButton.click();
  await expect(buyer.notice).toHaveText(
    "다른 주문에 사용한 쿠폰입니다. 쿠폰을 바꾸거나 ‘사용 안 함’을 선택해 주세요.",
  );
  await expect(buyer.page.getByRole("radio", { name: FIXED })).toBeFocused();
  expect(await shop.payments(orderId)).toEqual([]);
  await buyer.page.getByRole("radio", { name: "사용 안 함" }).check();
  await expect(buyer.payButton).toHaveText("62,500원 결제하기");
  await buyer.pay();
  await buyer.seesPaid(orderId);
  await expect(buyer.total).toHaveText("62,500원");
});

test("a coupon lost while the window is open costs nothing, and one starts again without it", async ({
  buyer,
  shop,
}) => {
  buyer.expectErrors(/400 .*\/success/);
  const orderId = await buyer.order();
  await buyer.chooseCardAndAgree();
  await buyer.page.getByRole("radio", { name: FIXED }).check();
  await expect(buyer.payButton).toHaveText("59,500원 결제하기");
  const { other, orderId: second } = await inAnotherTab(buyer, FIXED);
  await buyer.page.bringToFront();
  await buyer.openWindow();
  await other.page.bringToFront();
  await other.pay();
  await other.seesPaid(second);

  await buyer.page.bringToFront();
  await buyer.window.getByRole("button", { name: /결제하기$/ }).click();
  const sentence = "쿠폰을 더 이상 사용할 수 없어 결제하지 않았습니다.";
  await expect(buyer.page.getByRole("main")).toContainText(sentence);
  expect(await shop.confirms(orderId)).toEqual([]);
  await buyer.page.getByRole("button", { name: /다시 결제하기$/ }).click();
  const again = await buyer.orderAtCheckout();
  expect(again).not.toBe(orderId);
  await expect(buyer.page.getByRole("radio", { name: "사용 안 함" })).toBeChecked();
  await buyer.chooseCardAndAgree();
  await expect(buyer.payButton).toHaveText("62,500원 결제하기");
  await buyer.pay();
  await buyer.seesPaid(again);
});
