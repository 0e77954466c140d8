//! What a buyer reads when Toss's script or payment window says no: a Korean sentence that
//! says what happened and what to do, never a code alone.

/// For a code of Toss's browser script (Toss: sdk.md §3 and §7, errors.md §7) or of loading it.
pub fn sentence_for(code: &str) -> &'static str {
    match code {
        "SCRIPT_NOT_LOADED" => {
            "토스페이먼츠 결제 모듈을 불러오지 못했습니다. 인터넷 연결과 광고 차단 설정을 확인하고 다시 시도해 주세요."
        }
        "USER_CANCEL" | "PAY_PROCESS_CANCELED" => {
            "결제를 취소했습니다. 결제된 금액은 없으며 다시 결제할 수 있습니다."
        }
        "NOT_SELECTED_PAYMENT_METHOD" => "결제 수단을 선택해 주세요.",
        "NEED_AGREEMENT_WITH_REQUIRED_TERMS" => "필수 약관에 동의해 주세요.",
        "NEED_CARD_PAYMENT_DETAIL" => "카드사와 할부 개월을 선택해 주세요.",
        "NEED_REFUND_ACCOUNT_DETAIL" => "환불받을 계좌 정보를 모두 입력해 주세요.",
        "EXCEED_DEPOSIT_AMOUNT_LIMIT" => {
            "가상계좌로 결제할 수 있는 금액을 넘었습니다. 다른 결제 수단을 선택해 주세요."
        }
        "EXCEED_MAX_DUE_DATE" => {
            "가상계좌 입금 기한이 너무 깁니다. 다른 결제 수단을 선택해 주세요."
        }
        "PROVIDER_STATUS_UNHEALTHY" => {
            "선택한 카드사나 은행에 장애가 있습니다. 다른 결제 수단을 선택해 주세요."
        }
        "UNSUPPORTED_TEST_PHASE_PAYMENT_METHOD" => {
            "시험 환경에서는 쓸 수 없는 결제 수단입니다. 다른 결제 수단을 선택해 주세요."
        }
        "CUSTOM_PAYMENT_METHOD_UNABLE_TO_PAY" | "NOT_SUPPORTED_METHOD" => {
            "이 결제 수단으로는 결제할 수 없습니다. 다른 결제 수단을 선택해 주세요."
        }
        "INVALID_METHOD_TRANSACTION" => "앞선 요청을 처리하고 있습니다. 잠시 후 다시 눌러 주세요.",
        "PAY_PROCESS_ABORTED" => "결제가 중단되어 결제되지 않았습니다. 잠시 후 다시 시도해 주세요.",
        "REJECT_CARD_COMPANY" => {
            "카드사에서 승인을 거절해 결제되지 않았습니다. 카드 한도를 확인하거나 다른 카드로 시도해 주세요."
        }
        "NOT_SUPPORTED_PROMISE" => {
            "이 기기에서는 결제창을 열 수 없습니다. 새로고침한 뒤 다시 시도해 주세요."
        }
        "NOT_SETUP_AMOUNT"
        | "INVALID_AMOUNT_VALUE"
        | "INVALID_AMOUNT_CURRENCY"
        | "BELOW_ZERO_AMOUNT" => {
            "결제 금액을 설정하지 못했습니다. 새로고침한 뒤 다시 시도해 주세요."
        }
        "PAYMENT_METHODS_WIDGET_ALREADY_RENDERED"
        | "AGREEMENT_WIDGET_ALREADY_RENDERED"
        | "INVALID_SELECTOR" => "결제 화면을 그리지 못했습니다. 새로고침한 뒤 다시 시도해 주세요.",
        "INVALID_CLIENT_KEY"
        | "INVALID_CUSTOMER_KEY"
        | "INSECURE_KEY_USAGE"
        | "NOT_SUPPORTED_API_INDIVIDUAL_KEY"
        | "NOT_SUPPORTED_WIDGET_KEY"
        | "INVALID_VARIANT_KEY"
        | "INVALID_PARAMETER"
        | "INVALID_PARAMETERS"
        | "INVALID_METADATA"
        | "INCORRECT_SUCCESS_URL_FORMAT"
        | "INCORRECT_FAIL_URL_FORMAT"
        | "V1_METHOD_NOT_SUPPORTED"
        | "NAMESPACE_NOT_AVAILABLE" => {
            "상점의 결제 설정에 문제가 있어 결제할 수 없습니다. 상점에 문의해 주세요."
        }
        _ => "결제를 진행하지 못했습니다. 잠시 후 다시 시도해 주세요.",
    }
}

/// What to do after a failure that was recorded on an order.
pub fn advice_on_failure(code: &str) -> &'static str {
    match code {
        "OUT_OF_STOCK" => {
            "수량을 줄이거나 다른 상품을 골라 다시 주문해 주세요. 결제되지 않았습니다."
        }
        "COUPON_UNAVAILABLE" => "쿠폰 없이 다시 주문할 수 있습니다. 결제되지 않았습니다.",
        "AMOUNT_MISMATCH" => {
            "결제하려던 금액이 주문 금액과 달라 승인하지 않았습니다. 처음부터 다시 결제해 주세요."
        }
        "COMPLETION_FAILED" | "CANCELED_PAYMENT" => {
            "결제된 금액은 모두 취소되었습니다. 카드사에 따라 취소 표시까지 며칠 걸릴 수 있습니다."
        }
        "ACCOUNT_CANCELED"
        | "ACCOUNT_CANCELED_BY_SHOP"
        | "ACCOUNT_CANCELED_BY_BUYER"
        | "TOO_MANY_ACCOUNTS"
        | "NOT_DEPOSITED_IN_TIME" => {
            "입금된 금액은 없습니다. 원하시면 같은 상품을 다시 주문할 수 있습니다."
        }
        "EXPIRED_PAYMENT" | "NOT_FOUND_PAYMENT_SESSION" => {
            "결제 시간이 지나 승인되지 않았습니다. 다시 결제해 주세요."
        }
        "REJECT_CARD_COMPANY"
        | "REJECT_CARD_PAYMENT"
        | "REJECT_ACCOUNT_PAYMENT"
        | "INVALID_REJECT_CARD"
        | "NOT_ENOUGH_AMOUNT" => {
            "한도나 잔액을 확인하거나 다른 결제 수단으로 다시 시도해 주세요. 결제되지 않았습니다."
        }
        "PAY_PROCESS_CANCELED" | "USER_CANCEL" => {
            "원하실 때 다시 결제할 수 있습니다. 결제되지 않았습니다."
        }
        "NOT_AVAILABLE_PAYMENT" | "NOT_AVAILABLE_BANK" | "MAINTAINED_METHOD" => {
            "지금은 이 결제 수단을 쓸 수 없는 시간입니다. 나중에 또는 다른 결제 수단으로 시도해 주세요."
        }
        _ => "결제되지 않았습니다. 다시 시도하거나 다른 결제 수단을 이용해 주세요.",
    }
}

#[cfg(test)]
mod tests {
    use super::sentence_for;

    #[test]
    fn every_code_of_the_widget_has_a_sentence_of_its_own() {
        let other = sentence_for("A_CODE_OF_NEXT_YEAR");
        // Toss: sdk.md §3.1 to §3.5; errors.md §7, of `widgets()`.
        for code in [
            "INVALID_AMOUNT_VALUE",
            "INVALID_AMOUNT_CURRENCY",
            "INVALID_PARAMETERS",
            "NOT_SETUP_AMOUNT",
            "PAYMENT_METHODS_WIDGET_ALREADY_RENDERED",
            "INVALID_VARIANT_KEY",
            "INVALID_SELECTOR",
            "INVALID_METHOD_TRANSACTION",
            "USER_CANCEL",
            "INVALID_PARAMETER",
            "AGREEMENT_WIDGET_ALREADY_RENDERED",
            "PROVIDER_STATUS_UNHEALTHY",
            "NOT_SELECTED_PAYMENT_METHOD",
            "NEED_AGREEMENT_WITH_REQUIRED_TERMS",
            "NEED_CARD_PAYMENT_DETAIL",
            "NEED_REFUND_ACCOUNT_DETAIL",
            "EXCEED_DEPOSIT_AMOUNT_LIMIT",
            "EXCEED_MAX_DUE_DATE",
            "UNSUPPORTED_TEST_PHASE_PAYMENT_METHOD",
            "INCORRECT_SUCCESS_URL_FORMAT",
            "INCORRECT_FAIL_URL_FORMAT",
            "NOT_SUPPORTED_PROMISE",
            "CUSTOM_PAYMENT_METHOD_UNABLE_TO_PAY",
            "INVALID_METADATA",
            "BELOW_ZERO_AMOUNT",
            "INVALID_CLIENT_KEY",
            "INVALID_CUSTOMER_KEY",
            "INSECURE_KEY_USAGE",
            "NOT_SUPPORTED_API_INDIVIDUAL_KEY",
            "V1_METHOD_NOT_SUPPORTED",
        ] {
            assert_ne!(sentence_for(code), other, "{code}");
        }
        assert!(!other.is_empty());
    }
}
