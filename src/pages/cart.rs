//! `/cart`: what will be ordered, and by whom. Plain forms; nothing here needs WASM.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api;
use crate::components::{BuyerFields, CartLines, Pressed, Totals};
use crate::contract::{ApiError, BuyerView, CartLineView, CartView, GoneView, ProductView, Told};
use crate::domain::contact::WrongField;
use crate::domain::id::RequestId;
use crate::domain::won::Won;
use crate::pages::head::{Meta, Title};
use crate::pages::problem::{Notice, Problem};
use crate::words::{Cart, Sums, spoken};

#[component]
pub fn CartPage() -> impl IntoView {
    let query = use_query_map();
    let get = |key: &str| query.read_untracked().get(key);
    let told = get("problem").and_then(|code| Told::parse(&code));
    let short = get("product").filter(|_| told == Some(Told::Short));
    let pressed = Pressed::parse(&get("pressed").unwrap_or_default());
    let loaded = Resource::new(
        || (),
        move |()| {
            let short = short.clone();
            async move {
                let said = said(told, short).await?;
                Ok::<_, ApiError>((
                    api::cart().await?,
                    api::buyer().await?,
                    api::form_id().await?,
                    said,
                ))
            }
        },
    );
    view! {
        <Title text=Cart::Title.say(spoken()) />
        <Meta name="description" content=Cart::About.say(spoken()).into_owned() />
        <h1>{Cart::Title.say(spoken())}</h1>
        <Suspense>
            {move || {
                let pressed = pressed.clone();
                Suspend::new(async move {
                    match loaded.await {
                        Ok((cart, _, _, said)) if cart.lines.is_empty() => {
                            let was_emptied = pressed.is_some();
                            view! {
                                <Notice sentence=said />
                                <Gone gone=cart.gone />
                                <Empty was_emptied />
                            }
                            .into_any()
                        }
                        Ok((cart, buyer, form_id, said)) => {
                            let wrongs = match told {
                                Some(Told::Buyer) => buyer.wrongs(),
                                Some(_) | None => Vec::new(),
                            };
                            view! { <Full cart buyer form_id said wrongs pressed /> }.into_any()
                        }
                        Err(error) => view! { <Problem error /> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

/// What the code in the address says, beside what is said at the buyer's fields.
async fn said(told: Option<Told>, short: Option<String>) -> Result<Option<String>, ApiError> {
    let Some(told) = told.filter(|told| *told != Told::Buyer) else { return Ok(None) };
    let Some(short) = short else { return Ok(Some(told.sentence())) };
    let products = api::products().await?;
    let product = products.iter().find(|product| product.product_id.as_str() == short);
    Ok(Some(product.map_or_else(|| told.sentence(), ProductView::short)))
}

/// What became dearer since it was put into the cart.
fn dearer(line: &CartLineView) -> Option<String> {
    let CartLineView { product, was, .. } = line;
    let dearer = Cart::Dearer { name: &product.name, was: (*was)?, now: product.price };
    Some(dearer.say(spoken()).into_owned())
}

/// What is sold no more; it stays here until its buyer has read that.
#[component]
fn Gone(gone: Vec<GoneView>) -> impl IntoView {
    let each = |gone: GoneView| {
        let sentence = match &gone.name {
            Some(name) => Cart::Gone { name },
            None => Cart::GoneNameless,
        }
        .say(spoken());
        view! {
            <form class="notice" method="post" action="/form/cart">
                <p role="alert">{sentence}</p>
                <input type="hidden" name="productId" value=gone.product_id.to_string() />
                <button type="submit" name="quantity" value="0" class="secondary">
                    {Cart::TakeOutGone.say(spoken())}
                </button>
            </form>
        }
    };
    gone.into_iter().map(each).collect_view()
}

#[component]
fn Empty(was_emptied: bool) -> impl IntoView {
    view! {
        <div class="empty-cart">
            <p tabindex="-1" autofocus=was_emptied>{Cart::Empty.say(spoken())}</p>
            <a class="button" href="/">{Cart::ToShelf.say(spoken())}</a>
        </div>
    }
}

#[component]
fn Full(
    cart: CartView,
    buyer: BuyerView,
    form_id: RequestId,
    said: Option<String>,
    wrongs: Vec<WrongField>,
    pressed: Option<Pressed>,
) -> impl IntoView {
    let language = spoken();
    let as_text = cart
        .lines
        .iter()
        .map(|line| format!("{}*{}", line.product.product_id, line.quantity.get()))
        .collect::<Vec<_>>()
        .join("~");
    // What stands in the way of this cart is told in any case, and once.
    let problem = cart.problem.clone();
    let said = said.filter(|said| problem.as_ref() != Some(said));
    let cannot = problem.is_some();
    let dearer =
        cart.lines.iter().filter_map(dearer).map(|it| view! { <Notice sentence=Some(it) /> });
    let dearer = dearer.collect_view();
    let subtotal = cart.subtotal;
    let cart_id = cart.cart_id.as_ref().map(ToString::to_string).unwrap_or_default();
    view! {
        <Notice sentence=said />
        <Notice sentence=problem />
        <Gone gone=cart.gone />
        {dearer}
        <div class="columns">
            <section class="card">
                <h2>{Cart::Lines.say(language)}</h2>
                <CartLines lines=cart.lines pressed />
            </section>
            // All that is wrong is told at once, which a browser's own check does not.
            <form class="card" method="post" action="/form/order" novalidate>
                <input type="hidden" name="requestId" value=form_id.to_string() />
                <input type="hidden" name="lines" value=as_text />
                <input type="hidden" name="cart" value=cart_id />
                <input type="hidden" name="subtotal" value=subtotal.get().to_string() />
                <BuyerFields buyer wrongs />
                <Totals subtotal discount=Won::ZERO total=subtotal label=Sums::Order.say(language) />
                <p class="hint">{Cart::CouponsLater.say(language)}</p>
                <button type="submit" class="pay" disabled=cannot>
                    {Cart::Order { subtotal }.say(language)}
                </button>
            </form>
        </div>
    }
}
