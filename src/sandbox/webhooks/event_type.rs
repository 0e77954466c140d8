//! The kinds of event Toss has (Toss: webhooks.md §3).

/// A kind of event, in Toss's word for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum EventType {
    PaymentStatusChanged,
    DepositCallback,
    CancelStatusChanged,
    BillingDeleted,
    MethodUpdated,
    CustomerStatusChanged,
    OrderPaymentStatusChanged,
    PayoutChanged,
    SellerChanged,
    ArsReservationChanged,
}

impl EventType {
    pub(crate) const ALL: [(&str, EventType); 10] = [
        ("PAYMENT_STATUS_CHANGED", EventType::PaymentStatusChanged),
        ("DEPOSIT_CALLBACK", EventType::DepositCallback),
        ("CANCEL_STATUS_CHANGED", EventType::CancelStatusChanged),
        ("BILLING_DELETED", EventType::BillingDeleted),
        ("METHOD_UPDATED", EventType::MethodUpdated),
        ("CUSTOMER_STATUS_CHANGED", EventType::CustomerStatusChanged),
        ("ORDER_PAYMENT_STATUS_CHANGED", EventType::OrderPaymentStatusChanged),
        ("payout.changed", EventType::PayoutChanged),
        ("seller.changed", EventType::SellerChanged),
        ("ars-reservation.changed", EventType::ArsReservationChanged),
    ];

    pub(crate) fn word(self) -> &'static str {
        EventType::ALL.iter().find(|(_, it)| *it == self).map_or("", |(word, _)| *word)
    }

    pub(crate) fn of(word: &str) -> Option<EventType> {
        EventType::ALL.iter().find(|(it, _)| *it == word).map(|(_, it)| *it)
    }

    /// Only two kinds carry a signature (Toss: webhooks.md §1.1).
    pub(crate) fn is_signed(self) -> bool {
        matches!(self, EventType::PayoutChanged | EventType::SellerChanged)
    }
}
