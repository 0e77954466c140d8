//! Name, e-mail and mobile number of the buyer, each with its own error.

use leptos::html::Input;
use leptos::prelude::*;

use crate::domain::contact::Contact;

/// Where the three inputs are once the page is in a browser.
#[derive(Clone, Copy, Debug, Default)]
pub struct BuyerInputs {
    pub name: NodeRef<Input>,
    pub email: NodeRef<Input>,
    pub mobile_phone: NodeRef<Input>,
}

/// Three labelled inputs. `wrong` gives a field, as the API names it, and a sentence.
#[component]
pub fn BuyerFields(
    inputs: BuyerInputs,
    typed: Option<Contact>,
    #[prop(into)] wrong: Signal<Option<(String, String)>>,
) -> impl IntoView {
    let typed = typed.map(|contact| {
        let Contact { name, email, mobile_phone } = contact;
        [String::from(name), email.into(), mobile_phone.into()]
    });
    let [name, email, mobile_phone] = typed.unwrap_or_default();
    view! {
        <fieldset class="buyer">
            <legend>"주문자"</legend>
            <Field label="이름" name="name" kind="text" autocomplete="name" hint=""
                value=name input=inputs.name field="customer.name" wrong />
            <Field label="이메일" name="email" kind="email" autocomplete="email"
                hint="영수증을 받을 주소" value=email input=inputs.email field="customer.email" wrong />
            <Field label="휴대폰" name="mobilePhone" kind="tel" autocomplete="tel"
                hint="예: 010-1234-5678" value=mobile_phone input=inputs.mobile_phone
                field="customer.mobilePhone" wrong />
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
    input: NodeRef<Input>,
    /// As the API names it.
    field: &'static str,
    wrong: Signal<Option<(String, String)>>,
) -> impl IntoView {
    let mine = move || wrong.get().filter(|(at, _)| at == field).map(|(_, sentence)| sentence);
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
                node_ref=input
                aria-invalid=move || mine().is_some().to_string()
                aria-describedby=format!("{name}-wrong")
            />
            <p class="wrong" id=format!("{name}-wrong")>{mine}</p>
        </div>
    }
}
