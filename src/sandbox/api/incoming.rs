//! Reads one call off HTTP: the body of a POST, the query of everything else, in the manner assumed.

use axum::body::Body;
use axum::extract::connect_info::ConnectInfo;
use axum::extract::{Query, Request};
use axum::http::Uri;
use http_body_util::BodyExt;

use crate::sandbox::api::operation::Operation;
use crate::sandbox::api::request::Incoming;
use crate::sandbox::assumptions::Assumptions;
use crate::sandbox::connection::ConnectionHandle;
use crate::sandbox::fields::{Blank, FieldFault, Fields, Kinds, Manner};

/// No documented body comes near it.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// Beyond this a sender is no longer mistaken but hostile, and is cut off.
const DISCARDED_BYTES_MAX: usize = 8 * 1024 * 1024;

pub(crate) async fn incoming(
    assumed: &Assumptions,
    operation: Operation,
    request: Request<Body>,
) -> Incoming {
    let (parts, body) = request.into_parts();
    let fields = match operation.method() {
        "POST" => body_fields(bounded(body).await.as_deref(), assumed),
        _ => Ok(query(&parts.uri)),
    };
    let manner = Manner {
        blank: if assumed.blank_is_absent { Blank::Absent } else { Blank::Value },
        kinds: if assumed.kinds_are_converted { Kinds::Converted } else { Kinds::Distinct },
    };
    Incoming {
        operation,
        uri: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        connection: parts
            .extensions
            .get::<ConnectInfo<ConnectionHandle>>()
            .map(|info| info.0.clone()),
        headers: parts.headers,
        fields: fields.map(|fields| fields.with_manner(manner)),
    }
}

/// A body that is too long or breaks off is none, which is something else than an empty one.
fn body_fields(body: Option<&[u8]>, assumed: &Assumptions) -> Result<Fields, FieldFault> {
    match body.map(<[u8]>::trim_ascii) {
        None => Err(FieldFault::new("body", "is too long or breaks off")),
        Some(b"" | b"null") if assumed.no_body_is_empty => Ok(Fields::default()),
        Some(body) => Fields::parse(body),
    }
}

/// The body, unless it is too large. What is too large is read on for a while and thrown away:
/// a client that is still sending would see a broken connection instead of the answer.
async fn bounded(mut body: Body) -> Option<Vec<u8>> {
    let (mut kept, mut seen) = (Vec::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.ok()?.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > DISCARDED_BYTES_MAX {
            return None;
        }
        if seen <= BODY_BYTES_MAX {
            kept.extend_from_slice(&data);
        } else {
            kept = Vec::new();
        }
    }
    (seen <= BODY_BYTES_MAX).then_some(kept)
}

/// The query as fields of text; one that can't be read has none.
fn query(uri: &Uri) -> Fields {
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri);
    Fields::of_texts(pairs.map_or_else(|_| Vec::new(), |Query(pairs)| pairs))
}
