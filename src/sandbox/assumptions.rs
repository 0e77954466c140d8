//! What no source says about Toss, and what the sandbox does there. The one place to switch it.
//!
//! Each is marked (unconfirmed) in the facts (Toss: api.md §11, sdk.md §4.2). A test double
//! that hid its guesses would teach them as facts, so the sandbox lists them on its page.

/// Whether the 64 characters or the 32 bytes they stand for are the key of the HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyForm {
    Text,
    Decoded,
}

/// The switches. `Default` is what the facts advise.
#[derive(Clone, Debug)]
pub struct Assumptions {
    /// Code for a confirm whose amount differs from what the buyer authenticated.
    pub confirm_wrong_amount: &'static str,
    /// Code for a confirm whose orderId differs from the one bound to the paymentKey.
    pub confirm_wrong_order: &'static str,
    /// Code for a confirm with a paymentKey that was never issued.
    pub confirm_unknown_payment: &'static str,
    /// Code for a confirm of a payment that the buyer has not authenticated yet.
    pub confirm_before_authentication: &'static str,
    /// Code for a confirm of a payment that an institution refused before.
    pub confirm_after_refusal: &'static str,
    /// Whether an institution's refusal at confirm moves the payment to `ABORTED`.
    pub refusal_aborts: bool,
    /// Code for cancelling a payment that was never paid.
    pub cancel_unpaid: &'static str,
    /// Code for cancelling in another currency than the approved one.
    pub cancel_other_currency: &'static str,
    /// Code for refunding a virtual account that was deposited to without saying where to.
    pub cancel_without_refund_account: &'static str,
    /// How long a cancel of easy pay from abroad runs on after it is answered.
    pub foreign_cancel_minutes: i64,
    /// Code for a call with the other kind of key than the endpoint asks for.
    pub wrong_kind_of_key: &'static str,
    /// Whether cancels are negative amounts among the transactions.
    pub cancel_rows_are_negative: bool,
    /// How old a transaction is before it is listed.
    pub transactions_lag_ms: i64,
    /// Calls a minute on one API with test keys; `None` for no limit.
    pub calls_a_minute_max: Option<u32>,
    /// Code for a missing or wrong `Authorization` header.
    pub no_authorization: &'static str,
    /// Whether a 5xx is kept under its idempotency key when the effect happened.
    pub keep_5xx_after_effect: bool,
    /// Whether `POST /v1/payments/{paymentKey}`, the older address, confirms.
    pub confirm_by_key: bool,
    /// Whether an address with a slash at its end is the one without it.
    pub slash_at_the_end: bool,
    /// Whether an optional parameter that is there and empty counts as absent.
    pub blank_is_absent: bool,
    /// Whether a text may hold the number or the yes that is asked for, and a number be a text.
    pub kinds_are_converted: bool,
    /// Whether no body at all, or `null`, counts as `{}`.
    pub no_body_is_empty: bool,
    /// Whether times may have fractions of a second, no seconds, or an offset.
    pub times_in_other_forms: bool,
    /// Whether a list gives as many rows as it may when more are asked for; otherwise it refuses.
    pub large_limits_are_cut: bool,
    /// Whether `startingAfter` may name a transaction outside the time that is asked for.
    pub starting_after_any: bool,
    /// Whether BrandPay takes the `refreshToken` that it gave out.
    pub brandpay_refreshes: bool,
    /// Whether closing the window in an iframe rejects with `USER_CANCEL`; otherwise the
    /// buyer goes to failUrl.
    pub iframe_close_rejects: bool,
    /// Whether the required terms start ticked.
    pub terms_start_agreed: bool,
    /// Whether a webhook's repeats carry the transmission id of its first try.
    pub webhook_repeats_keep_id: bool,
    /// Whether any 2xx of a receiver counts, rather than 200 alone.
    pub webhook_any_2xx: bool,
    /// Whether webhooks are signed with the 64 characters of the security key or with the 32
    /// bytes they stand for.
    pub webhook_key_form: KeyForm,
}

impl Default for Assumptions {
    fn default() -> Self {
        Assumptions {
            confirm_wrong_amount: "INVALID_REQUEST",
            confirm_wrong_order: "INVALID_REQUEST",
            confirm_unknown_payment: "NOT_FOUND_PAYMENT_SESSION",
            confirm_before_authentication: "NOT_FOUND_PAYMENT_SESSION",
            confirm_after_refusal: "ALREADY_PROCESSED_PAYMENT",
            refusal_aborts: true,
            cancel_unpaid: "NOT_CANCELABLE_PAYMENT",
            cancel_other_currency: "INVALID_REQUEST",
            cancel_without_refund_account: "INVALID_REQUEST",
            foreign_cancel_minutes: 1,
            wrong_kind_of_key: "INVALID_API_KEY",
            cancel_rows_are_negative: false,
            transactions_lag_ms: 0,
            calls_a_minute_max: None,
            no_authorization: "UNAUTHORIZED_KEY",
            keep_5xx_after_effect: true,
            confirm_by_key: true,
            slash_at_the_end: true,
            blank_is_absent: true,
            kinds_are_converted: true,
            no_body_is_empty: true,
            times_in_other_forms: true,
            large_limits_are_cut: true,
            starting_after_any: true,
            brandpay_refreshes: true,
            iframe_close_rejects: true,
            terms_start_agreed: false,
            webhook_repeats_keep_id: true,
            webhook_any_2xx: false,
            webhook_key_form: KeyForm::Text,
        }
    }
}

/// One assumption, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assumption {
    pub(crate) about: &'static str,
    pub(crate) chosen: String,
    /// Where the facts say that it is open.
    pub(crate) source: &'static str,
}

impl Assumptions {
    /// The switches as they stand, and after them what has no switch.
    pub(crate) fn list(&self) -> Vec<Assumption> {
        let one =
            |about, chosen: &str, source| Assumption { about, chosen: chosen.to_owned(), source };
        let yes = |on: bool| if on { "yes" } else { "no" };
        vec![
            one("confirm with another amount", self.confirm_wrong_amount, "api.md §4.1"),
            one("confirm with another orderId", self.confirm_wrong_order, "api.md §4.1"),
            one("confirm of an unknown paymentKey", self.confirm_unknown_payment, "api.md §4.1"),
            one(
                "confirm before the buyer authenticated",
                self.confirm_before_authentication,
                "api.md §4.1",
            ),
            one("confirm after a refusal", self.confirm_after_refusal, "api.md §11 no. 2"),
            one("a refusal at confirm aborts", yes(self.refusal_aborts), "api.md §2.2"),
            one("cancel of an unpaid payment", self.cancel_unpaid, "api.md §5.2"),
            one("cancel in another currency", self.cancel_other_currency, "api.md §5.1"),
            one(
                "refund of a deposited virtual account without an account",
                self.cancel_without_refund_account,
                "api.md §5.2",
            ),
            one(
                "a cancel of easy pay from abroad runs on for minutes",
                &self.foreign_cancel_minutes.to_string(),
                "api.md §3.5",
            ),
            one("the other kind of key", self.wrong_kind_of_key, "api.md §1.2"),
            one(
                "cancels among the transactions are negative",
                yes(self.cancel_rows_are_negative),
                "api.md §6.5",
            ),
            one(
                "a transaction is listed after milliseconds",
                &self.transactions_lag_ms.to_string(),
                "api.md §6.5",
            ),
            one("no Authorization header", self.no_authorization, "api.md §1.3"),
            one(
                "a 5xx after the effect is kept under its idempotency key",
                yes(self.keep_5xx_after_effect),
                "api.md §7",
            ),
            one(
                "POST /v1/payments/{paymentKey} confirms, as older clients send it",
                yes(self.confirm_by_key),
                "api.md §12",
            ),
            one(
                "an address with a slash at its end",
                if self.slash_at_the_end { "as without" } else { "is unknown" },
                "api.md §12",
            ),
            one(
                "an optional parameter that is empty",
                if self.blank_is_absent { "counts as absent" } else { "is refused" },
                "api.md §12",
            ),
            one(
                "a number where a text is asked for, and the other way round",
                if self.kinds_are_converted { "is taken" } else { "is taken where measured" },
                "api.md §6.2",
            ),
            one(
                "no body, or null, where a body is asked for",
                if self.no_body_is_empty { "counts as {}" } else { "INVALID_REQUEST" },
                "api.md §12",
            ),
            one(
                "a time with fractions, without seconds, or with an offset",
                if self.times_in_other_forms { "is taken, but for Z" } else { "INVALID_DATE" },
                "api.md §12",
            ),
            one(
                "a list asked for more rows than it gives",
                if self.large_limits_are_cut { "gives what it may" } else { "INVALID_REQUEST" },
                "api.md §12",
            ),
            one(
                "startingAfter outside the time that is asked for",
                if self.starting_after_any { "is taken" } else { "INVALID_TRANSACTION_KEY" },
                "api.md §6.5",
            ),
            one(
                "BrandPay's refreshToken",
                if self.brandpay_refreshes {
                    "brings a new accessToken, and stays as it is"
                } else {
                    "INVALID_REQUEST"
                },
                "api.md §12",
            ),
            one("BrandPay's accessToken", "opens nothing: no call is described", "api.md §6.8"),
            one("hyphens in a registrationNumber", "are left out", "api.md §6.4"),
            one("messages of three codes that have none", "are invented", "errors.md §2"),
            one(
                "closing the iframe window rejects with USER_CANCEL",
                yes(self.iframe_close_rejects),
                "sdk.md §4.2",
            ),
            one("terms start agreed", yes(self.terms_start_agreed), "sdk.md §3.3"),
            one("one orderId used twice reads as", "the newest payment", "api.md §4.2"),
            one("order of checks in confirm", "as advised", "api.md §4.1"),
            one("English values", "CARD, CREDIT, PERSONAL, TOSSPAY …", "api.md §1.4"),
            one("English messages", "the meanings of the table of codes", "api.md §1.4"),
            one("method of easy pay from abroad", "해외간편결제", "api.md §3"),
            one("a deposit, its reversal", "a transaction key of its own", "webhooks.md §3.2"),
            one("escrow's delivery", "not emulated: a merchant may always cancel", "api.md §5.2"),
            one("a secret key issued anew", "not emulated: keys are configured", "api.md §1.2"),
            one("game gift certificate", "any amount, not 10,000 alone", "api.md §8"),
            one("every partial cancel", "is told as PARTIAL_CANCELED", "webhooks.md §3.1"),
            one("an instant discount", "comes back with the last cancel", "api.md §3.5"),
            one("refunds to an account that fail", "not emulated", "api.md §3.2"),
            one("secret and receipt of easy pay from abroad", "null", "api.md §3"),
            one("settlements", "always none, for live keys too", "api.md §6.6"),
            one("promotions", "invented, always in force", "api.md §6.7"),
            one("a payment's own cash receipt", "is cancelled with the payment", "api.md §6.4"),
            one("billing key that was never issued", "INVALID_BILL_KEY_REQUEST", "api.md §6.3"),
            one("typed-in card that no company knows", "its brand, 미확인", "api.md §6.3"),
            one(
                "calls a minute on one API",
                &self
                    .calls_a_minute_max
                    .map_or_else(|| "not limited".to_owned(), |it| it.to_string()),
                "api.md §8",
            ),
            one("body above 64 KiB or not JSON", "INVALID_REQUEST", "api.md §1.7"),
            one("unknown path", "404 with JSON that has no code", "api.md §1.7"),
            one(
                "a merchant's two kinds of key read and cancel",
                "the same payments",
                "api.md §1.2",
            ),
            one("refusal and stop in the window", "the payment stays READY", "api.md §2.2"),
            one(
                "refusal when the window opens for a paid order",
                "DUPLICATED_ORDER_ID",
                "api.md §4.2",
            ),
            one(
                "a new handler of a widget's event",
                "is told once where things stand",
                "sdk.md §9",
            ),
            one(
                "setAmount below zero, or 0",
                "INVALID_AMOUNT_VALUE, or only at request",
                "sdk.md §3.1",
            ),
            one("variantKey", "DEFAULT, and AGREEMENT for the terms", "sdk.md §3.3"),
            one("a client key that nobody registered", "INVALID_CLIENT_KEY at render", "sdk.md §2"),
            one("request without the agreement widget", "is allowed", "sdk.md §7"),
            one("only one of successUrl and failUrl", "INVALID_PARAMETERS", "sdk.md §3.5"),
            one("request before setAmount", "NOT_SETUP_AMOUNT", "sdk.md §7"),
            one("TossPayments() with a bad key", "throws in its factories only", "sdk.md §2"),
            one("billing or BrandPay for ANONYMOUS", "INVALID_CUSTOMER_KEY", "sdk.md §2"),
            one("most won in a virtual account of the widget", "50,000,000", "sdk.md §3.5"),
            one(
                "code of PaymentWindowAlreadyRendered",
                "PAYMENT_WINDOW_ALREADY_RENDERED",
                "sdk.md §3.4",
            ),
            one("code of PaymentRequestAborted", "PAYMENT_REQUEST_ABORTED", "sdk.md §5.3"),
            one("code of PaymentRequestFail", "that of failUrl", "sdk.md §4.2"),
            one("destroy with nothing open", "is safe", "sdk.md §5.3"),
            one("members typed by Toss and not described", "pass, without effect", "sdk.md §3.5"),
            one(
                "variantKey SANDBOX of the sandbox's own",
                "offers methods that cannot pay",
                "sdk.md §3.2",
            ),
            one(
                "a webhook's repeats keep its transmission id",
                yes(self.webhook_repeats_keep_id),
                "webhooks.md §1.1",
            ),
            one(
                "a receiver's answer that counts",
                if self.webhook_any_2xx { "any 2xx" } else { "200 alone" },
                "webhooks.md §1",
            ),
            one(
                "the HMAC key of a signed webhook",
                match self.webhook_key_form {
                    KeyForm::Text => "the 64 characters of the security key",
                    KeyForm::Decoded => "the 32 bytes that the security key stands for",
                },
                "webhooks.md §4",
            ),
            one("User-Agent of a webhook", "names the sandbox", "webhooks.md §1.1"),
            one("createdAt of a webhook without an offset", "Korean time", "webhooks.md §2"),
            one("order of webhooks", "as they happened, for one order", "webhooks.md §1"),
            one("signature of ars-reservation.changed", "none", "webhooks.md §3.10"),
        ]
    }
}

/// Whether a refusal with this code is the institution's own, which ends the payment, rather
/// than a fault of the request or of the moment, after which it can be confirmed again.
pub(crate) fn is_institution_refusal(code: &str, is_server_error: bool) -> bool {
    const OF_THE_REQUEST: [&str; 14] = [
        "ALREADY_PROCESSED_PAYMENT",
        "CARD_PROCESSING_ERROR",
        "FORBIDDEN_CONSECUTIVE_REQUEST",
        "FORBIDDEN_REQUEST",
        "IDEMPOTENT_REQUEST_PROCESSING",
        "INCORRECT_BASIC_AUTH_FORMAT",
        "INVALID_API_KEY",
        "INVALID_IDEMPOTENCY_KEY",
        "INVALID_REQUEST",
        "NOT_FOUND_PAYMENT",
        "NOT_FOUND_PAYMENT_SESSION",
        "PROVIDER_ERROR",
        "UNAPPROVED_ORDER_ID",
        "UNAUTHORIZED_KEY",
    ];
    !is_server_error && !OF_THE_REQUEST.contains(&code)
}
