//! A body of JSON fields, as the control API and the window take it, and how they say no.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::sandbox::fields::{FieldFault, Fields};

/// A body of JSON fields, and that it was sent as JSON.
pub(crate) struct JsonFields(pub(crate) Fields);

impl<S: Send + Sync> FromRequest<S> for JsonFields {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let is_json = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.to_ascii_lowercase().starts_with("application/json"));
        if !is_json {
            return Err(FieldFault::new("Content-Type", "must be application/json").into());
        }
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|fault: BytesRejection| FieldFault::new("body", fault.body_text()))?;
        Ok(JsonFields(Fields::parse(&body)?))
    }
}

/// How the control API says no: it names the field.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    status: StatusCode,
    fault: FieldFault,
}

impl Refused {
    pub(crate) fn foreign() -> Refused {
        Refused {
            status: StatusCode::FORBIDDEN,
            fault: FieldFault::new("Origin", "is a page that is not the sandbox's own"),
        }
    }

    pub(crate) fn not_found(field: &str) -> Refused {
        Refused {
            status: StatusCode::NOT_FOUND,
            fault: FieldFault::new(field, "names nothing that exists"),
        }
    }
}

impl From<FieldFault> for Refused {
    fn from(fault: FieldFault) -> Self {
        Refused { status: StatusCode::BAD_REQUEST, fault }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = json!({
            "code": match self.status {
                StatusCode::NOT_FOUND => "NOT_FOUND",
                StatusCode::FORBIDDEN => "FORBIDDEN",
                _ => "INVALID_FIELD",
            },
            "field": self.fault.field,
            "message": self.fault.to_string(),
        });
        (self.status, Json(body)).into_response()
    }
}
