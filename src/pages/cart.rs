//! `/cart`: what will be ordered, by whom, with which coupon.

use leptos::html::Input;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::api;
use crate::components::{BuyerFields, BuyerInputs, CartLines, CouponChoice, Totals};
use crate::contract::{ApiError, CartView, CouponView};
use crate::domain::cart::CartLine;
use crate::domain::contact::{BuyerName, Contact, Email, Mobile};
use crate::domain::id::{CouponId, Malformed, ProductId, RequestId};
use crate::domain::won::Won;
use crate::pages::problem::{Notice, Problem};

#[component]
pub fn CartPage() -> impl IntoView {
    let query = use_query_map();
    let problem = query.read_untracked().get("problem");
    let field = query.read_untracked().get("field").unwrap_or_default();
    let loaded = Resource::new(
        || (),
        |()| async {
            let cart = api::cart().await?;
            let coupons = api::coupons(cart.subtotal).await?;
            let form_id = api::form_id().await?;
            Ok::<_, ApiError>((cart, coupons, api::buyer().await?, form_id))
        },
    );
    view! {
        <Title text="장바구니 · 계산" />
        <h1>"장바구니"</h1>
        <Suspense>
            {move || {
                let problem = problem.clone().map(|sentence| Wrong { field: field.clone(), sentence });
                Suspend::new(async move {
                    match loaded.await {
                        Ok((cart, coupons, buyer, form_id)) => {
                            view! { <CartDesk cart coupons buyer form_id problem /> }.into_any()
                        }
                        Err(error) => view! { <Problem error /> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

/// What is wrong with the form, and where.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Wrong {
    /// As the API names it: `customer.email`. Empty for the whole.
    field: String,
    sentence: String,
}

impl From<ApiError> for Wrong {
    fn from(error: ApiError) -> Wrong {
        let sentence = error.sentence().to_owned();
        Wrong { field: error.field.unwrap_or_default(), sentence }
    }
}

/// The whole order form. Plain forms until WASM has come.
#[island]
fn CartDesk(
    cart: CartView,
    coupons: Vec<CouponView>,
    buyer: Option<Contact>,
    form_id: RequestId,
    problem: Option<Wrong>,
) -> impl IntoView {
    let cart = RwSignal::new(cart);
    let coupons = RwSignal::new(coupons);
    let chosen = RwSignal::new(None::<CouponId>);
    let wrong = RwSignal::new(problem);
    let busy = RwSignal::new(false);
    let inputs = BuyerInputs::default();

    // A coupon that may not be used on this cart takes nothing off, and is not sent.
    let discount = Memo::new(move |_| {
        let (chosen, coupons) = (chosen.get(), coupons.get());
        let coupon = coupons.into_iter().find(|coupon| Some(&coupon.coupon_id) == chosen.as_ref());
        coupon.map_or(Won::ZERO, |coupon| coupon.discount)
    });
    let subtotal = Memo::new(move |_| cart.get().subtotal);
    let total = Memo::new(move |_| subtotal.get().minus(discount.get()).unwrap_or(Won::ZERO));
    let lines = Memo::new(move |_| cart.get().lines);
    let is_empty = Memo::new(move |_| lines.get().is_empty());
    let obstacle = Memo::new(move |_| cart.get().problem);
    let general = Signal::derive(move || {
        let wrong = wrong.get().filter(|wrong| !wrong.field.starts_with("customer."));
        wrong.map(|wrong| wrong.sentence).or_else(|| obstacle.get())
    });

    let change = move |product: ProductId, count: u32| {
        busy.set(true);
        leptos::task::spawn_local(async move {
            match api::set_cart(product, count).await {
                Ok(view) => {
                    if let Ok(list) = api::coupons(view.subtotal).await {
                        coupons.set(list);
                    }
                    cart.set(view);
                    wrong.set(None);
                }
                Err(error) => wrong.set(Some(error.into())),
            }
            busy.set(false);
        });
    };
    let form = form_id.clone();
    let place = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let contact = match read_contact(inputs) {
            Ok(contact) => contact,
            Err(found) => return wrong.set(Some(found)),
        };
        busy.set(true);
        let wanted = lines.get_untracked().into_iter();
        let wanted = wanted
            .map(|line| CartLine { product_id: line.product.product_id, quantity: line.quantity })
            .collect();
        let usable = chosen.get_untracked().filter(|_| !discount.get_untracked().is_zero());
        let form = form.clone();
        leptos::task::spawn_local(async move {
            match api::place_order(wanted, contact, usable, Some(form)).await {
                Ok(placed) => {
                    let to = format!("/checkout?orderId={}", placed.order_id);
                    drop(window().location().set_href(&to));
                }
                Err(error) => {
                    wrong.set(Some(error.into()));
                    busy.set(false);
                }
            }
        });
    };
    // Going back from the checkout may show this page as it was left: busy.
    Effect::new(move || {
        let shown = window_event_listener(leptos::ev::pageshow, move |_| busy.set(false));
        on_cleanup(move || shown.remove());
    });
    let as_text = move || {
        let parts = lines.get().into_iter();
        let parts =
            parts.map(|line| format!("{}*{}", line.product.product_id, u32::from(line.quantity)));
        parts.collect::<Vec<_>>().join("~")
    };
    view! {
        <Notice sentence=general />
        <div class="empty-cart" hidden=move || !is_empty.get()>
            <p>"장바구니가 비어 있습니다."</p>
            <a class="button" href="/">"상품 보러 가기"</a>
        </div>
        <div class="columns" hidden=move || is_empty.get()>
            <section class="card">
                <h2>"담은 상품"</h2>
                <CartLines lines disabled=busy on_change=change />
            </section>
            <form class="card order-form" method="post" action="/order" on:submit=place>
                <input type="hidden" name="requestId" value=form_id.to_string() />
                <input type="hidden" name="lines" value=as_text />
                <BuyerFields
                    inputs
                    typed=buyer
                    wrong=Signal::derive(move || {
                        wrong.get().map(|wrong| (wrong.field, wrong.sentence))
                    })
                />
                <CouponChoice
                    coupons
                    chosen
                    disabled=busy
                    on_choose=move |coupon| chosen.set(coupon)
                />
                <Totals subtotal discount total label="주문 금액" />
                <button
                    type="submit"
                    class="pay"
                    disabled=move || busy.get() || obstacle.get().is_some() || is_empty.get()
                >
                    {move || format!("{} 주문하기", total.get())}
                </button>
            </form>
        </div>
    }
}

/// Reads and checks the three inputs, and leads the buyer to the first that is wrong.
fn read_contact(inputs: BuyerInputs) -> Result<Contact, Wrong> {
    let text = |input: NodeRef<Input>| {
        input.get_untracked().map(|input| input.value()).unwrap_or_default()
    };
    let refuse = |input: NodeRef<Input>, field: &str, malformed: Malformed| {
        if let Some(input) = input.get_untracked() {
            drop(input.focus());
        }
        Wrong { field: field.to_owned(), sentence: malformed.rule.to_owned() }
    };
    Ok(Contact {
        name: BuyerName::parse(&text(inputs.name))
            .map_err(|malformed| refuse(inputs.name, "customer.name", malformed))?,
        email: Email::parse(&text(inputs.email))
            .map_err(|malformed| refuse(inputs.email, "customer.email", malformed))?,
        mobile_phone: Mobile::parse(&text(inputs.mobile_phone))
            .map_err(|malformed| refuse(inputs.mobile_phone, "customer.mobilePhone", malformed))?,
    })
}
