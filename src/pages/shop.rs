//! `/`: the shelf. Plain forms put things into the cart; nothing here needs WASM.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api;
use crate::contract::{ApiError, CartView, ProductView, Told};
use crate::domain::cart::QUANTITY_MAX;
use crate::pages::Surroundings;
use crate::pages::head::{Meta, Title};
use crate::pages::problem::{Notice, Problem};
use crate::words::{self, spoken};

/// As many pictures as a large window shows without scrolling: two rows of three.
const FIRST_PICTURES: usize = 6;

#[component]
pub fn ShopPage() -> impl IntoView {
    let query = use_query_map();
    let told = query.read_untracked().get("problem").and_then(|code| Told::parse(&code));
    let shelf = Resource::new(
        || (),
        |()| async { Ok::<_, ApiError>((api::products().await?, api::cart().await?)) },
    );
    let name = use_context::<Surroundings>().map(|around| around.name.to_string());
    let name = name.unwrap_or_default();
    let about = words::Shelf::About { name: &name }.say(spoken()).into_owned();
    view! {
        <Title />
        <Meta name="description" content=about />
        <h1>{words::Shelf::Title.say(spoken())}</h1>
        <Notice sentence=told.map(Told::sentence) />
        <Suspense>
            {move || Suspend::new(async move {
                match shelf.await {
                    Ok((products, cart)) => view! { <Shelf products cart /> }.into_any(),
                    Err(error) => view! { <Problem error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Shelf(products: Vec<ProductView>, cart: CartView) -> impl IntoView {
    let language = spoken();
    let nothing =
        products.is_empty().then(|| view! { <p>{words::Shelf::Nothing.say(language)}</p> });
    let cards = products
        .into_iter()
        .enumerate()
        .map(|(place, product)| {
            let line = cart.lines.iter().find(|line| line.product.product_id == product.product_id);
            let had = line.map_or(0, |line| line.quantity.get());
            // What a first screen shows is asked for at once, the rest when it comes near.
            let loading = if place < FIRST_PICTURES { "eager" } else { "lazy" };
            view! { <Card product had loading /> }
        })
        .collect_view();
    let (pieces, subtotal) = (cart.pieces, cart.subtotal);
    let full = (pieces > 0).then(|| {
        view! {
            <div class="cart-bar">
                <p data-testid="cart-bar">
                    {words::Shelf::InCart { pieces, subtotal }.say(language)}
                </p>
                <a class="button" href="/cart">{words::Shelf::ToOrder.say(language)}</a>
            </div>
        }
    });
    view! {
        {nothing}
        <ul class="shelf">{cards}</ul>
        {full}
    }
}

#[component]
fn Card(product: ProductView, had: u32, loading: &'static str) -> impl IntoView {
    let language = spoken();
    let left = match product.stock {
        0 => words::Shelf::SoldOut,
        few if few <= 5 => words::Shelf::FewLeft { pieces: few },
        stock => words::Shelf::InStock { pieces: stock },
    };
    let most = product.stock.min(QUANTITY_MAX);
    let label = match had {
        _ if most == 0 => words::Shelf::SoldOut,
        0 => words::Shelf::PutIn,
        had if had >= most => words::Shelf::HasMost { pieces: had },
        had => words::Shelf::OneMore { pieces: had },
    };
    let label = label.say(language);
    let spoken = format!("{} {label}", product.name);
    let (place, id) = (product.product_id.to_string(), product.product_id.to_string());
    let is_low = product.stock <= 5;
    view! {
        <li class="product" id=place>
            <img src=product.picture alt="" width="320" height="240" loading=loading />
            <div class="product-text">
                <h2>{product.name}</h2>
                <p class="hint">{product.description}</p>
                <p class="price">{words::money(product.price, language)}</p>
                <p class="stock" class:low=is_low>{left.say(language)}</p>
            </div>
            <form class="take" method="post" action="/form/cart">
                <input type="hidden" name="productId" value=id />
                <input type="hidden" name="back" value="shop" />
                <button
                    type="submit"
                    name="quantity"
                    value=(had + 1).to_string()
                    class="secondary"
                    disabled={had >= most}
                    aria-label=spoken
                >
                    {label}
                </button>
            </form>
        </li>
    }
}
