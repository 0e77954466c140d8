//! Name, e-mail and mobile number of the buyer, each with its own error.

use leptos::prelude::*;

use crate::contract::BuyerView;

/// What is wrong with a form, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// As the API names it: `customer.email`. Empty for the whole.
    pub field: String,
    pub sentence: String,
}

impl Wrong {
    /// Whether it is said beside one of the buyer's fields.
    pub fn is_about_buyer(&self) -> bool {
        self.field.starts_with("customer.")
    }
}

/// Three labelled inputs, filled in with what was typed last.
#[component]
pub fn BuyerFields(buyer: BuyerView, wrong: Option<Wrong>) -> impl IntoView {
    let sentence = |field: &str| {
        wrong.as_ref().filter(|wrong| wrong.field == field).map(|wrong| wrong.sentence.clone())
    };
    let (name, email) = (sentence("customer.name"), sentence("customer.email"));
    let mobile_phone = sentence("customer.mobilePhone");
    view! {
        <fieldset class="buyer">
            <legend>"주문자"</legend>
            <Field label="이름" name="name" kind="text" autocomplete="name" hint="홍길동"
                value=buyer.name wrong=name />
            <Field label="이메일" name="email" kind="email" autocomplete="email"
                hint="name@example.com" value=buyer.email wrong=email />
            <Field label="휴대폰" name="mobilePhone" kind="tel" autocomplete="tel"
                hint="010-1234-5678" value=buyer.mobile_phone wrong=mobile_phone />
        </fieldset>
    }
}

#[component]
fn Field(
    label: &'static str,
    name: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    hint: &'static str,
    value: String,
    wrong: Option<String>,
) -> impl IntoView {
    let is_wrong = wrong.is_some();
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                type=kind
                autocomplete=autocomplete
                required
                maxlength="100"
                placeholder=hint
                value=value
                autofocus=is_wrong
                aria-invalid=is_wrong.to_string()
                aria-describedby=is_wrong.then(|| format!("{name}-wrong"))
            />
            {wrong.map(|sentence| view! {
                <p class="wrong" id=format!("{name}-wrong") role="alert">{sentence}</p>
            })}
        </div>
    }
}
