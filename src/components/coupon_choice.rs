//! Choosing one coupon, or none: plain radio buttons, watched by the checkout's island.

use leptos::prelude::*;

use crate::contract::CouponView;
use crate::domain::id::CouponId;

/// The name of the radio buttons; their values are coupon ids, and empty for none.
pub const COUPON_INPUT: &str = "couponId";

#[component]
pub fn CouponChoice(coupons: Vec<CouponView>, chosen: Option<CouponId>) -> impl IntoView {
    let none = view! {
        <Choice value=String::new() name="사용 안 함".to_owned() gain=String::new()
            unusable=false checked=chosen.is_none() />
    };
    let rest = coupons
        .into_iter()
        .map(|coupon| {
            let checked = chosen.as_ref() == Some(&coupon.coupon_id);
            let unusable = coupon.refused.is_some() && !checked;
            let gain = coupon.refused.unwrap_or_else(|| format!("−{}", coupon.discount));
            view! {
                <Choice value=coupon.coupon_id.to_string() name=coupon.name gain unusable checked />
            }
        })
        .collect_view();
    view! {
        <fieldset class="coupons">
            <legend>"쿠폰"</legend>
            {none}
            {rest}
        </fieldset>
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
