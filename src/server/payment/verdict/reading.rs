//! What an answer of Toss's means for the order that was asked about.

use crate::domain::won::Won;
use crate::server::db::particulars::Particulars;
use crate::server::db::reasons::Reason;
use crate::server::payment::verdict::means;
use crate::server::payment::verdict::sums::won;
use crate::server::toss_api::answer::Told;
use crate::toss::{ErrorBody, Payment, Status};
use crate::words::Failure;

/// What an answer means for the order that was asked about.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// Toss has exactly the order's amount.
    Approved(Box<Particulars>),
    /// Toss waits for the buyer's transfer.
    DepositAwaited(Box<Particulars>),
    /// The order's amount was taken, and some or all of it went back.
    Lessened { total: Won, balance: Won },
    /// No money was taken, or all of it is back.
    Refused(Reason),
    /// Money was taken that this order cannot keep.
    Unfit(Reason),
    /// Authenticated, not confirmed: asking again with the same key is right.
    Unasked,
    /// Toss knows no such payment.
    Absent(Reason),
    /// Nothing can be told yet.
    Open,
}

impl Verdict {
    /// For the log.
    pub fn name(&self) -> &'static str {
        match self {
            Verdict::Approved(_) => "approved",
            Verdict::DepositAwaited(_) => "deposit awaited",
            Verdict::Lessened { .. } => "lessened",
            Verdict::Refused(_) => "refused",
            Verdict::Unfit(_) => "unfit",
            Verdict::Unasked => "unasked",
            Verdict::Absent(_) => "absent",
            Verdict::Open => "open",
        }
    }

    /// What pages show of the payment, where the verdict tells it.
    pub fn particulars(&self) -> Option<&Particulars> {
        match self {
            Verdict::Approved(told) | Verdict::DepositAwaited(told) => Some(told),
            Verdict::Lessened { .. }
            | Verdict::Refused(_)
            | Verdict::Unfit(_)
            | Verdict::Unasked
            | Verdict::Absent(_)
            | Verdict::Open => None,
        }
    }
}

/// The code with which a read proves that there is no such payment (Toss: api.md §1.7).
pub const ABSENT: &str = "NOT_FOUND_PAYMENT";

/// As a refusal of Toss's, with no words of its own.
pub fn absent() -> ErrorBody {
    ErrorBody { code: ABSENT.to_owned(), message: String::new() }
}

/// What the answer to a look-up means. `refused` is a refusal of confirm that was to be proved.
pub fn on_read(told: Told, order_id: &str, amount: Won, refused: Option<Reason>) -> Verdict {
    match told {
        Told::Payment(payment) => on_payment(&payment, order_id, amount, refused),
        Told::Refused(told) if told.code == ABSENT => {
            Verdict::Absent(refused.unwrap_or(Reason::Own(Failure::NotFoundPayment)))
        }
        Told::Refused(_) | Told::Silence => Verdict::Open,
    }
}

/// What a payment means for an order. `refused` is a refusal of confirm that was to be proved.
pub fn on_payment(
    payment: &Payment,
    order_id: &str,
    amount: Won,
    refused: Option<Reason>,
) -> Verdict {
    if payment.order_id != order_id {
        // A key of somebody else's payment: whatever became of that one, this order has none.
        return Verdict::Refused(refused.unwrap_or(Reason::Own(Failure::NotMatchedPayment)));
    }
    let fits = payment.total_amount == amount.get() && payment.currency == "KRW";
    match &payment.status {
        Status::Done if fits && payment.balance_amount == amount.get() => {
            Verdict::Approved(Box::new(particulars(payment)))
        }
        Status::WaitingForDeposit if fits => {
            Verdict::DepositAwaited(Box::new(particulars(payment)))
        }
        // Also DONE: what counts is the balance (Toss: api.md §2.2).
        Status::Done | Status::PartialCanceled | Status::Canceled
            if fits && payment.approved_at.is_some() =>
        {
            // Whole, because the total fits an amount of won and Toss gives won back.
            match won(payment.balance_amount) {
                Some(balance) => Verdict::Lessened { total: amount, balance },
                None => Verdict::Open,
            }
        }
        Status::Done | Status::WaitingForDeposit | Status::PartialCanceled
            if payment.balance_amount > 0 =>
        {
            Verdict::Unfit(Reason::Own(Failure::OtherAmountTaken))
        }
        // Ended before any deposit: nothing was paid, and nothing goes back.
        Status::Canceled if payment.virtual_account.is_some() && payment.approved_at.is_none() => {
            Verdict::Refused(refused.unwrap_or(Reason::Own(Failure::AccountCanceled)))
        }
        Status::Done | Status::WaitingForDeposit | Status::PartialCanceled | Status::Canceled => {
            Verdict::Refused(refused.unwrap_or(Reason::Own(Failure::CanceledPayment)))
        }
        Status::Aborted | Status::Expired => {
            let told = payment.failure.as_ref();
            let told = told.map(|failure| Reason::toss(&failure.code, &failure.message));
            Verdict::Refused(refused.or(told).unwrap_or(Reason::Own(Failure::ExpiredPayment)))
        }
        Status::Ready | Status::InProgress => match refused {
            Some(reason) => Verdict::Refused(reason),
            None => Verdict::Unasked,
        },
        Status::Unknown(_) => Verdict::Open,
    }
}

/// What pages show of a payment.
fn particulars(payment: &Payment) -> Particulars {
    let account = payment.virtual_account.as_ref();
    Particulars {
        method: payment.method.as_deref().map(|method| match &payment.easy_pay {
            Some(easy) => format!("{} · {}", means::word(method), means::word(&easy.provider)),
            None => means::word(method).to_owned(),
        }),
        // Made of the means when it is shown.
        method_detail: None,
        approved_at: payment.approved_at.clone(),
        receipt_url: payment.receipt.as_ref().map(|link| link.url.clone()),
        secret: payment.secret.clone(),
        bank_code: account.map(|account| account.bank_code.clone()),
        account_number: account.map(|account| account.account_number.clone()),
        account_due_at: account.map(|account| account.due_date.clone()),
        account_due_ms: account.and_then(|account| means::milliseconds(&account.due_date)),
        means: means::stored(payment),
        total: won(payment.total_amount).unwrap_or_default(),
        tax_free: won(payment.tax_free_amount).unwrap_or_default(),
        m_id: Some(payment.m_id.clone()).filter(|id| !id.is_empty()),
        account_expired: account.is_some_and(|account| account.expired),
    }
}

#[cfg(test)]
mod tests {
    use super::{Payment, Reason, Status, Verdict, Won, on_payment};
    use crate::server::payment::verdict::{Refusal, refusal};

    #[test]
    fn codes_decide_not_statuses() {
        for (code, sure) in [
            ("REJECT_CARD_COMPANY", Refusal::Final),
            ("NOT_FOUND_PAYMENT_SESSION", Refusal::Final),
            ("UNAUTHORIZED_KEY", Refusal::NeverProcessed),
            ("PROVIDER_ERROR", Refusal::Unknown),
            ("ALREADY_PROCESSED_PAYMENT", Refusal::ProcessedBefore),
            ("IDEMPOTENT_REQUEST_PROCESSING", Refusal::Unknown),
            ("FORBIDDEN_CONSECUTIVE_REQUEST", Refusal::Unknown),
            ("CARD_PROCESSING_ERROR", Refusal::Unknown),
            ("A_CODE_OF_NEXT_YEAR", Refusal::Unknown),
        ] {
            assert_eq!(refusal(code), sure, "{code}");
        }
    }

    #[test]
    fn a_payment_decides_the_order_it_belongs_to() {
        let payment = |status, total: i64, balance: i64| Payment {
            payment_key: "k".to_owned(),
            order_id: "order-1".to_owned(),
            currency: "KRW".to_owned(),
            status,
            total_amount: total.into(),
            balance_amount: balance.into(),
            ..Payment::default()
        };
        let cases = [
            (payment(Status::Done, 1000, 1000), "Approved"),
            (payment(Status::Done, 900, 900), "Unfit"),
            (payment(Status::Done, 1000, 400), "Unfit"),
            (Payment { currency: "USD".to_owned(), ..payment(Status::Done, 1000, 1000) }, "Unfit"),
            (payment(Status::PartialCanceled, 1000, 400), "Unfit"),
            (payment(Status::PartialCanceled, 1000, 0), "Refused"),
            (payment(Status::Canceled, 1000, 0), "Refused"),
            (payment(Status::WaitingForDeposit, 1000, 1000), "DepositAwaited"),
            (payment(Status::Aborted, 1000, 1000), "Refused"),
            (payment(Status::Expired, 1000, 1000), "Refused"),
            (payment(Status::InProgress, 1000, 1000), "Unasked"),
            (payment(Status::Ready, 1000, 1000), "Unasked"),
            (payment(Status::Unknown("NEW".to_owned()), 1000, 1000), "Open"),
            (
                Payment { order_id: "order-2".to_owned(), ..payment(Status::Done, 1000, 1000) },
                "Refused",
            ),
        ];
        for (payment, expected) in cases {
            let verdict =
                format!("{:?}", on_payment(&payment, "order-1", Won::new(1_000).unwrap(), None));
            assert!(verdict.starts_with(expected), "{:?}: {verdict}", payment.status);
        }
    }

    #[test]
    fn a_refusal_is_proved_by_a_payment_that_was_not_confirmed() {
        let payment = Payment {
            order_id: "order-1".to_owned(),
            status: Status::InProgress,
            ..Payment::default()
        };
        let told = Reason::toss("REJECT_CARD_COMPANY", "결제 승인이 거절되었습니다.");
        let verdict = on_payment(&payment, "order-1", Won::new(1_000).unwrap(), Some(told.clone()));
        assert!(matches!(verdict, Verdict::Refused(reason) if reason == told));
    }
}
