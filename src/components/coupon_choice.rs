//! Choosing one coupon, or none, and entering a code: plain radio buttons and a plain form, watched
//! by the checkout's island.

use leptos::prelude::*;

use crate::contract::CouponView;
use crate::domain::id::{CouponId, OrderId};
use crate::words::{Coupon, less, spoken};

/// The name of the radio buttons; their values are coupon ids, and empty for none.
pub const COUPON_INPUT: &str = "couponId";

/// The id of the field for a code.
pub const CODE_INPUT: &str = "code";

/// The id of what is said about it.
pub const CODE_TOLD: &str = "code-told";

/// Disabled until the island can price anew.
#[component]
pub fn CouponChoice(coupons: Vec<CouponView>, chosen: Option<CouponId>) -> impl IntoView {
    let language = spoken();
    let none = view! {
        <Choice value=String::new() name=Coupon::Unused.say(language).into_owned() gain=String::new()
            unusable=false checked=chosen.is_none() />
    };
    let rest = coupons
        .into_iter()
        .map(|coupon| {
            let checked = chosen.as_ref() == Some(&coupon.coupon_id);
            let unusable = coupon.refused.is_some() && !checked;
            let gain = coupon.refused.unwrap_or_else(|| less(coupon.discount, language));
            view! {
                <Choice value=coupon.coupon_id.to_string() name=coupon.name gain unusable checked />
            }
        })
        .collect_view();
    view! {
        <fieldset class="coupons" disabled>
            <legend>{Coupon::Title.say(language)}</legend>
            {none}
            {rest}
        </fieldset>
    }
}

/// A code for a coupon. Where nothing listens it is sent as any form is.
#[component]
pub fn CouponCode(order_id: OrderId, wrong: Option<String>) -> impl IntoView {
    let is_wrong = wrong.is_some();
    view! {
        <form class="field coupon-code" method="post" action="/form/claim-coupon">
            <input type="hidden" name="orderId" value=order_id.to_string() />
            <label for=CODE_INPUT>{Coupon::Code.say(spoken())}</label>
            <div>
                <input
                    id=CODE_INPUT
                    name="code"
                    type="text"
                    required
                    maxlength="100"
                    autocomplete="off"
                    autocapitalize="characters"
                    spellcheck="false"
                    enterkeyhint="done"
                    autofocus=is_wrong
                    aria-invalid=is_wrong.to_string()
                    aria-describedby=CODE_TOLD
                />
                <button type="submit" class="secondary">{Coupon::Claim.say(spoken())}</button>
            </div>
            <p class="wrong" id=CODE_TOLD role="alert">{wrong}</p>
        </form>
    }
}

#[component]
fn Choice(
    value: String,
    name: String,
    gain: String,
    unusable: bool,
    checked: bool,
) -> impl IntoView {
    view! {
        <label class="coupon" class:unusable=unusable>
            <input type="radio" name=COUPON_INPUT value=value disabled=unusable checked=checked />
            <span class="coupon-name">{name}</span>
            <span class="coupon-gain">{gain}</span>
        </label>
    }
}
