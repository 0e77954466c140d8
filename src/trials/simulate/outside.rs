//! What happens at Toss, at banks and in Toss's console, past the shop.

use serde_json::{Value, json};

use crate::server::config::DOCS_CLIENT_KEY;
use crate::trials::simulate::known::{KnownOrder, Shared, some_order};
use crate::trials::simulate::machine::Machine;
use crate::trials::simulate::stage::Toss;

const METHODS: [&str; 5] = ["CARD", "CARD", "VIRTUAL_ACCOUNT", "TRANSFER", "TOSSPAY"];

/// Pays in Toss's window; what comes of it is only a payment key.
pub(super) fn open(
    known: Shared,
    machine: &Machine,
    toss: Toss,
) -> impl Future<Output = String> + use<> {
    let order = some_order(&known, machine);
    let method = machine.one_of(&METHODS).copied().unwrap_or("CARD");
    // Someone changes the amount in the browser.
    let is_changed = machine.once_in(20);
    async move {
        let Some(order) = order.filter(|order| !order.is_taken) else { return String::new() };
        let amount = if is_changed { order.amount + 100 } else { order.amount };
        let opened = toss
            .tell(
                "POST",
                "/__sandbox/authenticate",
                &json!({
                    "clientKey": DOCS_CLIENT_KEY, "orderId": order.id, "orderName": "주문",
                    "amount": amount, "method": method,
                }),
            )
            .await;
        let Some(key) = opened.get("paymentKey").and_then(Value::as_str) else {
            return format!("no window for {}: {opened}", order.id);
        };
        known.borrow_mut().with(&order.id, |order| {
            order.payments.push(key.to_owned());
            order.is_account |= method == "VIRTUAL_ACCOUNT";
        });
        format!("buyer {} pays {} by {method}: {amount}, {key}", order.buyer, order.id)
    }
}

/// Another program of the same merchant takes the money, past the shop, perhaps when the order has
/// failed. Of an order with one payment: of another one than it knows the shop tells in its proof,
/// and a person has to look.
pub(super) fn confirm_elsewhere(
    known: Shared,
    machine: &Machine,
    toss: Toss,
) -> impl Future<Output = String> + use<> {
    let order = some_order(&known, machine).filter(|order| !order.is_mixed_up);
    async move {
        let Some(order) = order else { return String::new() };
        let [payment] = order.payments.as_slice() else { return String::new() };
        let body = json!({ "paymentKey": payment, "orderId": order.id, "amount": order.amount });
        known.borrow_mut().with(&order.id, |order| order.is_taken = true);
        let told = toss.tell("POST", "/v1/payments/confirm", &body).await;
        let result = told.get("status").or(told.get("code")).cloned().unwrap_or_default();
        format!("another program confirms {payment} of {}: {result}", order.id)
    }
}

/// Staff give money back in Toss's own console, past the shop.
pub(super) fn console_cancel(
    known: Shared,
    machine: &Machine,
    toss: Toss,
) -> impl Future<Output = String> + use<> {
    let order = some_order(&known, machine);
    let payment = order.as_ref().and_then(|order| machine.one_of(&order.payments).cloned());
    let amount = (!machine.once_in(3)).then(|| 500 + machine.below(3_000));
    async move {
        let (Some(order), Some(payment)) = (order, payment) else { return String::new() };
        let mut body = json!({ "cancelReason": "콘솔 취소" });
        if let Some((fields, amount)) = body.as_object_mut().zip(amount) {
            fields.insert("cancelAmount".to_owned(), amount.into());
        }
        if order.is_account
            && let Some(fields) = body.as_object_mut()
        {
            let account =
                json!({ "bank": "20", "accountNumber": "1002123456789", "holderName": "홍길동" });
            fields.insert("refundReceiveAccount".to_owned(), account);
        }
        let path = format!("/v1/payments/{payment}/cancel");
        let told = toss.tell("POST", &path, &body).await;
        let result = told.get("status").or(told.get("code")).cloned().unwrap_or_default();
        format!("the console cancels {amount:?} of {}: {result}", order.id)
    }
}

/// The money for a virtual account arrives.
pub(super) fn deposit(
    known: Shared,
    machine: &Machine,
    toss: Toss,
) -> impl Future<Output = String> + use<> {
    let told = at_bank(&known, machine, toss, "deposit");
    async move {
        let Some((id, told)) = told.await else { return String::new() };
        let result = told.get("status").or(told.get("message")).cloned().unwrap_or_default();
        format!("a deposit for {id}: {result}")
    }
}

/// The bank takes it back.
pub(super) fn reverse(
    known: Shared,
    machine: &Machine,
    toss: Toss,
) -> impl Future<Output = String> + use<> {
    let told = at_bank(&known, machine, toss, "reverse-deposit");
    async move {
        let Some((id, told)) = told.await else { return String::new() };
        let result = told.get("status").cloned().unwrap_or_default();
        if !result.is_null() {
            known.borrow_mut().with(&id, |order| order.was_reversed = true);
        }
        format!("the bank takes back the deposit for {id}: {result}")
    }
}

/// Something happens to the virtual account of some order; what Toss answers.
fn at_bank(
    known: &Shared,
    machine: &Machine,
    toss: Toss,
    what: &'static str,
) -> impl Future<Output = Option<(String, Value)>> + use<> {
    let payment = some_account(known, machine);
    async move {
        let (id, payment) = payment?;
        let path = format!("/__sandbox/payments/{payment}/{what}");
        Some((id, toss.tell("POST", &path, &json!({})).await))
    }
}

fn some_account(known: &Shared, machine: &Machine) -> Option<(String, String)> {
    let known = known.borrow();
    let accounts: Vec<&KnownOrder> = known.orders.iter().filter(|it| it.is_account).collect();
    let order = machine.one_of(&accounts)?;
    Some((order.id.clone(), machine.one_of(&order.payments)?.clone()))
}
