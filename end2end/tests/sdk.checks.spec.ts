// What requests may say, and what they are refused for before any window opens
// (Toss: sdk.md §3.5, §5.1, §5.2).
import { CK, GCK, expect, test } from "./sandbox";

const KEYS = { GCK, CK };

test("sdk_3_5 requestPayment refuses what is malformed before a window opens", async ({ shop }) => {
  const codes = await shop.evaluate(async ({ GCK }) => {
    const widgets = window.TossPayments(GCK).widgets({ customerKey: "customer-1" });
    await widgets.setAmount({ currency: "KRW", value: 1000 });
    const whole = {
      orderId: "order-0001",
      orderName: "머그컵",
      successUrl: "http://127.0.0.1:1/success",
      failUrl: "http://127.0.0.1:1/fail",
    };
    const pairs = (count: number) => Object.fromEntries([...Array(count).keys()].map((at) => [`k${at}`, "v"]));
    // Nothing is rendered, so what is well-formed is stopped by the missing method.
    const changes: Record<string, object | null> = {
      whole: {},
      "optional members absent": { customerName: null, metadata: null, card: undefined },
      "orderId with =": { orderId: "b3JkZXI=" },
      "orderId of 5": { orderId: "12345" },
      "orderId of 65": { orderId: "a".repeat(65) },
      "orderId with a blank": { orderId: "order 0001" },
      "no orderId": { orderId: undefined },
      "no orderName": { orderName: undefined },
      "orderName of 100": { orderName: "가".repeat(100) },
      "orderName of 101": { orderName: "가".repeat(101) },
      "orderName a number": { orderName: 1 },
      "an amount": { amount: { currency: "KRW", value: 1 } },
      "unknown property": { color: "red" },
      "email of 101": { customerEmail: "a".repeat(101) },
      "name of 101": { customerName: "a".repeat(101) },
      "phone of 8": { customerMobilePhone: "01234567" },
      "phone of 7": { customerMobilePhone: "0123456" },
      "phone of 16": { customerMobilePhone: "0".repeat(16) },
      "phone with hyphens": { customerMobilePhone: "010-1234-5678" },
      "windowTarget iframe": { windowTarget: "iframe" },
      "windowTarget popup": { windowTarget: "popup" },
      "taxFreeAmount below zero": { taxFreeAmount: -1 },
      "card as text": { card: "신한" },
      "card with a stranger": { card: { color: "red" } },
      "card exempt": { card: { taxExemptionAmount: 100, appScheme: "shop://" } },
      escrow: {
        transfer: {
          useEscrow: true,
          escrowProducts: [{ id: "1", name: "컵", code: "C", unitPrice: 1000, quantity: 1 }],
          isCulturalExpenses: false,
        },
      },
      "escrow product with a price as text": { transfer: { escrowProducts: [{ id: "1", unitPrice: "1000" }] } },
      receipt: { virtualAccount: { cashReceipt: { type: "소득공제" } } },
      "receipt of no kind": { virtualAccount: { cashReceipt: { type: "영수증" } } },
      "foreign without a country": { foreignEasyPay: { products: [] } },
      foreign: { foreignEasyPay: { country: "US", products: [] } },
      "metadata of 5": { metadata: pairs(5) },
      "metadata of 6": { metadata: pairs(6) },
      "metadata key of 41": { metadata: { ["k".repeat(41)]: "v" } },
      "metadata key in brackets": { metadata: { "k[0]": "v" } },
      "metadata value of 2001": { metadata: { k: "v".repeat(2001) } },
      "metadata value a number": { metadata: { k: 1 } },
      "successUrl without an origin": { successUrl: "/success" },
      "successUrl of no web": { successUrl: "javascript:alert(1)" },
      "failUrl without an origin": { failUrl: "fail" },
      "only successUrl": { failUrl: undefined },
      nothing: null,
    };
    const answers: Record<string, string> = {};
    for (const [name, change] of Object.entries(changes)) {
      answers[name] = await window.codeOf(() => widgets.requestPayment(change && { ...whole, ...change }));
    }
    await widgets.setAmount({ currency: "KRW", value: 0 });
    answers["an amount of 0"] = await window.codeOf(() => widgets.requestPayment(whole));
    const early = window.TossPayments(GCK).widgets({ customerKey: "customer-1" });
    answers["before setAmount"] = await window.codeOf(() => early.requestPayment(whole));
    return answers;
  }, KEYS);
  const passes = "NOT_SELECTED_PAYMENT_METHOD";
  expect(codes).toEqual({
    whole: passes,
    "optional members absent": passes,
    "orderId with =": passes,
    "orderId of 5": "INVALID_PARAMETERS",
    "orderId of 65": "INVALID_PARAMETERS",
    "orderId with a blank": "INVALID_PARAMETERS",
    "no orderId": "INVALID_PARAMETERS",
    "no orderName": "INVALID_PARAMETERS",
    "orderName of 100": passes,
    "orderName of 101": "INVALID_PARAMETERS",
    "orderName a number": "INVALID_PARAMETERS",
    "an amount": "INVALID_PARAMETERS",
    "unknown property": "INVALID_PARAMETERS",
    "email of 101": "INVALID_PARAMETERS",
    "name of 101": "INVALID_PARAMETERS",
    "phone of 8": passes,
    "phone of 7": "INVALID_PARAMETERS",
    "phone of 16": "INVALID_PARAMETERS",
    "phone with hyphens": "INVALID_PARAMETERS",
    "windowTarget iframe": passes,
    "windowTarget popup": "INVALID_PARAMETERS",
    "taxFreeAmount below zero": "INVALID_PARAMETERS",
    "card as text": "INVALID_PARAMETERS",
    "card with a stranger": "INVALID_PARAMETERS",
    "card exempt": passes,
    escrow: passes,
    "escrow product with a price as text": "INVALID_PARAMETERS",
    receipt: passes,
    "receipt of no kind": "INVALID_PARAMETERS",
    "foreign without a country": "INVALID_PARAMETERS",
    foreign: passes,
    "metadata of 5": passes,
    "metadata of 6": "INVALID_METADATA",
    "metadata key of 41": "INVALID_METADATA",
    "metadata key in brackets": "INVALID_METADATA",
    "metadata value of 2001": "INVALID_METADATA",
    "metadata value a number": "INVALID_METADATA",
    "successUrl without an origin": "INCORRECT_SUCCESS_URL_FORMAT",
    "successUrl of no web": "INCORRECT_SUCCESS_URL_FORMAT",
    "failUrl without an origin": "INCORRECT_FAIL_URL_FORMAT",
    "only successUrl": "INVALID_PARAMETERS",
    nothing: "INVALID_PARAMETERS",
    "an amount of 0": "BELOW_ZERO_AMOUNT",
    "before setAmount": "NOT_SETUP_AMOUNT",
  });
  await expect(shop.locator("iframe")).toHaveCount(0);
});

test("sdk_5_1 requestPayment checks the members of each method before a window opens", async ({ shop }) => {
  const codes = await shop.evaluate(async ({ CK }) => {
    const whole = {
      orderId: "order-0001",
      orderName: "머그컵",
      amount: { currency: "KRW", value: 60_000 },
      successUrl: "http://127.0.0.1:1/success",
      failUrl: "http://127.0.0.1:1/fail",
    };
    const card = (members: object) => ({ method: "CARD", card: members });
    const account = (members: object) => ({ method: "VIRTUAL_ACCOUNT", virtualAccount: members });
    const foreign = { method: "FOREIGN_EASY_PAY", amount: { currency: "USD", value: 10 } };
    // Well-formed requests open a window, which is taken away again.
    const requests: Record<string, object> = {
      "no method": {},
      "a method of no kind": { method: "CASH" },
      "method a number": { method: 1 },
      card: card({}),
      "no amount": { ...card({}), amount: undefined },
      "amount a number": { ...card({}), amount: 1000 },
      "amount as text": { ...card({}), amount: { currency: "KRW", value: "1000" } },
      "amount of 0": { ...card({}), amount: { currency: "KRW", value: 0 } },
      "amount below zero": { ...card({}), amount: { currency: "KRW", value: -1 } },
      "dollars by card": { ...card({}), amount: { currency: "USD", value: 10 } },
      "dollars by international card": {
        ...card({ useInternationalCardOnly: true }),
        amount: { currency: "USD", value: 10 },
      },
      "a property of no kind": { ...card({}), color: "red" },
      "another method's members": { ...card({}), transfer: {} },
      "a member of no kind": card({ color: "red" }),
      "all of card": card({
        useEscrow: false, escrowProducts: [], taxExemptionAmount: 0, flowMode: "DEFAULT",
        cardInstallmentPlan: 3, freeInstallmentPlans: [{ company: "SHINHAN", months: [2, 3] }],
        useCardPoint: false, useAppCardOnly: false, validHours: 24, useInternationalCardOnly: false,
        language: "KO", showEstimatedAmount: true, appScheme: "shop://",
        keyin: { selectableCardTypes: ["PERSONAL", "CORPORATE", "FOREIGN"] }, showMobileAppHeader: true,
      }),
      "DIRECT to a company": card({ flowMode: "DIRECT", cardCompany: "41" }),
      "DIRECT to a provider": card({ flowMode: "DIRECT", easyPay: "토스페이", discountCode: "D1" }),
      "DIRECT to nobody": card({ flowMode: "DIRECT" }),
      "DIRECT to two": card({ flowMode: "DIRECT", cardCompany: "41", easyPay: "TOSSPAY" }),
      "a discount without DIRECT": card({ discountCode: "D1" }),
      "two instalment plans": card({ cardInstallmentPlan: 3, maxCardInstallmentPlan: 6 }),
      "a plan of 1": card({ cardInstallmentPlan: 1 }),
      "a plan of 13": card({ cardInstallmentPlan: 13 }),
      "language of no kind": card({ language: "KR" }),
      account: account({ validHours: 2160, cashReceipt: { type: "지출증빙" }, showCustomerMobilePhone: true }),
      "2161 hours": account({ validHours: 2161 }),
      "hours and a date": account({ validHours: 24, dueDate: "2030-01-02T03:04:05" }),
      "a date": account({ dueDate: "2030-01-02T03:04:05" }),
      "a date with an offset": account({ dueDate: "2030-01-02T03:04:05+09:00" }),
      transfer: { method: "TRANSFER", transfer: { cashReceipt: { type: "미발행" }, useEscrow: false } },
      phone: { method: "MOBILE_PHONE", mobilePhone: { mobileCarriers: ["KT", "LGU", "SKT", "HELLO", "KCT", "SK7"] } },
      "a carrier of no kind": { method: "MOBILE_PHONE", mobilePhone: { mobileCarriers: ["ATT"] } },
      culture: { method: "CULTURE_GIFT_CERTIFICATE" },
      book: { method: "BOOK_GIFT_CERTIFICATE" },
      game: { method: "GAME_GIFT_CERTIFICATE" },
      foreign: { ...foreign, foreignEasyPay: { provider: "PAYPAL", country: "US" } },
      "foreign without its object": foreign,
      "foreign for won": { method: "FOREIGN_EASY_PAY", foreignEasyPay: { provider: "PAYPAL", country: "US" } },
      "foreign by nobody": { ...foreign, foreignEasyPay: { provider: "CASH", country: "US" } },
      "foreign without a country": { ...foreign, foreignEasyPay: { provider: "PAYPAL" } },
      "foreign as a promise": {
        ...foreign, foreignEasyPay: { provider: "PAYPAL", country: "US" }, successUrl: undefined, failUrl: undefined,
      },
      "as a promise": { ...card({}), successUrl: undefined, failUrl: undefined },
      metadata: { ...card({}), metadata: { "a[": "b" } },
      "successUrl without an origin": { ...card({}), successUrl: "/success" },
      "failUrl without an origin": { ...card({}), failUrl: "/fail" },
    };
    const answers: Record<string, string> = {};
    for (const [name, request] of Object.entries(requests)) {
      const payment = window.TossPayments(CK).payment({ customerKey: "customer-1" });
      const asked = payment.requestPayment({ ...whole, ...request });
      answers[name] = await window.stateOf(asked);
      if (answers[name] === "pending") {
        await payment.destroy();
        answers[name] = `opens, then ${await window.codeOf(() => asked)}`;
      }
    }
    return answers;
  }, KEYS);
  const opens = "opens, then PAYMENT_REQUEST_ABORTED";
  expect(codes).toEqual({
    "no method": "INVALID_PARAMETERS",
    "a method of no kind": "NOT_SUPPORTED_METHOD",
    "method a number": "INVALID_PARAMETERS",
    card: opens,
    "no amount": "INVALID_PARAMETERS",
    "amount a number": "INVALID_PARAMETERS",
    "amount as text": "INVALID_AMOUNT_VALUE",
    "amount of 0": "BELOW_ZERO_AMOUNT",
    "amount below zero": "BELOW_ZERO_AMOUNT",
    "dollars by card": "INVALID_AMOUNT_CURRENCY",
    "dollars by international card": opens,
    "a property of no kind": "INVALID_PARAMETERS",
    "another method's members": "INVALID_PARAMETERS",
    "a member of no kind": "INVALID_PARAMETERS",
    "all of card": opens,
    "DIRECT to a company": opens,
    "DIRECT to a provider": opens,
    "DIRECT to nobody": "INVALID_PARAMETERS",
    "DIRECT to two": "INVALID_PARAMETERS",
    "a discount without DIRECT": "INVALID_PARAMETERS",
    "two instalment plans": "INVALID_PARAMETERS",
    "a plan of 1": "INVALID_PARAMETERS",
    "a plan of 13": "INVALID_PARAMETERS",
    "language of no kind": "INVALID_PARAMETERS",
    account: opens,
    "2161 hours": "INVALID_PARAMETERS",
    "hours and a date": "INVALID_PARAMETERS",
    "a date": opens,
    "a date with an offset": "INVALID_PARAMETERS",
    transfer: opens,
    phone: opens,
    "a carrier of no kind": "INVALID_PARAMETERS",
    culture: opens,
    book: opens,
    game: opens,
    foreign: opens,
    "foreign without its object": "INVALID_PARAMETERS",
    "foreign for won": "INVALID_AMOUNT_CURRENCY",
    "foreign by nobody": "INVALID_PARAMETERS",
    "foreign without a country": "INVALID_PARAMETERS",
    "foreign as a promise": "NOT_SUPPORTED_PROMISE",
    "as a promise": opens,
    metadata: "INVALID_METADATA",
    "successUrl without an origin": "INCORRECT_SUCCESS_URL_FORMAT",
    "failUrl without an origin": "INCORRECT_FAIL_URL_FORMAT",
  });
  await expect(shop.locator("iframe")).toHaveCount(0);
});

test("sdk_5_2 requestBillingAuth checks its members and wants a known customer", async ({ shop }) => {
  const codes = await shop.evaluate(async ({ CK }) => {
    const whole = {
      method: "CARD",
      successUrl: "http://127.0.0.1:1/success",
      failUrl: "http://127.0.0.1:1/fail",
    };
    const requests: Record<string, object> = {
      card: { customerName: "김구독", customerEmail: "kim@example.com", windowTarget: "iframe" },
      transfer: { method: "TRANSFER" },
      phone: { method: "MOBILE_PHONE" },
      "no method": { method: undefined },
      "no successUrl": { successUrl: undefined },
      "no failUrl": { failUrl: undefined },
      "successUrl without an origin": { successUrl: "/success" },
      "failUrl without an origin": { failUrl: "/fail" },
      "name of 101": { customerName: "a".repeat(101) },
      types: { selectableCardTypes: ["PERSONAL", "CORPORATE"] },
      "types of no kind": { selectableCardTypes: ["FOREIGN"] },
      "types of an account": { method: "TRANSFER", selectableCardTypes: ["PERSONAL"] },
      "DIRECT to a provider": { flowMode: "DIRECT", easyPay: "NAVERPAY" },
      "DIRECT to another provider": { flowMode: "DIRECT", easyPay: "KAKAOPAY" },
      "DIRECT to a company": { flowMode: "DIRECT", cardCompany: "SHINHAN" },
      "a company without DIRECT": { cardCompany: "SHINHAN" },
      "an amount": { amount: { currency: "KRW", value: 1 } },
    };
    const answers: Record<string, string> = {};
    for (const [name, request] of Object.entries(requests)) {
      const payment = window.TossPayments(CK).payment({ customerKey: "customer-1" });
      const asked = payment.requestBillingAuth({ ...whole, ...request });
      answers[name] = await window.stateOf(asked);
      if (answers[name] === "pending") {
        await payment.destroy();
        answers[name] = `opens, then ${await window.codeOf(() => asked)}`;
      }
    }
    const guest = window.TossPayments(CK).payment({ customerKey: window.TossPayments.ANONYMOUS });
    answers.guest = await window.codeOf(() => guest.requestBillingAuth(whole));
    return answers;
  }, KEYS);
  const opens = "opens, then PAYMENT_REQUEST_ABORTED";
  expect(codes).toEqual({
    card: opens,
    transfer: opens,
    phone: "NOT_SUPPORTED_METHOD",
    "no method": "INVALID_PARAMETERS",
    "no successUrl": "INVALID_PARAMETERS",
    "no failUrl": "INVALID_PARAMETERS",
    "successUrl without an origin": "INCORRECT_SUCCESS_URL_FORMAT",
    "failUrl without an origin": "INCORRECT_FAIL_URL_FORMAT",
    "name of 101": "INVALID_PARAMETERS",
    types: opens,
    "types of no kind": "INVALID_PARAMETERS",
    "types of an account": "INVALID_PARAMETERS",
    "DIRECT to a provider": opens,
    "DIRECT to another provider": "INVALID_PARAMETERS",
    "DIRECT to a company": opens,
    "a company without DIRECT": "INVALID_PARAMETERS",
    "an amount": "INVALID_PARAMETERS",
    guest: "INVALID_CUSTOMER_KEY",
  });
});
