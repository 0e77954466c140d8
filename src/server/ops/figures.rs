//! `GET /metrics` and `GET /healthz`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::server::db::{cancels, payments, proofs, webhooks};
use crate::server::runtime::metrics::Figures;
use crate::server::{App, Error, proof};

/// `GET /metrics`, in the text form of OpenMetrics.
pub async fn show(State(app): State<App>) -> Response {
    let text = match figures(&app).await {
        Ok(figures) => app.metrics.render(&figures).map_err(|_| Error::Impossible("the metrics")),
        Err(error) => Err(error),
    };
    match text {
        Ok(text) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(CONTENT_TYPE, kind)], text).into_response()
        }
        Err(error) => {
            error.log();
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

async fn figures(app: &App) -> Result<Figures, Error> {
    let now = app.clock.now();
    let seconds_since = |at: i64| now.saturating_sub(at).div_euclid(1_000);
    let open = payments::open(app.db.read(), now).await?;
    let proof = proofs::figures(app.db.read(), proof::SOON.name).await?;
    Ok(Figures {
        payments_open: open.count,
        oldest_open_seconds: open.oldest_at.map_or(0, seconds_since),
        payments_due: open.due,
        cancels_open: cancels::open_count(app.db.read()).await?,
        webhooks_waiting: webhooks::backlog(app.db.read()).await?,
        webhooks_given_up: webhooks::given_up(app.db.read()).await?,
        drift_won: proof.drift,
        proof_offences: proof.offences,
        proof_age_seconds: proof.upto.map_or(0, seconds_since),
        streams_open: i64::try_from(app.live.count()).unwrap_or(i64::MAX),
        clock_ahead_seconds: app.clock.at_toss().map_or(0, seconds_since),
    })
}

/// `GET /healthz`: the program is up.
pub async fn alive() -> &'static str {
    "ok\n"
}
