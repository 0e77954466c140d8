//! Staff in a history, and the shop's own background.

use crate::domain::actor::Actor;
use crate::domain::bank::Account;
use crate::domain::id::OrderId;
use crate::server::ops::{background, presence};
use crate::server::payment::refund::{self, Given, Request, What};
use crate::server::{App, proof};
use crate::trials::simulate::buyers::PRODUCTS;
use crate::trials::simulate::known::{Call, Shared, call, order_id, some_order};
use crate::trials::simulate::machine::Machine;

/// Staff give money back: all of it, an amount, or pieces, perhaps back onto the shelf.
pub(super) fn refund(
    app: App,
    known: Shared,
    machine: &Machine,
) -> Call<impl Future<Output = ()> + use<>> {
    let order = some_order(&known, machine)?;
    let id = order_id(&order)?;
    let what = match machine.below(4) {
        0 => What::Everything,
        1 => What::Amount(1_000),
        2 => What::Amount(1 + i64::try_from(machine.below(40_000)).unwrap_or_default()),
        _ => What::Pieces(vec![(machine.one_of(&PRODUCTS)?.to_string(), 1)]),
    };
    let name = format!("staff refund {what:?} of {id}");
    let request = Request {
        what,
        reason: "고객 요청".to_owned(),
        restocks: machine.once_in(2),
        restores_coupon: machine.once_in(2),
        account: if machine.once_in(4) { account() } else { None },
    };
    let asked = async move {
        refund::write_down(&app.ledger, &id, &request, &staff(), app.clock.now()).await
    };
    Some(call(known, name, asked, |_, asked| asked.plan.amount.to_string()))
}

fn staff() -> Actor {
    Actor::Staff("simulated".to_owned())
}

/// Staff name the account that the buyer has told them by telephone.
pub(super) fn give_account(
    app: App,
    known: Shared,
    id: OrderId,
) -> Call<impl Future<Output = ()> + use<>> {
    let account = account()?;
    let name = format!("staff name an account for {id}");
    let given = async move {
        let now = app.clock.now();
        refund::give_account(&app.ledger, Given::Staff(&staff()), &id, &account, now).await
    };
    Some(call(known, name, given, |_, ()| "taken".to_owned()))
}

/// The same for any order, or staff take the refund back.
pub(super) fn account_or_withdrawal(
    app: App,
    known: Shared,
    machine: &Machine,
) -> Call<impl Future<Output = ()> + use<>> {
    let order = some_order(&known, machine)?;
    let (id, account) = (order_id(&order)?, account()?);
    let withdraws = machine.once_in(4);
    let name = format!("staff name an account for {id}, or withdraw ({withdraws})");
    let done = async move {
        let (by, now) = (staff(), app.clock.now());
        match withdraws {
            true => refund::withdraw(&app.ledger, &id, &by, now).await,
            false => refund::give_account(&app.ledger, Given::Staff(&by), &id, &account, now).await,
        }
    };
    Some(call(known, name, done, |_, ()| "done".to_owned()))
}

fn account() -> Option<Account> {
    Account::parse("20", "1002123456789", "홍길동").ok()
}

/// One step of the money proof.
pub(super) fn prove(app: App, known: Shared) -> (String, impl Future<Output = ()> + use<>) {
    let step = async move { proof::step(&app).await };
    call(known, "proof".to_owned(), step, |_, step| format!("{step:?}"))
}

/// One round of the shop's background.
pub(super) fn tick(app: App, known: Shared) -> (String, impl Future<Output = ()> + use<>) {
    let round = async move {
        presence::round(&app).await?;
        background::tick(&app).await
    };
    call(known, "background".to_owned(), round, |_, round| format!("{round:?}"))
}
