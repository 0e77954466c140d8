//! `/checkout?orderId=…`: the order, its coupon, Toss's widget and the pay button.
//!
//! Invariant: whenever the pay button can be pressed, the amount on it, the amount stored and
//! the amount in the widget are the same. So every change goes one way: the server prices, the
//! widget is told, then the page shows it; and until all three agree the button is disabled.

mod claim;
mod paint;
mod payable;
mod payment_form;

use std::borrow::Cow;

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, PageTransitionEvent};

use crate::api;
use crate::components::{COUPON_INPUT, CouponChoice, CouponCode, OrderLines, TROUBLES};
use crate::contract::{ApiError, CheckoutView, Code, Told};
use crate::domain::id::{CustomerKey, OrderId};
use crate::domain::order::Status;
use crate::domain::won::Won;
use crate::pages::checkout::paint::{
    BROKEN, CHOICES, DISCOUNT, LOADING, NOTICE, OBSTACLE, OVER, RETRY, TOTAL, WHY,
};
use crate::pages::checkout::payable::Payable;
use crate::pages::checkout::payment_form::{PAY_BUTTON, PaymentForm, TROUBLES_PLACE};
use crate::pages::dom::{document, find, in_browser, on, window};
use crate::pages::head::Title;
use crate::pages::problem::{Notice, Problem};
use crate::pages::repeat::Repeat;
use crate::words::{self, Checkout as Words, Sums, Trouble, less, money, spoken};

fn say(it: Words) -> Cow<'static, str> {
    it.say(spoken())
}

#[component]
pub fn CheckoutPage() -> impl IntoView {
    let query = use_query_map();
    let get = |key: &str| query.read_untracked().get(key);
    let id = get("orderId").unwrap_or_default();
    let told = get("problem").and_then(|code| Told::parse(&code));
    let loaded = Resource::new(
        || (),
        move |()| {
            let id = id.clone();
            async move {
                let id = OrderId::parse(&id).map_err(|malformed| {
                    let rule = words::rule(malformed.rule, spoken());
                    ApiError::in_field(Code::InvalidRequest, "orderId", rule)
                })?;
                api::checkout(id).await
            }
        },
    );
    view! {
        <Suspense>
            {move || {
                Suspend::new(async move {
                    match loaded.await {
                        Ok(CheckoutView { in_doubt: Some(other), .. }) => {
                            view! { <Elsewhere other /> }.into_any()
                        }
                        Ok(CheckoutView { repeat: Some(other), order_id, .. }) => {
                            view! { <Repeat order_id other came=None /> }.into_any()
                        }
                        Ok(order) if order.status == Status::Pending => {
                            let title =
                                Words::PageTitle { order_name: &order.order_name }.say(spoken());
                            let widget = match order.customer_key.clone() {
                                Some(key) => view! { <PaymentWidget order key told /> }.into_any(),
                                None => view! { <NotHere order_id=order.order_id /> }.into_any(),
                            };
                            view! {
                                <Title text=title />
                                <h1>{say(Words::Title)}</h1>
                                {widget}
                            }
                            .into_any()
                        }
                        Ok(order) => view! { <Past order /> }.into_any(),
                        Err(error) => view! { <Problem error /> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

/// The same cart is being paid for already.
#[component]
fn Elsewhere(other: OrderId) -> impl IntoView {
    view! {
        <Title text=say(Words::ElsewhereTitle) />
        <section class="banner waiting narrow">
            <span class="mark" aria-hidden="true"></span>
            <h1 data-testid="status" data-status="CONFIRMING">
                {words::Standing::InDoubt.say(spoken())}
            </h1>
            <p>{say(Words::Elsewhere)}</p>
        </section>
        <p class="ways">
            <a class="button" href=format!("/orders/{other}")>{say(Words::SeeElsewhere)}</a>
        </p>
    }
}

/// The order is another browser's: who its buyer is, is told to nobody else, nor to Toss.
#[component]
fn NotHere(order_id: OrderId) -> impl IntoView {
    view! {
        <section class="banner waiting narrow">
            <span class="mark" aria-hidden="true"></span>
            <h2>{say(Words::NotHereTitle)}</h2>
            <p>{say(Words::NotHere)}</p>
        </section>
        <p class="ways">
            <a class="button" href="/">{words::Layout::ToShop.say(spoken())}</a>
            <a href=format!("/orders/{order_id}")>{say(Words::SeeOrder)}</a>
        </p>
    }
}

/// There is nothing left to pay here.
#[component]
fn Past(order: CheckoutView) -> impl IntoView {
    let sentence = match order.status {
        Status::Completed
        | Status::Refunding
        | Status::RefundWaiting
        | Status::PartiallyRefunded
        | Status::Refunded => say(Words::PastPaid),
        Status::Failed => say(Words::PastFailed),
        Status::Expired => say(Words::PastExpired),
        Status::Pending | Status::Confirming | Status::WaitingForDeposit | Status::Canceling => {
            words::Standing::InDoubt.say(spoken())
        }
    };
    view! {
        <Title text=say(Words::PastTitle) />
        <section class="banner waiting narrow">
            <span class="mark" aria-hidden="true"></span>
            <h1>{sentence}</h1>
        </section>
        <p class="ways">
            <a class="button" href=format!("/orders/{}", order.order_id)>
                {say(Words::SeeOrder)}
            </a>
        </p>
    }
}

/// The whole page, complete as it stands; what moves on it is moved by the island. Toss's script is on
/// its way before the island asks for it, but not run: one that does not come holds nothing up.
#[component]
fn PaymentWidget(order: CheckoutView, key: CustomerKey, told: Option<Told>) -> impl IntoView {
    let script = order.script_url.clone();
    let carrier = Payable::of(&order, &key).carrier();
    let (code_wrong, wrong) = match told {
        Some(told) if told.is_about_code() => (Some(told.sentence()), None),
        told => (None, told.map(Told::sentence)),
    };
    let coupons = order.customer.is_some().then(|| {
        view! {
            <section class="card">
                <CouponChoice coupons=order.coupons chosen=order.coupon_id />
                <CouponCode order_id=order.order_id.clone() wrong=code_wrong />
            </section>
        }
    });
    view! {
        <link rel="preload" r#as="script" href=script nonce=use_nonce() />
        <Notice sentence=wrong />
        <Late />
        <div class="columns checkout">
            <div id=CHOICES>
                {carrier}
                <Troubles />
                <section class="card">
                    <h2>{order.order_name}</h2>
                    <OrderLines lines=order.lines />
                </section>
                {coupons}
            </div>
            <div>
                <Widget />
                <section class="card">
                    <Sum subtotal=order.subtotal discount=order.discount amount=order.amount />
                    <p class="ways" id=OVER hidden>
                        <a class="button" href=format!("/orders/{}", order.order_id)>
                            {say(Words::SeeOrder)}
                        </a>
                    </p>
                </section>
            </div>
        </div>
        <Checkout />
    }
}

/// Where Toss draws its part, under what is there until it has and if it cannot.
#[component]
fn Widget() -> impl IntoView {
    view! {
        <section class="card widget" aria-label=say(Words::Methods)>
            <div id="payment-methods" class="methods-place"></div>
            <div id="agreement" class="agreement-place"></div>
            <div class="widget-cover" id=LOADING>
                <div class="progress" role="progressbar" aria-label=say(Words::LoadingMethods)></div>
            </div>
            <div class="widget-cover" id=BROKEN hidden>
                <p class="notice" role="alert" id=WHY></p>
                <button type="button" class="secondary" id=RETRY>
                    {say(Words::TryAgain)}
                </button>
            </div>
        </section>
    }
}

/// What is to be paid, and the button that does.
#[component]
fn Sum(subtotal: Won, discount: Won, amount: Won) -> impl IntoView {
    let language = spoken();
    let discount = match discount {
        Won::ZERO => money(Won::ZERO, language),
        discount => less(discount, language),
    };
    let amount = money(amount, language);
    let pay = Words::Pay { amount: &amount }.say(language);
    view! {
        <dl class="totals">
            <div>
                <dt>{Sums::Products.say(language)}</dt>
                <dd>{money(subtotal, language)}</dd>
            </div>
            <div>
                <dt>{Sums::Discount.say(language)}</dt>
                <dd id=DISCOUNT>{discount}</dd>
            </div>
            <div class="total" aria-live="polite" aria-atomic="true">
                <dt>{Sums::Payment.say(language)}</dt>
                <dd data-testid="total" id=TOTAL>{amount}</dd>
            </div>
        </dl>
        // Where whoever has just pressed the button looks: the top of the page may be far away.
        <div class="notice-place" role="alert">
            <p class="notice" id=NOTICE hidden></p>
        </div>
        <button type="button" id=PAY_BUTTON class="pay" disabled aria-describedby=OBSTACLE>
            {pay}
        </button>
        <p id=OBSTACLE class="obstacle" aria-live="polite" data-waits="">
            {say(Words::Loading)}
        </p>
    }
}

/// What the island says when Toss's script or window says no.
#[component]
fn Troubles() -> impl IntoView {
    let row = |(codes, trouble): (&'static str, Trouble)| {
        view! { <li data-codes=codes>{trouble.say(spoken())}</li> }
    };
    let rows = TROUBLES.iter().copied().map(row).collect_view();
    view! {
        <ul id=TROUBLES_PLACE hidden>
            {rows}
            <li>{Trouble::Other.say(spoken())}</li>
        </ul>
    }
}

/// Without JavaScript nobody can pay. No value stands here.
#[component]
fn NeedsScript() -> impl IntoView {
    view! { <p class="notice">{say(Words::NeedsScript)}</p> }
}

/// A wait that does not end is told within 15 seconds, with a way on: the page's own program, Toss's
/// frames or a price may not come. Not in the island, whose program may be what does not. The script
/// has no letter that HTML would write otherwise.
#[component]
fn Late() -> impl IntoView {
    view! {
        <p class="notice" role="alert" id="late" hidden>
            {say(Words::Late)} " "
            <a href="">{say(Words::TryAgain)}</a>
        </p>
        <noscript>
            <NeedsScript />
        </noscript>
        <script nonce=use_nonce()>
            "{let n=0;setInterval(function(){n=obstacle.dataset.waits==null?0:n+1;obstacle.hidden=!(late.hidden=!Math.floor(n/14))},1e3)}"
        </script>
    }
}

/// All that moves: coupon, widget, amount, pay button. It works on what the server has put there,
/// sentences too: each costs the WASM less than a view of its own.
#[island]
fn Checkout() -> impl IntoView {
    in_browser(start);
}

fn start() {
    let Some(order) = Payable::here() else { return };
    let form = PaymentForm::of(order);
    on(find(PAY_BUTTON), "click", move |_| form.pay());
    on(find(RETRY), "click", move |_| form.open());
    on(find(CHOICES), "submit", move |event| form.claim(&event));
    on(find(CHOICES), "change", move |event| {
        let input = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        if let Some(input) = input.filter(|input| input.name() == COUPON_INPUT) {
            form.choose(&input.value());
        }
    });
    form.open();
    // The widget is taken down on leaving; a page shown again from the browser's memory draws a new
    // one, for the order as it is then.
    on(window(), "pagehide", move |_| form.leave());
    on(window(), "pageshow", move |event| {
        if event.unchecked_into::<PageTransitionEvent>().persisted() {
            form.come_back();
        }
    });
    // Someone who comes back from another tab may have changed the coupon there.
    on(document(), "visibilitychange", move |_| form.look());
}
