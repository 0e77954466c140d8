//! The server functions: public endpoints under `/api`, each a line or two; the ones for plain
//! forms, under `/form`, are in `form.rs`. How islands call some of them is in `call.rs`.

pub mod call;
pub mod form;

use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Post};

use crate::contract::{
    Answer, ApiError, BuyerView, CartView, CheckoutView, Claimed, CouponView, IssuedView,
    OrderView, Outcome, Placed, PriceView, ProductView, StrictJson,
};
use crate::domain::cart::CartLine;
use crate::domain::id::{CouponId, OrderId, PaymentKey, RequestId};
use crate::domain::won::Won;

/// `GET /api/products`: the shelf.
#[server(endpoint = "products", input = GetUrl, output = Post<Answer>)]
pub async fn products() -> Result<Vec<ProductView>, ApiError> {
    use crate::server::shop::catalogue;
    use crate::server::{App, Error};

    catalogue::products(&expect_context::<App>()).await.map_err(Error::answered)
}

/// `GET /api/cart`: this browser's cart as it would be ordered now.
#[server(endpoint = "cart", input = GetUrl, output = Post<Answer>)]
pub async fn cart() -> Result<CartView, ApiError> {
    use crate::server::identity::visitor::Visitor;
    use crate::server::shop::cart::KeptCart;
    use crate::server::shop::catalogue;
    use crate::server::{App, Error};

    let (app, visitor) = (expect_context::<App>(), expect_context::<Visitor>());
    let mut kept = KeptCart::of(&expect_context::<axum::http::request::Parts>().headers);
    if let Some(left) = kept.after_orders(&app, &visitor).await.map_err(Error::answered)? {
        let response = expect_context::<leptos_axum::ResponseOptions>();
        for cookie in left.keeping(&app) {
            response.append_header(axum::http::header::SET_COOKIE, cookie);
        }
        kept = left;
    }
    Ok(CartView {
        cart_id: kept.id,
        ..catalogue::cart(&app, &kept.cart, &kept.seen).await.map_err(Error::answered)?
    })
}

/// `GET /api/coupons?subtotal=`: this customer's coupons and what each would take off.
#[server(endpoint = "coupons", input = GetUrl, output = Post<Answer>)]
pub async fn coupons(subtotal: Won) -> Result<Vec<CouponView>, ApiError> {
    use crate::server::identity::visitor::Visitor;
    use crate::server::shop::coupon;
    use crate::server::{App, Error};

    let visitor = expect_context::<Visitor>();
    coupon::of_visitor(&expect_context::<App>(), &visitor, subtotal).await.map_err(Error::answered)
}

/// `GET /api/buyer`: what this customer last typed into the order form.
#[server(endpoint = "buyer", input = GetUrl, output = Post<Answer>)]
pub async fn buyer() -> Result<BuyerView, ApiError> {
    use crate::server::identity::visitor::Visitor;
    use crate::server::shop::checkout;
    use crate::server::{App, Error};

    checkout::last_buyer(&expect_context::<App>(), &expect_context::<Visitor>())
        .await
        .map_err(Error::answered)
}

/// `GET /api/form-id`: a name for one filling-in of the order form, sent along as `requestId`.
#[server(endpoint = "form-id", input = GetUrl, output = Post<Answer>)]
pub async fn form_id() -> Result<RequestId, ApiError> {
    use crate::server::Error;
    use crate::server::shop::checkout;

    checkout::new_form().map_err(Error::answered)
}

/// `POST /api/place-order`: prices the lines from the catalogue and stores a PENDING order.
#[server(endpoint = "place-order", input = Post<StrictJson>, output = Post<Answer>)]
pub async fn place_order(
    lines: Vec<CartLine>,
    customer: BuyerView,
    #[server(rename = "couponId")] coupon_id: Option<CouponId>,
    #[server(rename = "requestId")] request_id: Option<RequestId>,
) -> Result<Placed, ApiError> {
    use crate::server::identity::visitor::Visitor;
    use crate::server::shop::cart::KeptCart;
    use crate::server::shop::{checkout, wish};
    use crate::server::{App, Error};

    let mut wish =
        wish::typed_wish(lines, &customer, coupon_id, request_id).map_err(Error::answered)?;
    let (app, visitor) = (expect_context::<App>(), expect_context::<Visitor>());
    // A page that orders what is in its browser's cart.
    let kept = KeptCart::of(&expect_context::<axum::http::request::Parts>().headers);
    wish.cart_id = kept.id.filter(|_| kept.cart == wish.cart);
    let placed = checkout::place(&app, &visitor, wish).await.map_err(Error::answered)?;
    expect_context::<leptos_axum::ResponseOptions>().set_status(axum::http::StatusCode::CREATED);
    Ok(placed)
}

/// `GET /api/checkout?orderId=`: the order as its checkout page needs it.
#[server(endpoint = "checkout", input = GetUrl, output = Post<Answer>)]
pub async fn checkout(
    #[server(rename = "orderId")] order_id: OrderId,
) -> Result<CheckoutView, ApiError> {
    use crate::server::identity::visitor::Visitor;
    use crate::server::shop::checkout;
    use crate::server::{App, Error};

    let visitor = expect_context::<Visitor>();
    checkout::view(&expect_context::<App>(), &visitor, &order_id).await.map_err(Error::answered)
}

/// `POST /api/price` `{orderId}`: what of an order may have changed since it was shown; refused if
/// its coupon or its pieces have been lost meanwhile. Asks Toss first if the order is in doubt and that is due, which is why it is no GET.
#[server(endpoint = "price", input = Post<StrictJson>, output = Post<Answer>)]
pub async fn price(#[server(rename = "orderId")] order_id: OrderId) -> Result<PriceView, ApiError> {
    use crate::server::payment::outcome;
    use crate::server::shop::pricing;
    use crate::server::{App, Error};

    let app = expect_context::<App>();
    outcome::follow(&app, &order_id).await.map_err(Error::answered)?;
    pricing::price_to_pay(&app, &order_id).await.map_err(Error::answered)
}

/// `POST /api/apply-coupon`: puts a coupon on a PENDING order; without one, takes it off.
#[server(endpoint = "apply-coupon", input = Post<StrictJson>, output = Post<Answer>)]
pub async fn apply_coupon(
    #[server(rename = "orderId")] order_id: OrderId,
    #[server(rename = "couponId")] coupon_id: Option<CouponId>,
) -> Result<PriceView, ApiError> {
    use crate::server::identity::visitor::Visitor;
    use crate::server::shop::pricing;
    use crate::server::{App, Error};

    let (app, visitor) = (expect_context::<App>(), expect_context::<Visitor>());
    pricing::apply_coupon(&app, &visitor, &order_id, coupon_id.as_ref())
        .await
        .map_err(Error::answered)
}

/// `POST /api/claim-coupon` `{code, orderId?}`: a coupon of the offer that has this code, put on the
/// order if that makes it cheaper.
#[server(endpoint = "claim-coupon", input = Post<StrictJson>, output = Post<Answer>)]
pub async fn claim_coupon(
    code: String,
    #[server(rename = "orderId")] order_id: Option<OrderId>,
) -> Result<IssuedView, ApiError> {
    use crate::server::identity::visitor::Visitor;
    use crate::server::shop::offer;
    use crate::server::{App, Error};

    let (app, visitor) = (expect_context::<App>(), expect_context::<Visitor>());
    let issued = offer::claim_for(&app, &visitor, &code, order_id.as_ref())
        .await
        .map_err(Error::answered)?;
    expect_context::<leptos_axum::ResponseOptions>().set_status(axum::http::StatusCode::CREATED);
    Ok(issued)
}

/// `POST /api/confirm-payment`: confirms with Toss what the buyer approved in the widget.
#[server(endpoint = "confirm-payment", input = Post<StrictJson>, output = Post<Answer>)]
pub async fn confirm_payment(
    #[server(rename = "paymentKey")] payment_key: PaymentKey,
    #[server(rename = "orderId")] order_id: OrderId,
    amount: Claimed,
) -> Result<Outcome, ApiError> {
    use crate::domain::return_claim::ReturnClaim;
    use crate::server::identity::bearer::{self, Coming};
    use crate::server::identity::visitor::Visitor;
    use crate::server::payment::confirm::{self, Confirmed};
    use crate::server::shop::cart::KeptCart;
    use crate::server::{App, Error};

    let (app, visitor) = (expect_context::<App>(), expect_context::<Visitor>());
    // Before anything is waited for: a page whose browser has hung up has none of them any more.
    let response = expect_context::<leptos_axum::ResponseOptions>();
    let parts = expect_context::<axum::http::request::Parts>();
    let claim = ReturnClaim { payment_key, order_id, amount: amount.0 };
    let coming = Coming::of(&visitor);
    let confirmed = match confirm::confirm(&app, &claim, &coming.comer()).await {
        Ok(confirmed) => confirmed,
        Err(error) => {
            // Who came may be written down already, and must hear it.
            if error.is_outage() {
                bearer::welcome(&app, &coming, &claim).await;
            }
            return Err(error.answered());
        }
    };
    response.set_status(confirmed.http_status());
    match &confirmed {
        Confirmed::Bound(_, came) if came.bearer_hash.is_some() => coming.bears(&claim.order_id),
        Confirmed::Bound(..) => {}
        Confirmed::Told(_) | Confirmed::Mismatched(_) => {
            bearer::welcome(&app, &coming, &claim).await;
        }
    }
    let kept = KeptCart::of(&parts.headers);
    if let Some(left) =
        kept.after_order(&app, &visitor, confirmed.outcome()).await.map_err(Error::answered)?
    {
        for cookie in left.keeping(&app) {
            response.append_header(axum::http::header::SET_COOKIE, cookie);
        }
    }
    Ok(confirmed.into_outcome())
}

/// `POST /api/repeat-order` `{orderId}`: the buyer means to pay for the cart of this order again, knowing
/// what was ordered from it (`repeat` of the order's checkout).
#[server(endpoint = "repeat-order", input = Post<StrictJson>, output = Post<Answer>)]
pub async fn repeat_order(
    #[server(rename = "orderId")] order_id: OrderId,
) -> Result<Outcome, ApiError> {
    use crate::server::identity::visitor::Visitor;
    use crate::server::payment::outcome;
    use crate::server::shop::repeat;
    use crate::server::{App, Error};

    let (app, visitor) = (expect_context::<App>(), expect_context::<Visitor>());
    repeat::mean(&app, &visitor, &order_id).await.map_err(Error::answered)?;
    outcome::outcome(&app, &order_id).await.map_err(Error::answered)
}

/// `POST /api/fail-payment`: keeps the code on the buyer's own PENDING order. The message is whatever
/// the address said, and nobody's word.
#[server(endpoint = "fail-payment", input = Post<StrictJson>, output = Post<Answer>)]
pub async fn fail_payment(
    #[server(rename = "orderId")] order_id: OrderId,
    code: String,
    message: String,
) -> Result<Outcome, ApiError> {
    use crate::server::identity::visitor::Visitor;
    use crate::server::payment::abandon;
    use crate::server::{App, Error};

    drop(message);
    let (app, visitor) = (expect_context::<App>(), expect_context::<Visitor>());
    abandon::abandon(&app, &visitor, &order_id, &code).await.map_err(Error::answered)
}

/// `GET /api/order?orderId=`: the order; private details in full for its buyer alone.
#[server(endpoint = "order", input = GetUrl, output = Post<Answer>)]
pub async fn order(#[server(rename = "orderId")] order_id: OrderId) -> Result<OrderView, ApiError> {
    use crate::server::identity::visitor::Visitor;
    use crate::server::shop::order;
    use crate::server::{App, Error};

    let visitor = expect_context::<Visitor>();
    order::view(&expect_context::<App>(), &visitor, &order_id).await.map_err(Error::answered)
}

/// `GET /api/last-unpaid`: the order this browser was last about to pay, within the hour.
#[server(endpoint = "last-unpaid", input = GetUrl, output = Post<Answer>)]
pub async fn last_unpaid() -> Result<Option<OrderId>, ApiError> {
    use crate::server::identity::visitor::Visitor;
    use crate::server::shop::checkout;
    use crate::server::{App, Error};

    checkout::last_unpaid(&expect_context::<App>(), &expect_context::<Visitor>())
        .await
        .map_err(Error::answered)
}

/// `GET /api/order-status?orderId=`: how the order stands; asks Toss if that is due.
#[server(endpoint = "order-status", input = GetUrl, output = Post<Answer>)]
pub async fn order_status(
    #[server(rename = "orderId")] order_id: OrderId,
) -> Result<Outcome, ApiError> {
    use crate::server::payment::outcome;
    use crate::server::{App, Error};

    outcome::follow(&expect_context::<App>(), &order_id).await.map_err(Error::answered)
}
