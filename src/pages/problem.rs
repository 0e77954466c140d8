//! Pages for what went wrong: a sentence, and a way on.

use leptos::prelude::*;

use crate::contract::{ApiError, Code};
use crate::pages::Surroundings;
use crate::pages::head::Title;

/// A failure in place of a page, with the HTTP status that goes with it.
#[component]
pub fn Problem(error: ApiError) -> impl IntoView {
    set_status(error.code.http_status());
    let title = match error.code {
        Code::NotFound => "찾을 수 없습니다",
        Code::InvalidRequest | Code::TooLarge | Code::UnsupportedMediaType => {
            "주소가 올바르지 않습니다"
        }
        Code::Conflict | Code::Forbidden | Code::TooManyRequests => "진행할 수 없습니다",
        Code::Internal | Code::Unavailable | Code::Unreachable => "잠시 문제가 생겼습니다",
    };
    let sentence = error.sentence().to_owned();
    view! {
        <Title text=title />
        <section class="banner failed narrow" role="alert">
            <span class="mark" aria-hidden="true"></span>
            <h1>{title}</h1>
            <p>{sentence}</p>
        </section>
        <p class="ways"><a class="button" href="/">"상점으로 가기"</a></p>
    }
}

/// No page has this address.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let error = ApiError::new(Code::NotFound, "없는 주소입니다. 주소를 다시 확인해 주세요.");
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
