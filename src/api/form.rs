//! The same use cases for plain HTML forms: each leads on to a page that tells what came of it.

use leptos::prelude::*;
use leptos::server_fn::codec::{Post, PostUrl};

use crate::contract::{Answer, ApiError};

/// `POST /form/cart`: `quantity` pieces of one product, in place of what was there. `back` says
/// which page the form was on: `shop`, or else the cart.
#[server(prefix = "/form", endpoint = "cart", input = PostUrl, output = Post<Answer>)]
pub async fn change_cart(
    #[server(rename = "productId")] product_id: String,
    quantity: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    use crate::server::App;
    use crate::server::identity::visitor::Visitor;
    use crate::server::shop::cart::KeptCart;
    use crate::server::web::forms;

    let (app, visitor) = (expect_context::<App>(), expect_context::<Visitor>());
    let had = KeptCart::of(&expect_context::<axum::http::request::Parts>().headers);
    let change = (product_id.as_str(), quantity.as_str());
    let changed = forms::change_cart(&app, &visitor, had, change, &back).await;
    if let Some(cart) = &changed.cart {
        let response = expect_context::<leptos_axum::ResponseOptions>();
        for cookie in cart.keeping(&app) {
            response.append_header(axum::http::header::SET_COOKIE, cookie);
        }
    }
    leptos_axum::redirect(&changed.next);
    Ok(())
}

/// `POST /form/order`: who buys. What is bought comes along line by line (`tee*2~mug*1`), so
/// that a buyer orders what the page showed, whatever another tab did to the cart; under the name that
/// the cart had then, so that one cart is not paid twice without a word; and `subtotal` is the sum that
/// the page showed, so that nothing that became dearer meanwhile is ordered without one.
#[server(prefix = "/form", endpoint = "order", input = PostUrl, output = Post<Answer>)]
pub async fn place_order(
    #[server(rename = "requestId")] request_id: String,
    lines: String,
    #[server(default)] cart: String,
    name: String,
    email: String,
    #[server(rename = "mobilePhone")] mobile_phone: String,
    #[server(default)] subtotal: String,
) -> Result<(), ApiError> {
    use crate::contract::BuyerView;
    use crate::server::App;
    use crate::server::identity::visitor::Visitor;
    use crate::server::web::forms;

    let (app, visitor) = (expect_context::<App>(), expect_context::<Visitor>());
    let buyer = BuyerView { name, email, mobile_phone };
    let shown = (lines.as_str(), cart.as_str(), subtotal.as_str());
    let next = forms::place_order(&app, &visitor, &request_id, shown, buyer).await;
    leptos_axum::redirect(&next);
    Ok(())
}

/// `POST /form/claim-coupon`: a coupon for a code, put on the order.
#[server(prefix = "/form", endpoint = "claim-coupon", input = PostUrl, output = Post<Answer>)]
pub async fn claim_coupon(
    #[server(rename = "orderId")] order_id: String,
    code: String,
) -> Result<(), ApiError> {
    use crate::server::App;
    use crate::server::identity::visitor::Visitor;
    use crate::server::web::forms;

    let (app, visitor) = (expect_context::<App>(), expect_context::<Visitor>());
    leptos_axum::redirect(&forms::claim_coupon(&app, &visitor, &order_id, &code).await);
    Ok(())
}

/// `POST /form/refund-account`: where a deposited virtual account is to be refunded to. What was
/// typed is in no address: the page is told the field that is wrong and nothing else.
#[server(prefix = "/form", endpoint = "refund-account", input = PostUrl, output = Post<Answer>)]
pub async fn refund_account(
    #[server(rename = "orderId")] order_id: String,
    bank: String,
    #[server(rename = "accountNumber")] account_number: String,
    #[server(rename = "holderName")] holder_name: String,
) -> Result<(), ApiError> {
    use crate::server::App;
    use crate::server::identity::visitor::Visitor;
    use crate::server::web::forms;

    let (app, visitor) = (expect_context::<App>(), expect_context::<Visitor>());
    let typed = (bank.as_str(), account_number.as_str(), holder_name.as_str());
    leptos_axum::redirect(&forms::refund_account(&app, &visitor, &order_id, typed).await);
    Ok(())
}

/// `POST /form/again`: the same cart as a failed order, as a new one.
#[server(prefix = "/form", endpoint = "again", input = PostUrl, output = Post<Answer>)]
pub async fn start_again(#[server(rename = "orderId")] order_id: String) -> Result<(), ApiError> {
    use crate::server::App;
    use crate::server::identity::visitor::Visitor;
    use crate::server::web::forms;

    let (app, visitor) = (expect_context::<App>(), expect_context::<Visitor>());
    leptos_axum::redirect(&forms::start_again(&app, &visitor, &order_id).await);
    Ok(())
}

/// `POST /form/repeat`: the buyer means to pay for the cart of this order again. With what Toss gave
/// along, the payment that waits for this word is confirmed.
#[server(prefix = "/form", endpoint = "repeat", input = PostUrl, output = Post<Answer>)]
pub async fn repeat_order(
    #[server(rename = "orderId")] order_id: String,
    #[server(rename = "paymentKey")] payment_key: Option<String>,
    amount: Option<String>,
) -> Result<(), ApiError> {
    use crate::server::App;
    use crate::server::identity::visitor::Visitor;
    use crate::server::web::forms;

    let (app, visitor) = (expect_context::<App>(), expect_context::<Visitor>());
    let came = (payment_key.unwrap_or_default(), amount.unwrap_or_default());
    let next = forms::repeat_order(&app, &visitor, &order_id, (&came.0, &came.1)).await;
    leptos_axum::redirect(&next);
    Ok(())
}

/// `POST /form/end-deposit`: the buyer will not pay into the account; the order ends.
#[server(prefix = "/form", endpoint = "end-deposit", input = PostUrl, output = Post<Answer>)]
pub async fn end_deposit(#[server(rename = "orderId")] order_id: String) -> Result<(), ApiError> {
    use crate::server::identity::visitor::Visitor;
    use crate::server::payment::deposit_end;
    use crate::server::{App, Error};

    let (app, visitor) = (expect_context::<App>(), expect_context::<Visitor>());
    leptos_axum::redirect(
        &deposit_end::ask_by_form(&app, &visitor, &order_id).await.map_err(Error::answered)?,
    );
    Ok(())
}
