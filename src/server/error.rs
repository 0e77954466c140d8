//! Every way the server can fail, and what a caller may know of it.
//!
//! Use cases speak in codes with values. The sentence is found where an error becomes an answer, in the
//! language of whoever is answered; a failure is logged there, or where it ends.

use crate::contract::{ApiError, Code, FieldError, ProductView, Reason, Told};
use crate::domain::language::Language;
use crate::domain::order::OutOfOrder;
use crate::domain::rule::Rule;
use crate::server::damage::Damage;
use crate::server::refusal::{self, Refusal};
use crate::words::{self, spoken};

/// A failure inside the server, with its source.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
    #[error("an order was to move against its table")]
    OutOfOrder(#[from] OutOfOrder),
    /// Table, column and row are named.
    #[error("stored data is damaged: {0}")]
    Damaged(Damage),
    /// What cannot be, and is of no row.
    #[error("this cannot be: {0}")]
    Impossible(&'static str),
    #[error("background work ended early")]
    Ended(#[from] tokio::task::JoinError),
    /// Not a fault either: a refund cannot be as staff or buyer want it.
    #[error("refused: {0}")]
    Refund(#[from] Refusal),
    /// Not a fault: the caller asked for something that cannot be, and is told why.
    #[error("refused: {}", .0.code.as_str())]
    Refused(Refused),
    /// The same, of fields that are not as they must be.
    #[error("refused: a field is not as it must be")]
    Malformed(Wrong),
    /// The same, with a code that the page after a form knows.
    #[error("refused: {}", .0.as_str())]
    Told(Told),
    /// The same: there are fewer pieces of a product than were asked for.
    #[error("refused: too few pieces of {}", .0.product_id)]
    Short(Box<ProductView>),
}

/// What cannot be, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub code: Code,
    pub field: Option<&'static str>,
    pub reason: Reason,
}

/// Fields and the rules that they break, in the order of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub reason: Option<Reason>,
    pub fields: Vec<(String, Rule)>,
}

impl From<Damage> for Error {
    fn from(damage: Damage) -> Error {
        Error::Damaged(damage)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Error {
        match Damage::of(&error) {
            Some(damage) => Error::Damaged(damage.clone()),
            None => Error::Database(error),
        }
    }
}

impl Error {
    pub fn refused(code: Code, reason: Reason) -> Error {
        Error::Refused(Refused { code, field: None, reason })
    }

    /// Because of `field`.
    pub fn refused_for(code: Code, field: &'static str, reason: Reason) -> Error {
        Error::Refused(Refused { code, field: Some(field), reason })
    }

    pub fn not_found(reason: Reason) -> Error {
        Error::refused(Code::NotFound, reason)
    }

    /// No order has this number, or none could have it.
    pub fn no_order() -> Error {
        Error::not_found(Reason::NoOrder)
    }

    pub fn conflict(reason: Reason) -> Error {
        Error::refused(Code::Conflict, reason)
    }

    pub fn invalid(field: &'static str, reason: Reason) -> Error {
        Error::refused_for(Code::InvalidRequest, field, reason)
    }

    pub fn malformed(field: &str, rule: Rule) -> Error {
        Error::Malformed(Wrong { reason: None, fields: vec![(field.to_owned(), rule)] })
    }

    /// As [`Error::is_outage`], of the database's own.
    pub fn is_outage_of(error: &sqlx::Error) -> bool {
        is_outage(error)
    }

    /// Whether it may pass by itself: the database is out of reach, or takes nothing just now.
    pub fn is_outage(&self) -> bool {
        matches!(self, Error::Database(database) if is_outage(database))
    }

    /// What the caller is told, in the language of the request; a failure is logged.
    pub fn answered(self) -> ApiError {
        self.answered_in(spoken())
    }

    /// As [`Error::answered`], where nothing but the caller knows the language.
    pub fn answered_in(self, language: Language) -> ApiError {
        self.log();
        self.told(language)
    }

    /// Logs a failure, and nothing of what was refused. To be called once for each, where it ends: nobody
    /// else will hear of it.
    pub fn log(&self) {
        if self.is_failure() {
            tracing::error!(error.source = self.cause(), "{self}");
        }
    }

    /// As [`Error::log`], of work on an order that came to nothing by it, a refusal too.
    pub fn log_of(&self, order_id: &str, what: &str) {
        tracing::error!(order.id = order_id, error.source = self.cause(), "{what}: {self}");
    }

    fn cause(&self) -> Option<String> {
        std::error::Error::source(self).map(ToString::to_string)
    }

    fn is_failure(&self) -> bool {
        match self {
            Error::Database(_)
            | Error::OutOfOrder(_)
            | Error::Damaged(_)
            | Error::Impossible(_)
            | Error::Ended(_) => true,
            Error::Refund(_)
            | Error::Refused(_)
            | Error::Malformed(_)
            | Error::Told(_)
            | Error::Short(_) => false,
        }
    }

    /// Without the text of a failure, which is nobody's to read.
    fn told(self, language: Language) -> ApiError {
        match self {
            Error::Refused(Refused { code, field, reason }) => {
                ApiError::said(code, field, reason, language)
            }
            Error::Malformed(Wrong { reason, fields }) => {
                let said = |(field, rule): (String, Rule)| FieldError {
                    field,
                    message: words::rule(rule, language).into_owned(),
                };
                let fields = fields.into_iter().map(said).collect();
                ApiError { reason, ..ApiError::in_fields(fields) }
            }
            Error::Told(told) => told.said(language),
            Error::Short(product) => {
                let reason =
                    Reason::ShortOf { product: product.name, pieces: product.stock.into() };
                ApiError::said(Code::Conflict, None, reason, language)
            }
            Error::Refund(refusal) => refusal::told(&refusal, language),
            Error::Database(database) if is_outage(&database) => Told::Unavailable.said(language),
            Error::Database(_)
            | Error::OutOfOrder(_)
            | Error::Damaged(_)
            | Error::Impossible(_)
            | Error::Ended(_) => Told::Failed.said(language),
        }
    }
}

/// Whether the database was out of reach or took nothing, so that the same statement may work
/// later; a constraint that refuses will refuse again.
fn is_outage(error: &sqlx::Error) -> bool {
    match error.as_database_error() {
        Some(error) => error.code().is_some_and(|code| is_passing(&code)),
        None => !matches!(
            error,
            sqlx::Error::RowNotFound | sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. }
        ),
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
