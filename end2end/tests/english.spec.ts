// The whole way in English, on a phone: nothing is left in Korean but names, and nothing is cut off.
import { devices } from "@playwright/test";
import { CART, expect, test, type Buyer } from "./shop";

const { defaultBrowserType: _, ...phone } = devices["Pixel 7"];
test.use({ ...phone, viewport: { width: 390, height: 844 }, locale: "en-US" });

/** What a buyer reads or hears of a page, but for Toss's frames and the names of things and people. */
async function koreanLeft({ page, person }: Buyer) {
  const products: { name: string; description: string }[] = await (await page.request.get("/api/products")).json();
  const coupons: { name: string }[] = await (await page.request.get("/api/coupons?subtotal=1000")).json();
  const names = products.flatMap(({ name, description }) => [name, description]);
  names.push(...coupons.map(({ name }) => name), person.name, "계산 상점", "한국어");
  const said = await page.evaluate(() => {
    const heard = ["aria-label", "placeholder", "alt", "content", "data-said"];
    const attributes = [...document.querySelectorAll("*")].flatMap((element) =>
      heard.map((name) => element.getAttribute(name) ?? ""),
    );
    return [document.title, ...attributes, ...document.body.innerText.split("\n")];
  });
  const bare = said.map((text) => names.reduce((left, name) => left.replaceAll(name, ""), text));
  return bare.filter((text) => /[ㄱ-ㆎ가-힣]/.test(text));
}

async function isEnglish(buyer: Buyer) {
  await expect(buyer.page.locator("html")).toHaveAttribute("lang", "en");
  expect(await koreanLeft(buyer)).toEqual([]);
  expect(await buyer.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
}

/** From the shelf to the checkout page, looking around on each. */
async function order(buyer: Buyer) {
  const { page, person } = buyer;
  await page.goto("/");
  await isEnglish(buyer);
  for (const [id, count] of Object.entries(CART)) {
    for (let had = 0; had < count; had += 1) {
      await page.locator(`#${id}`).getByRole("button").click();
    }
  }
  await expect(page.getByTestId("cart-bar")).toHaveText("3 in cart · ₩62,500");
  await isEnglish(buyer);
  await page.getByRole("link", { name: "Order" }).click();
  await expect(page.getByRole("heading", { name: "Cart", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Order for ₩62,500" }).click();
  await expect(page.getByText("Please enter a name of 1 to 100 characters")).toBeVisible();
  await isEnglish(buyer);
  await page.getByLabel("Name").fill(person.name);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Korean mobile number").fill(person.mobilePhone);
  await page.getByRole("button", { name: "Order for ₩62,500" }).click();
  await expect(page.getByRole("heading", { name: "Order and payment" })).toBeVisible();
  return new URL(page.url()).searchParams.get("orderId")!;
}

async function pay(buyer: Buyer) {
  await buyer.terms.getByLabel("전체 동의").check();
  const button = buyer.page.getByRole("button", { name: /^Pay ₩/ });
  await expect(button).toBeEnabled();
  await isEnglish(buyer);
  await button.click();
  // On a phone the window is the page itself, and Toss's.
  await buyer.page.waitForURL("**/v2/window**");
  await buyer.page.getByRole("button", { name: /결제하기$/ }).click();
}

test("by card", async ({ buyer }) => {
  await order(buyer);
  await buyer.chooseCard();
  await pay(buyer);
  await expect(buyer.status).toHaveText("Your payment is complete");
  await expect(buyer.page.getByText("Shinhan Card")).toBeVisible();
  await isEnglish(buyer);
});

test("by virtual account", async ({ buyer, shop }) => {
  const orderId = await order(buyer);
  await buyer.chooseMethod("가상계좌");
  await pay(buyer);
  await expect(buyer.status).toHaveText("Waiting for your deposit");
  await expect(buyer.page.locator("#time-left")).toHaveText(/^\d+d \d+h left$/);
  await isEnglish(buyer);
  await shop.deposit(orderId);
  await shop.hint(orderId);
  await expect(buyer.status).toHaveText("Your payment is complete");
  await isEnglish(buyer);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the language is a link away on every page, and is kept", async ({ page }) => {
    await page.goto("/cart?problem=RISEN");
    const link = (name: string) => page.getByRole("contentinfo").getByRole("link", { name });
    await expect(link("English")).toHaveAttribute("aria-current", "true");
    expect((await link("한국어").boundingBox())!.height).toBeGreaterThanOrEqual(44);
    await link("한국어").click();
    await expect(page.locator("html")).toHaveAttribute("lang", "ko");
    expect(new URL(page.url()).searchParams.get("problem")).toBe("RISEN");
    await page.goto("/");
    await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  });
});
