//! Choosing one coupon, or none.

use leptos::prelude::*;

use crate::contract::CouponView;
use crate::domain::id::CouponId;

/// Radio buttons: one coupon or none. `on_choose` is told of a change by the buyer.
#[component]
pub fn CouponChoice(
    #[prop(into)] coupons: Signal<Vec<CouponView>>,
    #[prop(into)] chosen: Signal<Option<CouponId>>,
    #[prop(into)] disabled: Signal<bool>,
    on_choose: impl Fn(Option<CouponId>) + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let choose_none = on_choose.clone();
    let options = move || {
        coupons
            .get()
            .into_iter()
            .map(|coupon| {
                let id = coupon.coupon_id.clone();
                let (shown, told) = (id.clone(), id.clone());
                let on_choose = on_choose.clone();
                let refused = coupon.refused.clone();
                let unusable = refused.is_some();
                let gain = match (refused, coupon.discount) {
                    (Some(reason), _) => reason,
                    (None, discount) => format!("−{discount}"),
                };
                view! {
                    <label class="coupon" class:unusable=unusable>
                        <input
                            type="radio"
                            name="couponId"
                            value=id.to_string()
                            disabled=move || unusable || disabled.get()
                            checked=chosen.get_untracked().as_ref() == Some(&id)
                            prop:checked=move || chosen.get().as_ref() == Some(&shown)
                            on:change=move |_| on_choose(Some(told.clone()))
                        />
                        <span class="coupon-name">{coupon.name}</span>
                        <span class="coupon-gain">{gain}</span>
                    </label>
                }
            })
            .collect_view()
    };
    view! {
        <fieldset class="coupons">
            <legend>"쿠폰"</legend>
            <label class="coupon">
                <input
                    type="radio"
                    name="couponId"
                    value=""
                    disabled=move || disabled.get()
                    checked=chosen.get_untracked().is_none()
                    prop:checked=move || chosen.get().is_none()
                    on:change=move |_| choose_none(None)
                />
                <span class="coupon-name">"사용 안 함"</span>
                <span class="coupon-gain"></span>
            </label>
            {options}
        </fieldset>
    }
}
