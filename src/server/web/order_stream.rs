//! `GET /api/orders/{orderId}/events`: where an order stands, now and whenever that changes.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::Extension;
use axum::extract::rejection::PathRejection;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;

use crate::contract::{Code, Reason};
use crate::domain::id::OrderId;
use crate::server::db::orders;
use crate::server::identity::visitor::Visitor;
use crate::server::ledger::live::{Follower, Place, Told};
use crate::server::limits::address;
use crate::server::runtime::clock;
use crate::server::web::{language, middleware};
use crate::server::{App, Error};

/// How long a browser waits before it begins another; by chance up to twice that.
const AGAIN_MS: u64 = 2_000;

/// Answers with a stream of events.
pub async fn answer(
    State(app): State<App>,
    Extension(visitor): Extension<Visitor>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    uri: Uri,
    headers: HeaderMap,
    order_id: Result<Path<String>, PathRejection>,
) -> Response {
    let order_id = order_id.ok().and_then(|Path(id)| OrderId::parse(&id).ok());
    let address = address::of_caller(peer.ip(), &headers, app.live.proxies());
    let mut response = match follow(&app, &visitor, address, order_id).await {
        Ok(follower) => {
            let alive = KeepAlive::new().interval(app.live.alive_every());
            Sse::new(unfold(follower, event)).keep_alive(alive).into_response()
        }
        Err(error) => {
            let error = error.answered_in(language::of(&uri, &headers));
            let mut response = middleware::error_response(&error);
            if error.code == Code::Unavailable {
                response.headers_mut().insert(RETRY_AFTER, 60.into());
            }
            response
        }
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Some proxies keep an answer until it is complete, unless they are told.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

async fn follow(
    app: &App,
    visitor: &Visitor,
    address: Option<IpAddr>,
    order_id: Option<OrderId>,
) -> Result<Follower, Error> {
    let order_id = order_id.ok_or_else(Error::no_order)?;
    // Begun before the order is read: nothing can change unheard in between.
    let mut follower = app
        .live
        .begin(&order_id, visitor.hash(), address)
        .ok_or_else(|| Error::refused(Code::Unavailable, Reason::NoStream))?;
    let order = orders::load(&app.db, &order_id).await?;
    follower.begin_with(Told { status: order.status, since: order.updated_at });
    Ok(follower)
}

async fn event(mut follower: Follower) -> Option<(Result<Event, Infallible>, Follower)> {
    let (told, place) = follower.next().await?;
    let event = Event::default().id(told.since.to_string()).data(told.status.as_str());
    let event = match place {
        Place::First => event.retry(Duration::from_millis(AGAIN_MS + clock::chance(AGAIN_MS))),
        Place::Later => event,
    };
    Some((Ok(event), follower))
}
