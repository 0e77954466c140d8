//! One payment as Toss remembers it, and its life up to approval (Toss: api.md §2).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::sandbox::assumptions::{Assumptions, is_institution_refusal};
use crate::sandbox::clock::Moment;
use crate::sandbox::codes::Refusal;
use crate::sandbox::dice::Dice;
use crate::sandbox::merchants::{Account, account_by_client};
use crate::sandbox::payments::means::Means;
use crate::sandbox::payments::order::{Order, State, Transaction};
use crate::sandbox::payments::pending::{RunningCancel, Transition};
use crate::sandbox::payments::receipts::Receipt;
use crate::sandbox::payments::words;
use crate::toss::{self, Amount};

/// From opening the window to authenticating.
const AUTHENTICATE_MINUTES_MAX: i64 = 30;
/// From authenticating to confirm.
const CONFIRM_MINUTES_MAX: i64 = 10;

/// Not among the codes of any call: it is only read back.
pub(super) const EXPIRED: &str = "EXPIRED_PAYMENT";

/// By which way the payment came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    Normal,
    Billing,
    BrandPay,
}

impl Kind {
    /// Toss's own spelling.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Kind::Normal => "NORMAL",
            Kind::Billing => "BILLING",
            Kind::BrandPay => "BRANDPAY",
        }
    }
}

/// One payment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Payment {
    pub(crate) key: String,
    /// The pair of keys whose client key opened the window.
    #[serde(with = "account_by_client")]
    pub(crate) account: Arc<Account>,
    pub(crate) order: Order,
    pub(crate) kind: Kind,
    pub(crate) state: State,
    pub(crate) requested_at: Moment,
    pub(crate) authenticated_at: Option<Moment>,
    pub(crate) approved_at: Option<Moment>,
    pub(crate) means: Option<Means>,
    /// The newest last.
    pub(crate) transactions: Vec<Transaction>,
    pub(crate) secret: Option<String>,
    pub(crate) failure: Option<toss::Failure>,
    pub(crate) cancels: Vec<toss::Cancel>,
    /// Cancels that run on after they were answered.
    pub(super) running: Vec<RunningCancel>,
    pub(crate) receipts: Vec<Receipt>,
    /// Not cancelled yet, of it tax-free, and of it exempt.
    pub(crate) balance: i64,
    pub(crate) balance_tax_free: i64,
    pub(crate) balance_tax_exemption: i64,
    /// Not told yet.
    #[serde(skip)]
    pub(super) untold: Vec<Transition>,
    /// How many of `receipts` are noted in the book of receipts.
    receipts_noted: usize,
    #[serde(skip)]
    limit_noted: Option<Moment>,
}

/// What a confirm claims about a payment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConfirmRequest<'a> {
    pub(crate) order_id: &'a str,
    pub(crate) amount: Amount,
}

impl Payment {
    /// A payment whose window has just been opened.
    pub(crate) fn open(key: String, account: Arc<Account>, order: Order, now: Moment) -> Payment {
        Payment {
            key,
            account,
            kind: Kind::Normal,
            state: State::Ready,
            requested_at: now,
            authenticated_at: None,
            approved_at: None,
            means: None,
            transactions: Vec::new(),
            secret: None,
            failure: None,
            cancels: Vec::new(),
            running: Vec::new(),
            receipts: Vec::new(),
            balance: order.amount,
            balance_tax_free: order.tax_free,
            balance_tax_exemption: order.tax_exemption,
            order,
            untold: Vec::new(),
            receipts_noted: 0,
            limit_noted: None,
        }
    }

    /// The newest issue, approval or cancel.
    pub(crate) fn transaction_key(&self) -> Option<&str> {
        self.transactions.last().map(|it| it.key.as_str())
    }

    /// Lets the time limits act. Called before anything else looks at the payment, so that no
    /// timer is needed for each.
    pub(crate) fn pass_time(&mut self, now: Moment) {
        let waiting = self.state == State::WaitingForDeposit;
        if let Some(account) = self.means.as_mut().and_then(|it| it.virtual_account_mut()) {
            account.pass_time(waiting, now);
        }
        self.end_due_cancels(now);
        if self.window_limit().is_some_and(|due| now >= due) {
            self.expire();
        }
    }

    /// When time will next change something that is told.
    pub(super) fn next_limit(&self) -> Option<Moment> {
        self.window_limit().into_iter().chain(self.running.iter().map(|it| it.ends_at)).min()
    }

    /// The next time limit, if it was not asked for before.
    pub(super) fn new_limit(&mut self) -> Option<Moment> {
        let next = self.next_limit();
        if next == self.limit_noted {
            return None;
        }
        self.limit_noted = next;
        next
    }

    /// Numbers the transactions that are new, from `last` on.
    pub(super) fn number_transactions(&mut self, last: &mut u64) {
        for transaction in self.transactions.iter_mut().filter(|it| it.number == 0) {
            *last += 1;
            transaction.number = *last;
        }
    }

    /// The receipts that were not asked for before.
    pub(super) fn new_receipts(&mut self) -> impl Iterator<Item = Receipt> {
        let noted = std::mem::replace(&mut self.receipts_noted, self.receipts.len());
        self.receipts.iter().skip(noted).cloned()
    }

    fn window_limit(&self) -> Option<Moment> {
        match self.state {
            State::Ready => Some(self.requested_at.plus_minutes(AUTHENTICATE_MINUTES_MAX)),
            State::InProgress => {
                self.authenticated_at.map(|at| at.plus_minutes(CONFIRM_MINUTES_MAX))
            }
            State::WaitingForDeposit
            | State::Done
            | State::Canceled
            | State::PartialCanceled
            | State::Aborted
            | State::Expired => None,
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
            code: EXPIRED.to_owned(),
            message: words::EXPIRED_MESSAGE.korean.to_owned(),
        });
        self.untold.push(Transition::Ended);
    }

    /// Ends whichever time limit is running: the window's, that to confirm, or an account's due date.
    pub(crate) fn run_out(&mut self, now: Moment) {
        if self.state == State::WaitingForDeposit
            && let Some(account) = self.means.as_mut().and_then(|it| it.virtual_account_mut())
            && let Some(issued) = &mut account.issued
        {
            issued.due_at = issued.due_at.min(now);
        }
        self.pass_time(now);
        self.expire();
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
            | State::WaitingForDeposit
            | State::Done
            | State::Canceled
            | State::PartialCanceled
            | State::Aborted
            | State::Expired => false,
        }
    }

    /// Takes the money, if everything in `request` is as the buyer authenticated it and the
    /// institution has no objection.
    pub(crate) fn confirm(
        &mut self,
        request: ConfirmRequest<'_>,
        objection: Option<Refusal>,
        now: Moment,
        dice: &Dice,
        assumed: &Assumptions,
    ) -> Result<(), Refusal> {
        let means = match (self.state, &self.means) {
            (State::InProgress, Some(means)) => means,
            (State::Ready | State::InProgress, _) => {
                return Err(Refusal::new(assumed.confirm_before_authentication));
            }
            (
                State::WaitingForDeposit | State::Done | State::Canceled | State::PartialCanceled,
                _,
            ) => {
                return Err(Refusal::new("ALREADY_PROCESSED_PAYMENT"));
            }
            (State::Aborted, _) => return Err(Refusal::new(assumed.confirm_after_refusal)),
            (State::Expired, _) => return Err(Refusal::new("NOT_FOUND_PAYMENT_SESSION")),
        };
        if request.order_id != self.order.id {
            return Err(Refusal::new(assumed.confirm_wrong_order));
        }
        if request.amount != self.order.shown(self.order.amount) {
            return Err(Refusal::new(assumed.confirm_wrong_amount));
        }
        if self.order.currency == "KRW" && self.order.amount < means.minimum() {
            return Err(Refusal::new("BELOW_MINIMUM_AMOUNT"));
        }
        if let Some(refusal) = objection {
            self.note_refusal(&refusal, assumed);
            return Err(refusal);
        }
        self.approve(now, dice);
        Ok(())
    }

    /// Takes the money, or issues the virtual account it is to come to.
    pub(crate) fn approve(&mut self, now: Moment, dice: &Dice) {
        let Some(means) = &mut self.means else { return };
        let key = means.new_transaction_key(dice);
        // Measured: every approved method has one, but easy pay from abroad.
        self.secret = match means {
            Means::ForeignEasyPay { .. } => None,
            Means::Card(_)
            | Means::EasyPay { .. }
            | Means::VirtualAccount(_)
            | Means::Transfer(_)
            | Means::MobilePhone { .. }
            | Means::GiftCertificate { .. } => Some(format!("ps_{}", dice.alphanumeric(28))),
        };
        if let Some(account) = means.virtual_account_mut() {
            account.issue(now, dice);
            self.move_to(State::WaitingForDeposit, 0, key, now);
            return;
        }
        self.approved_at = Some(now);
        self.issue_receipt(now, dice);
        self.move_to(State::Done, self.order.amount, key, now);
    }

    /// Notes a transaction and the state it leads to.
    pub(super) fn move_to(&mut self, to: State, amount: i64, key: String, now: Moment) {
        self.state = to;
        // The book numbers it.
        self.transactions.push(Transaction { key, at: now, number: 0, status: to, amount });
        self.untold.push(Transition::Moved);
    }

    fn note_refusal(&mut self, refusal: &Refusal, assumed: &Assumptions) {
        let is_final = is_institution_refusal(&refusal.code, refusal.status.is_server_error());
        if assumed.refusal_aborts && is_final {
            self.state = State::Aborted;
            self.failure = Some(toss::Failure {
                code: refusal.code.clone(),
                message: refusal.message.clone(),
            });
            self.untold.push(Transition::Ended);
        }
    }
}

impl Means {
    /// Keys have two shapes: a card's, and all others' (Toss: api.md §3).
    pub(super) fn new_transaction_key(&self, dice: &Dice) -> String {
        match self {
            Means::Card(_) | Means::EasyPay { .. } => format!("txrd_a01{}", dice.base32(26)),
            Means::ForeignEasyPay { .. }
            | Means::VirtualAccount(_)
            | Means::Transfer(_)
            | Means::MobilePhone { .. }
            | Means::GiftCertificate { .. } => dice.hex_upper(32),
        }
    }
}
