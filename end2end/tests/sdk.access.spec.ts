// The sandbox's frames and windows for everyone: an audit of each state, in light and in dark,
// and the keyboard (Toss: sdk.md §4).
import { CK, GCK, expect, newOrderId, passesAudit, test, windowOf } from "./sandbox";

const LONG = "아주아주 긴 이름의 순면 티셔츠와 손으로 빚은 도자기 머그컵과 줄무늬 양말 외 열두 건을 한 번에 사는 주문입니다";

const ORDER = {
  clientKey: CK, customerKey: "customer-1", orderName: LONG, amount: { currency: "KRW", value: 1_234_567_890 },
  successUrl: "http://127.0.0.1:1/success", failUrl: "http://127.0.0.1:1/fail", kind: "payment",
};
const DOLLARS = { currency: "USD", value: 1234.5 };

/** Each state of each page, and what brings it about. */
type Press = ["button" | "checkbox" | "radio", string];
const STATES: Record<string, { path: string; told: object; press?: Press[] }> = {
  card: { path: "/v2/window", told: { ...ORDER, method: "CARD" } },
  "easy pay": { path: "/v2/window", told: { ...ORDER, method: "CARD", choice: { method: "NAVERPAY" } } },
  "virtual account": { path: "/v2/window", told: { ...ORDER, method: "VIRTUAL_ACCOUNT" }, press: [["checkbox", "환불받을 계좌 미리 적기"]] },
  transfer: { path: "/v2/window", told: { ...ORDER, method: "TRANSFER" } },
  phone: { path: "/v2/window", told: { ...ORDER, method: "MOBILE_PHONE" } },
  gift: { path: "/v2/window", told: { ...ORDER, method: "BOOK_GIFT_CERTIFICATE" } },
  foreign: { path: "/v2/window", told: { ...ORDER, method: "FOREIGN_EASY_PAY", amount: DOLLARS } },
  brandpay: { path: "/v2/window", told: { ...ORDER, kind: "brandpay", method: "BRANDPAY" } },
  "widgets, with the tools open": { path: "/v2/window", told: { ...ORDER, clientKey: GCK, kind: "widgets", choice: { method: "CARD" } } },
  "a card missing": { path: "/v2/window", told: { ...ORDER, method: "CARD" }, press: [["button", "결제하기"]] },
  "not to be opened": { path: "/v2/window", told: { ...ORDER, clientKey: "test_ck_nobody", method: "CARD" } },
  "billing by card": { path: "/v2/billing", told: { ...ORDER, method: "CARD" } },
  "billing, nothing chosen": { path: "/v2/billing", told: { ...ORDER, method: "CARD" }, press: [["button", "등록하기"]] },
  "billing by account": { path: "/v2/billing", told: { ...ORDER, method: "TRANSFER" } },
  "a new method": { path: "/v2/brandpay", told: { ...ORDER, action: "addPaymentMethod" } },
  order: { path: "/v2/frames/order", told: { ...ORDER, clientKey: GCK } },
  "order, nothing agreed to": { path: "/v2/frames/order", told: { ...ORDER, clientKey: GCK }, press: [["button", "결제하기"]] },
  methods: { path: "/v2/frames/methods", told: { ...ORDER, clientKey: GCK, brandpay: true } },
  "methods, a virtual account": { path: "/v2/frames/methods", told: { ...ORDER, clientKey: GCK }, press: [["radio", "가상계좌"], ["checkbox", "환불받을 계좌 미리 적기"]] },
  "methods for dollars": { path: "/v2/frames/methods", told: { ...ORDER, clientKey: GCK, amount: DOLLARS } },
  terms: { path: "/v2/frames/agreement", told: {} },
};

// The width has no say in the colours.
for (const [width, colorScheme] of [[390, "dark"], [1280, "light"]] as const) {
  test(`sdk_4 every state of a window passes the audit, ${colorScheme}, ${width} pixels wide`, async ({ page, toss }) => {
    test.slow();
    await page.setViewportSize({ width, height: 844 });
    for (const [name, { path, told, press = [] }] of Object.entries(STATES)) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      // A change of the fragment alone would not load the page anew.
      await page.goto("about:blank");
      const hash = encodeURIComponent(JSON.stringify({ orderId: newOrderId(), ...told }));
      await page.goto(`${toss.url}${path}#${hash}`);
      await page.waitForLoadState("networkidle");
      for (const [role, text] of press) await page.getByRole(role, { name: text }).click();
      // The tools are part of the window.
      if (path === "/v2/window") await page.getByText("시험 도구").click();
      await passesAudit(page, `${name}, ${colorScheme}`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBe(width);
    }
  });
}

test("sdk_4 the window is used by keyboard alone, and gives the focus back", async ({ shop }) => {
  await shop.evaluate(
    ({ CK, orderId }) => {
      document.getElementById("pay")!.onclick = () => {
        window.asked = window.codeOf(() =>
          window.TossPayments(CK).payment({ customerKey: "customer-1" }).requestPayment({
            method: "CARD", orderId, orderName: "머그컵", amount: { currency: "KRW", value: 60_000 },
          }),
        );
      };
    },
    { CK, orderId: newOrderId() },
  );
  const window_ = windowOf(shop);
  const pay = window_.getByRole("button", { name: "60,000원 결제하기" });
  const press = async (...keys: string[]) => {
    for (const key of keys) await shop.keyboard.press(key);
  };
  await shop.locator("#pay").focus();
  await press("Enter");
  await expect(pay).toBeFocused();
  // Pressed too early, it says why, and the way back to the card company is by Shift+Tab.
  await press("Enter");
  await expect(window_.getByRole("alert")).toHaveText("카드사를 선택해 주세요.");
  const company = window_.getByRole("combobox", { name: "카드사" });
  for (let tabs = 0; tabs < 8 && !(await company.evaluate((it) => it === document.activeElement)); tabs += 1) {
    await press("Shift+Tab");
  }
  await expect(company).toBeFocused();
  await press("ArrowDown");
  await expect(company).toHaveValue("41");
  await press("Shift+Tab");
  await expect(window_.getByRole("radio", { name: "카드", exact: true })).toBeFocused();
  await press("ArrowRight");
  await expect(window_.getByRole("radio", { name: "간편결제" })).toBeChecked();
  await press("ArrowLeft", "Escape");
  expect(await shop.evaluate(() => window.asked)).toBe("USER_CANCEL");
  await expect(shop.locator("#pay")).toBeFocused();
  // Once more, all the way.
  await press("Enter");
  await expect(pay).toBeFocused();
  await company.focus();
  await press("ArrowDown", "Enter");
  for (let tabs = 0; tabs < 8 && !(await pay.evaluate((it) => it === document.activeElement)); tabs += 1) {
    await press("Tab");
  }
  await press("Enter");
  expect(await shop.evaluate(() => window.asked)).toBe("resolved");
});
