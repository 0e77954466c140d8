//! The state of the checkout page and what can be done to it.

use std::cell::{Cell, Ref, RefCell};

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::api::call;
use crate::components::COUPON_INPUT;
use crate::contract::{ApiError, PriceView, Reason};
use crate::domain::id::{CouponId, OrderId};
use crate::domain::order::Status;
use crate::domain::won::Won;
use crate::pages::checkout::paint::{WHY, notify, paint};
use crate::pages::checkout::payable::{AMOUNT, Line, Payable};
use crate::pages::dom::{document, first, focus, log, spawn, tell, when_drawn, window};
use crate::widget::{self, Happened, PaymentWidget, Request, SdkError, Setup};
use crate::words::money;

/// Why the pay button may or may not be pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The widget is on its way.
    Loading,
    Ready,
    /// The server is pricing the order anew, and the widget will be told.
    Repricing,
    /// The payment window is open, or the page is about to leave.
    Paying,
    /// The widget could not be drawn; it can be tried again.
    Broken,
    /// The order can no longer be paid here.
    Over,
}

/// The state of the page and what can be done to it; the same wherever it is copied to.
#[derive(Clone, Copy)]
pub(super) struct PaymentForm(&'static State);

/// Whatever changes what is shown paints it: [`PaymentForm::enter`], [`PaymentForm::agree`], [`PaymentForm::put`].
struct State {
    order: Payable,
    /// What is shown, and what the widget has been told.
    price: RefCell<PriceView>,
    phase: Cell<Phase>,
    /// `None` until the widget says: whether it tells of its first state is nobody's promise.
    agreed: Cell<Option<bool>>,
    /// The coupon that was chosen while the last choice was being priced.
    wish: Cell<Option<String>>,
    widget: RefCell<Option<PaymentWidget>>,
}

impl PaymentForm {
    /// There as long as the page is.
    pub(super) fn of(order: Payable) -> PaymentForm {
        PaymentForm(Box::leak(Box::new(State {
            price: RefCell::new(order.price.clone()),
            order,
            phase: Cell::new(Phase::Loading),
            agreed: Cell::new(None),
            wish: Cell::new(None),
            widget: RefCell::new(None),
        })))
    }

    pub(super) fn phase(self) -> Phase {
        self.0.phase.get()
    }

    pub(super) fn price(self) -> Ref<'static, PriceView> {
        self.0.price.borrow()
    }

    pub(super) fn enter(self, phase: Phase) {
        self.0.phase.set(phase);
        paint(self);
    }

    fn agree(self, agreed: bool) {
        self.0.agreed.set(Some(agreed));
        paint(self);
    }

    fn put(self, price: PriceView) {
        self.0.price.replace(price);
        paint(self);
    }

    /// Why the button is disabled; `None` when it may be pressed.
    pub(super) fn obstacle(self) -> Option<Line> {
        match self.phase() {
            Phase::Loading => Some(Line::Loading),
            Phase::Repricing => Some(Line::Pricing),
            Phase::Paying => Some(Line::Paying),
            Phase::Broken => Some(Line::Broken),
            Phase::Over => Some(Line::Over),
            Phase::Ready if self.0.agreed.get() == Some(false) => Some(Line::NeedsAgreement),
            Phase::Ready => None,
        }
    }

    /// One of the sentences that the server has put into the page.
    pub(super) fn say(self, line: Line) -> &'static str {
        self.0.order.say(line)
    }

    pub(super) fn money(self, won: Won) -> String {
        money(won, self.0.order.language)
    }

    /// Taken off.
    pub(super) fn less(self, won: Won) -> String {
        format!("−{}", self.money(won))
    }

    /// On the pay button.
    pub(super) fn pay_label(self, amount: Won) -> String {
        let (before, after) = self.say(Line::Pay).split_once(AMOUNT).unwrap_or_default();
        format!("{before}{}{after}", self.money(amount))
    }

    /// What the server says of a failure, or that it could not be asked.
    pub(super) fn sentence(self, error: &ApiError) -> &str {
        let sentence = error.sentence();
        if sentence.is_empty() { self.say(Line::Unreachable) } else { sentence }
    }

    pub(super) fn order_id(self) -> &'static OrderId {
        &self.0.order.order_id
    }

    /// How the order is now, after putting a coupon on it or taking it off if that is asked for.
    async fn ask(self, change: Option<Option<CouponId>>) -> Result<PriceView, ApiError> {
        match change {
            Some(coupon) => call::apply_coupon(self.order_id(), coupon).await,
            None => call::price(self.order_id()).await,
        }
    }

    /// Loads Toss's script and draws the widget for the amount that is shown.
    pub(super) fn open(self) {
        self.close();
        self.0.agreed.set(None);
        tell(WHY, "");
        self.enter(Phase::Loading);
        spawn(async move {
            match self.draw().await {
                Ok(widget) => {
                    self.0.widget.replace(Some(widget));
                    self.enter(Phase::Ready);
                }
                Err(trouble) => self.break_down(&trouble),
            }
        });
    }

    async fn draw(self) -> Result<PaymentWidget, SdkError> {
        let order = &self.0.order;
        widget::load(&order.script_url).await?;
        let setup = Setup {
            client_key: order.client_key.clone(),
            customer_key: order.customer_key.clone(),
            amount: self.price().amount,
            methods: "#payment-methods",
            agreement: "#agreement",
        };
        PaymentWidget::open(&setup, move |happened| match happened {
            // Another method may do what the last one could not.
            Happened::MethodSelected(_) => notify(""),
            Happened::Agreed(agreed) => self.agree(agreed),
        })
        .await
    }

    /// The page is left, perhaps to be shown again from the browser's memory: coming into view does
    /// nothing then, because [`PaymentForm::come_back`] does. A widget on its way goes on where it stood.
    pub(super) fn leave(self) {
        if self.phase() != Phase::Loading {
            self.close();
            self.enter(Phase::Repricing);
        }
    }

    pub(super) fn come_back(self) {
        if self.phase() != Phase::Loading {
            self.refresh();
        }
    }

    fn close(self) {
        if let Some(widget) = self.0.widget.take() {
            widget.close();
        }
    }

    fn widget(self) -> Option<PaymentWidget> {
        self.0.widget.borrow().clone()
    }

    /// The buyer chose a coupon, or none. With the arrow keys one comes after the other, faster than
    /// they are priced: the last one counts.
    pub(super) fn choose(self, coupon: &str) {
        match self.phase() {
            Phase::Ready => {}
            Phase::Repricing => return self.0.wish.set(Some(coupon.to_owned())),
            Phase::Loading | Phase::Paying | Phase::Broken | Phase::Over => return,
        }
        self.enter(Phase::Repricing);
        notify("");
        let coupon = CouponId::parse(coupon).ok();
        spawn(async move {
            // Puts it on the order, or takes one off.
            match self.ask(Some(coupon)).await {
                Ok(price) => self.show(price).await,
                Err(error) => {
                    notify(self.sentence(&error));
                    // Shown is what is stored, also by the radio buttons.
                    self.refresh();
                }
            }
        });
    }

    /// Tells the widget the order's amount, and then shows it.
    async fn show(self, price: PriceView) {
        if price.status != Status::Pending {
            self.close();
            self.put(price);
            return self.enter(Phase::Over);
        }
        let Some(widget) = self.widget() else {
            self.put(price);
            return self.open();
        };
        let told = widget.set_amount(price.amount).await;
        check_coupon(&price, &self.less(price.discount));
        self.put(price);
        match told {
            Ok(()) => {
                self.enter(Phase::Ready);
                if let Some(wish) = self.0.wish.take() {
                    self.choose(&wish);
                }
            }
            Err(trouble) => self.break_down(&trouble),
        }
    }

    /// Asks the server how the order is now.
    pub(super) fn refresh(self) {
        self.enter(Phase::Repricing);
        spawn(async move {
            match self.ask(None).await {
                Ok(price) => self.show(price).await,
                Err(error) if error.reason.is_some() => self.refuse(&error),
                Err(error) => {
                    notify(self.sentence(&error));
                    tell(WHY, self.say(Line::NotRead));
                    self.enter(Phase::Broken);
                }
            }
        });
    }

    /// The order cannot be paid as it is, as when its coupon or its pieces are gone: the buyer is told
    /// why, and chooses what to do.
    fn refuse(self, error: &ApiError) {
        notify(self.sentence(error));
        if self.0.widget.borrow().is_none() {
            return self.open();
        }
        self.enter(Phase::Ready);
        let place = if matches!(error.reason, Some(Reason::CouponUnusable)) {
            format!("input[name={COUPON_INPUT}]:checked")
        } else {
            format!("#{PAY_BUTTON}")
        };
        // Once it is enabled.
        when_drawn(move || focus(&place));
    }

    /// The page has come into view again, or gone out of it.
    pub(super) fn look(self) {
        if self.phase() == Phase::Ready && document().is_some_and(|page| !page.hidden()) {
            self.refresh();
        }
    }

    /// Opens the payment window, if the order is still what the page shows.
    pub(super) fn pay(self) {
        if self.phase() != Phase::Ready {
            return;
        }
        self.enter(Phase::Paying);
        notify("");
        spawn(async move {
            // Another tab may have changed the coupon, or paid.
            let stored = match self.ask(None).await {
                Ok(stored) => stored,
                Err(error) => return self.refuse(&error),
            };
            if stored != *self.price() {
                if stored.status == Status::Pending {
                    notify(self.say(Line::Changed));
                }
                return self.show(stored).await;
            }
            let Some(widget) = self.widget() else { return self.open() };
            // On success the browser leaves and this never ends.
            if let Err(trouble) = widget.pay(&self.request(stored.tax_free)).await {
                notify(&sentence_for(&trouble.code));
                self.enter(Phase::Ready);
                // It lost the focus when it was disabled; once it is enabled, it has it again.
                when_drawn(|| focus(&format!("#{PAY_BUTTON}")));
            }
        });
    }

    fn request(self, tax_free: Won) -> Request {
        let order = &self.0.order;
        let origin = window().and_then(|window| window.location().origin().ok());
        let origin = origin.unwrap_or_default();
        Request {
            order_id: order.order_id.to_string(),
            order_name: order.order_name.clone(),
            success_url: format!("{origin}/success"),
            fail_url: format!("{origin}/fail"),
            customer: order.customer.clone(),
            tax_free,
        }
    }

    fn break_down(self, trouble: &SdkError) {
        self.close();
        log(&format!("{}: {}", trouble.code, trouble.message));
        tell(WHY, &sentence_for(&trouble.code));
        self.enter(Phase::Broken);
    }
}

/// The id of the pay button.
pub(super) const PAY_BUTTON: &str = "pay";

/// What the page has for a code of Toss's: see [`TROUBLES`].
///
/// [`TROUBLES`]: crate::components::TROUBLES
fn sentence_for(code: &str) -> String {
    let found = first(&format!("#{TROUBLES_PLACE} [data-codes~='{code}']"));
    let found = found.or_else(|| first(&format!("#{TROUBLES_PLACE} :last-child")));
    found.and_then(|it| it.text_content()).unwrap_or_default()
}

/// The id of what holds the page's sentences for codes of Toss's; the last is for any other.
pub(super) const TROUBLES_PLACE: &str = "troubles";

/// Marks the radio button of the coupon that is on the order, and says what it takes off.
fn check_coupon(price: &PriceView, gained: &str) {
    let value = price.coupon_id.as_ref().map(CouponId::as_str).unwrap_or_default();
    let found = first(&format!("input[name={COUPON_INPUT}][value='{value}']"));
    if let Some(input) = found.and_then(|found| found.dyn_into::<HtmlInputElement>().ok()) {
        input.set_checked(true);
        let label = input.parent_element();
        let gain = label.and_then(|label| label.query_selector(".coupon-gain").ok().flatten());
        if let Some(gain) = gain.filter(|_| !price.discount.is_zero()) {
            gain.set_text_content(Some(gained));
        }
    }
}
