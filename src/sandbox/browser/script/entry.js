// window.TossPayments, the one name the script defines (Toss: sdk.md §2).

function TossPayments(clientKey) {
  // They exist to say which kind of key they want; the flows behind them are not built yet.
  const individual = (params) => {
    if (keyKind(clientKey) === "gck") fail("NOT_SUPPORTED_WIDGET_KEY");
    checkCustomerKey(params?.customerKey);
    fail("UNKNOWN", "this sandbox has no payment() and no brandpay() yet");
  };
  const onlyInV1 = () => fail("V1_METHOD_NOT_SUPPORTED");
  return {
    widgets(params) {
      if (keyKind(clientKey) === "ck") fail("NOT_SUPPORTED_API_INDIVIDUAL_KEY");
      checkObject(params, ["customerKey", "brandpay"]);
      checkCustomerKey(params.customerKey);
      return createWidgets(clientKey, params.customerKey);
    },
    payment: individual,
    brandpay: individual,
    requestPayment: onlyInV1,
    requestBillingAuth: onlyInV1,
    cancelPayment: onlyInV1,
  };
}

TossPayments.ANONYMOUS = ANONYMOUS;
window.TossPayments = TossPayments;
