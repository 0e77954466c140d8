// window.TossPayments, the one name the script defines (Toss: sdk.md §2).

// A shop that still calls what only v1 had is told so at once.
function onlyInV1() {
  fail("V1_METHOD_NOT_SUPPORTED");
}

const WALLET = { redirectUrl: isText(), features: isAnything };

function TossPayments(clientKey) {
  const individual = (params, form) => {
    if (keyKind(clientKey) === "gck") fail("NOT_SUPPORTED_WIDGET_KEY");
    check(params, isShape(form));
    checkCustomerKey(params.customerKey);
  };
  return {
    widgets(params) {
      if (keyKind(clientKey) === "ck") fail("NOT_SUPPORTED_API_INDIVIDUAL_KEY");
      check(params, isShape({ customerKey: isAnything, brandpay: isShape(WALLET) }));
      checkCustomerKey(params.customerKey);
      return createWidgets(clientKey, params.customerKey, params.brandpay ?? null);
    },
    payment(params) {
      individual(params, { customerKey: isAnything });
      return createPayment(clientKey, params.customerKey);
    },
    brandpay(params) {
      individual(params, { customerKey: isAnything, ...WALLET });
      // A wallet is somebody's.
      if (params.customerKey === ANONYMOUS) fail("INVALID_CUSTOMER_KEY");
      return createBrandpay(clientKey, params.customerKey, params.redirectUrl ?? null);
    },
    requestPayment: onlyInV1,
    requestBillingAuth: onlyInV1,
    cancelPayment: onlyInV1,
  };
}

TossPayments.ANONYMOUS = ANONYMOUS;
window.TossPayments = TossPayments;
