//! Toss's browser script as the shop calls it: the sandbox's real script in a real browser.
//!
//! How it works: the script comes from a blob, so its origin is this page's. Its frames cannot
//! come from here, so a stand-in of a few lines speaks for each of them, in the messages that
//! the sandbox's own frames send.

#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::expect_used,
    clippy::cast_possible_truncation,
    reason = "a test that cannot go on should stop"
)]

use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use gyesan::domain::won::Won;
use gyesan::widget::{Customer, Happened, PaymentWidget, Request, SdkError, Setup, load};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// What `/v2/standard` serves.
const SCRIPT: &str = concat!(
    "(() => {\n\"use strict\";\n",
    include_str!("../sandbox/browser/script/errors.js"),
    include_str!("../sandbox/browser/script/checks.js"),
    include_str!("../sandbox/browser/script/requests.js"),
    include_str!("../sandbox/browser/script/frames.js"),
    include_str!("../sandbox/browser/script/window.js"),
    include_str!("../sandbox/browser/script/order.js"),
    include_str!("../sandbox/browser/script/widgets.js"),
    include_str!("../sandbox/browser/script/payment.js"),
    include_str!("../sandbox/browser/script/brandpay.js"),
    include_str!("../sandbox/browser/script/entry.js"),
    "})();\n"
);

const KEY: &str = "test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm";

#[wasm_bindgen(inline_js = r#"
// Says what the sandbox's frame of that address would say, and hears what it would hear.
function standIn() {
  const { path, told } = FRAME;
  const say = (message) => parent.postMessage(message, "*");
  const state = (state, changed) => say({ type: "state", state, changed });
  const choice = (code, changed) => {
    const obstacle = code === "CARD" ? "NEED_CARD_PAYMENT_DETAIL" : null;
    state({ event: { code }, choice: { method: code }, obstacle, isForeign: false }, changed);
  };
  const terms = (agreed, changed) => state({ event: { agreedRequiredTerms: agreed } }, changed);
  addEventListener("message", ({ data }) => {
    if (data.type === "amount") parent.hear(data.amount.value);
    if (data.type === "buyer chooses") choice(data.code, true);
    if (data.type === "buyer agrees") terms(true, true);
    if (data.type === "buyer closes") say({ type: "refused", code: "USER_CANCEL", message: "" });
  });
  if (path === "/v2/frames/methods") {
    if (told.clientKey.endsWith("unknown")) say({ type: "refused", code: "INVALID_CLIENT_KEY" });
    else choice("CARD", false);
  }
  if (path === "/v2/frames/agreement") terms(false, false);
  if (path === "/v2/window") parent.hear(`${told.orderId} ${told.amount.value}`);
}

let said = [];
let waiting = [];

export function fresh_page() {
  document.querySelectorAll("iframe, dialog, .host").forEach((left) => left.remove());
  delete window.TossPayments;
  for (const id of ["methods", "agreement"]) {
    document.body.append(Object.assign(document.createElement("div"), { id, className: "host" }));
  }
  said = [];
  waiting = [];
  window.hear = (words) => (waiting.length ? waiting.shift()(words) : said.push(words));
  Object.defineProperty(HTMLIFrameElement.prototype, "src", {
    configurable: true,
    set(address) {
      const { pathname: path, hash } = new URL(address);
      const frame = JSON.stringify({ path, told: JSON.parse(decodeURIComponent(hash.slice(1))) });
      const words = `const FRAME = ${frame}; (${standIn})();`;
      this.srcdoc = `<script>${words.replaceAll("</", "<\\/")}</` + "script>";
    },
  });
}

export const script_at = (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
export const next_heard = () =>
  new Promise((resolve) => (said.length ? resolve(said.shift()) : waiting.push(resolve)));
export const buyer = (title, type, code) =>
  document.querySelector(`iframe[title="${title}"]`).contentWindow.postMessage({ type, code }, "*");
export const count = (selector) => document.querySelectorAll(selector).length;
export const thrown = (name, code) => Object.assign(new Error("a sentence"), { name, code });
"#)]
extern "C" {
    fn fresh_page();
    fn script_at(text: &str) -> String;
    async fn next_heard() -> JsValue;
    fn buyer(title: &str, does: &str, code: &str);
    fn count(selector: &str) -> u32;
    fn thrown(name: &str, code: Option<String>) -> JsValue;
}

/// A page on which nothing has happened, with Toss's script.
async fn page() -> Result<(), SdkError> {
    fresh_page();
    load(&script_at(SCRIPT)).await
}

fn won(amount: i64) -> Won {
    Won::new(amount).expect("an amount of the tests is right")
}

fn setup() -> Setup {
    Setup {
        client_key: KEY.to_owned(),
        customer_key: "customer-of-the-tests".to_owned(),
        amount: won(61_000),
        methods: "#methods",
        agreement: "#agreement",
    }
}

fn request() -> Request {
    Request {
        order_id: "order-of-the-tests".to_owned(),
        order_name: "토스 티셔츠 외 2건".to_owned(),
        success_url: "http://127.0.0.1/success".to_owned(),
        fail_url: "http://127.0.0.1/fail".to_owned(),
        customer: Some(Customer {
            email: "hong@example.com".to_owned(),
            name: "홍길동".to_owned(),
            mobile_phone: "01012345678".to_owned(),
        }),
        tax_free: Won::ZERO,
    }
}

async fn widget() -> Result<PaymentWidget, SdkError> {
    PaymentWidget::open(&setup(), |_| {}).await
}

/// A widget, and what happens at it.
async fn watched() -> Result<(PaymentWidget, UnboundedReceiver<Happened>), SdkError> {
    let (told, happened) = unbounded();
    let tell = move |what| drop(told.unbounded_send(what));
    Ok((PaymentWidget::open(&setup(), tell).await?, happened))
}

/// The code that `opening` fails with.
async fn refused(opening: &Setup) -> String {
    PaymentWidget::open(opening, |_| {}).await.map(|_| ()).expect_err("it must be refused").code
}

/// A widget at which the buyer has agreed and chosen what needs no more choosing.
async fn ready() -> Result<PaymentWidget, SdkError> {
    let (widget, mut happened) = watched().await?;
    buyer("약관 동의", "buyer agrees", "");
    buyer("결제수단 선택", "buyer chooses", "TOSSPAY");
    let (mut agreed, mut chosen) = (false, false);
    while !(agreed && chosen) {
        match happened.next().await {
            Some(Happened::Agreed(now)) => agreed = now,
            Some(Happened::MethodSelected(code)) => chosen = code == "TOSSPAY",
            None => break,
        }
    }
    Ok(widget)
}

#[wasm_bindgen_test]
async fn a_script_that_cannot_be_reached_is_told_and_can_be_tried_again() -> Result<(), SdkError> {
    fresh_page();
    for _ in 0..2 {
        let trouble = load("/no-such-script.js").await.expect_err("there is no such script");
        assert_eq!(trouble, SdkError::of(SdkError::SCRIPT));
        assert_eq!(count("script[src='/no-such-script.js']"), 0);
    }
    load(&script_at(SCRIPT)).await?;
    widget().await?.close();
    Ok(())
}

#[wasm_bindgen_test]
async fn a_script_that_is_there_is_not_loaded_again() -> Result<(), SdkError> {
    page().await?;
    load("/no-such-script.js").await
}

#[wasm_bindgen_test]
async fn a_script_that_defines_nothing_is_told() -> Result<(), SdkError> {
    fresh_page();
    load(&script_at("/* An empty answer. */")).await?;
    assert_eq!(refused(&setup()).await, SdkError::NAMESPACE);
    Ok(())
}

#[wasm_bindgen_test]
async fn a_refused_opening_carries_the_code_and_leaves_nothing() -> Result<(), SdkError> {
    type Change = fn(&mut Setup);
    let cases: [(&str, Change); 8] = [
        ("INVALID_CLIENT_KEY", |setup| setup.client_key = "nonsense".to_owned()),
        ("INVALID_CLIENT_KEY", |setup| setup.client_key = "test_gsk_secret".to_owned()),
        // Well-formed: only Toss knows that there is no such key.
        ("INVALID_CLIENT_KEY", |setup| setup.client_key = "test_gck_unknown".to_owned()),
        ("NOT_SUPPORTED_API_INDIVIDUAL_KEY", |setup| setup.client_key = "test_ck_x".to_owned()),
        ("INVALID_CUSTOMER_KEY", |setup| setup.customer_key = "고객".to_owned()),
        ("INSECURE_KEY_USAGE", |setup| setup.customer_key = "test_gsk_secret".to_owned()),
        ("INVALID_SELECTOR", |setup| setup.methods = "#nowhere"),
        ("INVALID_SELECTOR", |setup| setup.agreement = "#nowhere"),
    ];
    page().await?;
    for (code, change) in cases {
        let mut wrong = setup();
        change(&mut wrong);
        assert_eq!(refused(&wrong).await, code, "{wrong:?}");
        assert_eq!(count("iframe"), 0, "{code}");
        // What was half drawn would refuse to be drawn again.
        widget().await?.close();
    }
    Ok(())
}

#[wasm_bindgen_test]
async fn a_second_desk_is_refused_and_the_first_goes_on() -> Result<(), SdkError> {
    page().await?;
    let first = widget().await?;
    assert_eq!(refused(&setup()).await, "PAYMENT_METHODS_WIDGET_ALREADY_RENDERED");
    assert_eq!(count("iframe"), 2);
    first.set_amount(won(58_000)).await?;
    first.close();
    Ok(())
}

#[wasm_bindgen_test]
async fn a_closed_desk_can_be_opened_again() -> Result<(), SdkError> {
    page().await?;
    for _ in 0..3 {
        let widget = widget().await?;
        assert_eq!((count("#methods iframe"), count("#agreement iframe")), (1, 1));
        widget.close();
        assert_eq!(count("iframe"), 0);
        // A clone is the same widget, and closing twice is closing.
        widget.clone().close();
    }
    Ok(())
}

#[wasm_bindgen_test]
async fn the_widget_is_told_every_amount() -> Result<(), SdkError> {
    page().await?;
    let widget = widget().await?;
    assert_eq!(next_heard().await, 61_000);
    for amount in [58_000, 1, Won::MAX.get()] {
        widget.set_amount(won(amount)).await?;
        assert_eq!(next_heard().await.as_f64().map(|heard| heard as i64), Some(amount));
    }
    widget.close();
    Ok(())
}

#[wasm_bindgen_test]
async fn what_the_buyer_does_is_told() -> Result<(), SdkError> {
    page().await?;
    let (widget, mut happened) = watched().await?;
    let mut first = vec![happened.next().await, happened.next().await];
    first.sort_by_key(|happened| format!("{happened:?}"));
    let card = Happened::MethodSelected("CARD".to_owned());
    assert_eq!(first, [Some(Happened::Agreed(false)), Some(card)]);
    buyer("약관 동의", "buyer agrees", "");
    assert_eq!(happened.next().await, Some(Happened::Agreed(true)));
    buyer("결제수단 선택", "buyer chooses", "TOSSPAY");
    let chosen = Happened::MethodSelected("TOSSPAY".to_owned());
    assert_eq!(happened.next().await, Some(chosen));
    widget.close();
    Ok(())
}

#[wasm_bindgen_test]
async fn paying_too_early_carries_the_code() -> Result<(), SdkError> {
    page().await?;
    let (widget, mut happened) = watched().await?;
    let code = async || widget.pay(&request()).await.expect_err("it must be refused").code;
    assert_eq!(code().await, "NEED_AGREEMENT_WITH_REQUIRED_TERMS");
    buyer("약관 동의", "buyer agrees", "");
    while happened.next().await != Some(Happened::Agreed(true)) {}
    assert_eq!(code().await, "NEED_CARD_PAYMENT_DETAIL");
    widget.close();
    assert_eq!(code().await, "NOT_SELECTED_PAYMENT_METHOD");
    Ok(())
}

#[wasm_bindgen_test]
async fn a_wrong_request_carries_the_code() -> Result<(), SdkError> {
    type Change = fn(&mut Request);
    let cases: [(&str, Change); 5] = [
        ("INVALID_PARAMETERS", |request| request.order_id = "짧음".to_owned()),
        ("INVALID_PARAMETERS", |request| request.order_name = String::new()),
        ("INVALID_PARAMETERS", |request| {
            if let Some(customer) = &mut request.customer {
                customer.mobile_phone = "010-1234-5678".to_owned();
            }
        }),
        ("INCORRECT_SUCCESS_URL_FORMAT", |request| request.success_url = "/success".to_owned()),
        ("INCORRECT_FAIL_URL_FORMAT", |request| request.fail_url = "/fail".to_owned()),
    ];
    page().await?;
    let widget = ready().await?;
    for (code, change) in cases {
        let mut wrong = request();
        change(&mut wrong);
        let trouble = widget.pay(&wrong).await.expect_err("it must be refused");
        assert_eq!(trouble.code, code);
        assert!(!trouble.message.is_empty());
    }
    widget.set_amount(Won::ZERO).await?;
    let trouble = widget.pay(&request()).await.expect_err("nothing costs nothing");
    assert_eq!(trouble.code, "BELOW_ZERO_AMOUNT");
    widget.close();
    Ok(())
}

#[wasm_bindgen_test]
async fn a_closed_window_is_told_and_another_can_be_opened() -> Result<(), SdkError> {
    page().await?;
    let widget = ready().await?;
    assert_eq!(next_heard().await, 61_000);
    for amount in [58_000, 61_000] {
        widget.set_amount(won(amount)).await?;
        assert_eq!(next_heard().await, f64::from(amount as i32));
        let visit = async {
            // The window is open: it has the order, and the amount as it is now.
            assert_eq!(next_heard().await, format!("order-of-the-tests {amount}").as_str());
            let second = widget.pay(&request()).await.expect_err("one window is open");
            assert_eq!(second.code, "INVALID_METHOD_TRANSACTION");
            buyer("결제창", "buyer closes", "");
        };
        let asked = request();
        let (paid, ()) = futures::join!(widget.pay(&asked), visit);
        assert_eq!(paid.expect_err("the buyer closed it").code, "USER_CANCEL");
        assert_eq!(count("dialog"), 0);
    }
    widget.close();
    Ok(())
}

#[wasm_bindgen_test]
fn anything_thrown_becomes_a_code() {
    let code = |value: JsValue| SdkError::from(value).code;
    assert_eq!(code(thrown("Error", Some("USER_CANCEL".to_owned()))), "USER_CANCEL");
    // Codes are read by name, whatever the class is called.
    assert_eq!(code(thrown("X1", Some("INVALID_SELECTOR".to_owned()))), "INVALID_SELECTOR");
    assert_eq!(code(thrown("ReferenceError", None)), SdkError::NAMESPACE);
    assert_eq!(code(thrown("TypeError", None)), "UNKNOWN");
    assert_eq!(code(thrown("TypeError", Some(String::new()))), "UNKNOWN");
    assert_eq!(code("a text".into()), "UNKNOWN");
    assert_eq!(code(JsValue::UNDEFINED), "UNKNOWN");
    assert_eq!(SdkError::from(thrown("Error", None)).message, "a sentence");
}
