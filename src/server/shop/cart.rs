//! The cart that a browser keeps: its lines in one cookie, its name in another, and in a third what its
//! buyer saw of what is in it.
//!
//! Why a name: what was paid is known to the database alone. The answer may have come in another
//! browser, or a deposit days later; so whoever reads the cart takes out what its orders have bought.

use axum::http::{HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};

use crate::contract::Outcome;
use crate::domain::cart::Cart;
use crate::domain::id::{CartId, ProductId};
use crate::domain::order::Status;
use crate::server::db::repeats;
use crate::server::db::sheets::{self, Sheet};
use crate::server::identity::cookie;
use crate::server::identity::visitor::Visitor;
use crate::server::runtime::clock;
use crate::server::shop::seen::Seen;
use crate::server::{App, Error};

const CART_COOKIE: &str = "gyesan_cart";
const CART_ID_COOKIE: &str = "gyesan_cart_id";
const SEEN_COOKIE: &str = "gyesan_seen";

/// The letters of a cart's name: 90 random bits.
const ID_LETTERS: usize = 18;

/// A browser's cart.
#[derive(Clone, Debug, Default)]
pub struct KeptCart {
    pub cart: Cart,
    /// None for one that is older than names, or empty.
    pub id: Option<CartId>,
    pub seen: Seen,
}

impl KeptCart {
    /// As the browser sent it.
    pub fn of(headers: &HeaderMap) -> KeptCart {
        let text = cookie::either(headers, CART_COOKIE);
        let id = cookie::either(headers, CART_ID_COOKIE).and_then(|id| CartId::parse(id).ok());
        let cart = text.map(Cart::from_text).unwrap_or_default();
        let seen = cookie::either(headers, SEEN_COOKIE).map(Seen::from_text);
        KeptCart { cart, id, seen: seen.unwrap_or_default() }
    }

    /// The headers with which the browser keeps it; one without a name is given one.
    pub fn keeping(&self, app: &App) -> Vec<HeaderValue> {
        let new = || clock::random_text(ID_LETTERS);
        let id = self.id.as_ref().map_or_else(new, CartId::to_string);
        let (cart, seen) = (self.cart.to_text(), self.seen.to_text());
        let pairs = [(CART_COOKIE, cart), (CART_ID_COOKIE, id), (SEEN_COOKIE, seen)];
        pairs.iter().filter_map(|(name, value)| cookie::keep(app, name, value)).collect()
    }

    /// Without what its orders have bought, if they have bought anything: then under a new name, so
    /// that what is put into it later is not taken out again. Lines that were changed since the order
    /// was placed stay.
    pub async fn after_orders(
        &self,
        app: &App,
        visitor: &Visitor,
    ) -> Result<Option<KeptCart>, Error> {
        let Some(id) = self.id.as_ref().filter(|_| !self.cart.lines().is_empty()) else {
            return Ok(None);
        };
        let now = app.clock.now();
        let bought = repeats::bought(app.db.read(), &visitor.hash(), id.as_str(), now).await?;
        if bought.is_empty() {
            return Ok(None);
        }
        let mut left = self.cart.clone();
        // The same from whichever page finds it out first.
        let mut name = Sha256::new().chain_update(id.as_str());
        for line in &bought {
            name.update(line.id.as_str());
            take_out(&mut left, line.product_id.clone(), line.quantity);
        }
        let name = hex::encode(name.finalize());
        let id = name.get(..ID_LETTERS).and_then(|name| CartId::parse(name).ok());
        Ok(Some(self.with(left, id)))
    }

    /// Without what an order has bought that does not say from which cart it is, as programs place
    /// them.
    pub async fn after_order(
        &self,
        app: &App,
        visitor: &Visitor,
        outcome: &Outcome,
    ) -> Result<Option<KeptCart>, Error> {
        let is_bought =
            outcome.status == Status::Completed || outcome.status == Status::WaitingForDeposit;
        if !is_bought || self.cart.lines().is_empty() {
            return Ok(None);
        }
        let Sheet { order, lines, customer } = sheets::load(&app.db, &outcome.order_id).await?;
        if visitor.if_buyer(app, &order, customer).await?.is_none() {
            return Ok(None);
        }
        if order.cart_id.is_some() {
            return self.after_orders(app, visitor).await;
        }
        let mut left = self.cart.clone();
        for line in lines {
            take_out(&mut left, line.product_id, line.quantity);
        }
        Ok((left != self.cart).then(|| self.with(left, self.id.clone())))
    }

    fn with(&self, cart: Cart, id: Option<CartId>) -> KeptCart {
        let mut seen = self.seen.clone();
        seen.keep_only(&cart);
        KeptCart { cart, id, seen }
    }
}

fn take_out(cart: &mut Cart, product: ProductId, quantity: u32) {
    if cart.quantity(&product) == quantity {
        // Taking out is never refused.
        let taken_out = cart.set(product, 0);
        debug_assert!(taken_out.is_ok());
    }
}
