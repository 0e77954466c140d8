//! What the database said no to, in a form that can be told to all whom it concerns.

use std::borrow::Cow;

use rusqlite::ErrorCode;
use sqlx::error::{BoxDynError, DatabaseError, ErrorKind};

/// A failure that the database has told of.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub(super) struct Refusal {
    message: String,
    code: String,
    is_taken: bool,
}

impl DatabaseError for Refusal {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(&self.code))
    }

    fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> BoxDynError {
        self
    }

    fn kind(&self) -> ErrorKind {
        if self.is_taken { ErrorKind::UniqueViolation } else { ErrorKind::Other }
    }
}

/// As told to each of several.
pub(super) fn same(error: &sqlx::Error) -> sqlx::Error {
    let Some(database) = error.as_database_error() else { return undone(&error.to_string()) };
    let code = database.code().unwrap_or_default().into_owned();
    let is_taken = database.is_unique_violation();
    let message = database.message().to_owned();
    sqlx::Error::Database(Box::new(Refusal { message, code, is_taken }))
}

/// Reads as an outage: the same may succeed later.
pub(super) fn undone(why: &str) -> sqlx::Error {
    sqlx::Error::Protocol(format!("it was not done: {why}"))
}

/// What SQLite said, as `sqlx` would tell it.
pub(super) fn of_file(error: rusqlite::Error) -> sqlx::Error {
    const TAKEN: [i32; 2] =
        [rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE, rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY];
    let Some(found) = error.sqlite_error() else { return undone(&error.to_string()) };
    let (code, is_taken) = (found.extended_code.to_string(), TAKEN.contains(&found.extended_code));
    sqlx::Error::Database(Box::new(Refusal { message: error.to_string(), code, is_taken }))
}

/// Whether one statement was refused for what is stored, and the others would not be.
pub(super) fn is_of_one(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation)
}
