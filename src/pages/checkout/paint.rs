//! Shows the state of the form on the page, which the server has made.

use crate::domain::won::Won;
use crate::pages::checkout::claim::enable_choices;
use crate::pages::checkout::payable::Line;
use crate::pages::checkout::payment_form::{PAY_BUTTON, PaymentForm, Phase};
use crate::pages::dom::{switch, tell};

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
    let (phase, price) = (form.phase(), form.price());
    let obstacle = form.obstacle();
    switch(LOADING, "hidden", phase != Phase::Loading);
    switch(BROKEN, "hidden", phase != Phase::Broken);
    switch(OVER, "hidden", phase != Phase::Over);
    // Also while one is being priced: disabled, they would lose the keyboard.
    enable_choices(matches!(phase, Phase::Ready | Phase::Repricing));
    let discount = match price.discount {
        Won::ZERO => form.money(Won::ZERO),
        discount => form.less(discount),
    };
    tell(DISCOUNT, &discount);
    tell(TOTAL, &form.money(price.amount));
    tell(PAY_BUTTON, &form.pay_label(price.amount));
    switch(PAY_BUTTON, "disabled", obstacle.is_some());
    let waits = matches!(obstacle, Some(Line::Loading | Line::Pricing));
    switch(OBSTACLE, "data-waits", waits);
    tell(OBSTACLE, obstacle.map(|line| form.say(line)).unwrap_or_default());
}

/// What the buyer must read, or nothing.
pub(super) fn notify(sentence: &str) {
    switch(NOTICE, "hidden", sentence.is_empty());
    tell(NOTICE, sentence);
}
