//! What a failure of the database means: a lost race, a row that is taken.

/// Whether the database undid the transaction because another one was in its way:
/// serialization failure and deadlock (PostgreSQL), busy and locked (SQLite).
pub(super) fn is_lost_race(error: &sqlx::Error) -> bool {
    const CODES: [&str; 7] = ["40001", "40P01", "5", "6", "261", "262", "517"];
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| CODES.contains(&code.as_ref()))
}

/// Whether a unique constraint or index refused the row.
pub fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_unique_violation())
}

/// Whether the connection is gone, or the session at its other end.
pub(super) fn is_lost(error: &sqlx::Error) -> bool {
    match error.as_database_error() {
        // 25P: a transaction that nobody has ended, which the next would be part of.
        Some(error) => error
            .code()
            .is_some_and(|code| ["08", "25P", "57P"].iter().any(|class| code.starts_with(class))),
        None => {
            matches!(error, sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_))
        }
    }
}
