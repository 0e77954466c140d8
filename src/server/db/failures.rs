//! What a failure of the database means: a lost race, an outage, a row that is taken.

/// Whether the database undid the transaction because another one was in its way:
/// serialization failure and deadlock (PostgreSQL), busy and locked (SQLite).
pub(super) fn is_lost_race(error: &sqlx::Error) -> bool {
    const CODES: [&str; 7] = ["40001", "40P01", "5", "6", "261", "262", "517"];
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| CODES.contains(&code.as_ref()))
}

/// Whether the database was out of reach or took nothing, so that the same statement may work
/// later; a constraint that refuses will refuse again.
pub fn is_outage(error: &sqlx::Error) -> bool {
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

/// Whether a unique constraint or index refused the row.
pub fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_unique_violation())
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
