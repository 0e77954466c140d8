// brandpay(): the outline of the wallet that a buyer keeps with the shop (Toss: sdk.md §6).

function createBrandpay(clientKey, customerKey, redirectUrl) {
  const oneTouchKey = `toss-sandbox-one-touch:${clientKey}:${customerKey}`;
  // A page without storage, as in a frame without an origin, simply forgets.
  const remember = (on) => {
    try {
      if (on !== undefined) sessionStorage.setItem(oneTouchKey, String(on));
      return sessionStorage.getItem(oneTouchKey) === "true";
    } catch {
      return Boolean(on);
    }
  };
  // A small window that a person confirms or closes.
  const settle = async (action, params = {}) => {
    check(params ?? {}, isShape({}));
    checkNothingUnderWay();
    return openWindow({
      path: "/v2/brandpay",
      title: "브랜드페이",
      redirects: false,
      request: { action, clientKey, customerKey, redirectUrl },
    });
  };

  return {
    async requestPayment(params) {
      check(params, BRANDPAY_REQUEST);
      checkAmount(params.amount, ["KRW"]);
      if (params.amount.value <= 0) fail("BELOW_ZERO_AMOUNT");
      checkMetadata(params.metadata);
      const redirects = checkReturn(params);
      checkNothingUnderWay();
      return openWindow({
        redirects,
        request: {
          ...orderOf(params),
          kind: "brandpay", clientKey, customerKey, redirectUrl,
          amount: params.amount,
          method: "BRANDPAY",
          choice: { method: "BRANDPAY" },
          options: optionsOf({}),
        },
      });
    },

    addPaymentMethod: (params) => settle("addPaymentMethod", params),
    changePassword: (params) => settle("changePassword", params),
    openSettings: (params) => settle("openSettings", params),
    // Typed by Toss and described nowhere.
    requestBillingAuth: (params) => settle("requestBillingAuth", params),
    async changeOneTouchPay(params) {
      await settle("changeOneTouchPay", params);
      remember(!remember());
    },
    async isOneTouchPayEnabled() {
      return { isEnabled: remember() };
    },
  };
}
