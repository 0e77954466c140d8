//! What the checkout's island knows of its order, and how it gets from the server into the page.

use leptos::prelude::*;

use crate::contract::{CheckoutView, PriceView};
use crate::domain::id::{CouponId, CustomerKey, OrderId};
use crate::domain::language::Language;
use crate::domain::order::Status;
use crate::domain::won::Won;
use crate::pages::dom::find;
use crate::widget::Customer;
use crate::words::{Checkout, spoken};

/// What the island needs of an order; the rest stays on the server.
///
/// How it gets there: the server writes it into the attributes of one element, where the browser
/// finds it. Properties of the island would do the same, but bring a JSON parser into the WASM.
#[derive(Clone)]
pub(super) struct Payable {
    pub(super) order_id: OrderId,
    pub(super) order_name: String,
    pub(super) client_key: String,
    pub(super) customer_key: String,
    pub(super) script_url: String,
    pub(super) customer: Option<Customer>,
    pub(super) price: PriceView,
    pub(super) language: Language,
    /// What the island may come to say, in the order of [`Line`].
    said: Vec<String>,
}

/// What the island says, by its place in the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Loading,
    Pricing,
    Paying,
    Broken,
    Over,
    NeedsAgreement,
    Changed,
    NotRead,
    Unreachable,
    /// On the button, with [`AMOUNT`] in it.
    Pay,
}

/// Stands where the amount is to be.
pub(super) const AMOUNT: char = '¤';

/// Between two of them in the page.
const BREAK: char = '|';

/// As [`Line`] has them.
fn sentences(amount: &str) -> [Checkout<'_>; 10] {
    [
        Checkout::Loading,
        Checkout::Pricing,
        Checkout::Paying,
        Checkout::Broken,
        Checkout::Over,
        Checkout::NeedsAgreement,
        Checkout::Changed,
        Checkout::NotRead,
        Checkout::Unreachable,
        Checkout::Pay { amount },
    ]
}

/// The element that carries a [`Payable`].
const CARRIER: &str = "payable";

impl Payable {
    pub(super) fn of(order: &CheckoutView, customer_key: &CustomerKey) -> Payable {
        Payable {
            order_id: order.order_id.clone(),
            order_name: order.order_name.clone(),
            client_key: order.client_key.clone(),
            customer_key: customer_key.to_string(),
            script_url: order.script_url.clone(),
            customer: order.customer.as_ref().map(|customer| Customer {
                email: customer.email.as_str().to_owned(),
                name: customer.name.as_str().to_owned(),
                mobile_phone: customer.mobile_phone.as_str().to_owned(),
            }),
            price: PriceView {
                status: order.status,
                discount: order.discount,
                amount: order.amount,
                tax_free: order.tax_free,
                coupon_id: order.coupon_id.clone(),
            },
            language: spoken(),
            said: sentences(&AMOUNT.to_string()).map(|it| it.say(spoken()).into_owned()).into(),
        }
    }

    pub(super) fn say(&self, line: Line) -> &str {
        self.said.get(line as usize).map(String::as_str).unwrap_or_default()
    }

    pub(super) fn carrier(self) -> impl IntoView {
        let customer = self.customer;
        let (email, name, mobile_phone) = match customer {
            Some(customer) => {
                (Some(customer.email), Some(customer.name), Some(customer.mobile_phone))
            }
            None => (None, None, None),
        };
        view! {
            <div
                id=CARRIER
                hidden
                data-order=self.order_id.to_string()
                data-order-name=self.order_name
                data-client-key=self.client_key
                data-customer-key=self.customer_key
                data-script=self.script_url
                data-email=email
                data-name=name
                data-mobile=mobile_phone
                data-discount=self.price.discount.get().to_string()
                data-tax-free=self.price.tax_free.get().to_string()
                data-amount=self.price.amount.get().to_string()
                data-coupon=self.price.coupon_id.map(String::from)
                data-language=self.language.as_str()
                data-said=self.said.join(&BREAK.to_string())
            ></div>
        }
    }

    /// As the page has it.
    pub(super) fn here() -> Option<Payable> {
        let carrier = find(CARRIER)?;
        let maybe = |name: &str| carrier.get_attribute(name);
        let text = |name: &str| maybe(name).unwrap_or_default();
        let won = |name: &str| text(name).parse().ok().and_then(Won::new).unwrap_or(Won::ZERO);
        let customer = maybe("data-email").map(|email| Customer {
            email,
            name: text("data-name"),
            mobile_phone: text("data-mobile"),
        });
        Some(Payable {
            order_id: OrderId::parse(&text("data-order")).ok()?,
            order_name: text("data-order-name"),
            client_key: text("data-client-key"),
            customer_key: text("data-customer-key"),
            script_url: text("data-script"),
            customer,
            price: PriceView {
                status: Status::Pending,
                discount: won("data-discount"),
                amount: won("data-amount"),
                tax_free: won("data-tax-free"),
                coupon_id: maybe("data-coupon").and_then(|id| CouponId::parse(&id).ok()),
            },
            language: Language::parse(&text("data-language")).unwrap_or_default(),
            said: text("data-said").split(BREAK).map(str::to_owned).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{AMOUNT, BREAK, Line, sentences};
    use crate::domain::language::Language;
    use crate::words::Checkout;

    #[test]
    fn the_island_finds_what_it_says() {
        let amount = AMOUNT.to_string();
        for (line, sentence) in [
            (Line::Loading, Checkout::Loading),
            (Line::Pricing, Checkout::Pricing),
            (Line::Paying, Checkout::Paying),
            (Line::Broken, Checkout::Broken),
            (Line::Over, Checkout::Over),
            (Line::NeedsAgreement, Checkout::NeedsAgreement),
            (Line::Changed, Checkout::Changed),
            (Line::NotRead, Checkout::NotRead),
            (Line::Unreachable, Checkout::Unreachable),
            (Line::Pay, Checkout::Pay { amount: &amount }),
        ] {
            assert_eq!(sentences(&amount)[line as usize], sentence);
        }
        for language in Language::ALL {
            for sentence in sentences(&amount) {
                assert!(!sentence.say(language).contains(BREAK), "{sentence:?}");
            }
            let pay = Checkout::Pay { amount: &amount }.say(language);
            assert_eq!(pay.matches(AMOUNT).count(), 1);
        }
    }
}
