//! Which other browser is taken for an order's buyer, because it came back from Toss with the
//! payment.

use std::sync::Weak;

use sqlx::{AnyPool, FromRow};

use crate::domain::order::Status;
use crate::server::db::stored::{TableRow, read};
use crate::server::db::{Db, Statement};

/// What is known of an order when somebody comes back to it.
#[derive(Clone, FromRow)]
pub struct ReturnRow {
    pub status: Status,
    /// The key that Toss was asked about, and when that was first.
    pub payment_key: String,
    pub asked_at: i64,
    /// When a browser was taken for the buyer's, if one was, and which, if it is not the buyer's own.
    pub bound_at: Option<i64>,
    pub bearer_hash: Option<String>,
    /// 1 where whoever comes is the one who ordered.
    pub is_own: i64,
}

impl TableRow for ReturnRow {
    const TABLE: &'static str = "orders";
}

// The key is a proof.
impl std::fmt::Debug for ReturnRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReturnRow")
    }
}

/// An order whose payment Toss was asked for, as it is to this visitor.
pub async fn on_return(
    db: &Db,
    order_id: &str,
    visitor_hash: &str,
) -> Result<Option<ReturnRow>, sqlx::Error> {
    let mut reader = db.reader().await?;
    let row = sqlx::query(
        "select orders.id as id, orders.status as status, payments.payment_key as payment_key,
                payments.created_at as asked_at, order_bearers.bound_at as bound_at,
                order_bearers.bearer_hash as bearer_hash,
                cast(case when customers.id is null then 0 else 1 end as bigint) as is_own
         from orders join payments on payments.order_id = orders.id
         left join customers on customers.id = orders.customer_id
                            and customers.visitor_hash = $2
         left join order_bearers on order_bearers.order_id = orders.id
         where orders.id = $1",
    )
    .bind(order_id)
    .bind(visitor_hash)
    .try_map(read)
    .fetch_optional(reader.connection())
    .await?;
    reader.done();
    Ok(row)
}

/// Whoever came with a claim, by what the database would know them by.
#[derive(Clone)]
pub struct Comer {
    pub visitor_hash: String,
    /// Where they are not the one who ordered.
    pub bearer_hash: String,
    /// Nobody waits for the answer any more once this leads nowhere.
    pub waits: Weak<()>,
}

// What stands in for a token is nobody's to read.
impl std::fmt::Debug for Comer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Comer")
    }
}

const BINDING: &str = "insert into order_bearers (order_id, bearer_hash, bound_at)
     values ($1, $2, $3) on conflict (order_id) do nothing";

/// What takes one browser for the buyer's, if none was taken. `None` is the buyer's own.
pub fn binding(order_id: &str, bearer_hash: Option<&str>, now: i64) -> Statement {
    Statement::insert_new(BINDING).bind(order_id).bind(bearer_hash).bind(now)
}

/// As [`binding`], beside what Toss has told of the order: that is written whether one was taken or not.
pub fn binding_beside(order_id: &str, bearer_hash: Option<&str>, now: i64) -> Statement {
    Statement::insert(BINDING).bind(order_id).bind(bearer_hash).bind(now)
}

/// Whether a browser was taken for an order's buyer.
pub async fn is_bound(
    pool: &AnyPool,
    order_id: &str,
    bearer_hash: &str,
) -> Result<bool, sqlx::Error> {
    let count: i64 = sqlx::query_scalar(
        "select count(*) from order_bearers where order_id = $1 and bearer_hash = $2",
    )
    .bind(order_id)
    .bind(bearer_hash)
    .fetch_one(pool)
    .await?;
    Ok(count > 0)
}
