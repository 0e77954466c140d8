//! Webhooks in a history: Toss's own, in any order and number, and forged ones.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue};
use serde_json::json;

use crate::sandbox::Posted;
use crate::server::App;
use crate::server::payment::inbox;
use crate::trials::simulate::known::{Call, Shared, some_order};
use crate::trials::simulate::machine::Machine;
use crate::trials::simulate::stage::Toss;

/// One of Toss's webhooks arrives: the next, a later one, or one that came before.
pub(super) fn carry(
    app: App,
    known: Shared,
    machine: &Machine,
    toss: Toss,
) -> Call<impl Future<Output = ()> + use<>> {
    let mut inside = known.borrow_mut();
    if machine.once_in(4)
        && let Some(before) = machine.one_of(&inside.carried).cloned()
    {
        drop(inside);
        return Some(post(app, known, before, None));
    }
    let at = machine.below(u64::try_from(inside.posted.len().max(1)).unwrap_or(1));
    let posted = inside.posted.remove(usize::try_from(at).unwrap_or_default())?;
    drop(inside);
    Some(post(app, known, posted, Some(toss)))
}

/// The next of Toss's webhooks arrives.
pub(super) fn carry_next(
    app: App,
    known: Shared,
    toss: Toss,
) -> Call<impl Future<Output = ()> + use<>> {
    let posted = known.borrow_mut().posted.pop_front()?;
    Some(post(app, known, posted, Some(toss)))
}

fn post(
    app: App,
    known: Shared,
    posted: Posted,
    toss: Option<Toss>,
) -> (String, impl Future<Output = ()> + use<>) {
    let name = format!("a webhook arrives, {} bytes", posted.body.len());
    let heard = name.clone();
    let work = async move {
        // Made first: a receiver that dies has not answered, and Toss notices.
        let mut connection = Connection { posted, toss, status: None };
        let posted = &connection.posted;
        let mut headers = HeaderMap::new();
        if let Ok(id) = HeaderValue::from_str(&posted.transmission_id) {
            headers.insert("tosspayments-webhook-transmission-id", id);
        }
        let body = Bytes::from(posted.body.clone());
        let status = match inbox::take_in(&app, None, &headers, &body).await {
            Ok(status) | Err((status, _)) => status.as_u16(),
        };
        connection.status = Some(status);
        let mut known = known.borrow_mut();
        known.carried.push(connection.posted.clone());
        known.notes.push(format!("     {heard}: {status}"));
    };
    (name, work)
}

/// Between Toss and the shop's webhook address; what came of it is told when it ends.
struct Connection {
    posted: Posted,
    /// Absent when somebody else sends what Toss has sent before.
    toss: Option<Toss>,
    status: Option<u16>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(toss) = &self.toss {
            toss.sandbox.carried(&self.posted, self.status);
        }
    }
}

/// Someone who is not Toss says that an order is paid.
pub(super) fn forge(
    app: App,
    known: Shared,
    machine: &Machine,
) -> Call<impl Future<Output = ()> + use<>> {
    let order = some_order(&known, machine)?;
    let body = if machine.once_in(2) {
        json!({ "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-03-02T09:00:00.000000",
                "data": { "orderId": order.id, "paymentKey": order.payments.first(),
                          "status": "DONE", "totalAmount": order.amount, "balanceAmount": order.amount } })
    } else {
        json!({ "createdAt": "2026-03-02T09:00:00.000000", "secret": "ps_forged", "status": "DONE",
                "transactionKey": "forged", "orderId": order.id })
    };
    let name = format!("a forged webhook says that {} is paid", order.id);
    let work = async move {
        let body = Bytes::from(body.to_string());
        let told = inbox::take_in(&app, None, &HeaderMap::new(), &body).await;
        let status = told.unwrap_or_else(|(status, _)| status).as_u16();
        known.borrow_mut().notes.push(format!("     the forger hears: {status}"));
    };
    Some((name, work))
}
