//! Orders that were changed of late, whoever changed them.

use std::sync::LazyLock;

use sqlx::AnyPool;

/// How many orders are looked at by name each time, whatever any clock says.
pub const BY_NAME_MAX: usize = 100;

/// The newest of those changed since a time, and those named. Where more have changed, the older
/// of them were new when the look before this one was taken.
static SELECT: LazyLock<String> = LazyLock::new(|| {
    let named: Vec<_> = (2..BY_NAME_MAX + 2).map(|place| format!("${place}")).collect();
    format!(
        "select id, status, updated_at from (
             select id, status, updated_at from orders
             where updated_at >= $1 and status <> 'PENDING'
             order by updated_at desc limit 10000
         ) as recent
         union all
         select id, status, updated_at from orders where id in ({})",
        named.join(", ")
    )
});

/// Id, status and time of change of orders changed since `since`, and of the first
/// [`BY_NAME_MAX`] of `named`.
pub async fn since(
    pool: &AnyPool,
    since: i64,
    named: &[String],
) -> Result<Vec<(String, String, i64)>, sqlx::Error> {
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(SELECT.as_str())).bind(since);
    for place in 0..BY_NAME_MAX {
        // No order has an empty name: the statement is the same whatever their number.
        query = query.bind(named.get(place).map_or("", String::as_str));
    }
    query.fetch_all(pool).await
}
