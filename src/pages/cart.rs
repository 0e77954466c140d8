//! `/cart`: what will be ordered, and by whom. Plain forms; nothing here needs WASM.

use crate::pages::head::{Meta, Title};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api;
use crate::components::{BuyerFields, CartLines, Pressed, Totals, Wrong};
use crate::contract::{ApiError, BuyerView, CartView};
use crate::domain::id::RequestId;
use crate::domain::won::Won;
use crate::pages::problem::{Notice, Problem};

#[component]
pub fn CartPage() -> impl IntoView {
    let query = use_query_map();
    let get = |key: &str| query.read_untracked().get(key);
    let wrong =
        get("problem").map(|sentence| Wrong { field: get("field").unwrap_or_default(), sentence });
    let pressed = Pressed::parse(&get("pressed").unwrap_or_default());
    let loaded = Resource::new(
        || (),
        |()| async {
            Ok::<_, ApiError>((api::cart().await?, api::buyer().await?, api::form_id().await?))
        },
    );
    view! {
        <Title text="장바구니 · 계산" />
        <Meta name="description" content="담은 상품을 확인하고 주문자 정보를 입력하는 장바구니입니다." />
        <h1>"장바구니"</h1>
        <Suspense>
            {move || {
                let (wrong, pressed) = (wrong.clone(), pressed.clone());
                Suspend::new(async move {
                    match loaded.await {
                        Ok((cart, _, _)) if cart.lines.is_empty() => {
                            let sentence = wrong.map(|wrong| wrong.sentence);
                            let was_emptied = pressed.is_some();
                            view! {
                                <Notice sentence />
                                <Empty was_emptied />
                            }
                            .into_any()
                        }
                        Ok((cart, buyer, form_id)) => {
                            view! { <Full cart buyer form_id wrong pressed /> }.into_any()
                        }
                        Err(error) => view! { <Problem error /> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Empty(was_emptied: bool) -> impl IntoView {
    view! {
        <div class="empty-cart">
            <p tabindex="-1" autofocus=was_emptied>"장바구니가 비어 있습니다."</p>
            <a class="button" href="/">"상품 보러 가기"</a>
        </div>
    }
}

#[component]
fn Full(
    cart: CartView,
    buyer: BuyerView,
    form_id: RequestId,
    wrong: Option<Wrong>,
    pressed: Option<Pressed>,
) -> impl IntoView {
    let as_text = cart
        .lines
        .iter()
        .map(|line| format!("{}*{}", line.product.product_id, line.quantity.get()))
        .collect::<Vec<_>>()
        .join("~");
    let general = wrong
        .as_ref()
        .filter(|wrong| !wrong.is_about_buyer())
        .map(|wrong| wrong.sentence.clone())
        .or_else(|| cart.problem.clone());
    let cannot = cart.problem.is_some();
    let subtotal = cart.subtotal;
    let cart_id = cart.cart_id.as_ref().map(ToString::to_string).unwrap_or_default();
    view! {
        <Notice sentence=general />
        <div class="columns">
            <section class="card">
                <h2>"담은 상품"</h2>
                <CartLines lines=cart.lines pressed />
            </section>
            <form class="card" method="post" action="/form/order">
                <input type="hidden" name="requestId" value=form_id.to_string() />
                <input type="hidden" name="lines" value=as_text />
                <input type="hidden" name="cart" value=cart_id />
                <BuyerFields buyer wrong />
                <Totals subtotal discount=Won::ZERO total=subtotal label="주문 금액" />
                <p class="hint">"쿠폰은 다음 화면에서 고를 수 있습니다."</p>
                <button type="submit" class="pay" disabled=cannot>
                    {format!("{subtotal} 주문하기")}
                </button>
            </form>
        </div>
    }
}
