//! Every address of the shop: pages, server functions, forms, files, and what all of them pass.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Extension, Router};
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list};
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::domain::language::Language;
use crate::pages::{App as Pages, Surroundings, shell};
use crate::server::App;
use crate::server::config::Csp;
use crate::server::files;
use crate::server::identity::visitor::{self, Visitor};
use crate::server::limits::callers;
use crate::server::ops::figures;
use crate::server::ops::ready::{self, Ready};
use crate::server::payment::inbox;
use crate::server::shop::cart::KeptCart;
use crate::server::web::{face, language, middleware, order_stream, origin};
use crate::startup::telemetry;

/// Longer than any page waits for Toss; then the connection is someone's who sends nothing.
const REQUEST_WAIT: Duration = Duration::from_secs(60);

/// What is packed for each answer anew: the checkout page is 9.7 kB, and 3.7 at the usual quality of
/// brotli (4), 4.0 at this one, for less than half the CPU. Files are packed once, as well as can be.
const PAGE_QUALITY: i32 = 2;

/// Found once in a process, before any shop in it serves a page: while leptos looks for routes,
/// a global flag of its own keeps every resource from loading, and a page that another shop is
/// rendering at that moment would never end.
static ROUTES: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();

/// The whole shop as one service.
pub fn router(app: App, csp: Csp, place: Ops) -> Router {
    let folder = if cfg!(debug_assertions) {
        // `cargo leptos watch` rebuilds the files behind a running server.
        "pkg".to_owned()
    } else {
        format!("pkg/{}", files::version())
    };
    let options = LeptosOptions::builder()
        .output_name("gyesan")
        .site_root("target/site")
        .site_pkg_dir(folder.as_str())
        .build();
    let context = {
        let (app, files): (App, Arc<str>) = (app.clone(), format!("/{folder}").into());
        move || give_context(&app, &files, csp)
    };
    let page = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let elsewhere = {
        let render = leptos_axum::render_app_async_with_context(context.clone(), page.clone());
        move |request: Request| async move {
            let path = request.uri().path().to_owned();
            if path.starts_with("/api/") {
                return middleware::unknown_api(request.uri(), request.headers());
            }
            match files::public(&path, request.uri().query(), request.headers()) {
                Some(file) => file,
                None => render(request).await.into_response(),
            }
        }
    };
    let callers = app.callers.clone();
    Router::new()
        .leptos_routes_with_context(
            &options,
            ROUTES.get_or_init(|| generate_route_list(Pages)).clone(),
            context,
            page,
        )
        .fallback(any(elsewhere))
        .layer(from_fn(middleware::functions))
        .layer(from_fn(keep_pages_private))
        .layer(from_fn_with_state(app.clone(), visitor::recognise))
        // Around it: a form on another site acts as a browser without its cookie, and the new one
        // in the answer would replace the buyer's own.
        .layer(from_fn_with_state(app.clone(), origin::guard))
        .layer(from_fn_with_state(app.clone(), language::choose))
        .merge(for_machines(app.clone(), place))
        .merge(looks(app.clone(), format!("/{folder}/gyesan.css")))
        .route("/pkg/{version}/{file}", get(files::versioned))
        .route("/pkg/{file}", get(files::plain))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(PAGE_QUALITY)))
        .merge(streams(app))
        .layer(from_fn_with_state(callers, callers::at_once))
        .layer(from_fn(middleware::harden))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_WAIT))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(telemetry::tell))
        .with_state(options)
}

/// What open pages listen to. No layer of compression around it: what that would have to remember
/// of each stream is more than all the rest. The time-out is for an answer's beginning.
fn streams(app: App) -> Router<LeptosOptions> {
    Router::new()
        .route("/api/orders/{order_id}/events", get(order_stream::answer))
        .layer(from_fn_with_state(app.clone(), visitor::recognise))
        .with_state(app)
}

/// What Toss calls, and where they are public those who run the shop; no visitor, no pages.
fn for_machines(app: App, place: Ops) -> Router<LeptosOptions> {
    let webhooks = Router::new()
        .route("/webhooks/toss", post(inbox::receive))
        .layer(DefaultBodyLimit::max(inbox::BODY_BYTES_MAX))
        .with_state(app.clone());
    match place {
        Ops::Public => webhooks.merge(figures(app)),
        Ops::Apart => webhooks,
    }
}

/// Where figures and health are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ops {
    /// Beside the pages.
    Public,
    /// On an address of their own.
    Apart,
}

/// That address as one service. Anything else that is asked for there is not found.
pub fn ops(app: App) -> Router {
    figures(app)
        .layer(from_fn(middleware::harden))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_WAIT))
        .layer(CatchPanicLayer::new())
}

fn figures<S: Clone + Send + Sync + 'static>(app: App) -> Router<S> {
    Router::new()
        .route("/metrics", get(figures::show))
        .route("/healthz", get(figures::alive))
        .route("/readyz", get(ready::show))
        .layer(Extension(Ready::default()))
        .with_state(app)
}

/// The shop's own pictures.
fn looks(app: App, sheet: String) -> Router<LeptosOptions> {
    let coloured = move |State(app): State<App>| {
        let sheet = sheet.clone();
        async move { face::coloured(&app, &sheet) }
    };
    Router::new()
        .route("/shop.css", get(coloured))
        .route("/shop-logo", get(face::logo))
        .route("/pictures/{name}", get(face::show))
        .with_state(app)
}

/// What pages and server functions find in their context.
fn give_context(app: &App, files: &Arc<str>, csp: Csp) {
    provide_context(app.clone());
    let visitor =
        use_context::<Parts>().and_then(|parts| parts.extensions.get::<Visitor>().cloned());
    if let Some(visitor) = visitor {
        provide_context(visitor);
    }
    let language =
        use_context::<Parts>().and_then(|parts| parts.extensions.get::<Language>().copied());
    provide_context(language.unwrap_or_default());
    let Some(response) = use_context::<ResponseOptions>() else { return };
    if let Some((name, value)) = policy(csp) {
        response.insert_header(name, value);
    }
    let set_status = Arc::new(move |status: u16| {
        if let Ok(status) = StatusCode::from_u16(status) {
            response.set_status(status);
        }
    });
    provide_context(Surroundings {
        set_status,
        is_sandbox: app.shop.is_sandbox,
        name: app.shop.face.name.clone(),
        logo: app.shop.face.logo.as_ref().map(|logo| logo.address.clone()),
        style: face::sheet_of(&app.shop.face, files),
    });
}

/// Scripts run only if the page or a script of the page has put them there, and forms go to the shop
/// alone. What Toss's script frames, fetches and draws is left open, because Toss does not publish
/// from where it does (Toss: sdk.md §1).
fn policy(csp: Csp) -> Option<(HeaderName, HeaderValue)> {
    let name = match csp {
        Csp::On => HeaderName::from_static("content-security-policy"),
        Csp::Report => HeaderName::from_static("content-security-policy-report-only"),
        Csp::Off => return None,
    };
    let nonce = use_nonce()?;
    let value = format!(
        "script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    Some((name, HeaderValue::from_str(&value).ok()?))
}

/// Pages show carts and orders: no shared cache may keep them, and no browser show an old one. The
/// shelf beside an empty cart shows nothing of anybody's, and may come back as it was when its
/// visitor goes back.
async fn keep_pages_private(request: Request, next: Next) -> Response {
    let is_bare_shelf =
        request.uri().path() == "/" && KeptCart::of(request.headers()).cart.lines().is_empty();
    let mut response = next.run(request).await;
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("text/html")) {
        let private = if is_bare_shelf { "private, no-cache" } else { "no-store" };
        let private = HeaderValue::from_static(private);
        response.headers_mut().entry(CACHE_CONTROL).or_insert(private);
        if is_bare_shelf {
            // It is kept, and is another page once its visitor has chosen another language.
            let vary = HeaderValue::from_static("accept-language, cookie");
            response.headers_mut().append(VARY, vary);
        }
    }
    response
}
