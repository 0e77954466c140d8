//! What to do about a verdict, by where the order stands. Pure, and one table.

use crate::domain::order::{Event, Status};
use crate::domain::won::Won;
use crate::server::db::orders::Money;
use crate::server::db::reasons::Reason;
use crate::server::payment::verdict::Verdict;
use crate::words::Failure;

/// What the rules need to know of an order besides its status.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Whether the money can be asked for: what is to be sent is kept.
    pub is_sealed: bool,
    /// How long the payment has been in doubt at least, by clocks that nobody here sets.
    pub in_doubt_ms: i64,
    /// Why the order failed, if it did.
    pub failure: Option<Reason>,
    /// It failed because the return address named another amount.
    pub mismatched: bool,
    pub paid: Won,
    pub refunded: Won,
    /// Toss has refused to give back what it had taken up.
    pub refund_undone: bool,
    /// What Toss's own clock showed in the answer.
    pub toss_at: Option<i64>,
    /// Until when a deposit can be made.
    pub due_at: Option<i64>,
    /// Why an account that waits is to be ended, if it is.
    pub end: Option<Reason>,
}

/// From authenticating to confirm Toss waits ten minutes; afterwards it takes no money (Toss: api.md
/// §2.3). Counted from the return, which is after the authentication. Two more: a confirm that was
/// sent in time may still be worked on, and a `Date` is as old as its answer.
pub const DOUBT_MS_MAX: i64 = 12 * 60 * 1_000;

/// How long after its due date, by Toss's clock, a virtual account is still waited for where Toss
/// does not say that it is over; it sends nothing then. A bank may tell of a deposit of the last
/// minute a little later. A deposit that is later still finds its order expired, and is late money.
pub const DEPOSIT_MARGIN_MS: i64 = 30 * 60 * 1_000;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Ask for the money, with the same key as ever.
    AskForMoney,
    /// Toss has money that the order cannot keep.
    SendBack(Reason),
    /// Ask Toss to end the account before its deposit.
    EndAccount(Reason),
    /// The order takes a step.
    Move(Planned),
    /// Ask again later.
    Wait,
    /// All is as it should be.
    Nothing,
}

/// A step to take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    pub event: Event,
    pub reason: Option<Reason>,
    pub money: Option<Money>,
}

impl Planned {
    fn plain(event: Event) -> Decision {
        Decision::Move(Planned { event, reason: None, money: None })
    }

    fn because(event: Event, reason: Reason) -> Decision {
        Decision::Move(Planned { event, reason: Some(reason), money: None })
    }

    fn with(event: Event, paid: Won, refunded: Won) -> Decision {
        Decision::Move(Planned { event, reason: None, money: Some(Money { paid, refunded }) })
    }
}

/// What to do.
pub fn decide(status: Status, verdict: &Verdict, facts: Facts) -> Decision {
    match status {
        Status::Confirming => confirming(verdict, &facts),
        Status::WaitingForDeposit => waiting(verdict, &facts),
        Status::Completed
        | Status::RefundWaiting
        | Status::PartiallyRefunded
        | Status::Refunded => paid(status, verdict, &facts),
        Status::Pending | Status::Failed | Status::Expired => unpaid(verdict, &facts),
        // These two ask by the outbox.
        Status::Canceling | Status::Refunding => Decision::Wait,
    }
}

fn confirming(verdict: &Verdict, facts: &Facts) -> Decision {
    match verdict {
        Verdict::Approved(told) => Planned::with(Event::Approved, told.total, Won::ZERO),
        Verdict::DepositAwaited(_) => Planned::plain(Event::DepositAwaited),
        Verdict::Refused(reason) | Verdict::Absent(reason) => {
            Planned::because(Event::Refused, reason.clone())
        }
        Verdict::Unfit(reason) => Decision::SendBack(reason.clone()),
        Verdict::Lessened { balance: Won::ZERO, .. } => {
            Planned::because(Event::Refused, canceled())
        }
        Verdict::Lessened { .. } => Decision::SendBack(other_amount()),
        // While that is not proved, asking is harmless: Toss takes it in its own time or refuses.
        Verdict::Unasked if facts.in_doubt_ms >= DOUBT_MS_MAX => {
            Planned::because(Event::Lapsed, expired())
        }
        Verdict::Unasked if facts.is_sealed => Decision::AskForMoney,
        Verdict::Unasked | Verdict::Open => Decision::Wait,
    }
}

fn waiting(verdict: &Verdict, facts: &Facts) -> Decision {
    let times = facts.due_at.zip(facts.toss_at);
    let is_over = times.is_some_and(|(due_at, toss_at)| toss_at >= due_at + DEPOSIT_MARGIN_MS);
    match verdict {
        Verdict::Approved(told) => Planned::with(Event::Approved, told.total, Won::ZERO),
        // Its bank takes no deposit any more: Toss says so, or Toss's clock, and Toss has none.
        Verdict::DepositAwaited(told) if told.account_expired || is_over => {
            Planned::because(Event::Lapsed, no_deposit())
        }
        Verdict::DepositAwaited(_) => match &facts.end {
            Some(reason) => Decision::EndAccount(reason.clone()),
            None => Planned::plain(Event::DepositAwaited),
        },
        // Ended, and by whose wish is known here better than at Toss.
        Verdict::Refused(told @ Reason::Own(Failure::AccountCanceled)) => {
            let reason = facts.end.clone().unwrap_or_else(|| told.clone());
            let is_over = reason == Reason::Own(Failure::NotDepositedInTime);
            Planned::because(if is_over { Event::Lapsed } else { Event::Refused }, reason)
        }
        Verdict::Refused(reason) | Verdict::Absent(reason) => {
            Planned::because(Event::Refused, reason.clone())
        }
        Verdict::Unfit(reason) => Decision::SendBack(reason.clone()),
        Verdict::Lessened { balance: Won::ZERO, .. } => {
            Planned::because(Event::Refused, canceled())
        }
        Verdict::Lessened { .. } => Decision::SendBack(other_amount()),
        Verdict::Unasked | Verdict::Open => Decision::Wait,
    }
}

fn paid(status: Status, verdict: &Verdict, facts: &Facts) -> Decision {
    match verdict {
        Verdict::Approved(_) if facts.refunded.is_zero() => Decision::Nothing,
        // What Toss was giving back it keeps after all.
        Verdict::Approved(told) if facts.refund_undone => {
            Planned::with(Event::Restored, told.total, Won::ZERO)
        }
        // The bank took the deposit back.
        Verdict::DepositAwaited(_)
            if matches!(status, Status::Completed | Status::RefundWaiting) =>
        {
            Planned::with(Event::DepositAwaited, Won::ZERO, Won::ZERO)
        }
        Verdict::Lessened { total, balance } => match total.minus(*balance) {
            Some(refunded) if refunded == facts.refunded => Decision::Nothing,
            Some(refunded) if refunded == *total => {
                Planned::with(Event::WhollyRefunded, *total, refunded)
            }
            Some(refunded) if refunded > facts.refunded => {
                Planned::with(Event::PartlyRefunded, *total, refunded)
            }
            Some(Won::ZERO) if facts.refund_undone => {
                Planned::with(Event::Restored, *total, Won::ZERO)
            }
            Some(refunded) if facts.refund_undone => {
                Planned::with(Event::PartlyRestored, *total, refunded)
            }
            Some(_) | None => contradicted(status, verdict),
        },
        Verdict::Approved(_)
        | Verdict::DepositAwaited(_)
        | Verdict::Refused(_)
        | Verdict::Absent(_)
        | Verdict::Unfit(_)
        | Verdict::Unasked => contradicted(status, verdict),
        Verdict::Open => Decision::Wait,
    }
}

/// Against what Toss has told before: a person must look, and asking again can't hurt.
fn contradicted(status: Status, verdict: &Verdict) -> Decision {
    tracing::error!(order.status = %status, verdict = verdict.name(), "toss contradicts itself");
    Decision::Wait
}

fn unpaid(verdict: &Verdict, facts: &Facts) -> Decision {
    match verdict {
        // An amount that the buyer did not agree to is not kept, even if it is the right one.
        Verdict::Approved(_) if facts.mismatched => {
            Decision::SendBack(facts.failure.clone().unwrap_or_else(other_amount))
        }
        // Late money: the order takes stock and coupon again, or gives the money back.
        Verdict::Approved(told) => Planned::with(Event::Approved, told.total, Won::ZERO),
        Verdict::DepositAwaited(_) => {
            Decision::SendBack(facts.failure.clone().unwrap_or_else(expired))
        }
        Verdict::Unfit(_) if facts.mismatched => {
            Decision::SendBack(facts.failure.clone().unwrap_or_else(other_amount))
        }
        Verdict::Unfit(reason) => Decision::SendBack(reason.clone()),
        Verdict::Lessened { balance, .. } if !balance.is_zero() => {
            Decision::SendBack(facts.failure.clone().unwrap_or_else(other_amount))
        }
        // Nobody asked for the money, and nobody will.
        Verdict::Lessened { .. } | Verdict::Refused(_) | Verdict::Absent(_) | Verdict::Unasked => {
            Decision::Nothing
        }
        Verdict::Open => Decision::Wait,
    }
}

fn canceled() -> Reason {
    Reason::Own(Failure::CanceledPayment)
}

fn other_amount() -> Reason {
    Reason::Own(Failure::OtherAmountTaken)
}

fn expired() -> Reason {
    Reason::Own(Failure::ExpiredPayment)
}

fn no_deposit() -> Reason {
    Reason::Own(Failure::NotDepositedInTime)
}

#[cfg(test)]
mod tests {
    use super::{DOUBT_MS_MAX, Decision, Facts, decide};
    use crate::domain::order::{Event, Status};
    use crate::domain::won::Won;
    use crate::server::db::particulars::Particulars;
    use crate::server::db::reasons::Reason;
    use crate::server::payment::verdict::Verdict;
    use crate::words::Failure;

    fn won(amount: i64) -> Won {
        Won::new(amount).unwrap()
    }

    const TABLE: &str = "
PENDING             Approved->Approved  Awaited->back      Part->back      None->-               Refused->-       Unasked->-      Open->wait
CONFIRMING          Approved->Approved  Awaited->DepositAwaited Part->back None->Refused         Refused->Refused Unasked->ask    Open->wait
WAITING_FOR_DEPOSIT Approved->Approved  Awaited->DepositAwaited Part->back None->Refused         Refused->Refused Unasked->wait   Open->wait
COMPLETED           Approved->-         Awaited->DepositAwaited Part->PartlyRefunded None->WhollyRefunded Refused->wait Unasked->wait Open->wait
CANCELING           Approved->wait      Awaited->wait      Part->wait      None->wait            Refused->wait    Unasked->wait   Open->wait
REFUNDING           Approved->wait      Awaited->wait      Part->wait      None->wait            Refused->wait    Unasked->wait   Open->wait
REFUND_WAITING      Approved->-         Awaited->DepositAwaited Part->PartlyRefunded None->WhollyRefunded Refused->wait Unasked->wait Open->wait
PARTIALLY_REFUNDED  Approved->wait      Awaited->wait      Part->PartlyRefunded None->WhollyRefunded Refused->wait Unasked->wait Open->wait
REFUNDED            Approved->wait      Awaited->wait      Part->wait None->- Refused->wait Unasked->wait Open->wait
FAILED              Approved->Approved  Awaited->back      Part->back      None->-               Refused->-       Unasked->-      Open->wait
EXPIRED             Approved->Approved  Awaited->back      Part->back      None->-               Refused->-       Unasked->-      Open->wait
";

    #[test]
    fn each_verdict_has_one_consequence() {
        let told = || Box::new(Particulars { total: won(1_000), ..Particulars::default() });
        let verdicts = [
            ("Approved", Verdict::Approved(told())),
            ("Awaited", Verdict::DepositAwaited(told())),
            ("Part", Verdict::Lessened { total: won(1_000), balance: won(400) }),
            ("None", Verdict::Lessened { total: won(1_000), balance: won(0) }),
            ("Refused", Verdict::Refused(Reason::toss("A", "b"))),
            ("Unasked", Verdict::Unasked),
            ("Open", Verdict::Open),
        ];
        let mut table = Vec::new();
        for status in Status::ALL {
            let mut row = vec![status.to_string()];
            for (name, verdict) in &verdicts {
                let part = if status == Status::PartiallyRefunded { 100 } else { 0 };
                let refunded = if status == Status::Refunded { 1_000 } else { part };
                let facts = Facts { is_sealed: true, refunded: won(refunded), ..Facts::default() };
                let does = match decide(status, verdict, facts) {
                    Decision::AskForMoney => "ask".to_owned(),
                    Decision::SendBack(_) => "back".to_owned(),
                    Decision::EndAccount(_) => "end".to_owned(),
                    Decision::Move(planned) => format!("{:?}", planned.event),
                    Decision::Wait => "wait".to_owned(),
                    Decision::Nothing => "-".to_owned(),
                };
                row.push(format!("{name}->{does}"));
            }
            table.push(row.join(" "));
        }
        let words = |text: &str| -> Vec<String> {
            text.trim()
                .lines()
                .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
                .collect()
        };
        assert_eq!(table, words(TABLE));
    }

    #[test]
    fn when_the_time_is_over_nothing_is_asked_for_any_more() {
        for is_sealed in [true, false] {
            let unasked = |in_doubt_ms| {
                let facts = Facts { is_sealed, in_doubt_ms, ..Facts::default() };
                decide(Status::Confirming, &Verdict::Unasked, facts)
            };
            let early = if is_sealed { Decision::AskForMoney } else { Decision::Wait };
            assert_eq!(unasked(DOUBT_MS_MAX - 1), early);
            let late = unasked(DOUBT_MS_MAX);
            assert!(matches!(late, Decision::Move(planned) if planned.event == Event::Lapsed));
        }
    }

    #[test]
    fn a_refund_that_toss_undoes_is_here_again() {
        let facts = Facts { refunded: won(700), refund_undone: true, ..Facts::default() };
        let told = Box::new(Particulars { total: won(1_000), ..Particulars::default() });
        let money = |verdict: &Verdict, status| {
            let decision = decide(status, verdict, facts.clone());
            let Decision::Move(planned) = decision else { panic!("{decision:?}") };
            (planned.event, planned.money.map(|money| money.refunded))
        };
        let refunded = Status::Refunded;
        assert_eq!(money(&Verdict::Approved(told), refunded), (Event::Restored, Some(won(0))));
        let part = Verdict::Lessened { total: won(1_000), balance: won(400) };
        assert_eq!(money(&part, refunded), (Event::PartlyRestored, Some(won(600))));
        let all = Verdict::Lessened { total: won(1_000), balance: won(1_000) };
        assert_eq!(money(&all, Status::PartiallyRefunded), (Event::Restored, Some(won(0))));
        // Without Toss's word for it a balance that rises is a contradiction.
        let facts = Facts { refunded: won(700), ..Facts::default() };
        assert_eq!(decide(refunded, &part, facts), Decision::Wait);
    }

    #[test]
    fn after_the_due_date_and_a_margin_a_deposit_is_not_waited_for() {
        let awaited = || Verdict::DepositAwaited(Box::default());
        for (toss_at, lapses) in [
            (Some(999), false),
            (Some(1_000), false),
            (Some(1_800_999), false),
            (Some(1_801_000), true),
            // Our own clock is not asked.
            (None, false),
        ] {
            let facts = Facts { due_at: Some(1_000), toss_at, ..Facts::default() };
            let decision = decide(Status::WaitingForDeposit, &awaited(), facts.clone());
            let event = if lapses { Event::Lapsed } else { Event::DepositAwaited };
            assert!(matches!(decision, Decision::Move(it) if it.event == event), "{toss_at:?}");
            // A silent Toss may have the deposit.
            let silence = decide(Status::WaitingForDeposit, &Verdict::Open, facts);
            assert_eq!(silence, Decision::Wait);
        }
    }

    #[test]
    fn an_account_is_ended_only_while_it_waits_and_what_toss_says_decides() {
        let end = |failure: Failure| Facts { end: Some(Reason::Own(failure)), ..Facts::default() };
        let awaited = Verdict::DepositAwaited(Box::default());
        let ended = Verdict::Refused(Reason::Own(Failure::AccountCanceled));
        let waiting = |verdict: &Verdict, facts| decide(Status::WaitingForDeposit, verdict, facts);
        let by_shop = || end(Failure::AccountCanceledByShop);
        let decision = waiting(&awaited, by_shop());
        assert!(
            matches!(decision, Decision::EndAccount(it) if it.code() == "ACCOUNT_CANCELED_BY_SHOP")
        );
        for (facts, event, code) in [
            (by_shop(), Event::Refused, "ACCOUNT_CANCELED_BY_SHOP"),
            (end(Failure::NotDepositedInTime), Event::Lapsed, "NOT_DEPOSITED_IN_TIME"),
            (Facts::default(), Event::Refused, "ACCOUNT_CANCELED"),
        ] {
            let Decision::Move(planned) = waiting(&ended, facts) else { panic!("{code}") };
            assert_eq!((planned.event, planned.reason.unwrap().code()), (event, code));
        }
        // The deposit was first.
        let told = Box::new(Particulars { total: won(1_000), ..Particulars::default() });
        let decision = waiting(&Verdict::Approved(told), by_shop());
        assert!(matches!(decision, Decision::Move(it) if it.event == Event::Approved));
        assert_eq!(waiting(&Verdict::Open, by_shop()), Decision::Wait);
    }

    #[test]
    fn a_false_amount_is_never_kept() {
        let told = Box::new(Particulars { total: won(1_000), ..Particulars::default() });
        let facts = Facts { mismatched: true, ..Facts::default() };
        let decision = decide(Status::Failed, &Verdict::Approved(told), facts);
        assert!(matches!(decision, Decision::SendBack(_)));
    }
}
