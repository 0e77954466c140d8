//! What refunds give back of an order's lines, and what of that is on the shelf again.

use sqlx::{AnyConnection, AnyPool, FromRow};

use crate::domain::id::{CouponId, OrderId, ProductId};
use crate::domain::refund::PlannedLine;
use crate::domain::won::Won;
use crate::server::db::stored::{TableRow, key, read};

/// What of one line a refund gives back.
#[derive(Clone, Debug, FromRow)]
pub struct RefundLine {
    pub cancel_id: String,
    pub name: String,
    #[sqlx(try_from = "i64")]
    pub quantity: u32,
    pub amount: Won,
}

impl TableRow for RefundLine {
    const TABLE: &'static str = "refund_lines";
    const KEY: &'static str = "cancel_id";
}

/// What was paid for one line of an order.
#[derive(Clone, Debug, FromRow)]
pub struct Worth {
    pub line: i64,
    pub product_id: ProductId,
    pub name: String,
    pub quantity: i64,
    /// After its share of the discount.
    pub worth: Won,
    pub tax_free: i64,
}

impl TableRow for Worth {
    const TABLE: &'static str = "order_lines";
    const KEY: &'static str = "order_id";
}

/// Pieces that staff want back on the shelf.
#[derive(Clone, Debug, FromRow)]
pub struct Restock {
    pub line: i64,
    pub product_id: ProductId,
    #[sqlx(try_from = "i64")]
    pub pieces: u32,
}

impl TableRow for Restock {
    const TABLE: &'static str = "refund_lines";
    const KEY: &'static str = "cancel_id";
}

/// What of one line of an order went back, or is about to.
#[derive(Clone, Debug, FromRow)]
pub struct Returned {
    pub line: i64,
    pub quantity: i64,
}

/// What was paid for each line.
pub async fn worths(tx: &mut AnyConnection, order_id: &str) -> Result<Vec<Worth>, sqlx::Error> {
    sqlx::query(
        "select order_id, line, product_id, name, quantity,
                unit_price * quantity - discount as worth,
                tax_free
         from order_lines where order_id = $1 order by line",
    )
    .bind(order_id)
    .try_map(read)
    .fetch_all(tx)
    .await
}

/// What of an order's amount no tax is in, as the shop's lines say.
pub async fn tax_free(pool: &AnyPool, order_id: &OrderId) -> Result<Won, sqlx::Error> {
    sqlx::query_scalar(
        "select cast(coalesce(sum(unit_price * quantity - discount), 0) as bigint)
         from order_lines where order_id = $1 and tax_free = 1",
    )
    .bind(order_id.as_str())
    .fetch_one(pool)
    .await
}

/// Writes one down; `restock` of its pieces go back on the shelf with the money.
pub async fn insert(
    tx: &mut AnyConnection,
    cancel_id: &str,
    planned: &PlannedLine,
    restock: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into refund_lines (cancel_id, line, quantity, amount, restock)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(cancel_id)
    .bind(planned.line)
    .bind(planned.quantity)
    .bind(planned.amount)
    .bind(restock)
    .execute(tx)
    .await?;
    Ok(())
}

/// Pieces by line, without refunds that Toss did not make.
pub async fn returned(
    tx: &mut AnyConnection,
    order_id: &str,
) -> Result<Vec<Returned>, sqlx::Error> {
    sqlx::query_as(
        "select line, cast(sum(quantity) as bigint) as quantity from refund_lines
         join cancels on cancels.id = refund_lines.cancel_id
         where order_id = $1 and state in ('ACCOUNT', 'OPEN', 'RUNNING', 'DONE')
         group by line",
    )
    .bind(order_id)
    .fetch_all(tx)
    .await
}

/// The tax-free part of all that went back, or is about to.
pub async fn tax_free_back(tx: &mut AnyConnection, order_id: &str) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "select cast(coalesce(sum(tax_free), 0) as bigint) from cancels
         where order_id = $1 and state in ('ACCOUNT', 'OPEN', 'RUNNING', 'DONE')",
    )
    .bind(order_id)
    .fetch_one(tx)
    .await
}

/// What of a refund that is done is still to be put on the shelf, by product, so that two orders
/// of the same products take rows in one order.
pub async fn to_restock(
    tx: &mut AnyConnection,
    cancel_id: &str,
) -> Result<Vec<Restock>, sqlx::Error> {
    sqlx::query(
        "select cancel_id, refund_lines.line as line, product_id, restock - restocked as pieces
         from refund_lines
         join cancels on cancels.id = refund_lines.cancel_id
         join order_lines on order_lines.order_id = cancels.order_id
                         and order_lines.line = refund_lines.line
         where cancel_id = $1 and restock > restocked order by product_id",
    )
    .bind(cancel_id)
    .try_map(read)
    .fetch_all(tx)
    .await
}

/// It is on the shelf.
pub async fn restocked(
    tx: &mut AnyConnection,
    cancel_id: &str,
    line: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("update refund_lines set restocked = restock where cancel_id = $1 and line = $2")
        .bind(cancel_id)
        .bind(line)
        .execute(tx)
        .await?;
    Ok(())
}

/// All of an order, for its page.
pub async fn of_order(pool: &AnyPool, order_id: &str) -> Result<Vec<RefundLine>, sqlx::Error> {
    sqlx::query(
        "select cancel_id, name, refund_lines.quantity as quantity,
                refund_lines.amount as amount
         from refund_lines
         join cancels on cancels.id = refund_lines.cancel_id
         join order_lines on order_lines.order_id = cancels.order_id
                         and order_lines.line = refund_lines.line
         where cancels.order_id = $1 order by cancel_id, refund_lines.line",
    )
    .bind(order_id)
    .try_map(read)
    .fetch_all(pool)
    .await
}

/// Gives a wholly refunded order's coupon back if staff said so, once, and only when no refund of
/// it may still be undone; the coupon to restore.
pub async fn coupon_to_restore(
    tx: &mut AnyConnection,
    order_id: &str,
    now: i64,
) -> Result<Option<CouponId>, sqlx::Error> {
    sqlx::query(
        "update orders set coupon_back_at = $1
         where id = $2 and status = 'REFUNDED' and coupon_id is not null
           and coupon_back_at is null
           and not exists (
               select 1 from cancels where cancels.order_id = orders.id and state = 'RUNNING')
           and exists (
               select 1 from cancels
               where cancels.order_id = orders.id and state = 'DONE' and restore_coupon = 1)
         returning coupon_id",
    )
    .bind(now)
    .bind(order_id)
    .try_map(key("orders", "coupon_id"))
    .fetch_optional(tx)
    .await
}

/// Whether Toss may still undo a refund of an order.
pub async fn is_running(tx: &mut AnyConnection, order_id: &str) -> Result<bool, sqlx::Error> {
    let one: Option<i64> = sqlx::query_scalar(
        "select 1 from cancels where order_id = $1 and state = 'RUNNING' limit 1",
    )
    .bind(order_id)
    .fetch_optional(tx)
    .await?;
    Ok(one.is_some())
}

/// The tax-free part of what was taken, as Toss told it.
pub async fn tax_free_of(tx: &mut AnyConnection, order_id: &str) -> Result<i64, sqlx::Error> {
    let told: Option<i64> = sqlx::query_scalar("select tax_free from payments where order_id = $1")
        .bind(order_id)
        .fetch_optional(tx)
        .await?;
    Ok(told.unwrap_or(0))
}
