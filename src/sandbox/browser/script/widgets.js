// widgets(): what is chosen on the shop's own page, and the request that opens the window
// (Toss: sdk.md §3).

// One of each on a page.
const rendered = { methods: null, agreement: null };

// The heights the frames come to, so that nothing jumps when they appear.
const METHODS_HEIGHT = (width) => (width >= 480 ? 277 : 341);
const AGREEMENT_HEIGHT = () => 188;

function findHost(params, variants) {
  checkObject(params, ["selector", "variantKey"]);
  checkText(params, "selector", { min: 1, required: true });
  checkText(params, "variantKey", {});
  if (!variants.includes(params.variantKey ?? "DEFAULT")) fail("INVALID_VARIANT_KEY");
  let host = null;
  try {
    host = document.querySelector(params.selector);
  } catch {
    // An invalid selector finds nothing.
  }
  return host ?? fail("INVALID_SELECTOR");
}

async function renderOnce(slot, taken, options) {
  if (rendered[slot]?.isAlive()) fail(taken);
  const one = renderWidget(options);
  rendered[slot] = one;
  const free = () => {
    if (rendered[slot] === one) rendered[slot] = null;
  };
  try {
    await one.rendered;
  } catch (error) {
    free();
    throw error;
  }
  one.widget.destroy = async () => {
    one.end();
    free();
  };
  return one;
}

function createWidgets(clientKey, customerKey) {
  let amount = null;

  return {
    async setAmount(params) {
      checkAmount(params);
      amount = { currency: params.currency, value: params.value };
      rendered.methods?.tell({ type: "amount", amount });
    },

    async renderPaymentMethods(params) {
      if (!amount) fail("NOT_SETUP_AMOUNT");
      const one = await renderOnce("methods", "PAYMENT_METHODS_WIDGET_ALREADY_RENDERED", {
        host: findHost(params, ["DEFAULT"]),
        path: "/v2/frames/methods",
        title: "결제수단 선택",
        height: METHODS_HEIGHT,
        request: { clientKey, amount },
        event: "paymentMethodSelect",
      });
      // It may have changed while the frame was loading.
      one.tell({ type: "amount", amount });
      one.widget.getSelectedPaymentMethod = async () => ({ ...one.state().event });
      return one.widget;
    },

    async renderAgreement(params) {
      const one = await renderOnce("agreement", "AGREEMENT_WIDGET_ALREADY_RENDERED", {
        host: findHost(params, ["DEFAULT", "AGREEMENT"]),
        path: "/v2/frames/agreement",
        title: "약관 동의",
        height: AGREEMENT_HEIGHT,
        request: { clientKey },
        event: "agreementStatusChange",
      });
      return one.widget;
    },

    async requestPayment(params) {
      const redirects = checkRequest(params);
      if (!amount) fail("NOT_SETUP_AMOUNT");
      if (amount.value <= 0) fail("BELOW_ZERO_AMOUNT");
      const choice = rendered.methods?.isAlive() ? rendered.methods.state() : null;
      if (!choice?.event?.code) fail("NOT_SELECTED_PAYMENT_METHOD");
      const agreed = rendered.agreement?.isAlive() ? rendered.agreement.state() : null;
      if (agreed && !agreed.event.agreedRequiredTerms) fail("NEED_AGREEMENT_WITH_REQUIRED_TERMS");
      if (!choice.complete) fail("NEED_CARD_PAYMENT_DETAIL");
      if (!redirects && isMobile()) fail("NOT_SUPPORTED_PROMISE");
      const target = isMobile() ? "self" : (params.windowTarget ?? "iframe");
      return openPaymentWindow({
        redirects,
        target: redirects ? target : "iframe",
        request: {
          clientKey, customerKey, amount, choice,
          orderId: params.orderId,
          orderName: params.orderName,
          successUrl: params.successUrl ?? null,
          failUrl: params.failUrl ?? null,
          taxFreeAmount: params.taxFreeAmount ?? null,
          taxExemptionAmount: params.card?.taxExemptionAmount ?? null,
          metadata: params.metadata ?? null,
        },
      });
    },
  };
}
