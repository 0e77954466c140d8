//! `/`: the shelf. Plain forms put things into the cart; islands do it without leaving.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::api;
use crate::contract::{ApiError, CartView, ProductView};
use crate::domain::cart::QUANTITY_MAX;
use crate::domain::id::ProductId;
use crate::domain::won::Won;
use crate::pages::problem::{Notice, Problem};

#[component]
pub fn ShopPage() -> impl IntoView {
    let query = use_query_map();
    let told = query.read_untracked().get("problem");
    let shelf = Resource::new(
        || (),
        |()| async { Ok::<_, ApiError>((api::products().await?, api::cart().await?)) },
    );
    view! {
        <Title text="계산 상점" />
        <h1>"상품"</h1>
        <Notice sentence=Signal::stored(told) />
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
    let in_cart = |id: &ProductId| {
        let line = cart.lines.iter().find(|line| line.product.product_id == *id);
        line.map_or(0, |line| line.quantity.get())
    };
    let cards = products
        .into_iter()
        .map(|product| {
            let had = in_cart(&product.product_id);
            let place = format!("product-{}", product.product_id);
            let left = match product.stock {
                0 => "품절".to_owned(),
                few if few <= 5 => format!("{few}개 남음"),
                stock => format!("재고 {stock}개"),
            };
            view! {
                <li class="product" data-testid=place>
                    <img src=product.picture alt="" width="320" height="240" loading="lazy" />
                    <div class="product-text">
                        <h2>{product.name.clone()}</h2>
                        <p class="hint">{product.description}</p>
                        <p class="price">{product.price.to_string()}</p>
                        <p class="stock" class:low={product.stock <= 5}>{left}</p>
                    </div>
                    <Take
                        product_id=product.product_id
                        name=product.name
                        stock=product.stock
                        had
                    />
                </li>
            }
        })
        .collect_view();
    view! {
        <CartBar pieces=cart.pieces subtotal=cart.subtotal>
            <ul class="shelf">{cards}</ul>
        </CartBar>
    }
}

/// What is in the cart, as every button on the page needs to know it.
#[derive(Clone, Copy)]
struct InCart(RwSignal<(u32, Won)>);

/// The shelf and, under it, how full the cart is.
#[island]
fn CartBar(pieces: u32, subtotal: Won, children: Children) -> impl IntoView {
    let cart = RwSignal::new((pieces, subtotal));
    provide_context(InCart(cart));
    view! {
        {children()}
        <div class="cart-bar" class:empty=move || cart.get().0 == 0>
            <p aria-live="polite" data-testid="cart-bar">
                {move || format!("장바구니 {}개 · {}", cart.get().0, cart.get().1)}
            </p>
            <a class="button" href="/cart">"주문하기"</a>
        </div>
    }
}

/// One more of a product. A plain form until WASM has come.
#[island]
fn Take(product_id: ProductId, name: String, stock: u32, had: u32) -> impl IntoView {
    let had = RwSignal::new(had);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    let most = stock.min(QUANTITY_MAX);
    let cart = use_context::<InCart>();
    let id = product_id.clone();
    let take = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (id, wanted) = (id.clone(), had.get_untracked() + 1);
        leptos::task::spawn_local(async move {
            match api::set_cart(id, wanted).await {
                Ok(view) => {
                    had.set(wanted);
                    problem.set(None);
                    if let Some(InCart(cart)) = cart {
                        cart.set((view.pieces, view.subtotal));
                    }
                }
                Err(error) => problem.set(Some(error.sentence().to_owned())),
            }
            busy.set(false);
        });
    };
    let is_full = move || had.get() >= most;
    let label = move || match (most, had.get()) {
        (0, _) => "품절".to_owned(),
        (_, 0) => "담기".to_owned(),
        (most, had) if had >= most => format!("{had}개 담음 (최대)"),
        (_, had) => format!("{had}개 담음 · 하나 더"),
    };
    view! {
        <form class="take" method="post" action="/cart" on:submit=take>
            <input type="hidden" name="productId" value=product_id.to_string() />
            <input type="hidden" name="back" value="/" />
            <input type="hidden" name="quantity" value=move || (had.get() + 1).to_string() />
            <button
                type="submit"
                class="secondary"
                disabled=move || is_full() || busy.get()
                aria-label=move || format!("{name} {}", label())
            >
                {label}
            </button>
            {move || problem.get().map(|text| view! { <p class="notice" role="alert">{text}</p> })}
        </form>
    }
}
