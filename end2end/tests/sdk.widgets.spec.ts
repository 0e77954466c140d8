// The widgets on the shop's own page: what they need, what they tell, and what stands in the way
// of a payment (Toss: sdk.md §3, §7).
import { CK, GCK, expect, newOrderId, test, windowOf } from "./sandbox";
import type { Page } from "@playwright/test";

/** Widgets for an amount, with whatever is to be rendered. Events are kept in `heard`. */
async function render(
  shop: Page,
  { value = 60_000, currency = "KRW", variantKey = "DEFAULT", agreement = true, brandpay = false } = {},
) {
  await shop.evaluate(
    async ({ key, value, currency, variantKey, agreement, brandpay }) => {
      const params = { customerKey: "customer-1", ...(brandpay && { brandpay: {} }) };
      const widgets = window.TossPayments(key).widgets(params);
      await widgets.setAmount({ currency, value });
      const [methods, terms] = await Promise.all([
        widgets.renderPaymentMethods({ selector: "#methods", variantKey }),
        agreement && widgets.renderAgreement({ selector: "#terms", variantKey: "AGREEMENT" }),
      ]);
      window.heard = [];
      methods.on("paymentMethodSelect", (event: unknown) => window.heard.push(event));
      if (terms) terms.on("agreementStatusChange", (event: unknown) => window.heard.push(event));
      Object.assign(window, { widgets, methods, terms });
    },
    { key: GCK, value, currency, variantKey, agreement, brandpay },
  );
  return {
    methods: shop.frameLocator('iframe[title="결제수단 선택"]'),
    terms: shop.frameLocator('iframe[title="약관 동의"]'),
    heard: () => shop.evaluate(() => window.heard.splice(0)),
    selected: () => shop.evaluate(() => window.methods.getSelectedPaymentMethod()),
    request: (more: object = {}, orderId = newOrderId()) =>
      shop.evaluate(
        ({ more, orderId }) =>
          window.codeOf(() => window.widgets.requestPayment({ orderId, orderName: "머그컵 외 1건", ...more })),
        { more, orderId },
      ),
  };
}

test("sdk_3_2 renderPaymentMethods needs an amount, a place and a known variant, once", async ({ shop }) => {
  const codes = await shop.evaluate(async (key) => {
    const widgets = window.TossPayments(key).widgets({ customerKey: "customer-1" });
    const render = (params: unknown) => window.codeOf(() => widgets.renderPaymentMethods(params));
    const early = await render({ selector: "#methods" });
    await widgets.setAmount({ currency: "KRW", value: 1000 });
    const answers: Record<string, string> = {
      early,
      nowhere: await render({ selector: "#nowhere" }),
      malformed: await render({ selector: "##" }),
      "no selector": await render({}),
      variant: await render({ selector: "#methods", variantKey: "NOBODY" }),
      stranger: await render({ selector: "#methods", color: "red" }),
      nothing: await render(undefined),
    };
    const methods = await widgets.renderPaymentMethods({ selector: "#methods" });
    answers.again = await render({ selector: "#methods" });
    const otherWidgets = window.TossPayments(key).widgets({ customerKey: "customer-2" });
    await otherWidgets.setAmount({ currency: "KRW", value: 1000 });
    answers["by others"] = await window.codeOf(() => otherWidgets.renderPaymentMethods({ selector: "#terms" }));
    answers["for others"] = await window.codeOf(() =>
      otherWidgets.requestPayment({ orderId: "order-0001", orderName: "머그컵" }),
    );
    answers.event = await window.codeOf(() => methods.on("ready", () => {}));
    answers.handler = await window.codeOf(() => methods.on("paymentMethodSelect", "no function"));
    await methods.destroy();
    answers.gone = String(document.querySelectorAll("#methods iframe").length);
    answers["after destroy"] = await render({ selector: "#methods" });
    return answers;
  }, GCK);
  expect(codes).toEqual({
    early: "NOT_SETUP_AMOUNT",
    nowhere: "INVALID_SELECTOR",
    malformed: "INVALID_SELECTOR",
    "no selector": "INVALID_PARAMETERS",
    variant: "INVALID_VARIANT_KEY",
    stranger: "INVALID_PARAMETERS",
    nothing: "INVALID_PARAMETERS",
    again: "PAYMENT_METHODS_WIDGET_ALREADY_RENDERED",
    "by others": "PAYMENT_METHODS_WIDGET_ALREADY_RENDERED",
    "for others": "NOT_SELECTED_PAYMENT_METHOD",
    event: "INVALID_PARAMETER",
    handler: "INVALID_PARAMETER",
    gone: "0",
    "after destroy": "resolved",
  });
});

test("sdk_3_2 a client key that nobody registered renders nothing", async ({ page }) => {
  await page.goto("/");
  const code = await page.evaluate(async () => {
    const widgets = window.TossPayments("test_gck_nobody").widgets({ customerKey: "customer-1" });
    await widgets.setAmount({ currency: "KRW", value: 1000 });
    return window.codeOf(() => widgets.renderPaymentMethods({ selector: "#methods" }));
  });
  expect(code).toBe("INVALID_CLIENT_KEY");
  await expect(page.locator("iframe")).toHaveCount(0);
});

test("sdk_3_2 paymentMethodSelect tells the preselected method once, and each change by its code", async ({ shop }) => {
  const { methods, heard, selected } = await render(shop, { agreement: false, brandpay: true });
  await expect.poll(heard).toEqual([{ code: "CARD" }]);
  expect(await selected()).toEqual({ code: "CARD" });
  const choose = async (name: string, code: string) => {
    await methods.getByRole("radio", { name, exact: true }).check();
    await expect.poll(heard, name).toEqual([{ code }]);
    expect(await selected()).toEqual({ code });
  };
  for (const [name, code] of [
    ["토스페이", "TOSSPAY"], ["네이버페이", "NAVERPAY"], ["카카오페이", "KAKAOPAY"], ["페이코", "PAYCO"],
    ["삼성페이", "SAMSUNGPAY"], ["계좌이체", "TRANSFER"], ["가상계좌", "VIRTUAL_ACCOUNT"],
    ["휴대폰", "MOBILE_PHONE"], ["브랜드페이", "BRANDPAY"],
  ]) {
    await choose(name, code);
  }
  await choose("상품권", "CULTURE_GIFT_CERTIFICATE");
  for (const code of ["BOOK_GIFT_CERTIFICATE", "GAME_GIFT_CERTIFICATE"]) {
    await methods.getByRole("combobox", { name: "상품권 종류" }).selectOption(code);
    await expect.poll(heard).toEqual([{ code }]);
  }
  await choose("다른 간편결제", "APPLEPAY");
  for (const code of ["LPAY", "SSG", "PINPAY", "KBPAY"]) {
    await methods.getByRole("combobox", { name: "간편결제 회사" }).selectOption(code);
    await expect.poll(heard).toEqual([{ code }]);
  }
  // The amount decides what there is to choose from.
  await shop.evaluate(() => window.widgets.setAmount({ currency: "USD", value: 10 }));
  await expect.poll(heard).toEqual([{ code: "CARD" }]);
  await choose("페이팔", "PAYPAL");
  await choose("알리페이", "ALIPAY");
});

test("sdk_3_3 renderAgreement tells which terms are agreed to", async ({ shop }) => {
  const codes = await shop.evaluate(async (key) => {
    const widgets = window.TossPayments(key).widgets({ customerKey: "customer-1" });
    const render = (params: unknown) => window.codeOf(() => widgets.renderAgreement(params));
    const answers: Record<string, string> = {
      nowhere: await render({ selector: "#nowhere" }),
      variant: await render({ selector: "#terms", variantKey: "NOBODY" }),
      nothing: await render(undefined),
      // Before any setAmount.
      once: await render({ selector: "#terms", variantKey: "AGREEMENT" }),
      again: await render({ selector: "#terms" }),
    };
    return answers;
  }, GCK);
  expect(codes).toEqual({
    nowhere: "INVALID_SELECTOR",
    variant: "INVALID_VARIANT_KEY",
    nothing: "INVALID_PARAMETERS",
    once: "resolved",
    again: "AGREEMENT_WIDGET_ALREADY_RENDERED",
  });

  await shop.reload();
  const { terms, heard } = await render(shop);
  const status = (agreed: boolean[]) => ({
    agreedRequiredTerms: agreed[0] && agreed[1],
    agreements: [
      { term: { id: "payment-service", required: true }, agreed: agreed[0] },
      { term: { id: "personal-data", required: true }, agreed: agreed[1] },
      { term: { id: "benefits", required: false }, agreed: agreed[2] },
    ],
  });
  await expect.poll(heard).toEqual([{ code: "CARD" }, status([false, false, false])]);
  await terms.getByRole("checkbox", { name: /결제 서비스/ }).check();
  await expect.poll(heard).toEqual([status([true, false, false])]);
  await terms.getByRole("checkbox", { name: /개인정보/ }).check();
  await expect.poll(heard).toEqual([status([true, true, false])]);
  await terms.getByRole("checkbox", { name: "전체 동의" }).check();
  await expect.poll(heard).toEqual([status([true, true, true])]);
  const wrong = await shop.evaluate(async () => [
    await window.codeOf(() => window.terms.on("paymentMethodSelect", () => {})),
    await window.codeOf(() => window.terms.on("agreementStatusChange")),
    await window.codeOf(() => window.terms.destroy()),
  ]);
  expect(wrong).toEqual(["INVALID_PARAMETER", "INVALID_PARAMETER", "resolved"]);
  await expect(shop.locator("#terms iframe")).toHaveCount(0);
});

test("sdk_3_4 renderPaymentWindow shows methods and terms in a window and asks the shop for the payment", async ({
  shop, toss,
}) => {
  const codes = await shop.evaluate(async (key) => {
    const widgets = window.TossPayments(key).widgets({ customerKey: "customer-1" });
    const render = (params?: unknown) => window.codeOf(() => widgets.renderPaymentWindow(params));
    const early = await render();
    await widgets.setAmount({ currency: "KRW", value: 60_000 });
    const answers: Record<string, string> = {
      early,
      variant: await render({ variantKey: { paymentMethod: "NOBODY" } }),
      terms: await render({ variantKey: { agreement: "NOBODY" } }),
      text: await render({ variantKey: "DEFAULT" }),
      stranger: await render({ selector: "#methods" }),
    };
    const order = await widgets.renderPaymentWindow({ variantKey: { paymentMethod: "DEFAULT", agreement: "AGREEMENT" } });
    answers.again = await render();
    answers.event = await window.codeOf(() => order.on("paymentMethodSelect", () => {}));
    answers.handler = await window.codeOf(() => order.on("cancel"));
    window.heard = [];
    order.on("cancel", async () => window.heard.push("cancel"));
    order.on("paymentRequest", async (told: { paymentMethod: unknown }) => {
      window.heard.push(told);
      window.asked = widgets.requestPayment({ orderId: window.orderId, orderName: "머그컵" });
      window.asked.catch((error: { code: string }) => window.heard.push(error.code));
    });
    Object.assign(window, { widgets, order });
    return answers;
  }, GCK);
  expect(codes).toEqual({
    early: "NOT_SETUP_AMOUNT",
    variant: "INVALID_VARIANT_KEY",
    terms: "INVALID_VARIANT_KEY",
    text: "INVALID_PARAMETERS",
    stranger: "INVALID_PARAMETERS",
    again: "PAYMENT_WINDOW_ALREADY_RENDERED",
    event: "INVALID_PARAMETER",
    handler: "INVALID_PARAMETER",
  });
  const orderId = newOrderId();
  await shop.evaluate((orderId) => (window.orderId = orderId), orderId);
  const heard = () => shop.evaluate(() => window.heard.splice(0));
  const order = windowOf(shop, "주문서");
  const pay = order.getByRole("button", { name: "60,000원 결제하기" });
  await expect(order.getByRole("radio", { name: "카드", exact: true })).toBeFocused();
  await pay.click();
  await expect(order.getByRole("alert")).toHaveText("필수 약관에 동의해 주세요.");
  await order.getByRole("checkbox", { name: "전체 동의" }).check();
  await pay.click();
  await expect(order.getByRole("alert")).toHaveText("카드사를 선택해 주세요.");
  await order.getByRole("radio", { name: "토스페이" }).check();
  expect(await heard()).toEqual([]);
  await pay.click();
  await expect.poll(heard).toEqual([{ paymentMethod: { code: "TOSSPAY" } }]);
  // The buyer turns back from the payment, and the order is still there.
  await expect(windowOf(shop).getByRole("button", { name: "60,000원 결제하기" })).toBeFocused();
  await shop.keyboard.press("Escape");
  await expect.poll(heard).toEqual(["USER_CANCEL"]);
  await pay.click();
  await expect.poll(heard).toEqual([{ paymentMethod: { code: "TOSSPAY" } }]);
  await windowOf(shop).getByRole("button", { name: "60,000원 결제하기" }).click();
  expect(await shop.evaluate(() => window.asked)).toMatchObject({ paymentType: "NORMAL", orderId });
  const { payments } = await toss.control("GET", `payments?orderId=${orderId}`);
  expect(payments.map(({ status }: { status: string }) => status)).toEqual(["IN_PROGRESS", "READY"]);

  // Closed by the buyer, it says so; taken away by the shop, it says nothing.
  await order.getByRole("button", { name: "닫기" }).click();
  await expect.poll(heard).toEqual(["cancel"]);
  await expect(shop.locator("iframe")).toHaveCount(0);
  await shop.evaluate(async () => {
    const again = await window.widgets.renderPaymentWindow();
    again.on("cancel", () => window.heard.push("cancel"));
    await again.destroy();
  });
  await expect(shop.locator("iframe")).toHaveCount(0);
  expect(await heard()).toEqual([]);
});

test("sdk_3_4 requestPaymentWindow, its older form, takes the amount along; Escape closes it", async ({ shop, toss }) => {
  const orderId = newOrderId();
  const ask = () =>
    shop.evaluate(
      ({ key, orderId }) => {
        const widgets = window.TossPayments(key).widgets({ customerKey: "customer-1" });
        const amount = { currency: "KRW", value: 1000 };
        window.asked = widgets.requestPaymentWindow({ orderId, orderName: "머그컵", amount });
        window.asked.catch(() => {});
      },
      { key: GCK, orderId },
    );
  const order = windowOf(shop, "주문서");
  await shop.locator("#pay").focus();
  await ask();
  await expect(order.getByRole("radio", { name: "카드", exact: true })).toBeFocused();
  await shop.keyboard.press("Escape");
  expect(await shop.evaluate(() => window.codeOf(() => window.asked))).toBe("USER_CANCEL");
  await expect(shop.locator("#pay")).toBeFocused();
  await ask();
  await order.getByRole("radio", { name: "토스페이" }).check();
  await order.getByRole("checkbox", { name: "전체 동의" }).check();
  await order.getByRole("button", { name: "1,000원 결제하기" }).click();
  await windowOf(shop).getByRole("button", { name: "1,000원 결제하기" }).click();
  expect(await shop.evaluate(() => window.asked)).toMatchObject({ paymentType: "NORMAL", orderId });
  await expect(shop.locator("iframe")).toHaveCount(0);
  expect((await toss.control("GET", `payments?orderId=${orderId}`)).payments).toHaveLength(1);
});

test("sdk_3_5 requestPayment says what the buyer has not chosen yet", async ({ shop }) => {
  const { methods, terms, request } = await render(shop, { agreement: true });
  const addresses = { successUrl: "http://127.0.0.1:1/success", failUrl: "http://127.0.0.1:1/fail" };
  expect(await request(addresses)).toBe("NEED_AGREEMENT_WITH_REQUIRED_TERMS");
  await terms.getByRole("checkbox", { name: "전체 동의" }).check();
  await expect.poll(() => request(addresses)).toBe("NEED_CARD_PAYMENT_DETAIL");
  await methods.getByRole("radio", { name: "가상계좌" }).check();
  await methods.getByLabel("환불받을 계좌 미리 적기").check();
  await methods.getByLabel("예금주").fill("김환불");
  await expect.poll(() => request(addresses)).toBe("NEED_REFUND_ACCOUNT_DETAIL");
  await methods.getByLabel("계좌번호").fill("110-123");
  expect(await request(addresses)).toBe("NEED_REFUND_ACCOUNT_DETAIL");
  await shop.evaluate(() => window.widgets.setAmount({ currency: "KRW", value: 60_000_000 }));
  await expect.poll(() => request(addresses)).toBe("EXCEED_DEPOSIT_AMOUNT_LIMIT");
  // Foreign easy pay can't answer a promise.
  await shop.evaluate(() => window.widgets.setAmount({ currency: "USD", value: 10 }));
  await methods.getByRole("radio", { name: "페이팔" }).check();
  await expect.poll(() => request()).toBe("NOT_SUPPORTED_PROMISE");
  await shop.evaluate(() => window.methods.destroy());
  expect(await request(addresses)).toBe("NOT_SELECTED_PAYMENT_METHOD");
  await expect(shop.locator('iframe[title="결제창"]')).toHaveCount(0);
});

test("sdk_3_5 requestPayment counts what the widgets hold at the call, though no news of it has come", async ({ shop }) => {
  // As when a program pays within a millisecond of the tick.
  await shop.evaluate(() => {
    addEventListener("message", (event) => {
      if (event.data?.changed) event.stopImmediatePropagation();
    });
  });
  const { methods, terms, request, selected, heard } = await render(shop, { agreement: true });
  await heard();
  const addresses = { successUrl: "http://127.0.0.1:1/success", failUrl: "http://127.0.0.1:1/fail" };
  expect(await request(addresses)).toBe("NEED_AGREEMENT_WITH_REQUIRED_TERMS");
  await terms.getByRole("checkbox", { name: "전체 동의" }).check();
  expect(await request(addresses)).toBe("NEED_CARD_PAYMENT_DETAIL");
  await methods.getByRole("radio", { name: "가상계좌" }).check();
  expect(await selected()).toEqual({ code: "VIRTUAL_ACCOUNT" });
  const tooMuch = await shop.evaluate(async (addresses) => {
    window.widgets.setAmount({ currency: "KRW", value: 60_000_000 });
    const order = { orderId: "order-0001", orderName: "머그컵", ...addresses };
    return window.codeOf(() => window.widgets.requestPayment(order));
  }, addresses);
  expect(tooMuch).toBe("EXCEED_DEPOSIT_AMOUNT_LIMIT");
  await terms.getByRole("checkbox", { name: "전체 동의" }).uncheck();
  expect(await request(addresses)).toBe("NEED_AGREEMENT_WITH_REQUIRED_TERMS");
  expect(await heard(), "nothing was told by itself").toEqual([]);
});

test("sdk_3_5 requestPayment says which methods cannot pay, as the variant SANDBOX offers them", async ({ shop }) => {
  const { methods, request } = await render(shop, { variantKey: "SANDBOX", agreement: false });
  for (const [name, code] of [
    ["상점 직접 결제", "CUSTOM_PAYMENT_METHOD_UNABLE_TO_PAY"],
    ["핀페이 (점검 중)", "PROVIDER_STATUS_UNHEALTHY"],
    ["가상계좌 (기한 초과)", "EXCEED_MAX_DUE_DATE"],
    ["KB Pay (시험 불가)", "UNSUPPORTED_TEST_PHASE_PAYMENT_METHOD"],
  ]) {
    await methods.getByRole("radio", { name }).check();
    await expect.poll(() => request()).toBe(code);
  }
  expect(await shop.evaluate(() => window.methods.getSelectedPaymentMethod())).toEqual({ code: "KBPAY" });
  await methods.getByRole("radio", { name: "상점 직접 결제" }).check();
  await expect
    .poll(() => shop.evaluate(() => window.methods.getSelectedPaymentMethod()))
    .toEqual({ code: "SANDBOX_CUSTOM_METHOD" });
});

test("sdk_7 a second command while one runs is refused", async ({ shop }) => {
  const { methods, request } = await render(shop, { agreement: false });
  await methods.getByRole("radio", { name: "토스페이" }).check();
  await expect.poll(() => shop.evaluate(() => window.methods.getSelectedPaymentMethod())).toEqual({ code: "TOSSPAY" });
  const orderId = newOrderId();
  await shop.evaluate((orderId) => {
    window.first = window.codeOf(() => window.widgets.requestPayment({ orderId, orderName: "머그컵" }));
  }, orderId);
  expect(await request()).toBe("INVALID_METHOD_TRANSACTION");
  const others = await shop.evaluate(async (CK) => {
    const payment = window.TossPayments(CK).payment({ customerKey: "customer-1" });
    const order = { orderId: "order-0001", orderName: "머그컵", amount: { currency: "KRW", value: 1 } };
    const brandpay = window.TossPayments(CK).brandpay({ customerKey: "customer-1" });
    return Promise.all(
      [
        () => payment.requestPayment({ method: "CARD", ...order }),
        () => payment.requestBillingAuth({ method: "CARD", successUrl: location.origin, failUrl: location.origin }),
        () => brandpay.addPaymentMethod(),
        () => window.widgets.renderAgreement({ selector: "#terms" }),
      ].map((call) => window.codeOf(call)),
    );
  }, CK);
  expect(others).toEqual(Array(4).fill("INVALID_METHOD_TRANSACTION"));
  // The terms, rendered beside the methods in parallel, were no second command.
  await windowOf(shop).getByRole("button", { name: "닫기" }).click();
  expect(await shop.evaluate(() => window.first)).toBe("USER_CANCEL");
});

test("sdk_3_2 the widgets move nothing on the shop's page, neither when they come nor at a choice", async ({ shop }) => {
  for (const width of [390, 1280]) {
    await shop.setViewportSize({ width, height: 844 });
    await shop.goto("/");
    const height = () => shop.locator("#methods").evaluate((host) => host.getBoundingClientRect().height);
    const first = await shop.evaluate(async (key) => {
      const widgets = window.TossPayments(key).widgets({ customerKey: "customer-1", brandpay: {} });
      await widgets.setAmount({ currency: "KRW", value: 60_000 });
      const rendered = widgets.renderPaymentMethods({ selector: "#methods" });
      const { height } = document.getElementById("methods")!.getBoundingClientRect();
      await rendered;
      return height;
    }, GCK);
    const methods = shop.frameLocator('iframe[title="결제수단 선택"]');
    await expect(methods.getByText("실제로 돈이 나가지 않아요.")).toBeVisible();
    for (const radio of await methods.getByRole("radio").all()) {
      await radio.check();
      await expect(methods.locator("[data-panel]:not([hidden])")).toHaveCount(1);
      expect(await height(), `${width}: ${await radio.getAttribute("value")}`).toBe(first);
    }
  }
});
