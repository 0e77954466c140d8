//! `/checkout?orderId=…`: the order, its coupon, Toss's widget and the pay button.
//!
//! Invariant: whenever the pay button can be pressed, the amount on it, the amount stored and
//! the amount in the widget are the same. So every change goes one way: the server prices, the
//! widget is told, then the page shows it; and until all three agree the button is disabled.

mod claim;
mod payable;
mod till;

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api;
use crate::components::{COUPON_INPUT, CouponChoice, CouponCode, OrderLines};
use crate::contract::{ApiError, CheckoutView, Code, Told};
use crate::domain::id::{CustomerKey, OrderId};
use crate::domain::order::Status;
use crate::domain::won::Won;
use crate::pages::checkout::payable::Payable;
use crate::pages::checkout::till::{PAY_BUTTON, Phase, Till};
use crate::pages::head::Title;
use crate::pages::problem::{Notice, Problem};
use crate::pages::repeat::Repeat;

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
                    ApiError::in_field(Code::InvalidRequest, "orderId", malformed)
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
                            let title = format!("{} 결제", order.order_name);
                            let desk = match order.customer_key.clone() {
                                Some(key) => view! { <Desk order key told /> }.into_any(),
                                None => view! { <NotHere order_id=order.order_id /> }.into_any(),
                            };
                            view! {
                                <Title text=title />
                                <h1>"주문·결제"</h1>
                                {desk}
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
        <Title text="결제 확인 중" />
        <section class="banner waiting narrow">
            <span class="mark" aria-hidden="true"></span>
            <h1 data-testid="status" data-status="CONFIRMING">"확인 중입니다, 다시 결제하지 마세요"</h1>
            <p>"같은 장바구니의 결제를 확인하고 있습니다. 두 번 결제되지 않도록, 확인이 끝난 뒤에 결제할 수 있습니다."</p>
        </section>
        <p class="ways">
            <a class="button" href=format!("/orders/{other}")>"확인 중인 주문 보기"</a>
        </p>
    }
}

/// The order is another browser's: who its buyer is, is told to nobody else, nor to Toss.
#[component]
fn NotHere(order_id: OrderId) -> impl IntoView {
    view! {
        <section class="banner waiting narrow">
            <span class="mark" aria-hidden="true"></span>
            <h2>"이 브라우저에서 한 주문이 아닙니다"</h2>
            <p>"주문한 브라우저에서 결제하거나, 상품을 담아 새로 주문해 주세요."</p>
        </section>
        <p class="ways">
            <a class="button" href="/">"상점으로 가기"</a>
            <a href=format!("/orders/{order_id}")>"주문 보기"</a>
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
        | Status::Refunded => "이미 결제가 완료된 주문입니다.",
        Status::Failed => "결제되지 않고 끝난 주문입니다. 새로 주문해 주세요.",
        Status::Expired => "결제 시간이 지난 주문입니다. 새로 주문해 주세요.",
        Status::Pending | Status::Confirming | Status::WaitingForDeposit | Status::Canceling => {
            "확인 중입니다, 다시 결제하지 마세요"
        }
    };
    view! {
        <Title text="결제" />
        <section class="banner waiting narrow">
            <span class="mark" aria-hidden="true"></span>
            <h1>{sentence}</h1>
        </section>
        <p class="ways">
            <a class="button" href=format!("/orders/{}", order.order_id)>"주문 보기"</a>
        </p>
    }
}

/// The whole page: what stands still, and around it the island that moves.
#[component]
fn Desk(order: CheckoutView, key: CustomerKey, told: Option<Told>) -> impl IntoView {
    let payable = Payable::of(&order, &key);
    provide_context(payable.clone());
    let (code_wrong, wrong) = match told {
        Some(told) if told.is_about_code() => (Some(told.sentence()), None),
        told => (None, told.map(Told::sentence)),
    };
    let coupons = order.customer.is_some().then(|| {
        view! {
            <section class="card">
                <CouponChoice coupons=order.coupons chosen=order.coupon_id />
                <CouponCode order_id=order.order_id wrong=code_wrong />
            </section>
        }
    });
    view! {
        <Notice sentence=wrong />
        <Late />
        <Checkout>
            {payable.carrier()}
            <section class="card">
                <h2>{order.order_name}</h2>
                <OrderLines lines=order.lines />
            </section>
            {coupons}
        </Checkout>
    }
}

/// A wait that does not end is told within 15 seconds, with a way on: the page's own program, Toss's
/// frames or a price may not come. Not in the island, whose program may be what does not. The script
/// has no letter that HTML would write otherwise.
#[component]
fn Late() -> impl IntoView {
    view! {
        <p class="notice" role="alert" id="late" hidden>
            "결제 화면을 아직 불러오지 못했습니다. 인터넷 연결과 광고 차단 설정을 확인해 주세요. "
            <a href="">"다시 시도"</a>
        </p>
        <script nonce=use_nonce()>
            "{let n=0;setInterval(function(){n=/불러오고|계산하고/.test(obstacle.textContent)?n+1:0;obstacle.hidden=!(late.hidden=!Math.floor(n/14))},1e3)}"
        </script>
    }
}

/// All that moves: coupon, widget, amount, pay button.
#[island]
fn Checkout(children: Children) -> impl IntoView {
    let payable = Payable::here();
    let address = format!("/orders/{}", payable.order_id);
    let subtotal = payable.subtotal;
    let till = Till::new(payable);
    Effect::new(move || {
        till.open();
        // The widget is taken down on leaving; a page shown again from the browser's memory
        // draws a new one, for the order as it is then.
        let left = window_event_listener(leptos::ev::pagehide, move |_| till.leave());
        let shown = window_event_listener(leptos::ev::pageshow, move |event| {
            if event.persisted() {
                till.come_back();
            }
        });
        // Someone who comes back from another tab may have changed the coupon there.
        let looked = window_event_listener(leptos::ev::visibilitychange, move |_| till.look());
        on_cleanup(move || {
            left.remove();
            shown.remove();
            looked.remove();
            till.close();
        });
    });
    // Also while one is being priced: disabled, they would lose the keyboard.
    Effect::new(move || {
        claim::enable_choices(matches!(till.phase.get(), Phase::Ready | Phase::Repricing));
    });
    let obstacle = Memo::new(move |_| till.obstacle());
    let broken = move || match till.phase.get() {
        Phase::Broken(sentence) => sentence,
        Phase::Loading | Phase::Ready | Phase::Repricing | Phase::Paying | Phase::Over => "",
    };
    view! {
        <div class="notice-place" role="alert">
            <p class="notice" hidden=move || till.notice.get().is_none()>
                {move || till.notice.get()}
            </p>
        </div>
        <div class="columns checkout">
            <div
                on:change=move |event| {
                    let input: web_sys::HtmlInputElement = event_target(&event);
                    if input.name() == COUPON_INPUT {
                        till.choose(&input.value());
                    }
                }
                on:submit=move |event| till.claim(&event)
            >
                {children()}
            </div>
            <div>
                <section class="card widget" aria-label="결제 수단">
                    <div id="payment-methods" class="methods-place"></div>
                    <div id="agreement" class="agreement-place"></div>
                    <div class="widget-cover" hidden=move || till.phase.get() != Phase::Loading>
                        <div
                            class="progress"
                            role="progressbar"
                            aria-label="결제 수단을 불러오는 중"
                        ></div>
                        <noscript>
                            <p class="notice">"결제하려면 브라우저의 JavaScript를 켜 주세요."</p>
                        </noscript>
                    </div>
                    <div class="widget-cover" hidden=move || broken().is_empty()>
                        <p class="notice" role="alert">{broken}</p>
                        <button type="button" class="secondary" on:click=move |_| till.open()>
                            "다시 시도"
                        </button>
                    </div>
                </section>
                <section class="card">
                    <dl class="totals">
                        <div>
                            <dt>"상품 금액"</dt>
                            <dd>{subtotal.to_string()}</dd>
                        </div>
                        <div>
                            <dt>"쿠폰 할인"</dt>
                            <dd>
                                {move || match till.price.get().discount {
                                    Won::ZERO => Won::ZERO.to_string(),
                                    discount => format!("−{discount}"),
                                }}
                            </dd>
                        </div>
                        <div class="total" aria-live="polite" aria-atomic="true">
                            <dt>"결제 금액"</dt>
                            <dd data-testid="total">{move || till.price.get().amount.to_string()}</dd>
                        </div>
                    </dl>
                    <button
                        type="button"
                        id=PAY_BUTTON
                        class="pay"
                        disabled=move || obstacle.get().is_some()
                        aria-describedby="obstacle"
                        on:click=move |_| till.pay()
                    >
                        {move || format!("{} 결제하기", till.price.get().amount)}
                    </button>
                    <p id="obstacle" class="obstacle" aria-live="polite">
                        {move || obstacle.get().unwrap_or_default()}
                    </p>
                    <p class="ways" hidden=move || till.phase.get() != Phase::Over>
                        <a class="button" href=address>"주문 보기"</a>
                    </p>
                </section>
            </div>
        </div>
    }
}
