//! What an OpenTelemetry collector is told: each request, and in it each settling and call to Toss.
//!
//! How: the spans of `server::story` and of this file go through a layer beside the log to an
//! exporter with a thread and a queue of its own, so that no payment waits for a collector.

use std::time::Duration;

use axum::extract::{MatchedPath, Request};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::TracerProvider;
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::field::Empty;
use tracing::level_filters::LevelFilter;
use tracing::{Instrument, Level, Subscriber, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use crate::server::config::OpenTelemetry;
use crate::server::toss_api::spans::SPANS;

/// How long a stop waits for the collector to take what is left.
const FLUSH_PATIENCE: Duration = Duration::from_secs(2);

/// The way to a collector, if one is set.
#[derive(Debug, Default)]
pub struct Telemetry {
    provider: Option<SdkTracerProvider>,
}

impl Telemetry {
    /// Starts what is set; without an address nothing is.
    pub fn start(settings: &OpenTelemetry) -> Result<Telemetry, String> {
        let Some(collector) = settings.choose()? else { return Ok(Telemetry::default()) };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(collector.traces.as_str())
            .build()
            .map_err(|error| {
                format!("the OpenTelemetry exporter did not start: {error}; see the OTEL_ settings")
            })?;
        let resource = Resource::builder()
            .with_service_name(collector.service_name)
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider =
            SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource);
        Ok(Telemetry { provider: Some(provider.build()) })
    }

    /// Takes the spans, and the shop's own events inside them.
    pub fn layer<S>(&self) -> Option<impl Layer<S> + use<S>>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let tracer = self.provider.as_ref()?.tracer("gyesan");
        let told = Targets::new()
            .with_target(SPANS, LevelFilter::INFO)
            .with_target("gyesan", LevelFilter::INFO);
        let layer = tracing_opentelemetry::layer()
            .with_tracer(tracer)
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false);
        Some(layer.with_filter(told))
    }

    /// Hands over what is left.
    pub(crate) async fn finish(self) {
        let Some(provider) = self.provider else { return };
        // It blocks until the exporter's thread has ended.
        let ending = move || provider.shutdown_with_timeout(FLUSH_PATIENCE);
        if !matches!(tokio::task::spawn_blocking(ending).await, Ok(Ok(()))) {
            tracing::warn!("the OpenTelemetry collector was not told of everything");
        }
    }
}

/// A span for each request, part of the caller's trace if it names one. Addresses with ids and
/// keys in them stay out: the route tells enough.
pub async fn tell(request: Request, next: Next) -> Response {
    if !tracing::enabled!(target: SPANS, Level::INFO) {
        return next.run(request).await;
    }
    let method = match request.method().as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "OPTIONS" | "PATCH") => known,
        _ => "_OTHER",
    };
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let span = info_span!(
        target: SPANS,
        "request",
        otel.name = format!("{method} {route}").trim_end(),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
    );
    let caller = TraceContextPropagator::new()
        .extract_with_context(&Context::new(), &Headers(request.headers()));
    // Refused only where no layer listens.
    let _ = span.set_parent(caller);
    let response = next.run(request).instrument(span.clone()).await;
    span.record("http.response.status_code", i64::from(response.status().as_u16()));
    if response.status().is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    response
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(|key| key.as_str()).collect()
    }
}
