//! Statements that belong together: one write that happens as a whole, sent in as few messages as
//! the database takes.
//!
//! Why: each message to SQLite is handed over to its thread and back, and each to PostgreSQL goes
//! through a socket; either takes longer than most statements do, and a shopper waits for all of
//! them.
//!
//! How: SQLite takes any number of statements in one message, and with them the commit. PostgreSQL
//! takes one that changes several tables (`with`); rows that everybody wants come after it, by
//! themselves and in their order. A statement that must change a row and finds none fails the
//! message, and with it the write.

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe};

/// One statement that changes one row. Its places are `$1`, `$2` and so on.
pub struct Statement {
    sql: &'static str,
    values: Vec<Value>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Adds a row.
    Insert,
    /// Changes a row, if it is as its conditions say.
    Update,
    /// As that, of a row that everybody wants.
    Hot,
}

/// What stands in a place.
#[derive(Clone)]
pub enum Value {
    Text(Option<String>),
    Whole(Option<i64>),
}

// Values may be keys or account numbers.
impl std::fmt::Debug for Statement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Statement").field("sql", &self.sql).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Value")
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(Some(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(Some(text))
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Value {
        Value::Text(text.map(str::to_owned))
    }
}

impl From<&Option<String>> for Value {
    fn from(text: &Option<String>) -> Value {
        Value::Text(text.clone())
    }
}

impl From<i64> for Value {
    fn from(whole: i64) -> Value {
        Value::Whole(Some(whole))
    }
}

impl From<Option<i64>> for Value {
    fn from(whole: Option<i64>) -> Value {
        Value::Whole(whole)
    }
}

impl Statement {
    /// One that adds a row.
    pub fn insert(sql: &'static str) -> Statement {
        Statement { sql, values: Vec::new(), kind: Kind::Insert }
    }

    /// One that changes a row, if it is as its conditions say. It does not see what others of the
    /// same write have done, and none of them changes the same table.
    pub fn update(sql: &'static str) -> Statement {
        Statement { sql, values: Vec::new(), kind: Kind::Update }
    }

    /// As [`Statement::update`], of a row that everybody wants: kept for as short as can be, and
    /// so last.
    pub fn hot(sql: &'static str) -> Statement {
        Statement { sql, values: Vec::new(), kind: Kind::Hot }
    }

    /// Fills the next place.
    pub fn bind(mut self, value: impl Into<Value>) -> Statement {
        self.values.push(value.into());
        self
    }

    /// Runs it by itself; says whether it changed its row.
    pub async fn run(self, connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
        let done = filled(sqlx::query(self.sql), self.values).execute(connection).await?;
        Ok(done.rows_affected() == 1)
    }
}

/// Statements in the order in which they are to happen.
#[derive(Clone, Debug)]
pub(super) struct Together {
    sql: String,
    values: Vec<Value>,
}

/// Fails where the statement before it has changed no row. Not a row of its own, which would have
/// to be sent; the number depends on `changes()`, or SQLite would work it out beforehand.
const GUARD: &str =
    "select 1 where abs(case changes() when 1 then 0 else -9223372036854775807 - 1 end) > 0";

impl Together {
    /// For SQLite, without what begins and ends it.
    pub(super) fn for_sqlite(statements: Vec<Statement>) -> Together {
        let mut all = Together { sql: String::new(), values: Vec::new() };
        for statement in statements {
            push_renumbered(&mut all.sql, statement.sql, all.values.len());
            all.sql.push_str(";\n");
            if statement.kind != Kind::Insert {
                all.sql.push_str(GUARD);
                all.sql.push_str(";\n");
            }
            all.values.extend(statement.values);
        }
        all
    }

    /// For PostgreSQL, one message after the other in one transaction.
    pub(super) fn for_postgres(statements: Vec<Statement>) -> Vec<Together> {
        let (hot, rest): (Vec<_>, Vec<_>) =
            statements.into_iter().partition(|statement| statement.kind == Kind::Hot);
        let rest = (!rest.is_empty()).then_some(rest);
        rest.into_iter().chain(hot.into_iter().map(|one| vec![one])).map(Together::joined).collect()
    }

    /// Several changes as one statement.
    fn joined(statements: Vec<Statement>) -> Together {
        let (mut sql, mut values, mut changed) = (String::new(), Vec::new(), String::from("1"));
        for (at, statement) in statements.into_iter().enumerate() {
            sql.push_str(if at == 0 { "with " } else { ", " });
            sql.push_str(&format!("s{at} as ("));
            push_renumbered(&mut sql, statement.sql, values.len());
            sql.push_str(" returning 1)\n");
            if statement.kind != Kind::Insert {
                changed.push_str(&format!(" * (select count(*) from s{at})"));
            }
            values.extend(statement.values);
        }
        sql.push_str(&format!("select cast(1 / ({changed}) as bigint)"));
        Together { sql, values }
    }

    /// All of it, between what begins and what ends it.
    pub(super) fn query(self, begin: &str, end: &str) -> Query<'static, Any, AnyArguments> {
        // Made of the texts of our own statements; what comes from outside is in the values.
        let sql = AssertSqlSafe(format!("{begin}{}{end}", self.sql));
        filled(sqlx::query(sql), self.values)
    }
}

/// Whether a write failed because one of its statements found no row to change.
pub(super) fn is_unchanged(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| {
        // SQLite has no code of its own for `abs` of what has no positive counterpart.
        error.message() == "integer overflow" || error.code().as_deref() == Some("22012")
    })
}

fn filled(
    mut query: Query<'_, Any, AnyArguments>,
    values: Vec<Value>,
) -> Query<'_, Any, AnyArguments> {
    for value in values {
        query = match value {
            Value::Text(text) => query.bind(text),
            Value::Whole(whole) => query.bind(whole),
        };
    }
    query
}

/// Appends a statement whose places follow on the `before` places that are there already.
fn push_renumbered(all: &mut String, sql: &str, before: usize) {
    let mut rest = sql;
    while let Some((text, from_place)) = rest.split_once('$') {
        let digits = from_place.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = from_place.split_at(digits);
        let place = number.parse::<usize>().map_or(0, |number| number + before);
        all.push_str(text);
        all.push('$');
        all.push_str(&place.to_string());
        rest = after;
    }
    all.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::push_renumbered;

    #[test]
    fn places_follow_on_each_other() {
        let mut all = String::new();
        push_renumbered(&mut all, "update a set b = $1 where c = $2 or d = $1", 0);
        push_renumbered(&mut all, "; insert into e values ($1, $10)", 2);
        push_renumbered(&mut all, "; delete from f", 12);
        assert_eq!(
            all,
            "update a set b = $1 where c = $2 or d = $1; insert into e values ($3, $12); delete \
             from f"
        );
    }
}
