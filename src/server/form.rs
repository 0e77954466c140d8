//! The same use cases for plain HTML forms, so that the shop works before WASM has loaded and
//! without it. Each answers with a redirect to a page that tells what came of it.

use axum::extract::{Extension, Form, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::contract::ApiError;
use crate::domain::cart::{Cart, CartLine};
use crate::domain::contact::{BuyerName, Contact, Email, Mobile};
use crate::domain::id::{CouponId, OrderId, ProductId, RequestId};
use crate::server::checkout::{self, Source, Wish};
use crate::server::visitor::{self, Visitor};
use crate::server::{App, Error, catalogue};

/// `count` pieces of one product in the cart, in place of what was there.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CartChange {
    product_id: String,
    quantity: u32,
    /// Where to go afterwards; one of our own pages.
    #[serde(default)]
    back: String,
}

/// `POST /cart`
pub async fn change_cart(
    State(app): State<App>,
    headers: HeaderMap,
    Form(change): Form<CartChange>,
) -> Response {
    let back = if change.back == "/" { "/" } else { "/cart" };
    let changed = async {
        let product = ProductId::parse(&change.product_id)
            .map_err(|malformed| Error::invalid("productId", malformed))?;
        catalogue::set(&app, visitor::cart(&headers), product, change.quantity).await
    };
    match changed.await {
        Ok((cart, _)) => with_cart(&app, &cart, back),
        Err(error) => told(back, &error.into()),
    }
}

/// The order form: who buys, with which coupon. What is bought comes along line by line, so
/// that a buyer orders what the page showed, whatever another tab did to the cart.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderForm {
    request_id: String,
    /// `tee*2~mug*1`
    lines: String,
    name: String,
    email: String,
    mobile_phone: String,
    #[serde(default)]
    coupon_id: String,
}

/// `POST /order`
pub async fn place_order(
    State(app): State<App>,
    Extension(visitor): Extension<Visitor>,
    Form(form): Form<OrderForm>,
) -> Response {
    let placed = async { checkout::place(&app, &visitor, wish(&form)?).await };
    match placed.await {
        Ok(placed) => {
            Redirect::to(&format!("/checkout?orderId={}", placed.order_id)).into_response()
        }
        Err(error) => told("/cart", &error.into()),
    }
}

fn wish(form: &OrderForm) -> Result<Wish, Error> {
    let id = |malformed| Error::invalid("requestId", malformed);
    let cart = Cart::from_text(&form.lines);
    let lines: Vec<CartLine> = cart.lines().to_vec();
    let coupon_id = Some(form.coupon_id.as_str()).filter(|id| !id.is_empty());
    Ok(Wish {
        cart: Cart::to_order(lines).map_err(|refused| Error::invalid("lines", refused))?,
        customer: Contact {
            name: BuyerName::parse(&form.name).map_err(|m| Error::invalid("customer.name", m))?,
            email: Email::parse(&form.email).map_err(|m| Error::invalid("customer.email", m))?,
            mobile_phone: Mobile::parse(&form.mobile_phone)
                .map_err(|m| Error::invalid("customer.mobilePhone", m))?,
        },
        coupon_id: coupon_id
            .map(CouponId::parse)
            .transpose()
            .map_err(|malformed| Error::invalid("couponId", malformed))?,
        source: Source::Form(RequestId::parse(&form.request_id).map_err(id)?),
    })
}

/// A failed order that is tried again.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Again {
    order_id: String,
}

/// `POST /again`
pub async fn start_again(
    State(app): State<App>,
    Extension(visitor): Extension<Visitor>,
    Form(form): Form<Again>,
) -> Response {
    let placed = async {
        let order_id = OrderId::parse(&form.order_id)
            .map_err(|malformed| Error::invalid("orderId", malformed))?;
        checkout::again(&app, &visitor, &order_id).await
    };
    match placed.await {
        Ok(placed) => {
            Redirect::to(&format!("/checkout?orderId={}", placed.order_id)).into_response()
        }
        Err(error) => told("/cart", &error.into()),
    }
}

fn with_cart(app: &App, cart: &Cart, to: &str) -> Response {
    let keep = visitor::keep_cart(app, cart);
    let kept = keep.map(|value: HeaderValue| (SET_COOKIE, value));
    (AppendHeaders(kept), Redirect::to(to)).into_response()
}

/// Back to the page, which shows the sentence. 303, so that a reload does not send it again.
fn told(page: &str, error: &ApiError) -> Response {
    let field = error.field.clone().unwrap_or_default();
    let query = [("problem", error.sentence()), ("field", &field)];
    match reqwest::Url::parse_with_params("http://shop/", query) {
        Ok(url) => {
            let query = url.query().unwrap_or_default();
            Redirect::to(&format!("{page}?{query}")).into_response()
        }
        Err(_) => (StatusCode::BAD_REQUEST, error.message.clone()).into_response(),
    }
}
