//! `/checkout?orderId=…`: the order, its coupon, Toss's widget and the pay button.
//!
//! Invariant: whenever the pay button can be pressed, the amount on it, the amount stored and
//! the amount in the widget are the same. So every change goes one way: the server prices, the
//! widget is told, then the page shows it; and until all three agree the button is disabled.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::api;
use crate::components::{COUPON_INPUT, CouponChoice, OrderLines, sentence_for};
use crate::contract::{ApiError, CheckoutView, Code, PriceView};
use crate::domain::id::{CouponId, OrderId};
use crate::domain::order::Status;
use crate::domain::won::Won;
use crate::pages::problem::Problem;
use crate::widget::{self, Customer, Happened, Request, Setup, Trouble};

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
                            <Desk order />
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
        <section class="banner waiting narrow">
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

/// What the island needs of an order; the rest stays on the server.
///
/// How it gets there: the server gives it as context while it renders, and writes it into the
/// attributes of one element, where the browser finds it. Properties of the island would do the
/// same, but bring a JSON parser into the WASM.
#[derive(Clone)]
struct Payable {
    order_id: String,
    order_name: String,
    client_key: String,
    customer_key: String,
    script_url: String,
    customer: Option<Customer>,
    subtotal: Won,
    price: PriceView,
}

/// The element that carries a [`Payable`].
const CARRIER: &str = "payable";

impl Payable {
    fn of(order: &CheckoutView) -> Payable {
        Payable {
            order_id: order.order_id.to_string(),
            order_name: order.order_name.clone(),
            client_key: order.client_key.clone(),
            customer_key: order.customer_key.to_string(),
            script_url: order.script_url.clone(),
            customer: order.customer.as_ref().map(|customer| Customer {
                email: customer.email.as_str().to_owned(),
                name: customer.name.as_str().to_owned(),
                mobile_phone: customer.mobile_phone.as_str().to_owned(),
            }),
            subtotal: order.subtotal,
            price: PriceView {
                status: order.status,
                discount: order.discount,
                amount: order.amount,
                coupon_id: order.coupon_id.clone(),
            },
        }
    }

    fn carrier(self) -> impl IntoView {
        let customer = self.customer;
        let (email, name, mobile_phone) = match customer {
            Some(customer) => {
                (Some(customer.email), Some(customer.name), Some(customer.mobile_phone))
            }
            None => (None, None, None),
        };
        view! {
            <div
                id=CARRIER
                hidden
                data-order=self.order_id
                data-order-name=self.order_name
                data-client-key=self.client_key
                data-customer-key=self.customer_key
                data-script=self.script_url
                data-email=email
                data-name=name
                data-mobile=mobile_phone
                data-subtotal=self.subtotal.get().to_string()
                data-discount=self.price.discount.get().to_string()
                data-amount=self.price.amount.get().to_string()
                data-coupon=self.price.coupon_id.map(String::from)
            ></div>
        }
    }

    /// On the server from context, in the browser from the page.
    fn here() -> Payable {
        use_context::<Payable>().unwrap_or_else(|| {
            let carrier = document().get_element_by_id(CARRIER);
            let maybe = |name: &str| carrier.as_ref().and_then(|place| place.get_attribute(name));
            let text = |name: &str| maybe(name).unwrap_or_default();
            let won = |name: &str| text(name).parse().ok().and_then(Won::new).unwrap_or(Won::ZERO);
            let customer = maybe("data-email").map(|email| Customer {
                email,
                name: text("data-name"),
                mobile_phone: text("data-mobile"),
            });
            Payable {
                order_id: text("data-order"),
                order_name: text("data-order-name"),
                client_key: text("data-client-key"),
                customer_key: text("data-customer-key"),
                script_url: text("data-script"),
                customer,
                subtotal: won("data-subtotal"),
                price: PriceView {
                    status: Status::Pending,
                    discount: won("data-discount"),
                    amount: won("data-amount"),
                    coupon_id: maybe("data-coupon").and_then(|id| CouponId::parse(&id).ok()),
                },
            }
        })
    }
}

/// The whole page: what stands still, and around it the island that moves.
#[component]
fn Desk(order: CheckoutView) -> impl IntoView {
    let payable = Payable::of(&order);
    provide_context(payable.clone());
    let coupons = (!order.coupons.is_empty()).then(|| {
        view! {
            <section class="card">
                <CouponChoice coupons=order.coupons chosen=order.coupon_id />
            </section>
        }
    });
    view! {
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

/// All that moves: coupon, widget, amount, pay button.
#[island]
fn Checkout(children: Children) -> impl IntoView {
    let payable = Payable::here();
    let address = format!("/orders/{}", payable.order_id);
    let subtotal = payable.subtotal;
    let till = Till {
        price: RwSignal::new(payable.price.clone()),
        order: StoredValue::new(payable),
        phase: RwSignal::new(Phase::Loading),
        agreed: RwSignal::new(None),
        notice: RwSignal::new(None),
        desk: StoredValue::new(None),
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
            <fieldset
                class="plain"
                disabled=move || till.phase.get() != Phase::Ready
                on:change=move |event| till.choose(&event_target_value(&event))
            >
                {children()}
            </fieldset>
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
                        <div class="total">
                            <dt>"결제 금액"</dt>
                            <dd data-testid="total">{move || till.price.get().amount.to_string()}</dd>
                        </div>
                    </dl>
                    <button
                        type="button"
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

/// The state of the page and what can be done to it.
#[derive(Clone, Copy)]
struct Till {
    order: StoredValue<Payable>,
    /// What is shown, and what the widget has been told.
    price: RwSignal<PriceView>,
    phase: RwSignal<Phase>,
    /// `None` until the widget says: whether it tells of its first state is nobody's promise.
    agreed: RwSignal<Option<bool>>,
    notice: RwSignal<Option<String>>,
    // Empty on the server, where the value may be dropped on another thread.
    desk: StoredValue<Option<SendWrapper<widget::Desk>>>,
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

    /// The server gave a well-formed one; any other would only be refused by it.
    fn order_id(self) -> Result<OrderId, ApiError> {
        self.order.with_value(|order| {
            OrderId::parse(&order.order_id)
                .map_err(|malformed| ApiError::new(Code::InvalidRequest, malformed.rule))
        })
    }

    /// How the order is now, after putting a coupon on it or taking it off if that is asked for.
    async fn ask(self, change: Option<Option<CouponId>>) -> Result<PriceView, ApiError> {
        let order_id = self.order_id()?;
        match change {
            Some(coupon) => api::apply_coupon(order_id, coupon).await,
            None => api::price(order_id).await,
        }
    }

    /// Loads Toss's script and draws the widget for the amount that is shown.
    fn open(self) {
        self.close();
        self.phase.set(Phase::Loading);
        self.agreed.set(None);
        let order = self.order.get_value();
        let setup = Setup {
            client_key: order.client_key,
            customer_key: order.customer_key,
            amount: self.price.get_untracked().amount,
            methods: "#payment-methods",
            agreement: "#agreement",
        };
        leptos::task::spawn_local(async move {
            let opened = async {
                widget::load(&order.script_url).await?;
                widget::Desk::open(&setup, move |happened| match happened {
                    // Another method may do what the last one could not.
                    Happened::MethodSelected(_) => self.notice.set(None),
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

    fn desk(self) -> Option<widget::Desk> {
        self.desk.with_value(|desk| desk.as_ref().map(|desk| widget::Desk::clone(desk)))
    }

    /// The buyer chose a coupon, or none.
    fn choose(self, coupon: &str) {
        let coupon = CouponId::parse(coupon).ok();
        if self.phase.get_untracked() != Phase::Ready {
            return;
        }
        self.phase.set(Phase::Repricing);
        self.notice.set(None);
        leptos::task::spawn_local(async move {
            match self.ask(Some(coupon)).await {
                Ok(price) => self.show(price).await,
                Err(error) => {
                    self.notice.set(Some(error.sentence().to_owned()));
                    // Shown is what is stored, also by the radio buttons.
                    self.refresh();
                }
            }
        });
    }

    /// Tells the widget the order's amount, and then shows it.
    async fn show(self, price: PriceView) {
        let Some(desk) = self.desk() else {
            self.price.set(price);
            return self.open();
        };
        if price.status != Status::Pending {
            self.close();
            self.price.set(price);
            return self.phase.set(Phase::Over);
        }
        let told = desk.set_amount(price.amount).await;
        check_coupon(price.coupon_id.as_ref());
        self.price.set(price);
        match told {
            Ok(()) => self.phase.set(Phase::Ready),
            Err(trouble) => self.break_down(&trouble),
        }
    }

    /// Asks the server how the order is now.
    fn refresh(self) {
        self.phase.set(Phase::Repricing);
        leptos::task::spawn_local(async move {
            match self.ask(None).await {
                Ok(price) => self.show(price).await,
                Err(error) => {
                    self.notice.set(Some(error.sentence().to_owned()));
                    self.phase.set(Phase::Broken("주문을 다시 불러오지 못했습니다."));
                }
            }
        });
    }

    /// Opens the payment window, if the order is still what the page shows.
    fn pay(self) {
        if self.phase.get_untracked() != Phase::Ready {
            return;
        }
        self.phase.set(Phase::Paying);
        self.notice.set(None);
        leptos::task::spawn_local(async move {
            // Another tab may have changed the coupon, or paid.
            let stored = match self.ask(None).await {
                Ok(stored) => stored,
                Err(error) => {
                    self.notice.set(Some(error.sentence().to_owned()));
                    return self.phase.set(Phase::Ready);
                }
            };
            if stored != self.price.get_untracked() {
                if stored.status == Status::Pending {
                    let sentence = "결제 금액이 바뀌었습니다. 금액을 확인하고 다시 눌러 주세요.";
                    self.notice.set(Some(sentence.to_owned()));
                }
                return self.show(stored).await;
            }
            let Some(desk) = self.desk() else { return self.open() };
            let order = self.order.get_value();
            let origin = window().location().origin().unwrap_or_default();
            let request = Request {
                order_id: order.order_id,
                order_name: order.order_name,
                success_url: format!("{origin}/success"),
                fail_url: format!("{origin}/fail"),
                customer: order.customer,
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
        leptos::logging::error!("{}: {}", trouble.code, trouble.message);
        self.phase.set(Phase::Broken(sentence_for(&trouble.code)));
    }
}

/// Marks the radio button of the coupon that is on the order.
fn check_coupon(coupon: Option<&CouponId>) {
    let value = coupon.map(CouponId::as_str).unwrap_or_default();
    let selector = format!("input[name={COUPON_INPUT}][value='{value}']");
    let found = document().query_selector(&selector).ok().flatten();
    if let Some(input) = found.and_then(|found| found.dyn_into::<HtmlInputElement>().ok()) {
        input.set_checked(true);
    }
}
