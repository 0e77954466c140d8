//! The state of the checkout page and what can be done to it.

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};

use crate::api;
use crate::components::COUPON_INPUT;
use crate::contract::{ApiError, Code, PriceView, Reason};
use crate::domain::id::{CouponId, OrderId};
use crate::domain::order::Status;
use crate::domain::won::Won;
use crate::pages::checkout::payable::{AMOUNT, Line, Payable};
use crate::widget::{self, Happened, Request, SdkError, Setup};
use crate::words::money;

/// Why the pay button may or may not be pressed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Phase {
    /// The widget is on its way.
    Loading,
    Ready,
    /// The server is pricing the order anew, and the widget will be told.
    Repricing,
    /// The payment window is open, or the page is about to leave.
    Paying,
    /// The widget could not be drawn; it can be tried again.
    Broken(String),
    /// The order can no longer be paid here.
    Over,
}

/// The state of the page and what can be done to it.
#[derive(Clone, Copy)]
pub(super) struct PaymentForm {
    order: StoredValue<Payable>,
    /// What is shown, and what the widget has been told.
    pub(super) price: RwSignal<PriceView>,
    pub(super) phase: RwSignal<Phase>,
    /// `None` until the widget says: whether it tells of its first state is nobody's promise.
    agreed: RwSignal<Option<bool>>,
    pub(super) notice: RwSignal<Option<String>>,
    /// The coupon that was chosen while the last choice was being priced.
    wish: RwSignal<Option<String>>,
    widget: StoredValue<Option<SendWrapper<widget::PaymentWidget>>>,
}

impl PaymentForm {
    pub(super) fn new(payable: Payable) -> PaymentForm {
        PaymentForm {
            price: RwSignal::new(payable.price.clone()),
            order: StoredValue::new(payable),
            phase: RwSignal::new(Phase::Loading),
            agreed: RwSignal::new(None),
            notice: RwSignal::new(None),
            wish: RwSignal::new(None),
            widget: StoredValue::new(None),
        }
    }

    /// Why the button is disabled; `None` when it may be pressed.
    pub(super) fn obstacle(self) -> Option<Line> {
        match self.phase.get() {
            Phase::Loading => Some(Line::Loading),
            Phase::Repricing => Some(Line::Pricing),
            Phase::Paying => Some(Line::Paying),
            Phase::Broken(_) => Some(Line::Broken),
            Phase::Over => Some(Line::Over),
            Phase::Ready if self.agreed.get() == Some(false) => Some(Line::NeedsAgreement),
            Phase::Ready => None,
        }
    }

    /// One of the sentences that the server has put into the page.
    pub(super) fn say(self, line: Line) -> String {
        self.order.with_value(|order| order.say(line))
    }

    pub(super) fn money(self, won: Won) -> String {
        money(won, self.order.with_value(|order| order.language))
    }

    /// Taken off.
    pub(super) fn less(self, won: Won) -> String {
        format!("−{}", self.money(won))
    }

    /// On the pay button.
    pub(super) fn pay_label(self, amount: Won) -> String {
        let label = self.say(Line::Pay);
        let (before, after) = label.split_once(AMOUNT).unwrap_or_default();
        format!("{before}{}{after}", self.money(amount))
    }

    /// What the server says of a failure, or that it could not be asked.
    pub(super) fn sentence(self, error: &ApiError) -> String {
        let sentence = error.sentence();
        if sentence.is_empty() { self.say(Line::Unreachable) } else { sentence.to_owned() }
    }

    /// The server gave a well-formed one; any other would only be refused by it.
    pub(super) fn order_id(self) -> Result<OrderId, ApiError> {
        self.order.with_value(|order| {
            OrderId::parse(&order.order_id).map_err(|_| ApiError::new(Code::InvalidRequest, ""))
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
    pub(super) fn open(self) {
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
                widget::PaymentWidget::open(&setup, move |happened| match happened {
                    // Another method may do what the last one could not.
                    Happened::MethodSelected(_) => self.notice.set(None),
                    Happened::Agreed(agreed) => self.agreed.set(Some(agreed)),
                })
                .await
            };
            match opened.await {
                Ok(widget) => {
                    self.widget.set_value(Some(SendWrapper::new(widget)));
                    self.phase.set(Phase::Ready);
                }
                Err(trouble) => self.break_down(&trouble),
            }
        });
    }

    /// The page is left, perhaps to be shown again from the browser's memory: coming into view does
    /// nothing then, because [`PaymentForm::come_back`] does. A widget on its way goes on where it stood.
    pub(super) fn leave(self) {
        if self.phase.get_untracked() != Phase::Loading {
            self.close();
            self.phase.set(Phase::Repricing);
        }
    }

    pub(super) fn come_back(self) {
        if self.phase.get_untracked() != Phase::Loading {
            self.refresh();
        }
    }

    pub(super) fn close(self) {
        if let Some(Some(widget)) = self.widget.try_update_value(Option::take) {
            widget.close();
        }
    }

    fn widget(self) -> Option<widget::PaymentWidget> {
        self.widget.with_value(|widget| widget.as_deref().cloned())
    }

    /// The buyer chose a coupon, or none. With the arrow keys one comes after the other, faster than
    /// they are priced: the last one counts.
    pub(super) fn choose(self, coupon: &str) {
        match self.phase.get_untracked() {
            Phase::Ready => {}
            Phase::Repricing => return self.wish.set(Some(coupon.to_owned())),
            Phase::Loading | Phase::Paying | Phase::Broken(_) | Phase::Over => return,
        }
        self.phase.set(Phase::Repricing);
        self.notice.set(None);
        leptos::task::spawn_local(self.put_on(CouponId::parse(coupon).ok()));
    }

    /// Puts a coupon on the order, or takes it off.
    async fn put_on(self, coupon: Option<CouponId>) {
        match self.ask(Some(coupon)).await {
            Ok(price) => self.show(price).await,
            Err(error) => {
                self.notice.set(Some(self.sentence(&error)));
                // Shown is what is stored, also by the radio buttons.
                self.refresh();
            }
        }
    }

    /// Tells the widget the order's amount, and then shows it.
    async fn show(self, price: PriceView) {
        if price.status != Status::Pending {
            self.close();
            self.price.set(price);
            return self.phase.set(Phase::Over);
        }
        let Some(widget) = self.widget() else {
            self.price.set(price);
            return self.open();
        };
        let told = widget.set_amount(price.amount).await;
        check_coupon(&price, &self.less(price.discount));
        self.price.set(price);
        match told {
            Ok(()) => {
                self.phase.set(Phase::Ready);
                if let Some(wish) = self.wish.get_untracked() {
                    self.wish.set(None);
                    self.choose(&wish);
                }
            }
            Err(trouble) => self.break_down(&trouble),
        }
    }

    /// Asks the server how the order is now.
    pub(super) fn refresh(self) {
        self.phase.set(Phase::Repricing);
        leptos::task::spawn_local(async move {
            match self.ask(None).await {
                Ok(price) => self.show(price).await,
                Err(error) if error.reason.is_some() => self.refuse(&error),
                Err(error) => {
                    self.notice.set(Some(self.sentence(&error)));
                    self.phase.set(Phase::Broken(self.say(Line::NotRead)));
                }
            }
        });
    }

    /// The order cannot be paid as it is, as when its coupon or its pieces are gone: the buyer is told
    /// why, and chooses what to do.
    fn refuse(self, error: &ApiError) {
        self.notice.set(Some(self.sentence(error)));
        if self.widget().is_none() {
            return self.open();
        }
        self.phase.set(Phase::Ready);
        let place = if matches!(error.reason, Some(Reason::CouponUnusable)) {
            format!("input[name={COUPON_INPUT}]:checked")
        } else {
            format!("#{PAY_BUTTON}")
        };
        // Once it is enabled.
        request_animation_frame(move || focus(&place));
    }

    /// The page has come into view again, or gone out of it.
    pub(super) fn look(self) {
        if self.phase.get_untracked() == Phase::Ready && !document().hidden() {
            self.refresh();
        }
    }

    /// Opens the payment window, if the order is still what the page shows.
    pub(super) fn pay(self) {
        if self.phase.get_untracked() != Phase::Ready {
            return;
        }
        self.phase.set(Phase::Paying);
        self.notice.set(None);
        leptos::task::spawn_local(async move {
            // Another tab may have changed the coupon, or paid.
            let stored = match self.ask(None).await {
                Ok(stored) => stored,
                Err(error) => return self.refuse(&error),
            };
            if stored != self.price.get_untracked() {
                if stored.status == Status::Pending {
                    self.notice.set(Some(self.say(Line::Changed)));
                }
                return self.show(stored).await;
            }
            let Some(widget) = self.widget() else { return self.open() };
            let order = self.order.get_value();
            let origin = window().location().origin().unwrap_or_default();
            let request = Request {
                order_id: order.order_id,
                order_name: order.order_name,
                success_url: format!("{origin}/success"),
                fail_url: format!("{origin}/fail"),
                customer: order.customer,
                tax_free: stored.tax_free,
            };
            // On success the browser leaves and this never ends.
            if let Err(trouble) = widget.pay(&request).await {
                self.notice.set(Some(sentence_for(&trouble.code)));
                self.phase.set(Phase::Ready);
                // It lost the focus when it was disabled; once it is enabled, it has it again.
                request_animation_frame(|| focus(&format!("#{PAY_BUTTON}")));
            }
        });
    }

    fn break_down(self, trouble: &SdkError) {
        self.close();
        leptos::logging::error!("{}: {}", trouble.code, trouble.message);
        self.phase.set(Phase::Broken(sentence_for(&trouble.code)));
    }
}

/// The id of the pay button.
pub(super) const PAY_BUTTON: &str = "pay";

/// What the page has for a code of Toss's: see [`TROUBLES`].
///
/// [`TROUBLES`]: crate::components::TROUBLES
fn sentence_for(code: &str) -> String {
    let find = |selector: &str| document().query_selector(selector).ok().flatten();
    let found = find(&format!("#{TROUBLES_PLACE} [data-codes~='{code}']"));
    let found = found.or_else(|| find(&format!("#{TROUBLES_PLACE} :last-child")));
    found.and_then(|it| it.text_content()).unwrap_or_default()
}

/// The id of what holds the page's sentences for codes of Toss's; the last is for any other.
pub(super) const TROUBLES_PLACE: &str = "troubles";

pub(super) fn focus(selector: &str) {
    let element = document().query_selector(selector).ok().flatten();
    if let Some(element) = element.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        drop(element.focus());
    }
}

/// Marks the radio button of the coupon that is on the order, and says what it takes off.
fn check_coupon(price: &PriceView, gained: &str) {
    let value = price.coupon_id.as_ref().map(CouponId::as_str).unwrap_or_default();
    let selector = format!("input[name={COUPON_INPUT}][value='{value}']");
    let found = document().query_selector(&selector).ok().flatten();
    if let Some(input) = found.and_then(|found| found.dyn_into::<HtmlInputElement>().ok()) {
        input.set_checked(true);
        let label = input.parent_element();
        let gain = label.and_then(|label| label.query_selector(".coupon-gain").ok().flatten());
        if let Some(gain) = gain.filter(|_| !price.discount.is_zero()) {
            gain.set_text_content(Some(gained));
        }
    }
}
