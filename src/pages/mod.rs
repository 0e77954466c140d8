//! One file per route: what the buyer sees. The only callers of `api`.
//!
//! Pages are rendered on the server and complete without JavaScript wherever they can be; what
//! moves in the browser is an island.

pub mod cart;
pub mod checkout;
pub mod deposit;
mod dom;
pub mod fail;
pub mod follow;
pub mod head;
pub mod order;
pub mod problem;
pub mod repeat;
pub mod shop;
pub mod success;

use std::sync::Arc;

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::{SsrMode, StaticSegment, path};

use crate::domain::language::Language;
use crate::pages::cart::CartPage;
use crate::pages::checkout::CheckoutPage;
use crate::pages::fail::FailPage;
use crate::pages::head::{MetaTags, Title, provide_meta_context};
use crate::pages::order::OrderPage;
use crate::pages::problem::NotFoundPage;
use crate::pages::shop::ShopPage;
use crate::pages::success::SuccessPage;
use crate::words::{Layout, own_name, spoken};

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
        <html lang=spoken().as_str()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=style />
                <AutoReload options=options.clone() />
                <Islands options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Starts the islands of a page once it has been read, with what that needs on its way before. The script
/// has no letter that HTML would write otherwise.
///
/// Why: the library's own waits until the browser is idle, and goes through the whole page.
#[component]
fn Islands(options: LeptosOptions) -> impl IntoView {
    // No island draws, so the page needs no marks for one that would.
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    let file = format!("/{}/{}", options.site_pkg_dir, options.output_name);
    let (glue, wasm) = (format!("{file}.js"), format!("{file}.wasm"));
    view! {
        <link id="glue" rel="modulepreload" href=glue nonce=use_nonce() />
        <link id="wasm" rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="" />
        <script type="module" nonce=use_nonce()>
            "import(glue.href).then(function(all){all.default({module_or_path:wasm.href}).then(function(){for(const it of document.querySelectorAll('leptos-island'))all[it.dataset.component](it)})})"
        </script>
    }
}

/// The shop.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let around = use_context::<Surroundings>();
    let is_sandbox = around.as_ref().is_some_and(|around| around.is_sandbox);
    let brand = around.map(|around| brand(&around));
    let say = |it: Layout| it.say(spoken());
    let badge = is_sandbox.then(|| view! { <p class="sandbox-note">{say(Layout::Sandbox)}</p> });
    view! {
        <Title />
        <Router>
            <a class="skip" href="#main">{say(Layout::Skip)}</a>
            {badge}
            <header class="site">
                <a class="brand" href="/">{brand}</a>
                <nav aria-label=say(Layout::Menu)>
                    <a href="/cart">{say(Layout::Cart)}</a>
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
                <p>{say(Layout::WhoPays)}</p>
                <Languages />
            </footer>
        </Router>
    }
}

/// Leads to the same page in another language, for whoever comes back from Toss too: ids, codes and
/// amounts of its address stay. What else it brings is nobody's word, and stands on no page.
#[component]
fn Languages() -> impl IntoView {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=');
    let query = use_location().search.get_untracked();
    let kept = query.trim_start_matches('?').split('&').filter(|pair| {
        pair.split_once('=').is_some_and(|(key, _)| key != "lang") && pair.bytes().all(is_plain)
    });
    let rest: String = kept.flat_map(|pair| [pair, "&"]).collect();
    let link = |language: Language| {
        let (tag, is_current) = (language.as_str(), language == spoken());
        let address = format!("?{rest}lang={tag}");
        let current = is_current.then_some("true");
        view! {
            <a href=address lang=tag hreflang=tag aria-current=current rel="nofollow">
                {own_name(language)}
            </a>
        }
    };
    let links = Language::ALL.map(link).collect_view();
    view! { <nav aria-label=Layout::Languages.say(spoken())>{links}</nav> }
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
