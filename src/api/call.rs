//! The server functions that islands call, as the browser calls them: with its own `fetch`, and its own
//! JSON.
//!
//! Why: the client that the library makes of a server function brings streams, redirects and a writer of
//! JSON into the WASM, which the checkout page has to carry.

use js_sys::{JSON, Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

use crate::contract::{ApiError, Code, IssuedView, Json, PriceView, Readable};
use crate::domain::id::{CouponId, OrderId};

#[wasm_bindgen]
extern "C" {
    type Answered;

    #[wasm_bindgen(catch)]
    fn fetch(address: &str, request: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn ok(this: &Answered) -> bool;
    #[wasm_bindgen(method, catch)]
    fn json(this: &Answered) -> Result<Promise, JsValue>;
}

/// `POST /api/price`: [`crate::api::price`]
pub async fn price(order_id: &OrderId) -> Result<PriceView, ApiError> {
    read(post("price", &[order(order_id)]).await)
}

/// `POST /api/apply-coupon`: [`crate::api::apply_coupon`]
pub async fn apply_coupon(
    order_id: &OrderId,
    coupon: Option<CouponId>,
) -> Result<PriceView, ApiError> {
    let coupon = coupon.map_or(JsValue::NULL, |coupon| coupon.as_str().into());
    read(post("apply-coupon", &[order(order_id), ("couponId", coupon)]).await)
}

/// `POST /api/claim-coupon`: [`crate::api::claim_coupon`]
pub async fn claim_coupon(code: &str, order_id: &OrderId) -> Result<IssuedView, ApiError> {
    read(post("claim-coupon", &[("code", code.into()), order(order_id)]).await)
}

fn order(order_id: &OrderId) -> (&'static str, JsValue) {
    ("orderId", order_id.as_str().into())
}

fn unreachable() -> ApiError {
    ApiError::new(Code::Unreachable, "")
}

/// What is no answer of the shop's comes from something in between.
fn read<T: Readable>(answered: Option<(bool, Json)>) -> Result<T, ApiError> {
    match answered {
        Some((true, json)) => T::read(&json).ok_or_else(unreachable),
        Some((false, json)) => Err(ApiError::read(&json).unwrap_or_else(unreachable)),
        None => Err(unreachable()),
    }
}

/// Whether it was done, and what is said of it; `None` where nobody could be asked.
async fn post(name: &str, fields: &[(&str, JsValue)]) -> Option<(bool, Json)> {
    let body = JSON::stringify(&object(fields)).ok()?;
    let request = object(&[
        ("method", "POST".into()),
        ("headers", object(&[("content-type", "application/json".into())])),
        ("body", body.into()),
    ]);
    let answered = fetch(&format!("/api/{name}"), &request).ok()?;
    let answered: Answered = JsFuture::from(answered).await.ok()?.into();
    let json = JsFuture::from(answered.json().ok()?).await.ok()?;
    Some((answered.ok(), Json::of(json)))
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new().into();
    for (key, value) in fields {
        // Fails only on frozen objects and proxies; ours are neither.
        let done = Reflect::set(&object, &JsValue::from_str(key), value);
        debug_assert!(done.is_ok());
    }
    object
}
