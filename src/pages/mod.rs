//! One file per route: what the buyer sees. The only callers of `api`.
//!
//! Pages are rendered on the server and complete without JavaScript wherever they can be; what
//! moves in the browser is an island.

pub mod cart;
pub mod checkout;
pub mod deposit;
pub mod fail;
pub mod follow;
pub mod head;
pub mod order;
pub mod problem;
pub mod repeat;
pub mod shop;
pub mod success;

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, StaticSegment, path};

use crate::pages::cart::CartPage;
use crate::pages::checkout::CheckoutPage;
use crate::pages::fail::FailPage;
use crate::pages::head::{MetaTags, Title, provide_meta_context};
use crate::pages::order::OrderPage;
use crate::pages::problem::NotFoundPage;
use crate::pages::shop::ShopPage;
use crate::pages::success::SuccessPage;

/// What a page may tell the server around it; given by `startup` as context.
#[derive(Clone)]
pub struct Surroundings {
    /// Sets the HTTP status of the page.
    pub set_status: Arc<dyn Fn(u16) + Send + Sync>,
    /// Whether the money is play money.
    pub is_sandbox: bool,
    /// The shop's name, and where its logo is, if it has one.
    pub name: Arc<str>,
    pub logo: Option<Arc<str>>,
    /// Where the style sheet is: `/pkg/3f9c…/gyesan.css`
    pub style: Arc<str>,
}

impl std::fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Surroundings").finish_non_exhaustive()
    }
}

/// The HTML around every page.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let style = use_context::<Surroundings>().map(|around| around.style.to_string());
    let style = style.unwrap_or_else(|| "/pkg/gyesan.css".to_owned());
    view! {
        <!DOCTYPE html>
        <html lang="ko">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=style />
                <AutoReload options=options.clone() />
                <HydrationScripts options islands=true />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The shop.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let around = use_context::<Surroundings>();
    let is_sandbox = around.as_ref().is_some_and(|around| around.is_sandbox);
    let brand = around.map(|around| brand(&around));
    let badge = is_sandbox.then(|| {
        view! {
            <p class="sandbox-note">
                "시험용 상점입니다. 실제로 결제되지 않습니다."
            </p>
        }
    });
    view! {
        <Title />
        <Router>
            <a class="skip" href="#main">"본문으로 건너뛰기"</a>
            {badge}
            <header class="site">
                <a class="brand" href="/">{brand}</a>
                <nav aria-label="주 메뉴">
                    <a href="/cart">"장바구니"</a>
                </nav>
            </header>
            <main id="main">
                <Routes fallback=NotFoundPage>
                    <Route path=StaticSegment("") view=ShopPage ssr=SsrMode::Async />
                    <Route path=path!("/cart") view=CartPage ssr=SsrMode::Async />
                    <Route path=path!("/checkout") view=CheckoutPage ssr=SsrMode::Async />
                    <Route path=path!("/success") view=SuccessPage ssr=SsrMode::Async />
                    <Route path=path!("/fail") view=FailPage ssr=SsrMode::Async />
                    <Route path=path!("/orders/:id") view=OrderPage ssr=SsrMode::Async />
                </Routes>
            </main>
            <footer class="site">
                <p>"결제는 토스페이먼츠가 처리합니다. 카드 정보는 상점에 저장되지 않습니다."</p>
            </footer>
        </Router>
    }
}

/// The shop's name, behind its logo if it has one. A logo that is not there has no place in the page: that
/// would still cost every page its bytes.
fn brand(around: &Surroundings) -> AnyView {
    let name = around.name.to_string();
    match around.logo.as_ref().map(ToString::to_string) {
        Some(logo) => view! { <img src=logo alt="" height="28" />{name} }.into_any(),
        None => name.into_any(),
    }
}
