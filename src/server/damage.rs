//! Stored data that cannot be: where it stands, so that whoever is called finds the row.

use std::fmt;

/// Stored data that cannot be: somebody else has written it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    pub table: &'static str,
    pub column: String,
    /// The key of the row, where it can be read.
    pub id: String,
}

impl Damage {
    pub fn new(table: &'static str, column: &str, id: &str) -> Damage {
        Damage { table, column: column.to_owned(), id: id.to_owned() }
    }

    /// Where a statement found it, if that is why it failed.
    pub fn of(error: &sqlx::Error) -> Option<&Damage> {
        let sqlx::Error::Decode(source) = error else { return None };
        source.downcast_ref()
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} of {}", self.table, self.column, self.id)
    }
}

impl std::error::Error for Damage {}
