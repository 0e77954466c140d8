// Paying in the shop by every method that its widget offers, on a phone and on a desk.
import { devices } from "@playwright/test";
import { BUYER, CART, expect, test, type Buyer } from "./shop";

/** What is pressed in the widget, what is chosen beside it, and what the order's page says then. */
const METHODS: [string, Record<string, string>, RegExp][] = [
  ["카드", { 카드사: "현대", 할부: "2개월" }, /현대.*2개월/],
  ["네이버페이", {}, /간편결제 · 네이버페이/],
  ["다른 간편결제", { "간편결제 회사": "엘페이" }, /간편결제 · 엘페이/],
  ["계좌이체", { "출금할 은행": "국민" }, /계좌이체/],
  ["휴대폰", { 통신사: "KT" }, /휴대폰/],
  ["상품권", { "상품권 종류": "도서문화상품권" }, /도서문화상품권/],
];

async function choose(buyer: Buyer, method: string, details: Record<string, string>) {
  await buyer.chooseMethod(method);
  for (const [label, option] of Object.entries(details)) {
    await buyer.methods.getByRole("combobox", { name: label }).selectOption({ label: option });
  }
  await buyer.agree();
}

/** Presses the shop's button and the window's, wherever the window is. */
async function pay(buyer: Buyer, onPhone: boolean) {
  if (!onPhone) return buyer.pay();
  await buyer.payButton.click();
  await buyer.page.waitForURL("**/v2/window**");
  await buyer.page.getByRole("button", { name: /결제하기$/ }).click();
}

function everyMethod(onPhone: boolean) {
  for (const [method, details, said] of METHODS) {
    test(`${method}: from the shelf to COMPLETED`, async ({ buyer, shop }) => {
      const orderId = await buyer.order(CART);
      await choose(buyer, method, details);
      await pay(buyer, onPhone);
      await buyer.seesPaid(orderId);
      await expect(buyer.page.getByText(said).first()).toBeVisible();
      expect(await shop.confirms(orderId)).toMatchObject([{ status: 200 }]);
    });
  }

  test("가상계좌: the order waits for the deposit and shows the account", async ({ buyer, shop }) => {
    const orderId = await buyer.order(CART);
    await choose(buyer, "가상계좌", { "입금할 은행": "우리", 현금영수증: "소득공제" });
    await buyer.methods.getByLabel("환불받을 계좌 미리 적기").check();
    await buyer.methods.getByLabel("예금주").fill(BUYER.name);
    await buyer.methods.getByLabel("계좌번호").fill("110123456789");
    await pay(buyer, onPhone);
    await expect(buyer.status).toHaveText("입금을 기다리고 있습니다");
    await expect(buyer.page.getByText("우리").first()).toBeVisible();
    await expect(buyer.page.getByText(/X\d{6,}/)).toBeVisible();
    expect(await shop.payments(orderId)).toMatchObject([{ status: "WAITING_FOR_DEPOSIT" }]);
  });
}

test.describe("on a desk", () => {
  everyMethod(false);

  test("가상계좌: the deposit completes the order", async ({ buyer, shop }) => {
    const orderId = await buyer.order(CART);
    await choose(buyer, "가상계좌", {});
    await pay(buyer, false);
    await expect(buyer.status).toHaveText("입금을 기다리고 있습니다");
    await shop.deposit(orderId);
    // The shop asks Toss again when it is due.
    await expect(async () => {
      await buyer.page.reload();
      await expect(buyer.status).toHaveAttribute("data-status", "COMPLETED", { timeout: 1_000 });
    }).toPass();
  });
});

test.describe("on a phone", () => {
  const { defaultBrowserType: _, ...phone } = devices["Pixel 7"];
  test.use({ ...phone, viewport: { width: 390, height: 844 } });
  everyMethod(true);
});
