// Paying by every method, on a phone's width and on a desk's, from a page that knows only the
// script's address (Toss: sdk.md §5.1, §9).
import type { FrameLocator, Page } from "@playwright/test";
import { CK, GCK, expect, newOrderId, test, windowOf } from "./sandbox";

type Window = FrameLocator | Page;

interface Way {
  request: object;
  currency?: string;
  value?: number;
  choose?: (window: Window) => Promise<unknown>;
  /** The answer of the confirm. */
  answer: object;
}

const easy = (mix: string, answer: object): Way => ({
  request: { method: "CARD" },
  choose: async (window) => {
    await window.getByRole("radio", { name: "간편결제" }).check();
    await window.getByRole("combobox", { name: "간편결제 회사" }).selectOption({ label: "네이버페이" });
    await window.getByRole("combobox", { name: "내는 방법" }).selectOption({ label: mix });
  },
  answer: { status: "DONE", method: "간편결제", ...answer },
});

const WAYS: Record<string, Way> = {
  "a card with instalments": {
    request: { method: "CARD", card: { freeInstallmentPlans: [{ company: "HYUNDAI", months: [3] }] } },
    choose: async (window) => {
      await window.getByRole("combobox", { name: "카드사" }).selectOption({ label: "현대" });
      await window.getByRole("combobox", { name: "할부" }).selectOption({ label: "3개월 (무이자)" });
    },
    answer: {
      status: "DONE", method: "카드", easyPay: null,
      card: { issuerCode: "61", installmentPlanMonths: 3, isInterestFree: true, amount: 60_000 },
    },
  },
  "a company's check card": {
    request: { method: "CARD", card: { flowMode: "DIRECT", cardCompany: "SAMSUNG" } },
    choose: async (window) => {
      await expect(window.getByRole("combobox", { name: "카드사" })).toBeDisabled();
      await window.getByRole("combobox", { name: "카드 종류" }).selectOption({ label: "개인 체크카드" });
    },
    answer: { status: "DONE", card: { issuerCode: "51", cardType: "체크", installmentPlanMonths: 0 } },
  },
  "easy pay by card": easy("카드", { easyPay: { provider: "네이버페이", amount: 0, discountAmount: 0 }, card: { amount: 60_000 } }),
  "easy pay by card and points": easy("카드 + 포인트", { easyPay: { amount: 0, discountAmount: 1_000 }, card: { amount: 59_000 } }),
  "easy pay from an account": easy("계좌·머니", { easyPay: { amount: 60_000, discountAmount: 0 }, card: null }),
  "easy pay from an account with points": easy("계좌·머니 + 포인트", { easyPay: { amount: 59_000, discountAmount: 1_000 }, card: null }),
  "easy pay by points": easy("포인트", { easyPay: { amount: 0, discountAmount: 60_000 }, card: null }),
  "a virtual account": {
    request: {
      method: "VIRTUAL_ACCOUNT", customerName: "김입금", customerMobilePhone: "01012345678",
      virtualAccount: { validHours: 24, cashReceipt: { type: "소득공제" } },
    },
    choose: async (window) => {
      await expect(window.getByLabel("입금자 이름")).toHaveValue("김입금");
      await expect(window.getByRole("combobox", { name: "입금 기한" })).toHaveValue("24");
      await window.getByRole("combobox", { name: "입금할 은행" }).selectOption({ label: "국민" });
      await window.getByLabel("환불받을 계좌 미리 적기").check();
      await window.getByLabel("예금주").fill("김환불");
      await window.getByLabel("계좌번호").fill("110123456789");
    },
    answer: {
      status: "WAITING_FOR_DEPOSIT", method: "가상계좌", approvedAt: null,
      virtualAccount: {
        bankCode: "06", customerName: "김입금", expired: false,
        refundReceiveAccount: { accountNumber: "110123456789", holderName: "김환불" },
      },
    },
  },
  "a transfer": {
    request: { method: "TRANSFER", transfer: { cashReceipt: { type: "미발행" } } },
    choose: (window) => window.getByRole("combobox", { name: "출금할 은행" }).selectOption({ label: "신한" }),
    answer: { status: "DONE", method: "계좌이체", transfer: { bankCode: "88" } },
  },
  "a mobile phone": {
    request: {
      method: "MOBILE_PHONE", customerMobilePhone: "01012345678", mobilePhone: { mobileCarriers: ["KT", "SK7"] },
    },
    choose: async (window) => {
      await expect(window.getByRole("combobox", { name: "통신사" }).locator("option")).toHaveCount(2);
      await window.getByRole("combobox", { name: "통신사" }).selectOption("SK7");
    },
    answer: { status: "DONE", method: "휴대폰", mobilePhone: { settlementStatus: "INCOMPLETED" } },
  },
  "a culture gift certificate": {
    request: { method: "CULTURE_GIFT_CERTIFICATE" },
    answer: { status: "DONE", method: "문화상품권", giftCertificate: { settlementStatus: "INCOMPLETED" } },
  },
  "a book gift certificate": {
    request: { method: "BOOK_GIFT_CERTIFICATE" },
    answer: { status: "DONE", method: "도서문화상품권" },
  },
  "a game gift certificate": {
    request: { method: "GAME_GIFT_CERTIFICATE" },
    value: 10_000,
    answer: { status: "DONE", method: "게임문화상품권" },
  },
  "easy pay from abroad": {
    request: { method: "FOREIGN_EASY_PAY", foreignEasyPay: { provider: "PAYPAL", country: "US" } },
    currency: "USD",
    value: 15.5,
    choose: (window) => expect(window.getByRole("combobox", { name: "해외 간편결제 회사" })).toHaveValue("PAYPAL"),
    answer: { status: "DONE", currency: "USD", totalAmount: 15.5 },
  },
};

for (const width of [390, 1280]) {
  const target = width === 390 ? "self" : "iframe";
  for (const [name, { request, currency = "KRW", value = 60_000, choose, answer }] of Object.entries(WAYS)) {
    test(`sdk_5_1 ${name} pays, ${width} pixels wide`, async ({ shop, toss }) => {
      await shop.setViewportSize({ width, height: 844 });
      const orderId = newOrderId();
      await shop.evaluate(
        ({ CK, target, orderId, currency, value, request }) => {
          window.TossPayments(CK).payment({ customerKey: "customer-1" }).requestPayment({
            orderId, orderName: "아주 긴 이름의 순면 티셔츠와 도자기 머그컵 외 12건", windowTarget: target,
            amount: { currency, value },
            successUrl: `${location.origin}/success`, failUrl: `${location.origin}/fail`, ...request,
          });
        },
        { CK, target, orderId, currency, value, request },
      );
      if (target === "self") await shop.waitForURL(`${toss.url}/v2/window**`);
      const window: Window = target === "self" ? shop : windowOf(shop);
      const pay = window.getByRole("button", { name: /결제하기$/ });
      await expect(pay).toBeEnabled();
      await expect(window.getByText("가상 결제", { exact: true })).toBeVisible();
      await choose?.(window);
      const frame = shop.frames().at(-1)!;
      const wide = await frame.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
      expect(wide, "nothing is cut off at the side").toBe(true);
      await pay.click();
      await shop.waitForURL("**/success?**");
      const address = new URL(shop.url());
      expect(Object.fromEntries(address.searchParams)).toMatchObject({ orderId, amount: String(value) });
      const confirmed = await toss.confirm(address, CK);
      expect(confirmed.body, `${confirmed.status}`).toMatchObject({ ...answer, orderId });
    });
  }

  test(`sdk_3_5 the widgets' choice is made in the window already, ${width} pixels wide`, async ({ shop, toss }) => {
    await shop.setViewportSize({ width, height: 844 });
    const chosen: [string, Record<string, string>, string, object][] = [
      ["카드", { 카드사: "롯데", 할부: "2개월" }, "CARD", { card: { issuerCode: "71", installmentPlanMonths: 2 } }],
      ["카카오페이", {}, "KAKAOPAY", { easyPay: { provider: "카카오페이" } }],
      ["다른 간편결제", { "간편결제 회사": "엘페이" }, "LPAY", { easyPay: { provider: "엘페이" } }],
      ["계좌이체", { "출금할 은행": "하나" }, "TRANSFER", { transfer: { bankCode: "81" } }],
      ["가상계좌", { "입금할 은행": "우리" }, "VIRTUAL_ACCOUNT", { virtualAccount: { bankCode: "20" } }],
      ["휴대폰", { 통신사: "LG U+" }, "MOBILE_PHONE", { method: "휴대폰" }],
      ["상품권", { "상품권 종류": "도서문화상품권" }, "BOOK_GIFT_CERTIFICATE", { method: "도서문화상품권" }],
    ];
    for (const [name, details, code, answer] of chosen) {
      await shop.goto("/");
      await shop.evaluate(async (key) => {
        const widgets = window.TossPayments(key).widgets({ customerKey: "customer-1" });
        await widgets.setAmount({ currency: "KRW", value: 60_000 });
        Object.assign(window, { widgets, methods: await widgets.renderPaymentMethods({ selector: "#methods" }) });
      }, GCK);
      const methods = shop.frameLocator('iframe[title="결제수단 선택"]');
      await methods.getByRole("radio", { name, exact: true }).check();
      for (const [label, option] of Object.entries(details)) {
        await methods.getByRole("combobox", { name: label }).selectOption({ label: option });
      }
      await expect.poll(() => shop.evaluate(() => window.methods.getSelectedPaymentMethod())).toEqual({ code });
      await shop.evaluate((orderId) => {
        window.widgets.requestPayment({
          orderId, orderName: "머그컵 외 1건", customerName: "홍길동", customerMobilePhone: "01012345678",
          successUrl: `${location.origin}/success`, failUrl: `${location.origin}/fail`,
        });
      }, newOrderId());
      await windowOf(shop).getByRole("button", { name: "60,000원 결제하기" }).click();
      await shop.waitForURL("**/success?**");
      const confirmed = await toss.confirm(new URL(shop.url()), GCK);
      expect(confirmed.body, name).toMatchObject(answer);
    }
  });
}
