//! Buyers in a history, with several tabs, forms sent twice, and addresses that were changed.

use crate::domain::cart::{CartLine, Quantity};
use crate::domain::contact::{BuyerName, Contact, Email, Mobile};
use crate::domain::id::{CouponId, PaymentKey, ProductId};
use crate::domain::order::Status;
use crate::domain::won::Won;
use crate::server::checkout::{self, Again};
use crate::server::confirm::{self, Claim};
use crate::server::{App, coupon, offer, order, pricing};
use crate::startup::simulate::known::{BUYERS, Call, Shared, order_id, say, some_order};
use crate::startup::simulate::machine::Machine;

pub(super) const PRODUCTS: [&str; 4] = ["tee", "mug", "socks", "bag"];

/// Fills in the order form, perhaps one that was sent before.
pub(super) fn place(
    app: App,
    known: Shared,
    machine: &Machine,
) -> Call<impl Future<Output = ()> + use<>> {
    let buyer = usize::try_from(machine.below(BUYERS)).ok()?;
    let count = 1 + machine.below(2);
    let line = |_| {
        let product = machine.one_of(&PRODUCTS)?;
        let quantity = Quantity::new(1 + u32::try_from(machine.below(2)).ok()?).ok()?;
        Some(CartLine { product_id: ProductId::parse(product).ok()?, quantity })
    };
    let lines: Vec<CartLine> = (0..count).filter_map(line).collect();
    let form =
        if machine.once_in(3) { machine.one_of(&known.borrow().forms).cloned() } else { None };
    let (visitor, contact) = (known.borrow().buyers.get(buyer)?.clone(), contact()?);
    let (wants_coupon, pick) = (machine.once_in(2), machine.below(4));
    let name = format!("buyer {buyer} orders");
    let heard = name.clone();
    let work = async move {
        let coupon = match (wants_coupon, Won::new(1_000_000)) {
            (true, Some(sum)) => {
                coupon::of_visitor(&app, &visitor, sum).await.ok().and_then(|all| {
                    let pick = usize::try_from(pick).unwrap_or_default();
                    all.get(pick).map(|view| view.coupon_id.clone())
                })
            }
            (true, None) | (false, _) => None,
        };
        let placed = match checkout::wish(lines, contact, coupon, form) {
            Ok(wish) => checkout::place(&app, &visitor, wish).await,
            Err(refused) => Err(refused),
        };
        if let Ok(placed) = &placed {
            known.borrow_mut().learn(placed.order_id.as_str(), buyer, placed.amount.get());
        }
        say(&known, &heard, placed, |placed| format!("{} {}", placed.order_id, placed.amount));
    };
    Some((name, work))
}

fn contact() -> Option<Contact> {
    Some(Contact {
        name: BuyerName::parse("홍길동").ok()?,
        email: Email::parse("hong@example.com").ok()?,
        mobile_phone: Mobile::parse("01012345678").ok()?,
    })
}

/// Claims the coupon that a code is good for.
pub(super) fn claim(
    app: App,
    known: Shared,
    machine: &Machine,
) -> Call<impl Future<Output = ()> + use<>> {
    let buyer = usize::try_from(machine.below(BUYERS)).ok()?;
    let visitor = known.borrow().buyers.get(buyer)?.clone();
    let code = machine.one_of(&["thanks2000", "THANKS2000 ", "GUESS"])?.to_string();
    let name = format!("buyer {buyer} enters {code}");
    let heard = name.clone();
    let work = async move {
        let issued = offer::claim(&app, &visitor, &code).await;
        say(&known, &heard, issued, |issued| format!("{issued:?}"));
    };
    Some((name, work))
}

/// Chooses another coupon on the checkout page, in one of two tabs.
pub(super) fn change_coupon(
    app: App,
    known: Shared,
    machine: &Machine,
) -> Call<impl Future<Output = ()> + use<>> {
    let order = some_order(&known, machine)?;
    let (id, visitor) = (order_id(&order)?, known.borrow().buyers.get(order.buyer)?.clone());
    let pick = usize::try_from(machine.below(4)).unwrap_or_default();
    let name = format!("buyer {} changes the coupon of {id}", order.buyer);
    let heard = name.clone();
    let work = async move {
        let all = match Won::new(1_000_000) {
            Some(sum) => coupon::of_visitor(&app, &visitor, sum).await.unwrap_or_default(),
            None => Vec::new(),
        };
        let chosen: Option<CouponId> = all.get(pick).map(|view| view.coupon_id.clone());
        let priced = pricing::apply_coupon(&app, &visitor, &id, chosen.as_ref()).await;
        if let Ok(priced) = &priced {
            let amount = priced.amount.get();
            known.borrow_mut().with(id.as_str(), |order| order.amount = amount);
        }
        say(&known, &heard, priced, |priced| priced.amount.to_string());
    };
    Some((name, work))
}

/// Comes back to the success page, with what Toss put into the address or with something else.
pub(super) fn come_back(
    app: App,
    known: Shared,
    machine: &Machine,
    is_honest: bool,
) -> Call<impl Future<Output = ()> + use<>> {
    let order = some_order(&known, machine)?;
    let id = order_id(&order)?;
    let own = machine.one_of(&order.payments).cloned();
    let (key, amount) = if is_honest {
        (own?, order.amount)
    } else {
        let other = some_order(&known, machine)?;
        let key = machine.one_of(&other.payments).cloned().or(own)?;
        (key, if machine.once_in(2) { 100 } else { order.amount })
    };
    let (payment_key, won) = (PaymentKey::parse(&key).ok()?, Won::new(amount)?);
    let claim = Claim { payment_key, order_id: id, amount: won };
    let name = format!("buyer {} returns to {} with {amount}", order.buyer, order.id);
    let heard = name.clone();
    let work = async move {
        let confirmed = confirm::confirm(&app, &claim).await;
        if let Ok(confirmed) = &confirmed {
            let status = confirmed.outcome().status;
            known
                .borrow_mut()
                .with(&order.id, |order| order.told_paid |= status == Status::Completed);
        }
        say(&known, &heard, confirmed, |confirmed| confirmed.outcome().status.to_string());
    };
    Some((name, work))
}

/// Comes back to the fail page.
pub(super) fn give_up(
    app: App,
    known: Shared,
    machine: &Machine,
) -> Call<impl Future<Output = ()> + use<>> {
    let order = some_order(&known, machine)?;
    let id = order_id(&order)?;
    let name = format!("buyer {} comes back from {id} without paying", order.buyer);
    let heard = name.clone();
    let work = async move {
        let told = order::abandon(&app, &id, "PAY_PROCESS_CANCELED", "취소").await;
        say(&known, &heard, told, |told| told.status.to_string());
    };
    Some((name, work))
}

/// Starts again after a failure.
pub(super) fn again(
    app: App,
    known: Shared,
    machine: &Machine,
) -> Call<impl Future<Output = ()> + use<>> {
    let order = some_order(&known, machine)?;
    let (id, visitor) = (order_id(&order)?, known.borrow().buyers.get(order.buyer)?.clone());
    let name = format!("buyer {} tries {id} again", order.buyer);
    let heard = name.clone();
    let work = async move {
        let again = checkout::again(&app, &visitor, &id).await;
        if let Ok(Again::Placed(placed)) = &again {
            known.borrow_mut().learn(placed.order_id.as_str(), order.buyer, placed.amount.get());
        }
        say(&known, &heard, again, |again| match again {
            Again::Placed(placed) => format!("{} {}", placed.order_id, placed.amount),
            Again::Underway(id) => format!("{id} is under way"),
        });
    };
    Some((name, work))
}

/// Looks at the order's page.
pub(super) fn look(
    app: App,
    known: Shared,
    machine: &Machine,
) -> Call<impl Future<Output = ()> + use<>> {
    let order = some_order(&known, machine)?;
    let id = order_id(&order)?;
    let name = format!("buyer {} looks at {id}", order.buyer);
    let heard = name.clone();
    let work = async move {
        let told = order::follow(&app, &id).await;
        if let Ok(told) = &told {
            let is_paid = told.status == Status::Completed;
            known.borrow_mut().with(&order.id, |order| order.told_paid |= is_paid);
        }
        say(&known, &heard, told, |told| told.status.to_string());
    };
    Some((name, work))
}
