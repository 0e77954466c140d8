//! Pages for what went wrong: a sentence, and a way on.

use leptos::prelude::*;

use crate::contract::{ApiError, Code};
use crate::pages::Surroundings;
use crate::pages::head::Title;
use crate::words::{Layout, spoken};

/// A failure in place of a page, with the HTTP status that goes with it.
#[component]
pub fn Problem(error: ApiError) -> impl IntoView {
    set_status(error.code.http_status());
    let title = match error.code {
        Code::NotFound => Layout::NotFound,
        Code::InvalidRequest | Code::TooLarge | Code::UnsupportedMediaType => Layout::BadAddress,
        Code::Conflict | Code::Forbidden | Code::TooManyRequests => Layout::Impossible,
        Code::Internal | Code::Unavailable | Code::Unreachable => Layout::Trouble,
    }
    .say(spoken());
    let sentence = error.in_words(spoken()).sentence().to_owned();
    view! {
        <Title text=title.clone() />
        <section class="banner failed narrow" role="alert">
            <span class="mark" aria-hidden="true"></span>
            <h1>{title}</h1>
            <p>{sentence}</p>
        </section>
        <p class="ways"><a class="button" href="/">{Layout::ToShop.say(spoken())}</a></p>
    }
}

/// No page has this address.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let error = ApiError::new(Code::NotFound, Layout::NoSuchPage.say(spoken()));
    view! { <Problem error /> }
}

/// Sets the HTTP status of the page that is being rendered.
pub fn set_status(status: u16) {
    if let Some(around) = use_context::<Surroundings>() {
        (around.set_status)(status);
    }
}

/// A sentence of the shop's own, if there is one to say.
#[component]
pub fn Notice(sentence: Option<String>) -> impl IntoView {
    sentence.map(|sentence| view! { <p class="notice" role="alert">{sentence}</p> })
}
