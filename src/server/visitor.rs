//! Who is asking: a random cookie, of which only a hash is stored.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;

use crate::server::db::customers;
use crate::server::db::customers::CustomerRow;
use crate::server::db::orders::OrderRow;
use crate::server::{App, Error, clock, offer};

const VISITOR_COOKIE: &str = "gyesan_visitor";

/// 130 random bits.
const TOKEN_LETTERS: usize = 26;

/// A year: a cart and an order should be there next month.
const COOKIE_AGE_S: u32 = 31_536_000;

/// One browser.
#[derive(Clone)]
pub struct Visitor {
    token: String,
    /// Where it calls from, as far as that can be told.
    address: Option<IpAddr>,
}

// The token is a credential.
impl std::fmt::Debug for Visitor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Visitor")
    }
}

impl Visitor {
    /// The browser that keeps this token.
    pub fn known_by(token: String) -> Visitor {
        Visitor { token, address: None }
    }

    /// Where it calls from, as far as that can be told.
    pub fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// What the database knows this browser by.
    pub fn hash(&self) -> String {
        Sha256::digest(self.token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The customer behind this browser, if there is one yet.
    pub async fn customer(&self, app: &App) -> Result<Option<CustomerRow>, Error> {
        Ok(customers::of_visitor(app.db.read(), &self.hash()).await?)
    }

    /// Whether this browser placed the order.
    pub async fn is_buyer_of(&self, app: &App, order: &OrderRow) -> Result<bool, Error> {
        let customer = self.customer(app).await?;
        Ok(customer.is_some_and(|customer| customer.id == order.customer_id))
    }

    /// The customer behind this browser, made now if need be, with the coupons that every new
    /// customer is given.
    pub async fn become_customer(
        &self,
        tx: &mut AnyConnection,
        now: i64,
    ) -> Result<CustomerRow, Error> {
        let hash = self.hash();
        if let Some(customer) = customers::of_visitor_in(tx, &hash).await? {
            return Ok(customer);
        }
        customers::insert(tx, &clock::row_id(), &clock::random_text(26), &hash, now).await?;
        let customer = customers::of_visitor_in(tx, &hash)
            .await?
            .ok_or(Error::Damaged("a customer just made is not there"))?;
        offer::welcome(tx, &customer.id, now).await?;
        Ok(customer)
    }
}

/// Gives every request a [`Visitor`], and every new browser its cookie.
pub async fn recognise(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let known = cookie(request.headers(), VISITOR_COOKIE)
        .filter(|token| token.len() == TOKEN_LETTERS)
        .filter(|token| token.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let is_new = known.is_none();
    let token = known.unwrap_or_else(|| clock::random_text(TOKEN_LETTERS));
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let address = peer.and_then(|peer| app.callers.address(peer.0.ip(), request.headers()));
    request.extensions_mut().insert(Visitor { token: token.clone(), address });
    let mut response = next.run(request).await;
    if is_new && let Some(value) = set_cookie(&app, VISITOR_COOKIE, &token) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// Whether a request says whose it is.
pub fn is_named(headers: &HeaderMap) -> bool {
    cookie(headers, VISITOR_COOKIE).is_some()
}

/// What the browser sent under a name.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// The header with which the browser keeps a cookie. Lax: Toss leads the buyer back by a link from its
/// own site, and the cookie must come along.
pub(super) fn set_cookie(app: &App, name: &str, value: &str) -> Option<HeaderValue> {
    let secure = if app.shop.public_url.starts_with("https:") { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{name}={value}; Path=/; Max-Age={COOKIE_AGE_S}; HttpOnly; SameSite=Lax{secure}"
    ))
    .ok()
}
