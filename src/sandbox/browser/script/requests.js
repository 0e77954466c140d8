// The forms of what is asked for: payments, and the registration of a method for billing
// (Toss: sdk.md §3.5, §5.1, §5.2, §6).

const HOURS_MAX = 2160;
const CARRIERS = ["KT", "LGU", "SKT", "HELLO", "KCT", "SK7"];
const FOREIGN_PROVIDERS = [
  "PAYPAL", "GCASH", "TOUCHNGO", "BOOST", "BPI", "BILLEASE", "DANA", "ALIPAYHK", "TRUEMONEY",
  "RABBIT_LINE_PAY", "ALIPAY", "PAYPAY",
];

const isPlan = (value) => (value === 0 ? "" : isWhole(2, 12)(value));
const isTime = isText({ pattern: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/ });
const isCashReceipt = isShape({ "type!": isOneOf("소득공제", "지출증빙", "미발행") });

const ESCROW = {
  useEscrow: isFlag,
  escrowProducts: isListOf(
    isShape({
      id: isText(),
      name: isText(),
      code: isText(),
      unitPrice: isNumber(0),
      quantity: isWhole(1),
    }),
  ),
};
const TIME_LIMIT = { validHours: isWhole(1, HOURS_MAX), dueDate: isTime };
const FOREIGN = {
  "country!": isText({ min: 2, max: 2 }),
  products: isListOf(isAnything),
  shipping: isAnything,
  paymentMethodOptions: isAnything,
};

// What every request has. `successUrl` and `failUrl` are looked at by `checkReturn`.
const ORDER = {
  "orderId!": isText({ pattern: /^[A-Za-z0-9\-_=]{6,64}$/ }),
  "orderName!": isText({ min: 1, max: 100 }),
  successUrl: isAnything,
  failUrl: isAnything,
  customerEmail: isText({ max: 100 }),
  customerName: isText({ max: 100 }),
  customerMobilePhone: isText({ pattern: /^[0-9]{8,15}$/ }),
  taxFreeAmount: isNumber(0),
  windowTarget: isOneOf("iframe", "self"),
  // It has a code of its own.
  metadata: isAnything,
  // Typed by Toss and described nowhere: they pass and do nothing here.
  pendingUrl: isAnything,
  sandbox: isAnything,
  subMerchantSetting: isAnything,
  subOrders: isAnything,
};

const WIDGETS_ORDER = {
  ...ORDER,
  card: isShape({ taxExemptionAmount: isNumber(0), appScheme: isText(), threeDS: isAnything }),
  transfer: isShape({ ...ESCROW, isCulturalExpenses: isFlag }),
  virtualAccount: isShape({ ...ESCROW, cashReceipt: isCashReceipt, isCulturalExpenses: isFlag }),
  foreignEasyPay: isShape(FOREIGN),
};
const WIDGETS_REQUEST = isShape(WIDGETS_ORDER);

const COMMON = { ...ORDER, "method!": isText(), "amount!": isAnything, orderProductCode: isText() };

const CARD = isShape({
  ...ESCROW,
  ...TIME_LIMIT,
  taxExemptionAmount: isNumber(0),
  flowMode: isOneOf("DEFAULT", "DIRECT"),
  cardCompany: isText({ min: 1, max: 20 }),
  easyPay: isText({ min: 1, max: 20 }),
  cardInstallmentPlan: isPlan,
  maxCardInstallmentPlan: isPlan,
  freeInstallmentPlans: isListOf(
    isShape({ "company!": isText({ min: 1 }), "months!": isListOf(isWhole(2, 12)) }),
  ),
  useCardPoint: isFlag,
  useAppCardOnly: isFlag,
  discountCode: isText(),
  useInternationalCardOnly: isFlag,
  language: isOneOf("KO", "EN", "JA", "ZH"),
  showEstimatedAmount: isFlag,
  appScheme: isText(),
  keyin: isShape({ selectableCardTypes: isListOf(isOneOf("PERSONAL", "CORPORATE", "FOREIGN")) }),
  showMobileAppHeader: isFlag,
  // Typed by Toss and described nowhere, as in ORDER.
  threeDS: isAnything,
  affiliateCards: isListOf(isAnything),
  dividedSettlements: isListOf(isAnything),
});

const ACCOUNT = {
  ...ESCROW,
  ...TIME_LIMIT,
  taxExemptionAmount: isNumber(0),
  cashReceipt: isCashReceipt,
  isCulturalExpenses: isFlag,
};

// One form for each method of payment().
const METHOD_REQUESTS = {
  CARD: isShape({ ...COMMON, card: CARD }),
  VIRTUAL_ACCOUNT: isShape({
    ...COMMON,
    virtualAccount: isShape({
      ...ACCOUNT,
      showCustomerMobilePhone: isFlag,
      refundReceiveAccount: isShape({
        "bankCode!": isText({ min: 1, max: 20 }),
        "accountNumber!": isText({ pattern: /^[0-9]{1,20}$/ }),
        "holderName!": isText({ min: 1, max: 60 }),
      }),
    }),
  }),
  TRANSFER: isShape({
    ...COMMON,
    transfer: isShape({
      ...ACCOUNT,
      encryptedCustomerCi: isText(),
      showSecuritiesAccount: isFlag,
      provider: isOneOf("OPENBANKING", "BANKPAY"),
      dividedSettlements: isListOf(isAnything),
    }),
  }),
  MOBILE_PHONE: isShape({
    ...COMMON,
    mobilePhone: isShape({ mobileCarriers: isListOf(isOneOf(...CARRIERS)) }),
  }),
  CULTURE_GIFT_CERTIFICATE: isShape(COMMON),
  BOOK_GIFT_CERTIFICATE: isShape(COMMON),
  GAME_GIFT_CERTIFICATE: isShape(COMMON),
  FOREIGN_EASY_PAY: isShape({
    ...COMMON,
    "foreignEasyPay!": isShape({ ...FOREIGN, "provider!": isOneOf(...FOREIGN_PROVIDERS) }),
  }),
};

const BILLING = {
  "method!": isText(),
  "successUrl!": isAnything,
  "failUrl!": isAnything,
  customerEmail: isText({ max: 100 }),
  customerName: isText({ max: 100 }),
  windowTarget: isOneOf("iframe", "self"),
};
const BILLING_REQUESTS = {
  CARD: isShape({
    ...BILLING,
    selectableCardTypes: isListOf(isOneOf("PERSONAL", "CORPORATE")),
    flowMode: isOneOf("DEFAULT", "DIRECT"),
    easyPay: isOneOf("토스페이", "TOSSPAY", "네이버페이", "NAVERPAY"),
    cardCompany: isText({ min: 1, max: 20 }),
  }),
  TRANSFER: isShape({ ...BILLING, transfer: isShape({ encryptedCustomerCi: isText() }) }),
};

const BRANDPAY_REQUEST = isShape({
  "amount!": isAnything,
  "orderId!": ORDER["orderId!"],
  "orderName!": ORDER["orderName!"],
  successUrl: isAnything,
  failUrl: isAnything,
  customerEmail: ORDER.customerEmail,
  customerName: ORDER.customerName,
  taxFreeAmount: isNumber(0),
  methodId: isText({ min: 1 }),
  metadata: isAnything,
  shippingAddress: isText(),
  card: isShape({
    cardInstallmentPlan: isPlan,
    useCardPoint: isFlag,
    discountCode: isText(),
    affiliateCards: isListOf(isAnything),
    orderProductCode: isText(),
    dividedSettlements: isListOf(isAnything),
  }),
  transfer: isShape({
    cashReceipt: isShape({
      "type!": isOneOf("소득공제", "지출증빙", "미발행"),
      registrationNumber: isText(),
      registrationNumberType: isOneOf("MOBILE", "CASH_RECEIPT_CARD", "BUSINESS_REGISTRATION"),
    }),
    isCulturalExpenses: isFlag,
    discountCode: isText(),
    orderProductCode: isText(),
    dividedSettlements: isListOf(isAnything),
  }),
});

// DIRECT opens the screen of one company or provider, so it must be told which.
function checkFlow({ flowMode, cardCompany, easyPay, discountCode }) {
  const named = [cardCompany, easyPay].filter((one) => !isAbsent(one)).length;
  if (flowMode === "DIRECT" && named !== 1) {
    fail("INVALID_PARAMETERS", "DIRECT needs exactly one of cardCompany and easyPay");
  }
  if (flowMode !== "DIRECT" && !isAbsent(discountCode)) {
    fail("INVALID_PARAMETERS", "discountCode is for DIRECT");
  }
}

function checkMethodForm(params, forms) {
  if (typeof params?.method !== "string") fail("INVALID_PARAMETERS", "method must be text");
  if (!Object.hasOwn(forms, params.method)) fail("NOT_SUPPORTED_METHOD");
  check(params, forms[params.method]);
}

function checkMethodRequest(params) {
  checkMethodForm(params, METHOD_REQUESTS);
  const foreign = params.method === "FOREIGN_EASY_PAY";
  const international = params.card?.useInternationalCardOnly;
  checkAmount(params.amount, foreign ? ["USD"] : international ? ["KRW", "USD", "JPY"] : ["KRW"]);
  if (params.amount.value <= 0) fail("BELOW_ZERO_AMOUNT");
  for (const part of [params.card, params.virtualAccount, params.transfer]) {
    if (!isAbsent(part?.validHours) && !isAbsent(part?.dueDate)) {
      fail("INVALID_PARAMETERS", "validHours and dueDate exclude each other");
    }
  }
  if (params.card) {
    const { cardInstallmentPlan, maxCardInstallmentPlan } = params.card;
    if (!isAbsent(cardInstallmentPlan) && !isAbsent(maxCardInstallmentPlan)) {
      fail("INVALID_PARAMETERS", "cardInstallmentPlan and maxCardInstallmentPlan exclude each other");
    }
    checkFlow(params.card);
  }
  checkMetadata(params.metadata);
  const redirects = checkReturn(params);
  if (!redirects && (foreign || isMobile())) fail("NOT_SUPPORTED_PROMISE");
  return redirects;
}
