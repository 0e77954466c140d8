//! Name, e-mail and mobile number of the buyer, each with its own error.

use leptos::prelude::*;

use crate::contract::BuyerView;
use crate::domain::contact::{ContactField, WrongField};

/// Three labelled inputs, filled in with what was typed last. All that is wrong is said at once, and
/// the keyboard is at the first of it.
#[component]
pub fn BuyerFields(buyer: BuyerView, wrongs: Vec<WrongField>) -> impl IntoView {
    let rule = |field: ContactField| wrongs.iter().find(|wrong| wrong.field == field);
    let first = wrongs.first().map(|wrong| wrong.field);
    let field = |field: ContactField, label, kind, autocomplete, hint, value| {
        let (name, is_first) = (field.as_str(), first == Some(field));
        let wrong = rule(field).map(|wrong| wrong.rule);
        view! { <Field label name kind autocomplete hint value wrong is_first /> }
    };
    view! {
        <fieldset class="buyer">
            <legend>"주문자"</legend>
            {field(ContactField::Name, "이름", "text", "name", "홍길동", buyer.name)}
            {field(ContactField::Email, "이메일", "email", "email", "name@example.com", buyer.email)}
            {field(
                ContactField::MobilePhone,
                "휴대폰",
                "tel",
                "tel",
                "010-1234-5678",
                buyer.mobile_phone,
            )}
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
    wrong: Option<&'static str>,
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
