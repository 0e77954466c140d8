//! The payment widget on the page: its amount, its two parts, and asking it to pay.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::domain::won::Won;
use crate::widget::SdkError;

#[wasm_bindgen]
extern "C" {
    type Toss;
    type Widgets;
    type Part;

    #[wasm_bindgen(catch, js_name = TossPayments)]
    fn toss_payments(client_key: &str) -> Result<Toss, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn widgets(this: &Toss, params: &JsValue) -> Result<Widgets, JsValue>;
    #[wasm_bindgen(method, catch, js_name = setAmount)]
    fn set_amount(this: &Widgets, amount: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = renderPaymentMethods)]
    fn render_payment_methods(this: &Widgets, params: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = renderAgreement)]
    fn render_agreement(this: &Widgets, params: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = requestPayment)]
    fn request_payment(this: &Widgets, params: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn on(this: &Part, event: &str, callback: &Function) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn destroy(this: &Part) -> Result<Promise, JsValue>;
}

/// What the widget needs to appear.
#[derive(Clone, Debug)]
pub struct Setup {
    pub client_key: String,
    pub customer_key: String,
    pub amount: Won,
    /// CSS selectors of the elements to render into.
    pub methods: &'static str,
    pub agreement: &'static str,
}

/// What the buyer did in the widget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// A method was chosen; Toss's code, or a name the merchant gave.
    MethodSelected(String),
    /// Whether all required terms are agreed to.
    Agreed(bool),
}

/// A widget that has been rendered. Clones are the same widget.
#[derive(Clone, Debug)]
pub struct PaymentWidget {
    widgets: JsValue,
    parts: Rc<RefCell<Vec<Rendered>>>,
}

#[derive(Debug)]
struct Rendered {
    part: JsValue,
    // Held: Toss calls it as long as the widget is there.
    _listener: Closure<dyn FnMut(JsValue)>,
}

impl PaymentWidget {
    /// Renders method choice and terms, in the order the script asks for: the amount first
    /// (Toss: sdk.md §3.1).
    pub async fn open(
        setup: &Setup,
        happened: impl Fn(Happened) + Clone + 'static,
    ) -> Result<PaymentWidget, SdkError> {
        let toss = toss_payments(&setup.client_key)?;
        let customer = object(&[("customerKey", setup.customer_key.as_str().into())]);
        let widgets = toss.widgets(&customer)?;
        JsFuture::from(widgets.set_amount(&amount(setup.amount))?).await?;
        let widget = PaymentWidget { widgets: (*widgets).clone(), parts: Rc::default() };

        // Both are on their way before either is waited for: each is a frame that Toss has to be asked for.
        let methods = widgets.render_payment_methods(&variant(setup.methods, "DEFAULT"));
        let methods = methods.map(JsFuture::from);
        let terms = widgets.render_agreement(&variant(setup.agreement, "AGREEMENT"));
        let terms = terms.map(JsFuture::from);

        let told = happened.clone();
        let methods = widget.listen(methods, "paymentMethodSelect", move |event| {
            if let Some(code) = get(&event, "code").as_string() {
                told(Happened::MethodSelected(code));
            }
        });
        let methods = methods.await;
        let terms = widget.listen(terms, "agreementStatusChange", move |event| {
            if let Some(agreed) = get(&event, "agreedRequiredTerms").as_bool() {
                happened(Happened::Agreed(agreed));
            }
        });
        let terms = terms.await;
        if let Err(thrown) = methods.and(terms) {
            // Half a widget would refuse to be rendered again.
            widget.close();
            return Err(thrown.into());
        }
        Ok(widget)
    }

    /// Tells the widget a new amount.
    pub async fn set_amount(&self, won: Won) -> Result<(), SdkError> {
        JsFuture::from(self.widgets().set_amount(&amount(won))?).await?;
        Ok(())
    }

    /// Opens the payment window. Ends only if there is no payment: on success the browser
    /// leaves for the success address (Toss: sdk.md §4).
    pub async fn pay(&self, request: &Request) -> Result<(), SdkError> {
        JsFuture::from(self.widgets().request_payment(&request.to_js())?).await?;
        Ok(())
    }

    /// Takes the widget off the page.
    pub fn close(&self) {
        for rendered in self.parts.take() {
            // A widget that is gone already is what is wanted.
            drop(rendered.part.unchecked_ref::<Part>().destroy());
        }
    }

    fn widgets(&self) -> &Widgets {
        self.widgets.unchecked_ref()
    }

    /// Waits for a part to be there, and hears what happens at it.
    async fn listen(
        &self,
        begun: Result<JsFuture, JsValue>,
        event: &str,
        callback: impl FnMut(JsValue) + 'static,
    ) -> Result<(), JsValue> {
        let part = begun?.await?;
        let callback = Closure::<dyn FnMut(JsValue)>::new(callback);
        let heard = part.unchecked_ref::<Part>().on(event, callback.as_ref().unchecked_ref());
        self.parts.borrow_mut().push(Rendered { part, _listener: callback });
        heard
    }
}

/// What is to be paid, and where to come back to. No amount: the widget has it.
#[derive(Clone, Debug)]
pub struct Request {
    pub order_id: String,
    pub order_name: String,
    pub success_url: String,
    pub fail_url: String,
    pub customer: Option<Customer>,
    /// Of the amount; not named where there is none, as most shops may not.
    pub tax_free: Won,
}

/// Who pays; Toss fills its window in with it.
#[derive(Clone)]
pub struct Customer {
    pub email: String,
    pub name: String,
    /// 8 to 15 digits.
    pub mobile_phone: String,
}

// Personal data.
impl std::fmt::Debug for Customer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Customer")
    }
}

impl Request {
    fn to_js(&self) -> JsValue {
        let request = object(&[
            ("orderId", self.order_id.as_str().into()),
            ("orderName", self.order_name.as_str().into()),
            ("successUrl", self.success_url.as_str().into()),
            ("failUrl", self.fail_url.as_str().into()),
        ]);
        if !self.tax_free.is_zero() {
            set(&request, "taxFreeAmount", &number(self.tax_free));
        }
        if let Some(customer) = &self.customer {
            set(&request, "customerEmail", &customer.email.as_str().into());
            set(&request, "customerName", &customer.name.as_str().into());
            set(&request, "customerMobilePhone", &customer.mobile_phone.as_str().into());
        }
        request
    }
}

fn variant(selector: &str, key: &str) -> JsValue {
    object(&[("selector", selector.into()), ("variantKey", key.into())])
}

fn amount(won: Won) -> JsValue {
    object(&[("currency", "KRW".into()), ("value", number(won))])
}

#[expect(clippy::cast_precision_loss, reason = "Won::MAX is far below 2^53")]
fn number(won: Won) -> JsValue {
    JsValue::from_f64(won.get() as f64)
}

fn object(pairs: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new().into();
    for (key, value) in pairs {
        set(&object, key, value);
    }
    object
}

fn set(object: &JsValue, key: &str, value: &JsValue) {
    // Fails only on frozen objects and proxies; ours are neither.
    let done = Reflect::set(object, &key.into(), value);
    debug_assert!(done.is_ok());
}

fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap_or(JsValue::UNDEFINED)
}
