//! One call: as it came, and once its caller is known.

use std::sync::Arc;

use axum::http::HeaderMap;

use crate::sandbox::api::operation::Operation;
use crate::sandbox::codes::Refusal;
use crate::sandbox::connection::ConnectionHandle;
use crate::sandbox::fields::{FieldFault, Fields};
use crate::sandbox::language::Language;
use crate::sandbox::merchants::Account;

/// One call as it came.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    pub(crate) operation: Operation,
    /// Path and query.
    pub(crate) uri: String,
    pub(crate) headers: HeaderMap,
    /// The body of a POST, the query of everything else.
    pub(crate) fields: Result<Fields, FieldFault>,
    /// Absent where there is no network, as in tests that call the router.
    pub(crate) connection: Option<ConnectionHandle>,
}

/// A call whose caller is known.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) operation: Operation,
    pub(crate) account: Arc<Account>,
    pub(crate) fields: Result<Fields, FieldFault>,
    pub(crate) test_code: Option<String>,
    pub(crate) language: Language,
}

impl Work {
    /// The fields, once.
    pub(crate) fn take_fields(&mut self) -> Result<Fields, Refusal> {
        Ok(std::mem::replace(&mut self.fields, Ok(Fields::default()))?)
    }
}

/// What every endpoint does with the objection of a fault.
pub(crate) fn refuse_if(objection: Option<Refusal>) -> Result<(), Refusal> {
    objection.map_or(Ok(()), Err)
}
