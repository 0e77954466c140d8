//! Name, e-mail and mobile number of the buyer, each with its own error.

use std::borrow::Cow;

use leptos::prelude::*;

use crate::contract::BuyerView;
use crate::domain::contact::{ContactField, WrongField};
use crate::words::{self, Cart, spoken};

/// Three labelled inputs, filled in with what was typed last. All that is wrong is said at once, and
/// the keyboard is at the first of it.
#[component]
pub fn BuyerFields(buyer: BuyerView, wrongs: Vec<WrongField>) -> impl IntoView {
    let language = spoken();
    let rule = |field: ContactField| wrongs.iter().find(|wrong| wrong.field == field);
    let first = wrongs.first().map(|wrong| wrong.field);
    let field = |field: ContactField, label: Cart<'static>, kind, autocomplete, hint, value| {
        let (name, is_first) = (field.as_str(), first == Some(field));
        let label = label.say(language);
        let wrong = rule(field).map(|wrong| words::rule(wrong.rule, language));
        view! { <Field label name kind autocomplete hint value wrong is_first /> }
    };
    view! {
        <fieldset class="buyer">
            <legend>{Cart::Buyer.say(language)}</legend>
            {field(
                ContactField::Name,
                Cart::Name,
                "text",
                "name",
                Cart::NameHint.say(language),
                buyer.name,
            )}
            {field(
                ContactField::Email,
                Cart::Email,
                "email",
                "email",
                "name@example.com".into(),
                buyer.email,
            )}
            {field(
                ContactField::MobilePhone,
                Cart::Mobile,
                "tel",
                "tel",
                "010-1234-5678".into(),
                buyer.mobile_phone,
            )}
        </fieldset>
    }
}

#[component]
fn Field(
    label: Cow<'static, str>,
    name: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    hint: Cow<'static, str>,
    value: String,
    wrong: Option<Cow<'static, str>>,
    is_first: bool,
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
                autofocus=is_first
                aria-invalid=is_wrong.to_string()
                aria-describedby=is_wrong.then(|| format!("{name}-wrong"))
            />
            {wrong.map(|sentence| view! {
                <p class="wrong" id=format!("{name}-wrong") role="alert">{sentence}</p>
            })}
        </div>
    }
}
