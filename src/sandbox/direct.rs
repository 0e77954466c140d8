//! The sandbox without a network: a program that plays both the shop and Toss calls it here,
//! carries its webhooks by hand, and moves its clock.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use tower::ServiceExt;

use crate::sandbox::state::State;
use crate::sandbox::webhooks::{Attempt, Job};

/// A way into one sandbox. Clones lead to the same one.
#[derive(Clone, Debug)]
pub struct Direct {
    router: Router,
    state: Arc<State>,
}

/// A webhook that is to be carried to its receiver now.
#[derive(Clone, Debug)]
pub struct Posted {
    pub body: String,
    pub transmission_id: String,
    job: Job,
}

impl Direct {
    pub(super) fn new(router: Router, state: Arc<State>) -> Direct {
        Direct { router, state }
    }

    /// One call, as it would come over the network.
    pub async fn call(&self, request: Request<Body>) -> Response {
        let answered: Result<Response, Infallible> = self.router.clone().oneshot(request).await;
        let Ok(response) = answered;
        response
    }

    /// Moves the clock forward, and lets what is due by then happen.
    pub fn advance(&self, ms: i64) {
        self.state.processor.clock.advance(ms);
        self.state.pump().unawaited();
    }

    /// The webhooks that would leave now. Each is under way until [`Direct::carried`] says what
    /// became of it.
    pub fn posted(&self) -> Vec<Posted> {
        self.state.pump().unawaited();
        let jobs = self.state.webhooks.jobs();
        let posted = |job: Job| Posted {
            body: job.body.clone(),
            transmission_id: job.transmission_id.clone(),
            job,
        };
        jobs.into_iter().map(posted).collect()
    }

    /// Whether a webhook that was not answered well will be sent again.
    pub fn will_post(&self) -> bool {
        self.state.webhooks.has_waiting()
    }

    /// The receiver answered with this status, or not at all.
    pub fn carried(&self, posted: &Posted, status: Option<u16>) {
        let attempt = Attempt {
            at: self.state.processor.clock.now(),
            retried_count: posted.job.retried_count,
            status,
            error: None,
            answer: String::new(),
            took_ms: 0,
        };
        self.state.webhooks.done(&posted.job, attempt, status == Some(200));
    }
}
