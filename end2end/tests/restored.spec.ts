// A checkout page that the browser shows again from its memory (its back/forward cache), which
// Playwright turns off unless it is told not to. Chromium keeps a page that is not to be stored only
// as long as no cookie changes and none of its calls has brought what is not to be stored either, so
// that each test comes back once.
import { chromiumPath, launchArgs } from "../browser.mjs";
import { expect, test, type Buyer } from "./shop";

test.use({
  launchOptions: {
    executablePath: chromiumPath(),
    args: launchArgs,
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  },
});

/** Leaves the checkout page for the shelf; the way back is from memory. */
async function leaveAndComeBack(buyer: Buyer, meanwhile = async () => {}) {
  await buyer.page.evaluate(() => {
    const noted = window as unknown as { restored?: boolean };
    addEventListener("pageshow", (event) => (noted.restored = event.persisted));
  });
  await buyer.page.goto("/");
  await meanwhile();
  // No "load" comes for a page that was loaded before.
  await buyer.page.goBack({ waitUntil: "commit" });
  const restored = () => (window as unknown as { restored?: boolean }).restored;
  await expect.poll(() => buyer.page.evaluate(restored), "shown from memory").toBe(true);
}

test("a checkout page that comes from memory can be paid at", async ({ buyer, shop }) => {
  const orderId = await buyer.order();
  await buyer.chooseCardAndAgree();
  await leaveAndComeBack(buyer);
  // One new widget, of which nothing is chosen and nothing agreed to.
  await expect(buyer.obstacle).toHaveText("필수 약관에 동의하면 결제할 수 있습니다.");
  await expect(buyer.page.locator('iframe[title="결제수단 선택"]')).toHaveCount(1);
  await buyer.chooseCardAndAgree();
  await buyer.pay();
  await buyer.seesPaid(orderId);
  expect(await shop.confirms(orderId)).toHaveLength(1);
});

test("a checkout page that comes from memory shows the order as it is then", async ({ buyer, shop }) => {
  const orderId = await buyer.order();
  await buyer.chooseCardAndAgree();
  await leaveAndComeBack(buyer, async () => {
    // On another device: a changed cookie would make this browser forget the page.
    const back = new URL(await shop.authenticate(await buyer.stored(orderId)), shop.url);
    expect((await fetch(back)).status).toBe(200);
  });
  await expect(buyer.obstacle).toHaveText("이 주문은 더 이상 여기에서 결제할 수 없습니다.");
  await expect(buyer.payButton).toBeDisabled();
  expect(await shop.confirms(orderId)).toHaveLength(1);
});
