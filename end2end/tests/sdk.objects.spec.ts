// The script's objects: which keys they take, amounts, what ends a request, the wallet, and v1
// (Toss: sdk.md §2, §3.1, §5.3, §6, §7).
import { CK, GCK, expect, newOrderId, test } from "./sandbox";

const KEYS = { GCK, CK };

test("sdk_2 factories tell the kinds of keys apart and throw at once", async ({ shop }) => {
  const codes = await shop.evaluate(({ GCK, CK }) => {
    const codeOf = (call: () => unknown) => {
      try {
        call();
        return "returned";
      } catch (error) {
        const { code, message } = error as { code: string; message: string };
        return error instanceof Error && /[가-힣]/.test(message) ? code : `no error: ${error}`;
      }
    };
    const customerKey = "customer-1";
    const { TossPayments } = window;
    return {
      anonymous: TossPayments.ANONYMOUS,
      factories: Object.keys(TossPayments(GCK)).slice(0, 3),
      widgets: codeOf(() => TossPayments(GCK).widgets({ customerKey })),
      payment: codeOf(() => TossPayments(CK).payment({ customerKey })),
      brandpay: codeOf(() => TossPayments(CK).brandpay({ customerKey, redirectUrl: "https://shop.example" })),
      wallet: codeOf(() => TossPayments(GCK).widgets({ customerKey, brandpay: { redirectUrl: "https://shop.example" } })),
      widgetsWithCk: codeOf(() => TossPayments(CK).widgets({ customerKey })),
      paymentWithGck: codeOf(() => TossPayments(GCK).payment({ customerKey })),
      brandpayWithGck: codeOf(() => TossPayments(GCK).brandpay({ customerKey })),
      noKey: codeOf(() => TossPayments("bad").widgets({ customerKey })),
      secretKey: codeOf(() => TossPayments("test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R").payment({ customerKey })),
      customerSecret: codeOf(() => TossPayments(GCK).widgets({ customerKey: "test_gsk_abc" })),
      guest: codeOf(() => TossPayments(GCK).widgets({ customerKey: TossPayments.ANONYMOUS })),
      guestPays: codeOf(() => TossPayments(CK).payment({ customerKey: TossPayments.ANONYMOUS })),
      guestWallet: codeOf(() => TossPayments(CK).brandpay({ customerKey: TossPayments.ANONYMOUS })),
      alphanumeric: codeOf(() => TossPayments(CK).payment({ customerKey: "ab" })),
      allSigns: codeOf(() => TossPayments(CK).payment({ customerKey: "A0-_=.@" })),
      short: codeOf(() => TossPayments(CK).payment({ customerKey: "a" })),
      long: codeOf(() => TossPayments(CK).payment({ customerKey: "a".repeat(51) })),
      sign: codeOf(() => TossPayments(CK).payment({ customerKey: "a+b" })),
      missing: codeOf(() => TossPayments(CK).payment({})),
      nothing: codeOf(() => TossPayments(CK).payment()),
      stranger: codeOf(() => TossPayments(GCK).widgets({ customerKey, color: "red" })),
    };
  }, KEYS);
  expect(codes).toEqual({
    anonymous: "@@ANONYMOUS",
    factories: ["widgets", "payment", "brandpay"],
    widgets: "returned",
    payment: "returned",
    brandpay: "returned",
    wallet: "returned",
    widgetsWithCk: "NOT_SUPPORTED_API_INDIVIDUAL_KEY",
    paymentWithGck: "NOT_SUPPORTED_WIDGET_KEY",
    brandpayWithGck: "NOT_SUPPORTED_WIDGET_KEY",
    noKey: "INVALID_CLIENT_KEY",
    secretKey: "INVALID_CLIENT_KEY",
    customerSecret: "INSECURE_KEY_USAGE",
    guest: "returned",
    guestPays: "returned",
    guestWallet: "INVALID_CUSTOMER_KEY",
    alphanumeric: "returned",
    allSigns: "returned",
    short: "INVALID_CUSTOMER_KEY",
    long: "INVALID_CUSTOMER_KEY",
    sign: "INVALID_CUSTOMER_KEY",
    missing: "INVALID_CUSTOMER_KEY",
    nothing: "INVALID_PARAMETERS",
    stranger: "INVALID_PARAMETERS",
  });
});

test("sdk_3_1 setAmount takes whole won, and dollars with cents", async ({ shop }) => {
  const codes = await shop.evaluate(async ({ GCK }) => {
    const widgets = window.TossPayments(GCK).widgets({ customerKey: "customer-1" });
    const amounts: [string, unknown][] = [
      ["won", { currency: "KRW", value: 1000 }],
      ["dollars", { currency: "USD", value: 10.5 }],
      ["nothing to pay", { currency: "KRW", value: 0 }],
      ["half a won", { currency: "KRW", value: 0.5 }],
      ["text", { currency: "KRW", value: "1000" }],
      ["below zero", { currency: "KRW", value: -1 }],
      ["no number", { currency: "KRW", value: Number.NaN }],
      ["no value", { currency: "KRW" }],
      ["no currency", { value: 1000 }],
      ["euro", { currency: "EUR", value: 1000 }],
      ["stranger", { currency: "KRW", value: 1000, vat: 1 }],
      ["a number", 1000],
    ];
    const answers: Record<string, string> = {};
    for (const [name, amount] of amounts) answers[name] = await window.codeOf(() => widgets.setAmount(amount));
    return answers;
  }, KEYS);
  expect(codes).toEqual({
    won: "resolved",
    dollars: "resolved",
    "nothing to pay": "resolved",
    "half a won": "INVALID_AMOUNT_VALUE",
    text: "INVALID_AMOUNT_VALUE",
    "below zero": "INVALID_AMOUNT_VALUE",
    "no number": "INVALID_AMOUNT_VALUE",
    "no value": "INVALID_AMOUNT_VALUE",
    "no currency": "INVALID_AMOUNT_CURRENCY",
    euro: "INVALID_AMOUNT_CURRENCY",
    stranger: "INVALID_PARAMETERS",
    "a number": "INVALID_PARAMETERS",
  });
});

test("sdk_5_3 destroy closes the window and rejects what is pending; with nothing open it is safe", async ({ shop }) => {
  const orderId = newOrderId();
  await shop.evaluate(
    async ({ CK, orderId }) => {
      const payment = window.TossPayments(CK).payment({ customerKey: "customer-1" });
      window.safe = await window.codeOf(() => payment.destroy());
      window.payment = payment;
      window.asked = payment.requestPayment({
        method: "CARD", orderId, orderName: "머그컵", amount: { currency: "KRW", value: 1000 },
        successUrl: `${location.origin}/success`, failUrl: `${location.origin}/fail`,
      });
      window.asked.catch(() => {});
    },
    { CK, orderId },
  );
  await expect(shop.frameLocator('iframe[title="결제창"]').getByRole("button", { name: "1,000원 결제하기" })).toBeEnabled();
  const [safe, destroyed, asked, again] = await shop.evaluate(async () => [
    window.safe,
    await window.codeOf(() => window.payment.destroy()),
    await window.codeOf(() => window.asked),
    await window.codeOf(() => window.payment.destroy()),
  ]);
  expect([safe, destroyed, asked, again]).toEqual(["resolved", "resolved", "PAYMENT_REQUEST_ABORTED", "resolved"]);
  await expect(shop.locator("iframe")).toHaveCount(0);
  expect(new URL(shop.url()).pathname).toBe("/");
});

test("sdk_6 brandpay checks its parameters, pays through the window, and its small windows resolve or reject", async ({
  shop, toss,
}) => {
  const codes = await shop.evaluate(async ({ CK }) => {
    const brandpay = window.TossPayments(CK).brandpay({ customerKey: "customer-1" });
    const whole = { orderId: "order-0001", orderName: "머그컵", amount: { currency: "KRW", value: 1000 } };
    window.brandpay = brandpay;
    return {
      members: Object.keys(brandpay),
      dollars: await window.codeOf(() => brandpay.requestPayment({ ...whole, amount: { currency: "USD", value: 1 } })),
      free: await window.codeOf(() => brandpay.requestPayment({ ...whole, amount: { currency: "KRW", value: 0 } })),
      text: await window.codeOf(() => brandpay.requestPayment({ ...whole, amount: { currency: "KRW", value: "1" } })),
      stranger: await window.codeOf(() => brandpay.requestPayment({ ...whole, color: "red" })),
      metadata: await window.codeOf(() => brandpay.requestPayment({ ...whole, metadata: [] })),
      failUrl: await window.codeOf(() =>
        brandpay.requestPayment({ ...whole, successUrl: location.origin, failUrl: "/fail" }),
      ),
      enabled: await brandpay.isOneTouchPayEnabled(),
      settings: await window.codeOf(() => brandpay.openSettings({ color: "red" })),
    };
  }, KEYS);
  expect(codes).toEqual({
    members: [
      "requestPayment", "addPaymentMethod", "changePassword", "openSettings", "requestBillingAuth",
      "changeOneTouchPay", "isOneTouchPayEnabled",
    ],
    dollars: "INVALID_AMOUNT_CURRENCY",
    free: "BELOW_ZERO_AMOUNT",
    text: "INVALID_AMOUNT_VALUE",
    stranger: "INVALID_PARAMETERS",
    metadata: "INVALID_METADATA",
    failUrl: "INCORRECT_FAIL_URL_FORMAT",
    enabled: { isEnabled: false },
    settings: "INVALID_PARAMETERS",
  });

  const small = shop.frameLocator('iframe[title="브랜드페이"]');
  const ask = (name: string) =>
    shop.evaluate((name) => {
      window.settled = window.codeOf(() => window.brandpay[name]());
    }, name);
  const settled = () => shop.evaluate(() => window.settled);
  for (const name of ["addPaymentMethod", "changePassword", "openSettings", "requestBillingAuth", "changeOneTouchPay"]) {
    await ask(name);
    await small.getByRole("button", { name: "확인" }).click();
    expect(await settled(), name).toBe("resolved");
  }
  expect(await shop.evaluate(() => window.brandpay.isOneTouchPayEnabled())).toEqual({ isEnabled: true });
  await ask("addPaymentMethod");
  await small.getByRole("button", { name: "취소" }).click();
  expect(await settled()).toBe("USER_CANCEL");
  for (const code of ["NEED_AGREEMENT_WITH_TERMS", "NEED_MERCHANT_ONE_TOUCH_SETTING", "NOT_REGISTERED_REDIRECT_URL"]) {
    await ask("changeOneTouchPay");
    await small.getByRole("combobox", { name: "거절 사유" }).selectOption(code);
    await small.getByRole("button", { name: "거절" }).click();
    expect(await settled()).toBe(code);
  }

  const orderId = newOrderId();
  await shop.evaluate((orderId) => {
    window.asked = window.brandpay.requestPayment({
      orderId, orderName: "머그컵", amount: { currency: "KRW", value: 1000 },
    });
  }, orderId);
  const window_ = shop.frameLocator('iframe[title="결제창"]');
  await window_.getByRole("button", { name: "1,000원 결제하기" }).click();
  const result = await shop.evaluate(() => window.asked);
  expect(result).toEqual({ paymentKey: result.paymentKey, orderId, amount: { value: 1000, currency: "KRW" } });
  const confirm = { paymentKey: result.paymentKey, orderId, amount: 1000, customerKey: "customer-1" };
  const confirmed = await toss.api("POST", "/v1/brandpay/payments/confirm", confirm);
  expect(confirmed.body, `${confirmed.status}`).toMatchObject({ status: "DONE", type: "BRANDPAY", orderId });
});

test("sdk_6 brandpay calls redirectUrl with a code for an access token", async ({ shop, toss, plainUrl }) => {
  await shop.evaluate(
    ({ CK, redirectUrl }) => {
      const brandpay = window.TossPayments(CK).brandpay({ customerKey: "customer-1", redirectUrl });
      window.settled = window.codeOf(() => brandpay.addPaymentMethod());
    },
    { CK, redirectUrl: `${plainUrl}/callback?x=y` },
  );
  const [callback] = await Promise.all([
    shop.waitForRequest(`${plainUrl}/callback**`),
    shop.frameLocator('iframe[title="브랜드페이"]').getByRole("button", { name: "확인" }).click(),
  ]);
  expect(await shop.evaluate(() => window.settled)).toBe("resolved");
  const { code, ...rest } = Object.fromEntries(new URL(callback.url()).searchParams);
  expect(rest).toEqual({ x: "y", customerKey: "customer-1" });
  const grant = { grantType: "AuthorizationCode", code, customerKey: "customer-1" };
  const token = await toss.api("POST", "/v1/brandpay/authorizations/access-token", grant);
  expect([token.status, typeof token.body.accessToken]).toEqual([200, "string"]);
});

test("sdk_6 requestPayment calls redirectUrl as addPaymentMethod does, until the shop has a token", async ({
  shop, toss, plainUrl,
}) => {
  const customerKey = `customer-${newOrderId()}`;
  const redirectUrl = `${plainUrl}/callback-auth`;
  const heard: URL[] = [];
  shop.on("request", (request) => {
    if (request.url().startsWith(redirectUrl)) heard.push(new URL(request.url()));
  });
  const called = () => heard.splice(0).map(({ searchParams }) => Object.fromEntries(searchParams));
  const pay = async () => {
    await shop.goto("/");
    const orderId = newOrderId();
    await shop.evaluate(
      ({ CK, customerKey, redirectUrl, orderId, plainUrl }) => {
        window.TossPayments(CK).brandpay({ customerKey, redirectUrl }).requestPayment({
          orderId, orderName: "머그컵", amount: { currency: "KRW", value: 1000 },
          successUrl: `${plainUrl}/success`, failUrl: `${plainUrl}/fail`,
        });
      },
      { CK, customerKey, redirectUrl, orderId, plainUrl },
    );
    await shop.frameLocator('iframe[title="결제창"]').getByRole("button", { name: "1,000원 결제하기" }).click();
    await shop.waitForURL(`${plainUrl}/success?**`);
    return Object.fromEntries(new URL(shop.url()).searchParams);
  };
  const trade = ({ code }: Record<string, string>) =>
    toss.api("POST", "/v1/brandpay/authorizations/access-token", { grantType: "AuthorizationCode", code, customerKey });

  const { paymentKey, orderId, amount } = await pay();
  const [first, ...more] = called();
  expect([first, more]).toEqual([{ code: first.code, customerKey }, []]);
  // The shop did not trade it, so that the next payment offers another.
  await pay();
  const [second] = called();
  expect(second.code).not.toBe(first.code);
  expect((await trade(second)).status).toBe(200);
  await pay();
  expect(called()).toEqual([]);
  const confirm = { paymentKey, orderId, amount, customerKey };
  const confirmed = await toss.api("POST", "/v1/brandpay/payments/confirm", confirm);
  expect(confirmed.body).toMatchObject({ status: "DONE", type: "BRANDPAY", orderId });

  // The widgets have a wallet too; a guest has none.
  for (const [guest, count] of [[false, 1], [true, 0]] as const) {
    await shop.goto("/");
    await shop.evaluate(
      async ({ GCK, redirectUrl, guest, orderId }) => {
        const customerKey = guest ? window.TossPayments.ANONYMOUS : orderId;
        const widgets = window.TossPayments(GCK).widgets({ customerKey, brandpay: { redirectUrl } });
        await widgets.setAmount({ currency: "KRW", value: 1000 });
        await widgets.renderPaymentMethods({ selector: "#methods" });
        window.ask = () => widgets.requestPayment({ orderId, orderName: "머그컵" });
      },
      { GCK, redirectUrl, guest, orderId: newOrderId() },
    );
    await shop.frameLocator('iframe[title="결제수단 선택"]').getByRole("radio", { name: "브랜드페이" }).check();
    const asked = shop.evaluate(() => window.ask());
    await shop.frameLocator('iframe[title="결제창"]').getByRole("button", { name: "1,000원 결제하기" }).click();
    expect(await asked).toMatchObject({ paymentType: "BRANDPAY" });
    expect(called()).toHaveLength(count);
  }
});

test("api_12 success addresses that end in & are joined without a second ?", async ({ shop, plainUrl }) => {
  const addresses = { successUrl: `${plainUrl}/success?x=y&`, failUrl: `${plainUrl}/fail?x=y&` };
  const customerKey = "customer-1";
  const pay = (name: "brandpay" | "payment") =>
    shop.evaluate(
      ({ CK, name, customerKey, addresses, orderId }) => {
        const object = window.TossPayments(CK)[name]({ customerKey });
        if (name === "payment") object.requestBillingAuth({ method: "TRANSFER", ...addresses });
        else object.requestPayment({ orderId, orderName: "머그컵", amount: { currency: "KRW", value: 1000 }, ...addresses });
      },
      { CK, name, customerKey, addresses, orderId: newOrderId() },
    );
  await pay("brandpay");
  await shop.frameLocator('iframe[title="결제창"]').getByRole("button", { name: "1,000원 결제하기" }).click();
  await shop.waitForURL(/\/success\?x=y&orderId=order-[^?]*&paymentKey=[^?]*&amount=1000$/);
  await shop.goto("/");
  await pay("payment");
  const billing = shop.frameLocator('iframe[title="자동결제 등록창"]');
  await billing.getByRole("checkbox", { name: /동의/ }).check();
  await billing.getByRole("button", { name: /등록/ }).click();
  await shop.waitForURL(/\/success\?x=y&[^?&]+&[^?&]+$/);
  expect(new URL(shop.url()).searchParams.get("customerKey")).toBe(customerKey);
});

test("sdk_7 a page that still speaks v1 is told so", async ({ shop }) => {
  const codes = await shop.evaluate(async ({ GCK, CK }) => {
    const toss = window.TossPayments(CK);
    const widgets = window.TossPayments(GCK).widgets({ customerKey: "customer-1" });
    await widgets.setAmount({ currency: "KRW", value: 1000 });
    const [methods, agreement] = await Promise.all([
      widgets.renderPaymentMethods({ selector: "#methods" }),
      widgets.renderAgreement({ selector: "#terms" }),
    ]);
    return Promise.all(
      [
        () => toss.requestPayment("카드", { amount: 1000 }),
        () => toss.requestBillingAuth("카드", {}),
        () => widgets.updateAmount(1000),
        () => methods.updateAmount(1000),
        () => agreement.getAgreementStatus(),
      ].map((call) => window.codeOf(call)),
    );
  }, KEYS);
  expect(codes).toEqual(Array(5).fill("V1_METHOD_NOT_SUPPORTED"));
});
