//! What the checkout's island knows of its order, and how it gets from the server into the page.

use leptos::prelude::*;

use crate::contract::{CheckoutView, PriceView};
use crate::domain::id::{CouponId, CustomerKey};
use crate::domain::order::Status;
use crate::domain::won::Won;
use crate::widget::Customer;

/// What the island needs of an order; the rest stays on the server.
///
/// How it gets there: the server gives it as context while it renders, and writes it into the
/// attributes of one element, where the browser finds it. Properties of the island would do the
/// same, but bring a JSON parser into the WASM.
#[derive(Clone)]
pub(super) struct Payable {
    pub(super) order_id: String,
    pub(super) order_name: String,
    pub(super) client_key: String,
    pub(super) customer_key: String,
    pub(super) script_url: String,
    pub(super) customer: Option<Customer>,
    pub(super) subtotal: Won,
    pub(super) price: PriceView,
}

/// The element that carries a [`Payable`].
const CARRIER: &str = "payable";

impl Payable {
    pub(super) fn of(order: &CheckoutView, customer_key: &CustomerKey) -> Payable {
        Payable {
            order_id: order.order_id.to_string(),
            order_name: order.order_name.clone(),
            client_key: order.client_key.clone(),
            customer_key: customer_key.to_string(),
            script_url: order.script_url.clone(),
            customer: order.customer.as_ref().map(|customer| Customer {
                email: customer.email.as_str().to_owned(),
                name: customer.name.as_str().to_owned(),
                mobile_phone: customer.mobile_phone.as_str().to_owned(),
            }),
            subtotal: order.subtotal,
            price: PriceView {
                status: order.status,
                discount: order.discount,
                amount: order.amount,
                tax_free: order.tax_free,
                coupon_id: order.coupon_id.clone(),
            },
        }
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
                data-order=self.order_id
                data-order-name=self.order_name
                data-client-key=self.client_key
                data-customer-key=self.customer_key
                data-script=self.script_url
                data-email=email
                data-name=name
                data-mobile=mobile_phone
                data-subtotal=self.subtotal.get().to_string()
                data-discount=self.price.discount.get().to_string()
                data-tax-free=self.price.tax_free.get().to_string()
                data-amount=self.price.amount.get().to_string()
                data-coupon=self.price.coupon_id.map(String::from)
            ></div>
        }
    }

    /// On the server from context, in the browser from the page.
    pub(super) fn here() -> Payable {
        use_context::<Payable>().unwrap_or_else(|| {
            let carrier = document().get_element_by_id(CARRIER);
            let maybe = |name: &str| carrier.as_ref().and_then(|place| place.get_attribute(name));
            let text = |name: &str| maybe(name).unwrap_or_default();
            let won = |name: &str| text(name).parse().ok().and_then(Won::new).unwrap_or(Won::ZERO);
            let customer = maybe("data-email").map(|email| Customer {
                email,
                name: text("data-name"),
                mobile_phone: text("data-mobile"),
            });
            Payable {
                order_id: text("data-order"),
                order_name: text("data-order-name"),
                client_key: text("data-client-key"),
                customer_key: text("data-customer-key"),
                script_url: text("data-script"),
                customer,
                subtotal: won("data-subtotal"),
                price: PriceView {
                    status: Status::Pending,
                    discount: won("data-discount"),
                    amount: won("data-amount"),
                    tax_free: won("data-tax-free"),
                    coupon_id: maybe("data-coupon").and_then(|id| CouponId::parse(&id).ok()),
                },
            }
        })
    }
}
