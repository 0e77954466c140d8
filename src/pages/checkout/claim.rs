//! Entering a coupon code: the coupon is claimed, joins the choices, and is put on the order by the
//! server if that makes it cheaper.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement};

use crate::api::call;
use crate::components::{CODE_INPUT, CODE_TOLD};
use crate::contract::IssuedView;
use crate::pages::checkout::paint::notify;
use crate::pages::checkout::payment_form::{PaymentForm, Phase};
use crate::pages::dom::{find, first, focus, spawn, tell as say};

impl PaymentForm {
    /// The form with the code was sent. Where the page cannot price anew, it goes to the server as
    /// any form does, and the page comes back with what came of it.
    pub(super) fn claim(self, event: &Event) {
        match self.phase() {
            Phase::Loading | Phase::Broken | Phase::Over => return,
            Phase::Ready => event.prevent_default(),
            Phase::Repricing | Phase::Paying => return event.prevent_default(),
        }
        let Some(input) =
            find(CODE_INPUT).and_then(|found| found.dyn_into::<HtmlInputElement>().ok())
        else {
            return;
        };
        self.enter(Phase::Repricing);
        notify("");
        tell(&input, "");
        spawn(async move {
            match call::claim_coupon(&input.value(), self.order_id()).await {
                Ok(issued) => {
                    input.set_value("");
                    add_choice(&issued);
                    tell(&input, issued.told.as_deref().unwrap_or_default());
                    self.refresh();
                }
                Err(error) => {
                    tell(&input, self.sentence(&error));
                    self.enter(Phase::Ready);
                    focus(&format!("#{CODE_INPUT}"));
                }
            }
        });
    }
}

/// Says what is wrong with the code, what came of one that was taken, or nothing.
fn tell(input: &HtmlInputElement, sentence: &str) {
    let is_wrong = !sentence.is_empty() && !input.value().is_empty();
    drop(input.set_attribute("aria-invalid", if is_wrong { "true" } else { "false" }));
    say(CODE_TOLD, sentence);
}

/// One more radio button, made from the one for no coupon.
fn add_choice(issued: &IssuedView) {
    let part = |place: &Element, selector: &str| place.query_selector(selector).ok().flatten();
    let Some(choices) = choices() else { return };
    let copy = part(&choices, "label").and_then(|none| none.clone_node_with_deep(true).ok());
    let Some(label) = copy.and_then(|copy| copy.dyn_into::<Element>().ok()) else { return };
    if let Some(input) = part(&label, "input") {
        drop(input.remove_attribute("checked"));
        drop(input.set_attribute("value", issued.coupon_id.as_str()));
    }
    if let Some(name) = part(&label, ".coupon-name") {
        name.set_text_content(Some(&issued.name));
    }
    drop(choices.append_child(&label));
}

/// Coupons can be chosen while the page can price anew.
pub(super) fn enable_choices(is_enabled: bool) {
    if let Some(choices) = choices() {
        drop(choices.toggle_attribute_with_force("disabled", !is_enabled));
    }
}

fn choices() -> Option<Element> {
    first(".coupons")
}
