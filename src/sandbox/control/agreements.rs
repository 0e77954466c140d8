//! `/__sandbox/billing-auth` and `/__sandbox/brandpay-auth`: a buyer agrees once and for later.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use serde_json::Value;

use crate::sandbox::buyer::{Whom, agree_to_billing, recognise};
use crate::sandbox::json_body::{JsonFields, Refused};
use crate::sandbox::state::State;

/// `POST /__sandbox/billing-auth`.
pub(crate) async fn billing_auth(
    Shared(state): Shared<Arc<State>>,
    JsonFields(fields): JsonFields,
) -> Result<Json<Value>, Refused> {
    Ok(Json(agree_to_billing(&state.processor, fields)?))
}

/// `POST /__sandbox/brandpay-auth`.
pub(crate) async fn brandpay_auth(
    Shared(state): Shared<Arc<State>>,
    JsonFields(fields): JsonFields,
) -> Result<Json<Value>, Refused> {
    Ok(Json(recognise(&state.processor, fields, Whom::Anyone)?))
}
