//! Every way the server can fail, and what a caller may know of it.

use crate::contract::{ApiError, Code, ProductView, Reason, Told};
use crate::domain::order::OutOfOrder;
use crate::server::refusal::Refusal;
use crate::words::{self, spoken};

/// A failure inside the server, with its source.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    #[error("an order was to move against its table")]
    OutOfOrder(#[from] OutOfOrder),
    #[error("stored data is damaged: {0}")]
    Damaged(&'static str),
    #[error("background work ended early")]
    Ended(#[from] tokio::task::JoinError),
    /// Not a fault either: a refund cannot be as staff or buyer want it.
    #[error("refused: {0}")]
    Refund(#[from] Refusal),
    /// Not a fault: the caller asked for something that cannot be, and is told.
    #[error("refused: {}", .0.message)]
    Refused(ApiError),
    /// The same, with a code that the page after a form knows.
    #[error("refused: {}", .0.as_str())]
    Told(Told),
    /// The same: there are fewer pieces of a product than were asked for.
    #[error("refused: too few pieces of {}", .0.product_id)]
    Short(Box<ProductView>),
}

impl Error {
    pub fn not_found(message: &str) -> Error {
        Error::Refused(ApiError::new(Code::NotFound, message))
    }

    /// No order has this number, or none could have it.
    pub fn no_order() -> Error {
        Error::not_found(&words::OrderPage::NotFound.say(spoken()))
    }

    pub fn conflict(message: &str) -> Error {
        Error::Refused(ApiError::new(Code::Conflict, message))
    }

    /// As [`Error::is_outage`], of the database's own.
    pub fn is_outage_of(error: &sqlx::Error) -> bool {
        is_outage(error)
    }

    /// Whether it may pass by itself: the database is out of reach, or takes nothing just now.
    pub fn is_outage(&self) -> bool {
        matches!(self, Error::Database(database) if is_outage(database))
    }

    /// As [`Error::invalid`], with the reason for it.
    pub fn invalid_for(reason: Reason, field: &str, message: impl std::fmt::Display) -> Error {
        let error = ApiError::in_field(Code::InvalidRequest, field, message);
        Error::Refused(error.for_reason(reason))
    }

    pub fn invalid(field: &str, message: impl std::fmt::Display) -> Error {
        Error::Refused(ApiError::in_field(Code::InvalidRequest, field, message))
    }
}

/// The one place where a failure is logged, once, and its text dropped.
impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        let error = match error {
            Error::Refused(refused) => return refused,
            Error::Told(told) => return told.into(),
            Error::Short(product) => return ApiError::new(Code::Conflict, product.short()),
            Error::Refund(refusal) => return refusal.in_korean(),
            Error::Database(_) | Error::OutOfOrder(_) | Error::Damaged(_) | Error::Ended(_) => {
                error
            }
        };
        let source = std::error::Error::source(&error).map(ToString::to_string);
        tracing::error!(error.source = source, "{error}");
        if error.is_outage() {
            return ApiError::new(
                Code::Unavailable,
                "지금은 주문을 처리할 수 없습니다. 잠시 후 다시 시도해 주세요.",
            );
        }
        ApiError::new(Code::Internal, "일시적인 오류가 발생했습니다. 잠시 후 다시 시도해 주세요.")
    }
}

/// Whether the database was out of reach or took nothing, so that the same statement may work
/// later; a constraint that refuses will refuse again.
fn is_outage(error: &sqlx::Error) -> bool {
    match error.as_database_error() {
        Some(error) => error.code().is_some_and(|code| is_passing(&code)),
        None => !matches!(error, sqlx::Error::RowNotFound | sqlx::Error::ColumnDecode { .. }),
    }
}

fn is_passing(code: &str) -> bool {
    /// Busy, locked, read-only, failed to read or write, full, not to be opened.
    const SQLITE: [u32; 6] = [5, 6, 8, 10, 13, 14];
    /// Connections, races, want of room, locks, shutdowns, trouble of the machine; 25006 is what a
    /// server says that only reads.
    const POSTGRES: [&str; 7] = ["08", "25006", "40", "53", "55", "57", "58"];
    if code.len() == 5 {
        return POSTGRES.iter().any(|class| code.starts_with(class));
    }
    // The lowest byte is the kind, the rest its circumstances.
    code.parse::<u32>().is_ok_and(|code| SQLITE.contains(&(code & 0xff)))
}

#[cfg(test)]
mod tests {
    use super::is_passing;

    #[test]
    fn outages_are_told_from_refusals() {
        for (code, passes) in [
            ("5", true),
            ("8", true),
            ("13", true),
            // Busy by a snapshot, a write that failed, a file that was moved away.
            ("517", true),
            ("778", true),
            ("1032", true),
            ("1", false),
            ("19", false),
            ("2067", false),
            ("25006", true),
            ("25P02", false),
            ("40001", true),
            ("57P01", true),
            ("53300", true),
            ("23505", false),
            ("42601", false),
        ] {
            assert_eq!(is_passing(code), passes, "{code}");
        }
    }
}
