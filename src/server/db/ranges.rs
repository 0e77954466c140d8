//! The laws of the database (`invariants`) asked of a range of one table, so that a big database is gone
//! through in small steps.

use sqlx::AnyPool;

use crate::server::db::invariants::{Source, laws};
use crate::server::db::proofs::Offence;

/// The next rows of a table, in the order of its keys.
pub async fn keys_after(
    pool: &AnyPool,
    source: Source,
    after: &str,
    most: i64,
) -> Result<Vec<String>, sqlx::Error> {
    let table = source.as_str();
    let sql = format!("select id from {table} where id > $1 order by id limit cast($2 as bigint)");
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(after).bind(most).fetch_all(pool).await
}

/// What does not hold of the rows from `first` to `last`: the same laws, at a bounded cost.
pub async fn offences_between(
    pool: &AnyPool,
    source: Source,
    first: &str,
    last: &str,
) -> Result<Vec<Offence>, sqlx::Error> {
    let mut offences = Vec::new();
    for (_, law, sql) in laws().iter().filter(|(of, ..)| *of == source) {
        let sql = format!(
            "select one, other from ({sql}) as broken where one >= $1 and one <= $2 order by one"
        );
        let rows: Vec<(String, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(first).bind(last).fetch_all(pool).await?;
        offences.extend(rows.into_iter().map(|(one, other)| Offence {
            law: (*law).to_owned(),
            one,
            other,
        }));
    }
    Ok(offences)
}
