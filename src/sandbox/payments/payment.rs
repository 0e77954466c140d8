//! One payment as Toss remembers it, and its life up to approval (Toss: api.md §2).

use std::sync::Arc;

use crate::sandbox::assumptions::{Assumptions, is_institution_refusal};
use crate::sandbox::clock::Moment;
use crate::sandbox::codes::Refusal;
use crate::sandbox::merchants::Account;
use crate::sandbox::payments::Means;
use crate::toss;

/// From opening the window to authenticating.
const AUTHENTICATE_MINUTES_MAX: i64 = 30;
/// From authenticating to confirm.
const CONFIRM_MINUTES_MAX: i64 = 10;

/// Where a payment stands. Unlike the wire's status it has no unknown value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Ready,
    InProgress,
    Done,
    Canceled,
    PartialCanceled,
    Aborted,
    Expired,
}

impl State {
    pub(crate) fn status(self) -> toss::Status {
        match self {
            State::Ready => toss::Status::Ready,
            State::InProgress => toss::Status::InProgress,
            State::Done => toss::Status::Done,
            State::Canceled => toss::Status::Canceled,
            State::PartialCanceled => toss::Status::PartialCanceled,
            State::Aborted => toss::Status::Aborted,
            State::Expired => toss::Status::Expired,
        }
    }
}

/// What the shop asked the window to sell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) tax_free: i64,
    pub(crate) tax_exemption: i64,
    pub(crate) metadata: Option<serde_json::Value>,
}

/// One payment.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) key: String,
    /// The pair of keys whose client key opened the window.
    pub(crate) account: Arc<Account>,
    pub(crate) order: Order,
    pub(crate) state: State,
    pub(crate) requested_at: Moment,
    pub(crate) authenticated_at: Option<Moment>,
    pub(crate) approved_at: Option<Moment>,
    pub(crate) means: Option<Means>,
    /// The newest approval or cancel.
    pub(crate) transaction_key: Option<String>,
    pub(crate) secret: Option<String>,
    pub(crate) failure: Option<toss::Failure>,
    pub(crate) cancels: Vec<toss::Cancel>,
    /// Not cancelled yet, of it tax-free, and of it exempt.
    pub(crate) balance: i64,
    pub(crate) balance_tax_free: i64,
    pub(crate) balance_tax_exemption: i64,
}

/// What a confirm claims about a payment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claim<'a> {
    pub(crate) order_id: &'a str,
    pub(crate) amount: i64,
}

/// Fresh keys for an approval.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub(crate) transaction: String,
    pub(crate) secret: String,
}

impl Payment {
    /// A payment whose window has just been opened.
    pub(crate) fn open(key: String, account: Arc<Account>, order: Order, now: Moment) -> Payment {
        Payment {
            key,
            account,
            state: State::Ready,
            requested_at: now,
            authenticated_at: None,
            approved_at: None,
            means: None,
            transaction_key: None,
            secret: None,
            failure: None,
            cancels: Vec::new(),
            balance: order.amount,
            balance_tax_free: order.tax_free,
            balance_tax_exemption: order.tax_exemption,
            order,
        }
    }

    /// Lets the time limits act. Called before anything else looks at the payment, so that no
    /// timer is needed for each.
    pub(crate) fn settle(&mut self, now: Moment) {
        let due = match self.state {
            State::Ready => Some(self.requested_at.plus_minutes(AUTHENTICATE_MINUTES_MAX)),
            State::InProgress => {
                self.authenticated_at.map(|at| at.plus_minutes(CONFIRM_MINUTES_MAX))
            }
            State::Done
            | State::Canceled
            | State::PartialCanceled
            | State::Aborted
            | State::Expired => None,
        };
        if due.is_some_and(|due| now >= due) {
            self.expire();
        }
    }

    /// Ends the payment as if its time had passed; only where a time limit was running.
    pub(crate) fn expire(&mut self) {
        if !matches!(self.state, State::Ready | State::InProgress) {
            return;
        }
        self.state = State::Expired;
        // An expired payment reads without its method (Toss: api.md §3.6).
        self.means = None;
        self.failure = Some(toss::Failure {
            code: "EXPIRED_PAYMENT".to_owned(),
            message: "결제가 만료되었습니다. 다시 시도해주세요.".to_owned(),
        });
    }

    /// The buyer has authenticated in the window. False when there is nothing to authenticate.
    pub(crate) fn authenticate(&mut self, means: Means, now: Moment) -> bool {
        match self.state {
            State::Ready => {
                self.state = State::InProgress;
                self.authenticated_at = Some(now);
                self.means = Some(means);
                true
            }
            State::InProgress
            | State::Done
            | State::Canceled
            | State::PartialCanceled
            | State::Aborted
            | State::Expired => false,
        }
    }

    /// Takes the money, if everything in `claim` is as the buyer authenticated it and the
    /// institution has no objection.
    pub(crate) fn confirm(
        &mut self,
        claim: Claim<'_>,
        objection: Option<Refusal>,
        keys: Keys,
        now: Moment,
        assumed: &Assumptions,
    ) -> Result<(), Refusal> {
        let means = match (self.state, &self.means) {
            (State::InProgress, Some(means)) => means,
            (State::Ready | State::InProgress, _) => {
                return Err(Refusal::new(assumed.confirm_before_authentication));
            }
            (State::Done | State::Canceled | State::PartialCanceled, _) => {
                return Err(Refusal::new("ALREADY_PROCESSED_PAYMENT"));
            }
            (State::Aborted, _) => return Err(Refusal::new(assumed.confirm_after_refusal)),
            (State::Expired, _) => return Err(Refusal::new("NOT_FOUND_PAYMENT_SESSION")),
        };
        if claim.order_id != self.order.id {
            return Err(Refusal::new(assumed.confirm_wrong_order));
        }
        if claim.amount != self.order.amount {
            return Err(Refusal::new(assumed.confirm_wrong_amount));
        }
        if self.order.currency == "KRW" && claim.amount < means.minimum() {
            return Err(Refusal::new("BELOW_MINIMUM_AMOUNT"));
        }
        if let Some(refusal) = objection {
            self.object(&refusal, assumed);
            return Err(refusal);
        }
        self.state = State::Done;
        self.approved_at = Some(now);
        self.transaction_key = Some(keys.transaction);
        self.secret = Some(keys.secret);
        Ok(())
    }

    fn object(&mut self, refusal: &Refusal, assumed: &Assumptions) {
        let is_final = is_institution_refusal(&refusal.code, refusal.status.is_server_error());
        if assumed.refusal_aborts && is_final {
            self.state = State::Aborted;
            self.failure = Some(toss::Failure {
                code: refusal.code.clone(),
                message: refusal.message.clone(),
            });
        }
    }
}
