//! `/checkout?orderId=…`: the order, its coupon, Toss's widget and the pay button.
//!
//! Invariant: whenever the pay button can be pressed, the amount on it, the amount stored and
//! the amount in the widget are the same. So every change goes one way: the server prices, the
//! widget is told, then the page shows it; and until all three agree the button is disabled.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use send_wrapper::SendWrapper;

use crate::api;
use crate::components::{CouponChoice, OrderLines, Totals, sentence_for};
use crate::contract::{ApiError, CheckoutView, Code};
use crate::domain::id::{CouponId, OrderId};
use crate::domain::order::Status;
use crate::pages::problem::{Notice, Problem};
use crate::widget::{self, Desk, Happened, Request, Setup, Trouble};

#[component]
pub fn CheckoutPage() -> impl IntoView {
    let query = use_query_map();
    let id = query.read_untracked().get("orderId").unwrap_or_default();
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
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok(order) if order.status == Status::Pending => {
                        let title = format!("{} 결제 · 계산", order.order_name);
                        view! {
                            <Title text=title />
                            <h1>"주문·결제"</h1>
                            <Checkout order />
                        }
                        .into_any()
                    }
                    Ok(order) => view! { <Past order /> }.into_any(),
                    Err(error) => view! { <Problem error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// There is nothing left to pay here.
#[component]
fn Past(order: CheckoutView) -> impl IntoView {
    let sentence = match order.status {
        Status::Completed => "이미 결제가 완료된 주문입니다.",
        Status::Failed => "결제되지 않고 끝난 주문입니다. 새로 주문해 주세요.",
        Status::Pending | Status::Confirming | Status::WaitingForDeposit | Status::Canceling => {
            "확인 중입니다, 다시 결제하지 마세요"
        }
    };
    view! {
        <Title text="결제 · 계산" />
        <section class="banner waiting">
            <span class="mark" aria-hidden="true"></span>
            <h1>{sentence}</h1>
        </section>
        <p class="ways">
            <a class="button" href=format!("/orders/{}", order.order_id)>"주문 보기"</a>
        </p>
    }
}

/// Why the pay button may or may not be pressed.
#[derive(Clone, Debug, PartialEq)]
enum Phase {
    /// The widget is on its way.
    Loading,
    Ready,
    /// The server is pricing the order anew, and the widget will be told.
    Repricing,
    /// The payment window is open, or the page is about to leave.
    Paying,
    /// The widget could not be drawn; it can be tried again.
    Broken(&'static str),
    /// The order can no longer be paid here.
    Over,
}

/// All of it that moves.
#[island]
fn Checkout(order: CheckoutView) -> impl IntoView {
    let desk = StoredValue::new(None::<SendWrapper<Desk>>);
    let till = Till {
        order: RwSignal::new(order.clone()),
        phase: RwSignal::new(Phase::Loading),
        agreed: RwSignal::new(None),
        method: RwSignal::new(None),
        notice: RwSignal::new(None),
        desk,
    };
    Effect::new(move || {
        till.open();
        // The widget is taken down on leaving; a page shown again from the browser's memory
        // draws a new one, for the order as it is then.
        let left = window_event_listener(leptos::ev::pagehide, move |_| till.close());
        let shown = window_event_listener(leptos::ev::pageshow, move |event| {
            if event.persisted() {
                till.refresh();
            }
        });
        on_cleanup(move || {
            left.remove();
            shown.remove();
            till.close();
        });
    });

    let subtotal = Memo::new(move |_| till.order.get().subtotal);
    let discount = Memo::new(move |_| till.order.get().discount);
    let amount = Memo::new(move |_| till.order.get().amount);
    let coupons = Memo::new(move |_| till.order.get().coupons);
    let chosen = Memo::new(move |_| till.order.get().coupon_id);
    let obstacle = Memo::new(move |_| till.obstacle());
    let has_coupons = !order.coupons.is_empty();
    let broken = move || matches!(till.phase.get(), Phase::Broken(_));
    let is_over = move || till.phase.get() == Phase::Over;
    let address = format!("/orders/{}", order.order_id);
    view! {
        <Notice sentence=till.notice />
        <div class="columns checkout">
            <div>
                <section class="card">
                    <h2>{order.order_name.clone()}</h2>
                    <OrderLines lines=order.lines.clone() />
                </section>
                <section class="card" hidden=!has_coupons>
                    <CouponChoice
                        coupons
                        chosen
                        disabled=Signal::derive(move || till.phase.get() != Phase::Ready)
                        on_choose=move |coupon| till.choose(coupon)
                    />
                </section>
            </div>
            <div>
                <section class="card widget" aria-label="결제 수단">
                    <div id="payment-methods" class="methods-place"></div>
                    <div id="agreement" class="agreement-place"></div>
                    <div class="widget-cover" hidden=move || till.phase.get() != Phase::Loading>
                        <div class="progress" role="progressbar" aria-label="결제 수단을 불러오는 중"></div>
                        <noscript>
                            <p class="notice">"결제하려면 브라우저의 JavaScript를 켜 주세요."</p>
                        </noscript>
                    </div>
                    <div class="widget-cover" hidden=move || !broken()>
                        <p class="notice" role="alert">
                            {move || match till.phase.get() {
                                Phase::Broken(sentence) => sentence,
                                _ => "",
                            }}
                        </p>
                        <button type="button" class="secondary" on:click=move |_| till.open()>
                            "다시 시도"
                        </button>
                    </div>
                </section>
                <section class="card pay-card">
                    <Totals subtotal discount total=amount label="결제 금액" />
                    <button
                        type="button"
                        class="pay"
                        disabled=move || obstacle.get().is_some()
                        aria-describedby="obstacle"
                        on:click=move |_| till.pay()
                    >
                        {move || format!("{} 결제하기", amount.get())}
                    </button>
                    <p id="obstacle" class="obstacle" aria-live="polite">{move || obstacle.get()}</p>
                    <p class="ways" hidden=move || !is_over()>
                        <a class="button" href=address>"주문 보기"</a>
                    </p>
                </section>
            </div>
        </div>
    }
}

/// The state of the page and what can be done to it.
#[derive(Clone, Copy)]
struct Till {
    order: RwSignal<CheckoutView>,
    phase: RwSignal<Phase>,
    /// `None` until the widget says: whether it tells of its first state is nobody's promise.
    agreed: RwSignal<Option<bool>>,
    method: RwSignal<Option<String>>,
    notice: RwSignal<Option<String>>,
    // Empty on the server, where the value may be dropped on another thread.
    desk: StoredValue<Option<SendWrapper<Desk>>>,
}

impl Till {
    /// Why the button is disabled; `None` when it may be pressed.
    fn obstacle(self) -> Option<&'static str> {
        match self.phase.get() {
            Phase::Loading => Some("결제 수단을 불러오고 있습니다."),
            Phase::Repricing => Some("금액을 다시 계산하고 있습니다."),
            Phase::Paying => Some("결제를 진행하고 있습니다. 결제창을 확인해 주세요."),
            Phase::Broken(_) => Some("결제 수단을 불러오지 못해 결제할 수 없습니다."),
            Phase::Over => Some("이 주문은 더 이상 여기에서 결제할 수 없습니다."),
            Phase::Ready if self.agreed.get() == Some(false) => {
                Some("필수 약관에 동의하면 결제할 수 있습니다.")
            }
            Phase::Ready => None,
        }
    }

    /// Loads Toss's script and draws the widget for the order as it is shown.
    fn open(self) {
        self.close();
        self.phase.set(Phase::Loading);
        self.agreed.set(None);
        let order = self.order.get_untracked();
        leptos::task::spawn_local(async move {
            let setup = Setup {
                client_key: order.client_key,
                customer_key: order.customer_key,
                amount: order.amount,
                methods: "#payment-methods",
                agreement: "#agreement",
            };
            let opened = async {
                widget::load(&order.script_url).await?;
                Desk::open(&setup, move |happened| match happened {
                    Happened::MethodSelected(code) => {
                        self.method.set(Some(code));
                        self.notice.set(None);
                    }
                    Happened::Agreed(agreed) => self.agreed.set(Some(agreed)),
                })
                .await
            };
            match opened.await {
                Ok(desk) => {
                    self.desk.set_value(Some(SendWrapper::new(desk)));
                    self.phase.set(Phase::Ready);
                }
                Err(trouble) => self.break_down(&trouble),
            }
        });
    }

    fn close(self) {
        if let Some(Some(desk)) = self.desk.try_update_value(Option::take) {
            desk.close();
        }
    }

    fn desk(self) -> Option<Desk> {
        self.desk.with_value(|desk| desk.as_ref().map(|desk| Desk::clone(desk)))
    }

    /// The buyer chose a coupon, or none.
    fn choose(self, coupon: Option<CouponId>) {
        if self.phase.get_untracked() != Phase::Ready {
            return;
        }
        self.phase.set(Phase::Repricing);
        self.notice.set(None);
        let id = self.order.get_untracked().order_id;
        leptos::task::spawn_local(async move {
            match api::apply_coupon(id, coupon).await {
                Ok(order) => self.show(order).await,
                Err(error) => {
                    self.notice.set(Some(error.sentence().to_owned()));
                    // Someone else may have changed the order: shown is what is stored.
                    self.refresh();
                }
            }
        });
    }

    /// Tells the widget the order's amount, and then shows it.
    async fn show(self, order: CheckoutView) {
        if order.status != Status::Pending {
            self.order.set(order);
            return self.phase.set(Phase::Over);
        }
        let Some(desk) = self.desk() else {
            self.order.set(order);
            return self.open();
        };
        match desk.set_amount(order.amount).await {
            Ok(()) => {
                self.order.set(order);
                self.phase.set(Phase::Ready);
            }
            Err(trouble) => {
                self.order.set(order);
                self.break_down(&trouble);
            }
        }
    }

    /// Asks the server how the order is now.
    fn refresh(self) {
        self.phase.set(Phase::Repricing);
        let id = self.order.get_untracked().order_id;
        leptos::task::spawn_local(async move {
            match api::checkout(id).await {
                Ok(order) => self.show(order).await,
                Err(error) => {
                    self.notice.set(Some(error.sentence().to_owned()));
                    self.phase.set(Phase::Broken("주문을 다시 불러오지 못했습니다."));
                }
            }
        });
    }

    /// Opens the payment window, if the order is still what the page shows.
    fn pay(self) {
        if self.obstacle().is_some() {
            return;
        }
        self.phase.set(Phase::Paying);
        self.notice.set(None);
        let shown = self.order.get_untracked();
        leptos::task::spawn_local(async move {
            // Another tab may have changed the coupon or paid.
            let stored = match api::checkout(shown.order_id.clone()).await {
                Ok(stored) => stored,
                Err(error) => {
                    self.notice.set(Some(error.sentence().to_owned()));
                    return self.phase.set(Phase::Ready);
                }
            };
            if stored.status != shown.status || stored.amount != shown.amount {
                if stored.status == Status::Pending {
                    let sentence = "결제 금액이 바뀌었습니다. 금액을 확인하고 다시 눌러 주세요.";
                    self.notice.set(Some(sentence.to_owned()));
                }
                return self.show(stored).await;
            }
            let Some(desk) = self.desk() else { return self.open() };
            let origin = window().location().origin().unwrap_or_default();
            let request = Request {
                order_id: stored.order_id,
                order_name: stored.order_name,
                success_url: format!("{origin}/success"),
                fail_url: format!("{origin}/fail"),
                customer: stored.customer,
            };
            // On success the browser leaves and this never ends.
            if let Err(trouble) = desk.pay(&request).await {
                self.notice.set(Some(sentence_for(&trouble.code).to_owned()));
                self.phase.set(Phase::Ready);
            }
        });
    }

    fn break_down(self, trouble: &Trouble) {
        self.close();
        leptos::logging::error!("toss widget: {} {}", trouble.code, trouble.message);
        self.phase.set(Phase::Broken(sentence_for(&trouble.code)));
    }
}
