//! Giving money back, in full or in part (Toss: api.md §5).

use crate::sandbox::assumptions::Assumptions;
use crate::sandbox::clock::Moment;
use crate::sandbox::codes::Refusal;
use crate::sandbox::dice::Dice;
use crate::sandbox::payments::means::Means;
use crate::sandbox::payments::order::State;
use crate::sandbox::payments::payment::Payment;
use crate::sandbox::payments::pending::{RunningCancel, Transition};
use crate::sandbox::payments::virtual_account::RefundAccount;
use crate::toss::{self, Amount};

const MINUTES_OF_A_DAY: i64 = 24 * 60;

/// What a cancel asks for, already well formed.
#[derive(Clone, Debug, Default)]
pub(crate) struct CancelRequest {
    pub(crate) reason: String,
    /// Absent: everything that is left.
    pub(crate) amount: Option<Amount>,
    /// A lock: the balance the caller believes in.
    pub(crate) refundable: Option<Amount>,
    pub(crate) currency: Option<String>,
    pub(crate) tax_free: Option<Amount>,
    pub(crate) tax_exemption: Option<Amount>,
    pub(crate) refund_account: Option<RefundAccount>,
    /// The caller's name for a cancel that runs on.
    pub(crate) request_id: Option<String>,
}

/// How a cancel that ran on ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CancelEnd {
    Done,
    Aborted,
}

/// How much of what goes back.
struct Share {
    amount: i64,
    tax_free: i64,
    tax_exemption: i64,
}

impl Payment {
    /// Cancels, or leaves everything as it is.
    pub(crate) fn cancel(
        &mut self,
        request: &CancelRequest,
        objection: Option<Refusal>,
        now: Moment,
        dice: &Dice,
        assumed: &Assumptions,
    ) -> Result<(), Refusal> {
        self.can_be_cancelled(now, assumed)?;
        if request.refundable.is_some_and(|it| it != self.order.shown(self.balance)) {
            return Err(Refusal::new("NOT_MATCHES_REFUNDABLE_AMOUNT"));
        }
        if request.currency.as_ref().is_some_and(|currency| *currency != self.order.currency) {
            return Err(Refusal::new(assumed.cancel_other_currency));
        }
        let share = self.share(request)?;
        self.check_refund_account(request.refund_account.as_ref(), assumed)?;
        if let Some(refusal) = objection {
            return Err(refusal);
        }
        self.give_back(&share, request, now, dice, assumed);
        Ok(())
    }

    fn can_be_cancelled(&self, now: Moment, assumed: &Assumptions) -> Result<(), Refusal> {
        match self.state {
            State::Done | State::WaitingForDeposit => {}
            // A payment emptied by parts answers otherwise than one cancelled at once.
            State::PartialCanceled if self.balance == 0 => {
                return Err(Refusal::new("NOT_CANCELABLE_AMOUNT"));
            }
            State::PartialCanceled => {}
            State::Canceled => return Err(Refusal::new("ALREADY_CANCELED_PAYMENT")),
            State::Ready | State::InProgress | State::Aborted | State::Expired => {
                return Err(Refusal::new(assumed.cancel_unpaid));
            }
        }
        if self.is_too_late(now) {
            return Err(Refusal::new("EXCEED_MAX_REFUND_DUE"));
        }
        Ok(())
    }

    /// Each method has its own last day (Toss: api.md §5.2); cards have none.
    fn is_too_late(&self, now: Moment) -> bool {
        let (Some(means), Some(approved_at)) = (&self.means, self.approved_at) else {
            return false;
        };
        let days = match means {
            Means::Card(_) | Means::EasyPay { .. } | Means::GiftCertificate { .. } => return false,
            Means::MobilePhone { .. } => return approved_at.month() != now.month(),
            Means::VirtualAccount(_) => 365,
            Means::Transfer(_) | Means::ForeignEasyPay { .. } => 180,
        };
        now >= approved_at.plus_minutes(days * MINUTES_OF_A_DAY)
    }

    /// Only a virtual account that was deposited to needs one.
    fn check_refund_account(
        &self,
        account: Option<&RefundAccount>,
        assumed: &Assumptions,
    ) -> Result<(), Refusal> {
        let Some(virtual_account) = self.means.as_ref().and_then(|it| it.virtual_account()) else {
            return Ok(());
        };
        if self.approved_at.is_none() {
            return Ok(());
        }
        let Some(account) = account else {
            return Err(Refusal::new(assumed.cancel_without_refund_account));
        };
        // The one account whose holder the sandbox knows is the one the window asked for.
        let is_anothers = virtual_account.refund_account.as_ref().is_some_and(|known| {
            known.bank == account.bank
                && known.number == account.number
                && known.holder != account.holder
        });
        if is_anothers { Err(Refusal::new("INVALID_REFUND_ACCOUNT_INFO")) } else { Ok(()) }
    }

    fn share(&self, request: &CancelRequest) -> Result<Share, Refusal> {
        let amount = self.counted(request.amount)?.unwrap_or(self.balance);
        if amount > self.balance {
            return Err(Refusal::new("NOT_CANCELABLE_AMOUNT"));
        }
        if amount == self.balance {
            return Ok(Share {
                amount,
                tax_free: self.balance_tax_free,
                tax_exemption: self.balance_tax_exemption,
            });
        }
        if self.state == State::WaitingForDeposit {
            return Err(Refusal::new("NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT"));
        }
        // A payment with a deposit in it, as for a cup, and one in escrow are cancelled whole
        // or not at all.
        if self.order.tax_exemption > 0 || self.means.as_ref().is_some_and(|it| it.use_escrow()) {
            return Err(Refusal::new("NOT_ALLOWED_PARTIAL_REFUND"));
        }
        // What the issuer paid goes back to it whole.
        if self.means.as_ref().is_some_and(|it| amount < it.discount()) {
            return Err(Refusal::new("EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT"));
        }
        let tax_free = self.counted(request.tax_free)?.unwrap_or(0);
        let tax_exemption = self.counted(request.tax_exemption)?.unwrap_or(0);
        let taxed = amount - tax_free - tax_exemption;
        let taxed_balance = self.balance - self.balance_tax_free - self.balance_tax_exemption;
        let fits = (0..=taxed_balance).contains(&taxed)
            && tax_free <= self.balance_tax_free
            && tax_exemption <= self.balance_tax_exemption;
        if !fits {
            return Err(Refusal::new("NOT_CANCELABLE_AMOUNT"));
        }
        Ok(Share { amount, tax_free, tax_exemption })
    }

    /// An amount in the smallest ones of the payment's currency.
    fn counted(&self, amount: Option<Amount>) -> Result<Option<i64>, Refusal> {
        let counted = |amount| self.order.counted(amount);
        amount
            .map(|amount| counted(amount).ok_or_else(|| Refusal::new("INVALID_REQUEST")))
            .transpose()
    }

    fn give_back(
        &mut self,
        share: &Share,
        request: &CancelRequest,
        now: Moment,
        dice: &Dice,
        assumed: &Assumptions,
    ) {
        let Some(means) = &mut self.means else { return };
        let transaction_key = means.new_transaction_key(dice);
        let runs_on = means.cancels_run_on();
        let (points, discount) = (means.points(), means.discount());
        if self.approved_at.is_some()
            && let Some(account) = means.virtual_account_mut()
        {
            account.refund_begins(now);
        }
        let at_once = matches!(self.state, State::Done | State::WaitingForDeposit)
            && share.amount == self.balance;
        let receipt_key = self.withdraw_receipts(share.amount, now);
        self.balance -= share.amount;
        self.balance_tax_free -= share.tax_free;
        self.balance_tax_exemption -= share.tax_exemption;
        self.cancels.push(toss::Cancel {
            transaction_key: transaction_key.clone(),
            cancel_reason: request.reason.clone(),
            tax_exemption_amount: self.order.shown(share.tax_exemption),
            canceled_at: now.iso(),
            // Points and promotions come back last: with the cancel that empties the payment.
            card_discount_amount: self.order.shown(if self.balance == 0 { discount } else { 0 }),
            easy_pay_discount_amount: self.order.shown(if self.balance == 0 { points } else { 0 }),
            receipt_key,
            cancel_amount: self.order.shown(share.amount),
            tax_free_amount: self.order.shown(share.tax_free),
            refundable_amount: self.order.shown(self.balance),
            cancel_status: if runs_on { "IN_PROGRESS" } else { "DONE" }.to_owned(),
            cancel_request_id: request.request_id.clone().filter(|_| runs_on),
            ..toss::Cancel::default()
        });
        if runs_on {
            let ends_at = now.plus_minutes(assumed.foreign_cancel_minutes);
            self.running.push(RunningCancel { transaction_key: transaction_key.clone(), ends_at });
        }
        // What was emptied by parts stays partial, also at a balance of 0.
        let state = if at_once { State::Canceled } else { State::PartialCanceled };
        self.move_to(state, share.amount, transaction_key, now);
    }

    /// Ends the cancels whose time has come.
    pub(super) fn end_due_cancels(&mut self, now: Moment) {
        while let Some(at) = self.running.iter().position(|it| now >= it.ends_at) {
            let running = self.running.remove(at);
            self.end_cancel(&running, CancelEnd::Done);
        }
    }

    /// Ends every cancel that still runs, now and in this way.
    pub(crate) fn end_cancels(&mut self, end: CancelEnd) -> usize {
        let running = std::mem::take(&mut self.running);
        for cancel in &running {
            self.end_cancel(cancel, end);
        }
        running.len()
    }

    fn end_cancel(&mut self, running: &RunningCancel, end: CancelEnd) {
        let key = &running.transaction_key;
        let Some(cancel) = self.cancels.iter_mut().find(|it| it.transaction_key == *key) else {
            return;
        };
        match end {
            CancelEnd::Done => cancel.cancel_status = "DONE".to_owned(),
            CancelEnd::Aborted => {
                cancel.cancel_status = "ABORTED".to_owned();
                // It was written down from what was counted, so it comes out.
                let counted = |amount| self.order.counted(amount).unwrap_or(0);
                self.balance += counted(cancel.cancel_amount);
                self.balance_tax_free += counted(cancel.tax_free_amount);
                self.balance_tax_exemption += counted(cancel.tax_exemption_amount);
            }
        }
        self.untold.push(Transition::CancelEnded(Box::new(cancel.clone())));
        if end == CancelEnd::Aborted {
            let others = self.cancels.iter().any(|it| it.cancel_status != "ABORTED");
            self.state = if others { State::PartialCanceled } else { State::Done };
        }
    }
}

impl Means {
    /// Easy pay from abroad is cancelled later than it is answered; PayPal, measured, at once.
    fn cancels_run_on(&self) -> bool {
        match self {
            Means::ForeignEasyPay { provider, .. } => provider.code != "PAYPAL",
            Means::Card(_)
            | Means::EasyPay { .. }
            | Means::VirtualAccount(_)
            | Means::Transfer(_)
            | Means::MobilePhone { .. }
            | Means::GiftCertificate { .. } => false,
        }
    }
}
