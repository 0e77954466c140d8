// widgets(): what is chosen on the shop's own page, and the request that opens the window
// (Toss: sdk.md §3).

// One of each on a page.
const rendered = { methods: null, agreement: null, order: null };

// The variants that a merchant of the sandbox has. SANDBOX offers what goes wrong when it is
// asked to pay: a method of the merchant's own, one that is down, one that can't be tested.
const METHOD_VARIANTS = ["DEFAULT", "SANDBOX"];
const AGREEMENT_VARIANTS = ["DEFAULT", "AGREEMENT"];

// The heights the frames come to, so that nothing jumps when they appear.
const METHODS_HEIGHT = (width) => (width >= 480 ? 373 : 485);
const AGREEMENT_HEIGHT = () => 188;

function checkVariant(key, variants) {
  if (!variants.includes(key ?? variants[0])) fail("INVALID_VARIANT_KEY");
}

function findHost(params, variants) {
  check(params, isShape({ "selector!": isText({ min: 1 }), variantKey: isText() }));
  checkVariant(params.variantKey, variants);
  let host = null;
  try {
    host = document.querySelector(params.selector);
  } catch {
    // An invalid selector finds nothing.
  }
  return host ?? fail("INVALID_SELECTOR");
}

// Puts `one` where only one may be, until it is destroyed or has failed.
async function renderOnce(slot, taken, owner, make) {
  checkNothingUnderWay();
  if (rendered[slot]?.isAlive()) fail(taken);
  const one = { ...make(), owner };
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
  return { ...one, free };
}

function createWidgets(clientKey, customerKey, brandpay) {
  let amount = null;
  // What these widgets have rendered, not others on the same page.
  const owner = Symbol("widgets");
  const own = (slot) => (rendered[slot]?.owner === owner ? rendered[slot] : null);
  const stateOf = (slot) => (own(slot)?.isAlive() ? own(slot).state() : null);
  const askAll = () =>
    Promise.all(Object.keys(rendered).map((slot) => (own(slot)?.isAlive() ? own(slot).ask() : null)));
  const told = (params) => ({
    clientKey, amount, brandpay: brandpay !== null, variant: params?.variantKey ?? "DEFAULT",
  });

  async function setAmount(params) {
    checkAmount(params);
    if (params.value < 0) fail("INVALID_AMOUNT_VALUE");
    amount = { currency: params.currency, value: params.value };
    own("methods")?.tell({ type: "amount", amount });
    own("order")?.tell({ type: "amount", amount });
  }

  async function renderPaymentWindow(params) {
    if (!amount) fail("NOT_SETUP_AMOUNT");
    const keys = isShape({ paymentMethod: isText(), agreement: isText() });
    check(params ?? {}, isShape({ variantKey: keys }));
    checkVariant(params?.variantKey?.paymentMethod, METHOD_VARIANTS);
    checkVariant(params?.variantKey?.agreement, AGREEMENT_VARIANTS);
    const variantKey = params?.variantKey?.paymentMethod ?? undefined;
    const one = await renderOnce("order", "PAYMENT_WINDOW_ALREADY_RENDERED", owner, () =>
      openOrderWindow(told({ variantKey })),
    );
    one.tell({ type: "amount", amount });
    return {
      on: one.on,
      destroy: async () => {
        one.end();
        one.free();
      },
    };
  }

  async function requestPayment(params) {
    check(params, WIDGETS_REQUEST);
    checkMetadata(params.metadata);
    const redirects = checkReturn(params);
    checkNothingUnderWay();
    await askAll();
    if (!amount) fail("NOT_SETUP_AMOUNT");
    if (amount.value <= 0) fail("BELOW_ZERO_AMOUNT");
    const order = stateOf("order");
    const methods = order?.methods ?? stateOf("methods");
    if (!methods?.event?.code) fail("NOT_SELECTED_PAYMENT_METHOD");
    const agreement = order?.agreement ?? stateOf("agreement");
    if (agreement && !agreement.event.agreedRequiredTerms) {
      fail("NEED_AGREEMENT_WITH_REQUIRED_TERMS");
    }
    if (methods.obstacle) fail(methods.obstacle);
    if (!redirects && (isMobile() || methods.isForeign)) fail("NOT_SUPPORTED_PROMISE");
    return openWindow({
      redirects,
      windowTarget: params.windowTarget,
      request: {
        ...orderOf(params),
        kind: "widgets", clientKey, customerKey, amount,
        choice: methods.choice,
        // A guest is nobody whom a wallet could know.
        redirectUrl: customerKey === ANONYMOUS ? null : (brandpay?.redirectUrl ?? null),
        taxExemptionAmount: params.card?.taxExemptionAmount ?? null,
        options: optionsOf(params),
      },
    });
  }

  return {
    setAmount,

    async renderPaymentMethods(params) {
      if (!amount) fail("NOT_SETUP_AMOUNT");
      const host = findHost(params, METHOD_VARIANTS);
      const one = await renderOnce("methods", "PAYMENT_METHODS_WIDGET_ALREADY_RENDERED", owner, () =>
        renderWidget({
          host,
          path: "/v2/frames/methods",
          title: "결제수단 선택",
          height: METHODS_HEIGHT,
          request: told(params),
          event: "paymentMethodSelect",
        }),
      );
      // It may have changed while the frame was loading.
      one.tell({ type: "amount", amount });
      return {
        on: one.on,
        getSelectedPaymentMethod: async () => {
          if (one.isAlive()) await one.ask();
          return { ...one.state().event };
        },
        destroy: async () => {
          one.end();
          one.free();
        },
        updateAmount: onlyInV1,
      };
    },

    async renderAgreement(params) {
      const host = findHost(params, AGREEMENT_VARIANTS);
      const one = await renderOnce("agreement", "AGREEMENT_WIDGET_ALREADY_RENDERED", owner, () =>
        renderWidget({
          host,
          path: "/v2/frames/agreement",
          title: "약관 동의",
          height: AGREEMENT_HEIGHT,
          request: { clientKey },
          event: "agreementStatusChange",
        }),
      );
      return {
        on: one.on,
        destroy: async () => {
          one.end();
          one.free();
        },
        getAgreementStatus: onlyInV1,
      };
    },

    renderPaymentWindow,

    // As it was before renderPaymentWindow: the amount comes with the request, and the order
    // window stays until there is a result.
    async requestPaymentWindow(params, options) {
      check(params, isShape({ ...WIDGETS_ORDER, "amount!": isAnything }));
      const { amount: asked, ...request } = params;
      checkMetadata(request.metadata);
      checkReturn(request);
      await setAmount(asked);
      const order = await renderPaymentWindow(options);
      return new Promise((resolve, reject) => {
        order.on("cancel", () => reject(new TossPaymentsError("USER_CANCEL")));
        order.on("paymentRequest", async () => {
          try {
            resolve(await requestPayment(request));
          } catch (error) {
            if (error.code === "USER_CANCEL") return;
            reject(error);
          }
          await order.destroy();
        });
      });
    },

    requestPayment,

    updateAmount: onlyInV1,
  };
}

// What the shop has settled, so that the buyer need not.
function optionsOf({ card, virtualAccount, transfer, mobilePhone }) {
  return {
    card: card ?? null,
    virtualAccount: virtualAccount ?? null,
    transfer: transfer ?? null,
    carriers: mobilePhone?.mobileCarriers ?? null,
  };
}
