//! Who is asking: a random token in a cookie that the shop has signed, of which only a hash is
//! stored.
//!
//! A browser that places an order is given another token by the answer. Whoever had the one before
//! (it may have been put there by someone who knows it) sees nothing of that order. What the browser
//! had sent already comes with the old token: for some minutes that one still acts for the customer,
//! and is shown nothing.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::middleware::Next;
use axum::response::Response;
use sqlx::AnyConnection;

use crate::domain::order::Status;
use crate::server::db::customers::{self, CustomerRow, Renewed};
use crate::server::db::orders::OrderRow;
use crate::server::db::{bearers, issuing, repeated_briefly};
use crate::server::identity::cookie;
use crate::server::runtime::clock;
use crate::server::token::{TOKEN_LETTERS, hash_of};
use crate::server::{App, Error};

/// The name of the cookie of whoever came back in another browser.
pub const BEARER: &str = "gyesan_returned";

/// The cookie's name.
pub const VISITOR: &str = "gyesan_visitor";

/// How long a token that was renewed acts for its customer: a form that is sent again because its
/// answer did not arrive, and what another tab had sent.
const RENEWED_MS_MAX: i64 = 600_000;

/// One browser. Clones are the same one.
#[derive(Clone)]
pub struct Visitor {
    kept: Arc<Mutex<Kept>>,
    /// Where it calls from, as far as that can be told.
    address: Option<IpAddr>,
    waits: Weak<()>,
}

/// What a browser keeps, or is to keep from now on.
struct Kept {
    token: String,
    is_new: bool,
    /// By which it is taken for the buyer of orders that it came back with.
    bearer: Option<String>,
    is_bearer_new: bool,
}

impl Kept {
    fn of(token: String, is_new: bool) -> Mutex<Kept> {
        Mutex::new(Kept { token, is_new, bearer: None, is_bearer_new: false })
    }
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
        Visitor { kept: Arc::new(Kept::of(token, false)), address: None, waits: Weak::new() }
    }

    /// One that is to keep this token.
    fn given(token: String) -> Visitor {
        Visitor { kept: Arc::new(Kept::of(token, true)), address: None, waits: Weak::new() }
    }

    /// One that is not known, and is given nothing to be known by this time.
    fn passing() -> Visitor {
        Visitor::known_by(clock::random_text(TOKEN_LETTERS))
    }

    /// Where it calls from, as far as that can be told.
    pub fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// Leads nowhere once it waits for no answer any more: it has that, or has hung up.
    pub fn waits(&self) -> Weak<()> {
        self.waits.clone()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn token(&self) -> String {
        self.kept().token.clone()
    }

    /// What the browser does not have yet, by the names of its cookies.
    fn to_give(&self) -> Vec<(&'static str, String)> {
        let kept = self.kept();
        let own = kept.is_new.then(|| (VISITOR, kept.token.clone()));
        let bearer = kept.bearer.clone().filter(|_| kept.is_bearer_new);
        own.into_iter().chain(bearer.map(|bearer| (BEARER, bearer))).collect()
    }

    /// The browser keeps this token from now on. To be called once that is on the disk.
    pub fn renew(&self, token: Option<String>) {
        if let Some(token) = token {
            let mut kept = self.kept();
            kept.token = token;
            kept.is_new = true;
        }
    }

    /// By what this browser is taken for the buyer of orders that it came back with.
    pub fn bearer(&self) -> Option<String> {
        self.kept().bearer.clone()
    }

    /// The browser keeps this from now on, to be taken for such a buyer.
    pub fn bears(&self, token: String) {
        let mut kept = self.kept();
        kept.bearer = Some(token);
        kept.is_bearer_new = true;
    }

    /// What the database knows this browser by.
    pub fn hash(&self) -> String {
        hash_of(&self.kept().token)
    }

    /// The customer behind this browser, if there is one yet.
    pub async fn customer(&self, app: &App) -> Result<Option<CustomerRow>, Error> {
        Ok(customers::of_visitor(app.db.read(), &self.hash()).await?)
    }

    /// As [`Visitor::customer`], or the one that this browser acts for by a token that was renewed.
    /// Nothing of that one's is to be shown.
    pub async fn acts_for(&self, app: &App, now: i64) -> Result<Option<CustomerRow>, Error> {
        let mut reader = app.db.read().acquire().await?;
        Ok(customers::acted_for(&mut reader, &self.hash(), now - RENEWED_MS_MAX).await?)
    }

    /// Whether this browser placed the order, or came back with its payment.
    pub async fn is_buyer_of(&self, app: &App, order: &OrderRow) -> Result<bool, Error> {
        Ok(self.buyer_of(app, order).await?.is_some())
    }

    /// The order's customer, where this browser placed it or came back with its payment.
    pub async fn buyer_of(
        &self,
        app: &App,
        order: &OrderRow,
    ) -> Result<Option<CustomerRow>, Error> {
        let customer = customers::by_id(app.db.read(), &order.customer_id).await?;
        self.if_buyer(app, order, customer).await
    }

    /// As [`Visitor::buyer_of`], where the order's customer was read with it.
    pub async fn if_buyer(
        &self,
        app: &App,
        order: &OrderRow,
        customer: Option<CustomerRow>,
    ) -> Result<Option<CustomerRow>, Error> {
        let Some(customer) = customer else { return Ok(None) };
        if customer.visitor_hash == self.hash() {
            return Ok(Some(customer));
        }
        let Some(bearer) = self.bearer().filter(|_| is_told_by_toss(order.status)) else {
            return Ok(None);
        };
        let is_bound =
            bearers::is_bound(app.db.read(), order.id.as_str(), &hash_of(&bearer)).await?;
        Ok(is_bound.then_some(customer))
    }

    /// The customer that this browser acts for, made now if need be, with the coupons that every new
    /// customer is given.
    pub async fn become_customer(
        &self,
        tx: &mut AnyConnection,
        now: i64,
    ) -> Result<CustomerRow, Error> {
        let (hash, since) = (self.hash(), now - RENEWED_MS_MAX);
        if let Some(customer) = customers::acted_for(tx, &hash, since).await? {
            return Ok(customer);
        }
        customers::insert(tx, &clock::row_id(), &clock::random_text(26), &hash, since, now).await?;
        let customer = customers::acted_for(tx, &hash, since)
            .await?
            .ok_or(Error::Impossible("a customer just made is not there"))?;
        issuing::welcome(tx, &customer.id, now).await?;
        Ok(customer)
    }

    /// As [`Visitor::become_customer`], for one who gains a right by what is done here, and is to be
    /// known by another token. [`Visitor::renew`] takes that once this is on the disk.
    pub async fn become_renewed(
        &self,
        app: &App,
        tx: &mut AnyConnection,
        now: i64,
    ) -> Result<(CustomerRow, Option<String>), Error> {
        let (token, since) = (self.token(), now - RENEWED_MS_MAX);
        let before = hash_of(&token);
        if let Some(customer) = customers::acted_for(tx, &before, since).await? {
            let next = app.signer.successor(&token, &customer.id);
            let renewed = Renewed { before: &before, after: &hash_of(&next), now };
            // Another request of this browser is first, or was, and its answer brings the token.
            let is_renewed = customers::renew(tx, renewed).await?;
            return Ok((customer, is_renewed.then_some(next)));
        }
        // Made with the next token, which two requests at once agree on, so that they make one
        // customer. It is another's where this token had its time long ago.
        for next in [app.signer.successor(&token, ""), clock::random_text(TOKEN_LETTERS)] {
            let renewed = Renewed { before: &before, after: &hash_of(&next), now };
            let (id, key) = (clock::row_id(), clock::random_text(26));
            let is_made = customers::insert_renewed(tx, &id, &key, renewed).await?;
            if let Some(customer) = customers::acted_for(tx, &before, since).await? {
                issuing::welcome(tx, &customer.id, now).await?;
                return Ok((customer, is_made.then_some(next)));
            }
        }
        Err(Error::Impossible("a customer just made is not there"))
    }

    /// Gives the browser the token that it was to have by an answer which it may never have seen.
    /// For whoever has shown that it sent what that answered.
    pub fn catch_up(&self, app: &App, customer: &CustomerRow) {
        let token = self.token();
        if hash_of(&token) == customer.visitor_hash {
            return;
        }
        let mut next =
            ["", customer.id.as_str()].map(|of| app.signer.successor(&token, of)).into_iter();
        self.renew(next.find(|next| hash_of(next) == customer.visitor_hash));
    }
}

/// Gives every request a [`Visitor`], and every new browser its cookie.
pub async fn recognise(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let address = peer.and_then(|peer| app.callers.address(peer.0.ip(), request.headers()));
    // Dropped with the request, which a page that is being made is not.
    let present = Arc::new(());
    let waits = Arc::downgrade(&present);
    let visitor = Visitor { address, waits, ..who(&app, request.headers()).await };
    visitor.kept().bearer = cookie::kept(&app, request.headers(), BEARER)
        .find_map(|cookie| app.signer.token_of(BEARER, cookie));
    request.extensions_mut().insert(visitor.clone());
    let mut response = next.run(request).await;
    for (name, token) in visitor.to_give() {
        if let Some(value) = cookie::keep(&app, name, &app.signer.signed(name, &token)) {
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
    response
}

async fn who(app: &App, headers: &HeaderMap) -> Visitor {
    let signed =
        cookie::kept(app, headers, VISITOR).find_map(|cookie| app.signer.token_of(VISITOR, cookie));
    if let Some(token) = signed {
        return Visitor::known_by(token);
    }
    let is_unsigned = |text: &&str| {
        text.len() == TOKEN_LETTERS && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let Some(unsigned) = cookie::bare(headers, VISITOR).find(is_unsigned) else {
        return Visitor::given(clock::random_text(TOKEN_LETTERS));
    };
    match of_before(app, unsigned).await {
        Ok(visitor) => visitor,
        // The cookie stays as it is, for a better time.
        Err(error) => {
            error.log();
            Visitor::passing()
        }
    }
}

/// Cookies were not signed once. One of those counts only where it is a customer's, once, and its
/// browser has a signed one from then on.
async fn of_before(app: &App, unsigned: &str) -> Result<Visitor, Error> {
    let (old, now) = (Visitor::known_by(unsigned.to_owned()), app.clock.now());
    let next = clock::random_text(TOKEN_LETTERS);
    if old.customer(app).await?.is_some() {
        let is_renewed = repeated_briefly(async || {
            let mut tx = app.db.write().await?;
            let renewed = Renewed { before: &old.hash(), after: &hash_of(&next), now };
            let is_renewed = customers::renew(&mut tx, renewed).await?;
            tx.commit().await?;
            Ok(is_renewed)
        })
        .await?;
        if is_renewed {
            return Ok(Visitor::given(next));
        }
    }
    // Another request of this browser was first, and another cookie would take that one's place.
    if old.acts_for(app, now).await?.is_some() {
        return Ok(Visitor::passing());
    }
    Ok(Visitor::given(next))
}

/// Whether a request says whose it is.
pub fn is_named(headers: &HeaderMap) -> bool {
    cookie::is_there(headers, VISITOR) || cookie::is_there(headers, BEARER)
}

/// Whether an order stands where only Toss's own word on its payment could bring it. Until then a
/// key is what somebody says.
pub fn is_told_by_toss(status: Status) -> bool {
    match status {
        Status::WaitingForDeposit
        | Status::Completed
        | Status::Canceling
        | Status::Refunding
        | Status::RefundWaiting
        | Status::PartiallyRefunded
        | Status::Refunded => true,
        Status::Pending | Status::Confirming | Status::Failed | Status::Expired => false,
    }
}
