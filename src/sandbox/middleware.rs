//! What every call passes on its way in and out: who may call at all, how late the answer is,
//! and what the call set in motion.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State as Shared};
use axum::http::header::{DATE, HOST};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::sandbox::calls::SERVICE_TIME;
use crate::sandbox::reach::Reach;
use crate::sandbox::state::State;

/// Lets a call in, and does what is due after it.
pub(crate) async fn every_call(
    Shared(state): Shared<Arc<State>>,
    request: Request,
    next: Next,
) -> Response {
    if state.reach == Reach::Loopback && is_foreign(&request) {
        return foreign();
    }
    let is_api = request.uri().path().starts_with("/v1/");
    let mut response = next.run(request).await;
    // For what was changed by others than the API's calls, which do it themselves.
    state.pump().unawaited();
    state.lifecycle.touch();
    let latency_ms = state.calls.latency_ms();
    if is_api && latency_ms > 0 {
        let began = tokio::time::Instant::now();
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(latency_ms)) => {}
            () = state.lifecycle.closing.passed() => {}
        }
        add_service_time(response.headers_mut(), began.elapsed());
    }
    if is_api && let Ok(date) = state.processor.clock.now().header().parse() {
        response.headers_mut().insert(DATE, date);
    }
    response
}

/// What a call waits here is part of what the sandbox says it took.
fn add_service_time(headers: &mut HeaderMap, waited: Duration) {
    let told = headers.get(SERVICE_TIME).and_then(|told| told.to_str().ok()?.parse::<u64>().ok());
    if let Some(told) = told {
        let waited = u64::try_from(waited.as_micros()).unwrap_or(u64::MAX);
        headers.insert(SERVICE_TIME, told.saturating_add(waited).into());
    }
}

/// A page from elsewhere can have its own name point at this machine, and its script would
/// then pass for a page of the sandbox. The name it used gives it away.
fn is_foreign(request: &Request) -> bool {
    let named = request.uri().authority().map(|authority| authority.as_str());
    let headers = request.headers().get_all(HOST).iter().map(|host| host.to_str().unwrap_or(""));
    named.into_iter().chain(headers).any(|host| !is_loopback(host))
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let name = name.to_ascii_lowercase();
    match name.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => name == "localhost" || name.ends_with(".localhost"),
    }
}

fn foreign() -> Response {
    let sentence = "The sandbox answers only to localhost and loopback addresses. \
                    Start it with --allow-remote to be reached by another name.\n";
    (StatusCode::FORBIDDEN, sentence).into_response()
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_names_of_this_machine_are_its_own() {
        let own = ["localhost", "LOCALHOST:3100", "127.0.0.1:3100", "127.8.8.8", "[::1]:3100"];
        for host in own.into_iter().chain(["shop.localhost:80"]) {
            assert!(is_loopback(host), "{host}");
        }
        let foreign = ["example.com", "localhost.example.com", "192.168.0.7:3100", "[fe80::1]", ""];
        for host in foreign.into_iter().chain(["evil-localhost", "127.0.0.1.example.com"]) {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
