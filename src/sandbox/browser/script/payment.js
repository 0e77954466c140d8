// payment(): a window for one method each, and the registration of a method for billing
// (Toss: sdk.md §5).

function createPayment(clientKey, customerKey) {
  // What this object has asked for and has not been answered.
  let mine = null;
  const follow = (asked) => {
    mine = underWay;
    return asked.finally(() => {
      mine = null;
    });
  };

  return {
    async requestPayment(params) {
      const redirects = checkMethodRequest(params);
      checkNothingUnderWay();
      const { method, amount, card, virtualAccount, foreignEasyPay } = params;
      const refund = virtualAccount?.refundReceiveAccount;
      const isOneTouch = method === "CARD" && card?.flowMode === "DIRECT" && card.easyPay;
      return follow(openWindow({
        redirects,
        windowTarget: params.windowTarget,
        request: {
          ...orderOf(params),
          kind: "payment", clientKey, customerKey, amount, method,
          choice: {
            method: isOneTouch ? card.easyPay : (foreignEasyPay?.provider ?? method),
            cardCompany: card?.cardCompany,
            installmentMonths: card?.cardInstallmentPlan,
            refundReceiveAccount: refund && { ...refund, bank: refund.bankCode },
          },
          taxExemptionAmount:
            (card ?? virtualAccount ?? params.transfer)?.taxExemptionAmount ?? null,
          options: optionsOf(params),
        },
      }));
    },

    async requestBillingAuth(params) {
      checkMethodForm(params, BILLING_REQUESTS);
      // What is charged later must belong to somebody.
      if (customerKey === ANONYMOUS) fail("INVALID_CUSTOMER_KEY");
      checkUrl(params.successUrl, "INCORRECT_SUCCESS_URL_FORMAT");
      checkUrl(params.failUrl, "INCORRECT_FAIL_URL_FORMAT");
      const named = [params.cardCompany, params.easyPay].some((one) => !isAbsent(one));
      if (named && params.flowMode !== "DIRECT") {
        fail("INVALID_PARAMETERS", "cardCompany and easyPay are for DIRECT");
      }
      checkFlow(params);
      checkNothingUnderWay();
      return follow(openWindow({
        path: "/v2/billing",
        title: "자동결제 등록창",
        redirects: true,
        windowTarget: params.windowTarget,
        request: {
          clientKey, customerKey,
          method: params.method,
          successUrl: params.successUrl,
          failUrl: params.failUrl,
          customerName: params.customerName ?? null,
          customerEmail: params.customerEmail ?? null,
          cardTypes: params.selectableCardTypes ?? null,
          cardCompany: params.cardCompany ?? null,
          easyPay: params.easyPay ?? null,
        },
      }));
    },

    async destroy() {
      mine?.abort("PAYMENT_REQUEST_ABORTED");
    },
  };
}
