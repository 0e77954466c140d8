//! The same use cases for plain HTML forms, so that the shop works before WASM has loaded and
//! without it. Each says which page comes next; that page tells what came of it.

use crate::contract::{BuyerView, IssuedView, Told};
use crate::domain::bank::{Account, Wrong};
use crate::domain::cart::Cart;
use crate::domain::contact::Contact;
use crate::domain::id::{CartId, OrderId, PaymentKey, ProductId, RequestId};
use crate::domain::won::Won;
use crate::server::identity::visitor::Visitor;
use crate::server::payment::refund::{self, Given};
use crate::server::shop::cart::KeptCart;
use crate::server::shop::checkout::{self, Again};
use crate::server::shop::seen::Seen;
use crate::server::shop::wish::{Source, Wish};
use crate::server::shop::{catalogue, offer, repeat};
use crate::server::{App, Error, Refusal};

/// What a change of the cart came to.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The cart to keep, if it changed.
    pub cart: Option<KeptCart>,
    /// The page that comes next.
    pub next: String,
}

/// `quantity` pieces of one product, in place of what was there.
pub async fn change_cart(
    app: &App,
    visitor: &Visitor,
    had: KeptCart,
    (product_id, quantity): (&str, &str),
    back: &str,
) -> Changed {
    let is_shop = back == "shop";
    let page = if is_shop { "/" } else { "/cart" };
    let before = had.cart.clone();
    let changed = async {
        let product = ProductId::parse(product_id).map_err(|_| Error::Told(Told::Unsold))?;
        let count = quantity.parse().map_err(|_| Error::Told(Told::Quantity))?;
        let KeptCart { cart, id, mut seen } = had.after_orders(app, visitor).await?.unwrap_or(had);
        let cart = catalogue::set(app, cart, product.clone(), count).await?;
        // The page has told its buyer what it costs now.
        if let Some(product) = catalogue::find(app, &product).await? {
            seen.note(&product);
        }
        seen.keep_only(&cart);
        Ok::<_, Error>(KeptCart { cart, id, seen })
    };
    match changed.await {
        // Back to where the button was, not to the top of the page.
        Ok(cart) if is_shop => Changed { cart: Some(cart), next: format!("/#{product_id}") },
        Ok(cart) => {
            let next = format!("/cart?pressed={}", pressed(&before, &cart.cart, product_id));
            Changed { cart: Some(cart), next }
        }
        Err(error) => Changed { cart: None, next: told(page, error) },
    }
}

/// The button that changed the cart so: the page puts the keyboard back onto it.
fn pressed(before: &Cart, after: &Cart, product_id: &str) -> String {
    let pieces = |cart: &Cart| {
        let line = cart.lines().iter().find(|line| line.product_id.as_str() == product_id);
        line.map_or(0, |line| line.quantity.get())
    };
    match (pieces(before), pieces(after)) {
        (_, 0) => "removed".to_owned(),
        (had, has) if has < had => format!("less-{product_id}"),
        (_, _) => format!("more-{product_id}"),
    }
}

/// Places the order; what was typed is kept even when it is wrong, so that nobody types it twice.
pub async fn place_order(
    app: &App,
    visitor: &Visitor,
    request_id: &str,
    (lines, cart, subtotal): (&str, &str, &str),
    buyer: BuyerView,
) -> String {
    let placed = async {
        checkout::remember_buyer(app, visitor, &buyer).await?;
        let mut wish = wish(request_id, lines, &buyer)?;
        // A name that is none names no cart.
        wish.cart_id = CartId::parse(cart).ok();
        let now = catalogue::cart(app, &wish.cart, &Seen::default()).await?.subtotal;
        let shown = subtotal.parse().ok().and_then(Won::new);
        if shown.is_some_and(|shown| shown < now) {
            return Err(Error::Told(Told::Risen));
        }
        checkout::place(app, visitor, wish).await
    };
    match placed.await {
        Ok(placed) => format!("/checkout?orderId={}", placed.order_id),
        Err(error) => told("/cart", error),
    }
}

/// A coupon for a code, put on the order that is about to be paid if that makes it cheaper.
pub async fn claim_coupon(app: &App, visitor: &Visitor, order_id: &str, code: &str) -> String {
    let Ok(order_id) = OrderId::parse(order_id) else { return "/cart".to_owned() };
    let page = format!("/checkout?orderId={order_id}");
    match offer::claim_for(app, visitor, code, Some(&order_id)).await {
        Ok(IssuedView { told: None, .. }) => page,
        Ok(IssuedView { told: Some(_), .. }) => told(&page, Error::Told(Told::CouponUnusable)),
        Err(error) => told(&page, error),
    }
}

/// A failed order, tried again.
pub async fn start_again(app: &App, visitor: &Visitor, order_id: &str) -> String {
    let again = async {
        let order_id =
            OrderId::parse(order_id).map_err(|it| Error::malformed("orderId", it.rule))?;
        checkout::again(app, visitor, &order_id).await
    };
    match again.await {
        Ok(Again::Placed(placed)) => format!("/checkout?orderId={}", placed.order_id),
        Ok(Again::Underway(order_id)) => format!("/orders/{order_id}"),
        Err(error) => told("/cart", error),
    }
}

/// The same cart again, as its buyer means it: on to the widget, or to the payment that came back from
/// it already.
pub async fn repeat_order(
    app: &App,
    visitor: &Visitor,
    order_id: &str,
    (payment_key, amount): (&str, &str),
) -> String {
    let Ok(order_id) = OrderId::parse(order_id) else { return "/cart".to_owned() };
    let page = match (PaymentKey::parse(payment_key), amount.parse().ok().and_then(Won::new)) {
        (Ok(key), Some(amount)) => {
            format!("/success?paymentKey={key}&orderId={order_id}&amount={}", amount.get())
        }
        _ => format!("/checkout?orderId={order_id}"),
    };
    match repeat::mean(app, visitor, &order_id).await {
        Ok(()) => page,
        Err(error) => told("/cart", error),
    }
}

/// The account to which an order's money goes back. That nothing waits for it any more is told by
/// the order's page.
pub async fn refund_account(
    app: &App,
    visitor: &Visitor,
    order_id: &str,
    (bank, number, holder): (&str, &str, &str),
) -> String {
    let given = async {
        let order_id =
            OrderId::parse(order_id).map_err(|it| Error::malformed("orderId", it.rule))?;
        let account = match Account::parse(bank, number, holder) {
            Ok(account) => account,
            // Without a fragment, beside which no browser puts the keyboard where a page asks for it.
            Err(wrongs) => {
                let fields = Wrong::fields(&wrongs);
                return Ok::<_, Error>(format!("/orders/{order_id}?wrong={fields}"));
            }
        };
        let by = Given::Buyer(app, visitor);
        match refund::give_account(&app.ledger, by, &order_id, &account, app.clock.now()).await {
            Err(Error::Refund(Refusal::NothingWaits)) => {}
            given => given?,
        }
        app.wake.notify_one();
        Ok(format!("/orders/{order_id}"))
    };
    match given.await {
        Ok(next) => next,
        Err(error) => told("/cart", error),
    }
}

fn wish(request_id: &str, lines: &str, buyer: &BuyerView) -> Result<Wish, Error> {
    let form = RequestId::parse(request_id)
        .map_err(|malformed| Error::malformed("requestId", malformed.rule))?;
    let lines = Cart::from_text(lines).lines().to_vec();
    Ok(Wish {
        cart: Cart::to_order(lines).map_err(|refused| Error::Told(refused.into()))?,
        customer: Contact::parse(&buyer.name, &buyer.email, &buyer.mobile_phone)
            .map_err(|_| Error::Told(Told::Buyer))?,
        coupon_id: None,
        cart_id: None,
        source: Source::Form(form),
    })
}

/// The page with the code of what it is to say. Words stay here: anybody writes addresses.
fn told(page: &str, error: Error) -> String {
    let (told, product) = match error {
        Error::Told(told) => (told, None),
        Error::Short(product) => (Told::Short, Some(product.product_id)),
        Error::Refused(_)
        | Error::Malformed(_)
        | Error::Refund(_)
        | Error::Database(_)
        | Error::OutOfOrder(_)
        | Error::Damaged(_)
        | Error::Impossible(_)
        | Error::Ended(_) => (Told::of(&error.answered()), None),
    };
    let joint = if page.contains('?') { '&' } else { '?' };
    let product = product.map(|id| format!("&product={id}")).unwrap_or_default();
    format!("{page}{joint}problem={}{product}", told.as_str())
}
