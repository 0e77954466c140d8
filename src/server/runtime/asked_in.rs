//! In which language the request is that work is done for, also in tasks of its own, so that Toss can be
//! asked for words in it.

use leptos::prelude::use_context;

use crate::domain::language::Language;

tokio::task_local! {
    /// Of a task, from whoever started it.
    static ASKED_IN: Option<Language>;
}

/// `None` where no request has led to the work.
pub fn asked_in() -> Option<Language> {
    ASKED_IN.try_with(|language| *language).unwrap_or_else(|_| use_context())
}

/// Work that goes on in the language of the one who starts it.
pub(super) fn carried<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    ASKED_IN.scope(asked_in(), work)
}
