//! Buyers in a history, with several tabs, forms sent twice, and addresses that were changed.

use crate::domain::cart::{CartLine, Quantity};
use crate::domain::contact::{BuyerName, Contact, Email, Mobile};
use crate::domain::id::{CartId, CouponId, PaymentKey, ProductId};
use crate::domain::return_claim::ReturnClaim;
use crate::domain::won::Won;
use crate::server::App;
use crate::server::identity::bearer::Coming;
use crate::server::payment::abandon::abandon;
use crate::server::payment::{confirm, outcome};
use crate::server::shop::checkout::{self, Again};
use crate::server::shop::wish::{self, Wish};
use crate::server::shop::{coupon, offer, pricing, repeat};
use crate::trials::simulate::known::{BUYERS, Call, Shared, call, order_id, some_order};
use crate::trials::simulate::machine::Machine;

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
    let (visitor, contact) = (known.borrow().buyers.get(buyer)?.clone(), contact(buyer)?);
    let (wants_coupon, pick) = (machine.once_in(2), machine.below(4));
    let cart = if machine.once_in(2) { CartId::parse(&format!("cart{buyer}")).ok() } else { None };
    let name = format!("buyer {buyer} orders");
    let placed = async move {
        let coupon = match (wants_coupon, Won::new(1_000_000)) {
            (true, Some(sum)) => {
                coupon::of_visitor(&app, &visitor, sum).await.ok().and_then(|all| {
                    let pick = usize::try_from(pick).unwrap_or_default();
                    all.get(pick).map(|view| view.coupon_id.clone())
                })
            }
            (true, None) | (false, _) => None,
        };
        let wish = wish::wish(lines, contact, coupon, form)?;
        checkout::place(&app, &visitor, Wish { cart_id: cart, ..wish }).await
    };
    Some(call(known, name, placed, move |known, placed| known.learn(buyer, &placed)))
}

/// Two browsers are of one person.
fn contact(buyer: usize) -> Option<Contact> {
    let person = buyer / 2;
    Some(Contact {
        name: BuyerName::parse("홍길동").ok()?,
        email: Email::parse(&format!("hong{person}@example.com")).ok()?,
        mobile_phone: Mobile::parse(&format!("0101234567{person}")).ok()?,
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
    let issued = async move { offer::claim(&app, &visitor, &code).await };
    Some(call(known, name, issued, |_, issued| format!("{issued:?}")))
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
    let priced = async move {
        let all = match Won::new(1_000_000) {
            Some(sum) => coupon::of_visitor(&app, &visitor, sum).await.unwrap_or_default(),
            None => Vec::new(),
        };
        let chosen: Option<CouponId> = all.get(pick).map(|view| view.coupon_id.clone());
        pricing::apply_coupon(&app, &visitor, &id, chosen.as_ref()).await
    };
    Some(call(known, name, priced, move |known, priced| {
        known.with(&order.id, |order| order.amount = priced.amount.get());
        priced.amount.to_string()
    }))
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
        let other = some_order(&known, machine).filter(|_| !order.is_taken)?;
        known.borrow_mut().with(&order.id, |order| order.is_mixed_up = true);
        let key = if machine.once_in(3) {
            // Of no payment that there is.
            format!("none{:020}", machine.below(1_000_000))
        } else {
            machine.one_of(&other.payments).cloned().or(own)?
        };
        (key, if machine.once_in(2) { 100 } else { order.amount })
    };
    let (payment_key, won) = (PaymentKey::parse(&key).ok()?, Won::new(amount)?);
    let claim = ReturnClaim { payment_key, order_id: id, amount: won };
    let name = format!("buyer {} returns to {} with {amount}", order.buyer, order.id);
    let visitor = known.borrow().buyers.get(order.buyer)?.clone();
    let confirmed = async move {
        let coming = Coming::of(&visitor);
        confirm::confirm(&app, &claim, &coming.comer()).await
    };
    Some(call(known, name, confirmed, move |known, confirmed| {
        known.hear(&order.id, confirmed.outcome().status)
    }))
}

/// Says that a cart which was ordered already is to be paid again.
pub(super) fn mean(
    app: App,
    known: Shared,
    machine: &Machine,
) -> Call<impl Future<Output = ()> + use<>> {
    let order = some_order(&known, machine)?;
    let (id, visitor) = (order_id(&order)?, known.borrow().buyers.get(order.buyer)?.clone());
    let name = format!("buyer {} means {id} as well", order.buyer);
    let said = async move { repeat::mean(&app, &visitor, &id).await };
    Some(call(known, name, said, |_, ()| "heard".to_owned()))
}

/// Comes back to the fail page.
pub(super) fn give_up(
    app: App,
    known: Shared,
    machine: &Machine,
) -> Call<impl Future<Output = ()> + use<>> {
    let order = some_order(&known, machine)?;
    let (id, visitor) = (order_id(&order)?, known.borrow().buyers.get(order.buyer)?.clone());
    let name = format!("buyer {} comes back from {id} without paying", order.buyer);
    let told = async move { abandon(&app, &visitor, &id, "PAY_PROCESS_CANCELED").await };
    Some(call(known, name, told, |_, told| told.status.to_string()))
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
    let again = async move { checkout::again(&app, &visitor, &id).await };
    Some(call(known, name, again, move |known, again| match again {
        Again::Placed(placed) => known.learn(order.buyer, &placed),
        Again::Underway(id) => format!("{id} is under way"),
    }))
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
    let told = async move { outcome::follow(&app, &id).await };
    Some(call(known, name, told, move |known, told| known.hear(&order.id, told.status)))
}
