//! Shows the state of the form on the page, which the server has made.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, Event};

use crate::domain::won::Won;
use crate::pages::checkout::claim::enable_choices;
use crate::pages::checkout::payable::Line;
use crate::pages::checkout::payment_form::{PAY_BUTTON, PaymentForm, Phase};

/// Ids of what moves: what the buyer must read,
pub(super) const NOTICE: &str = "notice";
/// the order, its coupons and the code for one,
pub(super) const CHOICES: &str = "choices";
/// what covers the widget until it is there,
pub(super) const LOADING: &str = "loading";
/// and if it cannot be: with why, and a button,
pub(super) const BROKEN: &str = "broken";
pub(super) const WHY: &str = "why";
pub(super) const RETRY: &str = "retry";
/// the sums that change,
pub(super) const DISCOUNT: &str = "discount";
pub(super) const TOTAL: &str = "total";
/// why the button cannot be pressed; `data-waits` while that will pass by itself,
pub(super) const OBSTACLE: &str = "obstacle";
/// and the way on when there is nothing to pay any more.
pub(super) const OVER: &str = "over";

/// To be called again whenever any of it changes.
pub(super) fn paint(form: PaymentForm) {
    let (phase, price, notice) = (form.phase.get(), form.price.get(), form.notice.get());
    let obstacle = form.obstacle();
    switch(NOTICE, "hidden", notice.is_none());
    tell(NOTICE, &notice.unwrap_or_default());
    switch(LOADING, "hidden", phase != Phase::Loading);
    switch(OVER, "hidden", phase != Phase::Over);
    // Also while one is being priced: disabled, they would lose the keyboard.
    enable_choices(matches!(phase, Phase::Ready | Phase::Repricing));
    let why = match phase {
        Phase::Broken(why) => why,
        Phase::Loading | Phase::Ready | Phase::Repricing | Phase::Paying | Phase::Over => {
            String::new()
        }
    };
    switch(BROKEN, "hidden", why.is_empty());
    tell(WHY, &why);
    tell(
        DISCOUNT,
        &match price.discount {
            Won::ZERO => form.money(Won::ZERO),
            discount => form.less(discount),
        },
    );
    tell(TOTAL, &form.money(price.amount));
    tell(PAY_BUTTON, &form.pay_label(price.amount));
    switch(PAY_BUTTON, "disabled", obstacle.is_some());
    let waits = matches!(obstacle, Some(Line::Loading | Line::Pricing));
    switch(OBSTACLE, "data-waits", waits);
    tell(OBSTACLE, &obstacle.map(|line| form.say(line)).unwrap_or_default());
}

/// Calls `act` whenever that happens there, as long as the page lives.
pub(super) fn on(id: &str, happens: &str, act: impl FnMut(Event) + 'static) {
    let Some(place) = find(id) else { return };
    let act = Closure::<dyn FnMut(Event)>::new(act);
    drop(place.add_event_listener_with_callback(happens, act.as_ref().unchecked_ref()));
    act.forget();
}

fn find(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

/// What is there already stays, and is not read out again.
fn tell(id: &str, text: &str) {
    let place = find(id).filter(|place| place.text_content().as_deref() != Some(text));
    if let Some(place) = place {
        place.set_text_content(Some(text));
    }
}

fn switch(id: &str, attribute: &str, is_on: bool) {
    if let Some(place) = find(id) {
        drop(place.toggle_attribute_with_force(attribute, is_on));
    }
}
