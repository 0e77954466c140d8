// Error-like values with Toss's codes and Korean messages (Toss: sdk.md §7, errors.md §7).

const MESSAGES = {
  AGREEMENT_WIDGET_ALREADY_RENDERED: "하나의 약관 위젯만을 사용할 수 있어요.",
  BELOW_ZERO_AMOUNT: "금액은 0보다 커야 합니다.",
  CUSTOM_PAYMENT_METHOD_UNABLE_TO_PAY: "커스텀 결제수단으로 결제할 수 없습니다.",
  EXCEED_DEPOSIT_AMOUNT_LIMIT: "가상계좌 입금 제한 금액을 초과했어요. 다른 결제수단을 이용해주세요.",
  EXCEED_MAX_DUE_DATE: "가상 계좌의 최대 유효만료 기간을 초과했습니다.",
  INCORRECT_FAIL_URL_FORMAT: "잘못된 failUrl 입니다.",
  INCORRECT_SUCCESS_URL_FORMAT: "잘못된 successUrl 입니다.",
  INSECURE_KEY_USAGE:
    "test_gsk, live_gsk로 시작하는 시크릿 키는 클라이언트 코드에 노출되면 안 됩니다. 구매자를 식별하는 customerKey 값을 사용해주세요.",
  INVALID_AMOUNT_CURRENCY: "잘못된 통화 값입니다.",
  INVALID_AMOUNT_VALUE: "결제금액이 올바르지 않습니다.",
  INVALID_CLIENT_KEY: "ClientKey 형태가 올바르지 않습니다.",
  INVALID_CUSTOMER_KEY: "고객키는 영문 대소문자, 숫자, 특수문자 -, _, =, ., @로 2자 이상 50자 이하여야 합니다.",
  INVALID_METADATA: "올바르지 않은 metadata 형식입니다.",
  INVALID_METHOD_TRANSACTION: "이미 다른 요청을 수행하고 있어요.",
  INVALID_PARAMETER: "콜백 함수가 올바르지 않습니다.",
  INVALID_PARAMETERS: "필수 파라미터를 누락하거나, 정의되지 않은 파라미터를 추가하거나, 파라미터의 타입이 올바르지 않을 때 발생합니다.",
  INVALID_SELECTOR: "selector에 해당하는 HTML 요소를 찾을 수 없습니다. selector 값을 다시 확인해주세요.",
  INVALID_VARIANT_KEY: "variantKey 에 해당하는 위젯을 찾을 수 없습니다. variantKey 값을 다시 확인해주세요.",
  NEED_AGREEMENT_WITH_REQUIRED_TERMS: "필수 약관에 동의해주세요.",
  NEED_AGREEMENT_WITH_TERMS: "이용약관 동의가 필요합니다.",
  NEED_CARD_PAYMENT_DETAIL: "카드 결제 정보를 선택해주세요.",
  NEED_MERCHANT_ONE_TOUCH_SETTING: "원터치결제 사용을 위해서는 가맹점 설정이 필요합니다.",
  NEED_REFUND_ACCOUNT_DETAIL: "환불계좌 정보를 모두 입력해주세요.",
  NOT_REGISTERED_REDIRECT_URL:
    "리다이렉트 URL이 등록되지 않았습니다. 개발정보 페이지에서 등록해주세요. https://developers.tosspayments.com/my/brandpay",
  NOT_SELECTED_PAYMENT_METHOD: "결제수단이 아직 선택되지 않았어요. 결제수단을 선택해 주세요.",
  NOT_SETUP_AMOUNT: "결제금액이 설정되지 않았습니다. setAmount를 호출해주세요.",
  NOT_SUPPORTED_API_INDIVIDUAL_KEY: "결제위젯 연동 키의 클라이언트 키로 SDK를 연동해주세요. API 개별 연동 키는 지원하지 않습니다.",
  NOT_SUPPORTED_METHOD: "지원되지 않는 결제수단입니다.",
  NOT_SUPPORTED_PROMISE: "Promise 방식을 지원하지 않습니다. successUrl, failUrl을 사용해주세요.",
  NOT_SUPPORTED_WIDGET_KEY: "API 개별 연동 키의 클라이언트 키로 SDK를 연동해주세요. 결제위젯 연동 키는 지원하지 않습니다.",
  PAYMENT_METHODS_WIDGET_ALREADY_RENDERED: "하나의 결제수단 위젯만을 사용할 수 있어요.",
  PROVIDER_STATUS_UNHEALTHY: "결제 기관(카드사, 은행, 국세청 등) 오류입니다. 다른 결제수단을 선택해 주세요.",
  UNKNOWN: "알 수 없는 에러가 발생했습니다.",
  UNSUPPORTED_TEST_PHASE_PAYMENT_METHOD: "테스트 환경을 지원하지 않는 결제수단입니다.",
  USER_CANCEL: "취소되었습니다.",
  V1_METHOD_NOT_SUPPORTED: "해당 API 는 v1 에서만 제공됩니다.",
  // No source names the codes of these (unconfirmed): they follow the names of their classes.
  PAYMENT_REQUEST_ABORTED: "결제 요청이 중단되었습니다.",
  PAYMENT_WINDOW_ALREADY_RENDERED: "하나의 결제창만을 사용할 수 있어요.",
};
const UNKNOWN_EVENT = "허용하지 않는 이벤트입니다.";

class TossPaymentsError extends Error {
  constructor(code, message = MESSAGES[code] ?? MESSAGES.UNKNOWN) {
    super(message);
    this.name = "TossPaymentsError";
    this.code = code;
  }
}

// `detail` is for the person at the console; programs test the code.
function fail(code, detail) {
  if (detail) console.warn(`[toss sandbox] ${code}: ${detail}`);
  throw new TossPaymentsError(code);
}

// A handler of an event that the object knows, or an error that says which of the two is wrong.
function checkHandler(events, name, handler) {
  if (!events.includes(name)) throw new TossPaymentsError("INVALID_PARAMETER", UNKNOWN_EVENT);
  if (typeof handler !== "function") fail("INVALID_PARAMETER");
}
