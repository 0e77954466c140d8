//! Orders and their lines.

use sqlx::{AnyConnection, AnyPool, FromRow};

use crate::domain::actor::Actor;
use crate::domain::id::{CouponId, OrderId, ProductId};
use crate::domain::order::{Event, Status};
use crate::domain::won::Won;
use crate::server::Error;
use crate::server::db::reasons::{Reason, Stored};
use crate::server::db::stored::{TableRow, key, read, sound_keys};
use crate::server::db::{Db, Statement, events, repeats};

pub use crate::server::db::order_row::OrderRow;

/// One line as stored.
#[derive(Clone, Debug, FromRow)]
pub struct LineRow {
    /// Its place in the order, from 1.
    pub line: i64,
    pub product_id: ProductId,
    pub name: String,
    pub unit_price: Won,
    #[sqlx(try_from = "i64")]
    pub quantity: u32,
    /// Its share of the order's discount.
    pub discount: Won,
}

impl TableRow for LineRow {
    const TABLE: &'static str = "order_lines";
    const KEY: &'static str = "order_id";
}

const SELECT: &str = "select id, customer_id, order_name, subtotal, discount, amount, coupon_id,
    status, failure_code, failure_reason, failure_words, failure_message, buyer_name, buyer_email,
    buyer_mobile_phone, created_at, updated_at, cart_key, cart_id, paid, refunded from orders where id = $1";

/// An order, or a 404 that says so.
pub async fn load(db: &Db, order_id: &OrderId) -> Result<OrderRow, Error> {
    by_id(db.read(), order_id.as_str()).await?.ok_or_else(Error::no_order)
}

pub async fn by_id(pool: &AnyPool, id: &str) -> Result<Option<OrderRow>, sqlx::Error> {
    sqlx::query(SELECT).bind(id).try_map(read).fetch_optional(pool).await
}

/// As [`by_id`], inside a transaction.
pub async fn by_id_in(tx: &mut AnyConnection, id: &str) -> Result<Option<OrderRow>, sqlx::Error> {
    sqlx::query(SELECT).bind(id).try_map(read).fetch_optional(&mut *tx).await
}

/// As [`by_id_in`], and nobody changes the order until the transaction ends.
pub async fn hold(
    db: &Db,
    tx: &mut AnyConnection,
    id: &str,
) -> Result<Option<OrderRow>, sqlx::Error> {
    let sql = sqlx::AssertSqlSafe(format!("{SELECT}{}", db.locking()));
    sqlx::query(sql).bind(id).try_map(read).fetch_optional(&mut *tx).await
}

/// The order that a form has made already.
pub async fn id_by_place_key(
    pool: &AnyPool,
    place_key: &str,
) -> Result<Option<OrderId>, sqlx::Error> {
    sqlx::query("select id from orders where place_key = $1")
        .bind(place_key)
        .try_map(key("orders", "id"))
        .fetch_optional(pool)
        .await
}

/// As [`id_by_place_key`], inside a transaction.
pub async fn id_by_place_key_in(
    tx: &mut AnyConnection,
    place_key: &str,
) -> Result<Option<OrderId>, sqlx::Error> {
    sqlx::query("select id from orders where place_key = $1")
        .bind(place_key)
        .try_map(key("orders", "id"))
        .fetch_optional(tx)
        .await
}

/// The newest order of a customer that nothing has been asked for, not older than `since`.
pub async fn last_pending(
    pool: &AnyPool,
    customer_id: &str,
    since: i64,
) -> Result<Option<OrderId>, sqlx::Error> {
    sqlx::query(
        "select id from orders where customer_id = $1 and created_at >= $2 and status = 'PENDING'
         order by created_at desc limit 1",
    )
    .bind(customer_id)
    .bind(since)
    .try_map(key("orders", "id"))
    .fetch_optional(pool)
    .await
}

pub async fn lines(pool: &AnyPool, order_id: &str) -> Result<Vec<LineRow>, sqlx::Error> {
    sqlx::query(
        "select order_id, line, product_id, name, unit_price, quantity, discount from order_lines
         where order_id = $1 order by line",
    )
    .bind(order_id)
    .try_map(read)
    .fetch_all(pool)
    .await
}

/// As [`lines`], inside a transaction.
pub async fn lines_in(tx: &mut AnyConnection, order_id: &str) -> Result<Vec<LineRow>, sqlx::Error> {
    // By product, so that two orders of the same products take rows in one order.
    sqlx::query(
        "select order_id, line, product_id, name, unit_price, quantity, discount from order_lines
         where order_id = $1 order by product_id",
    )
    .bind(order_id)
    .try_map(read)
    .fetch_all(&mut *tx)
    .await
}

/// Stores a new order with its lines. A second order for the same form is refused by
/// `orders_place_once` (see [`crate::server::db::is_taken`]).
pub async fn insert(
    tx: &mut AnyConnection,
    order: &OrderRow,
    place_key: &str,
    lines: &[LineRow],
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into orders (id, customer_id, place_key, order_name, subtotal, discount, amount,
                             coupon_id, status, buyer_name, buyer_email, buyer_mobile_phone,
                             created_at, updated_at, cart_key, cart_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15)",
    )
    .bind(order.id.as_str())
    .bind(&order.customer_id)
    .bind(place_key)
    .bind(&order.order_name)
    .bind(order.subtotal.get())
    .bind(order.discount.get())
    .bind(order.amount.get())
    .bind(order.coupon_id.as_ref().map(CouponId::as_str))
    .bind(order.status.as_str())
    .bind(&order.buyer_name)
    .bind(&order.buyer_email)
    .bind(&order.buyer_mobile_phone)
    .bind(order.created_at)
    .bind(&order.cart_key)
    .bind(&order.cart_id)
    .execute(&mut *tx)
    .await?;
    for line in lines {
        sqlx::query(
            "insert into order_lines (order_id, line, product_id, name, unit_price, quantity,
                                      discount, tax_free)
             values ($1, $2, $3, $4, $5, $6, $7,
                     coalesce((select tax_free from products where id = $3), 0))",
        )
        .bind(order.id.as_str())
        .bind(line.line)
        .bind(line.product_id.as_str())
        .bind(&line.name)
        .bind(line.unit_price.get())
        .bind(i64::from(line.quantity))
        .bind(line.discount.get())
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// What a coupon changes of an order.
#[derive(Clone, Copy, Debug)]
pub struct Repriced<'a> {
    pub coupon_id: Option<&'a CouponId>,
    pub discount: Won,
    pub amount: Won,
    /// With their new shares.
    pub lines: &'a [LineRow],
    pub now: i64,
}

/// Sets what a coupon changes, while nothing has been asked of Toss; says whether it could.
pub async fn reprice(
    tx: &mut AnyConnection,
    id: &str,
    repriced: Repriced<'_>,
) -> Result<bool, sqlx::Error> {
    // Never the same time twice: a claim takes an order only as it was seen.
    let set = sqlx::query(
        "update orders set coupon_id = $1, discount = $2, amount = $3,
                           updated_at = case when updated_at < $4 then $4 else updated_at + 1 end
         where id = $5 and status = 'PENDING'
           and not exists (select 1 from payments where payments.order_id = orders.id)",
    )
    .bind(repriced.coupon_id.map(CouponId::as_str))
    .bind(repriced.discount.get())
    .bind(repriced.amount.get())
    .bind(repriced.now)
    .bind(id)
    .execute(&mut *tx)
    .await?;
    if set.rows_affected() == 0 {
        return Ok(false);
    }
    // The order's row is ours until the end, so that the shares are those of one pricing.
    for line in repriced.lines {
        sqlx::query("update order_lines set discount = $1 where order_id = $2 and line = $3")
            .bind(line.discount.get())
            .bind(id)
            .bind(line.line)
            .execute(&mut *tx)
            .await?;
    }
    Ok(true)
}

/// Orders placed before `before` that nobody has paid, the oldest first.
pub async fn unpaid_since(
    pool: &AnyPool,
    before: i64,
    most: i64,
) -> Result<Vec<OrderId>, sqlx::Error> {
    sqlx::query(
        "select id from orders where status = 'PENDING' and created_at < $1
         order by created_at limit cast($2 as bigint)",
    )
    .bind(before)
    .bind(most)
    .fetch_all(pool)
    .await
    .map(|rows| sound_keys("orders", "id", rows))
}

/// One step of an order along its table.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    pub order_id: &'a OrderId,
    pub from: Status,
    pub event: Event,
    pub by: &'a Actor,
    /// Why, where that is to be told.
    pub reason: Option<&'a Reason>,
    /// Codes and amounts, never personal data.
    pub detail: &'a str,
    /// What Toss has taken in all, and what of it went back, where that is known.
    pub money: Option<Money>,
    pub now: i64,
}

/// What Toss has taken for an order, and what of it went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    pub paid: Won,
    pub refunded: Won,
}

/// Moves an order along one arrow and writes the event; `false` when someone else was first.
pub async fn advance(tx: &mut AnyConnection, step: Step<'_>) -> Result<bool, Error> {
    let to = step.from.after(step.event)?;
    if !moving(step, to).run(tx).await? {
        return Ok(false);
    }
    // Made once the row is ours, so that the keys of what happens to one order are in its order.
    telling(step, to).run(tx).await?;
    Ok(true)
}

/// What does that, of a step that changes the status: no other can have happened in between, so that
/// the event's key may be made before.
pub fn advancing(step: Step<'_>) -> Result<[Statement; 2], Error> {
    let to = step.from.after(step.event)?;
    Ok([moving(step, to), telling(step, to)])
}

fn moving(step: Step<'_>, to: Status) -> Statement {
    let Stored { code, own, words, sentence } = step.reason.map(Reason::stored).unwrap_or_default();
    // A new reason leaves nothing of the one before.
    Statement::update(
        "update orders set status = $1, updated_at = $2, failure_code = coalesce($3, failure_code),
             failure_reason = case when cast($3 as text) is null then failure_reason
                                   else cast($4 as text) end,
             failure_words = case when cast($3 as text) is null then failure_words
                                  else cast($5 as text) end,
             failure_message = case when cast($3 as text) is null then failure_message
                                    else cast($6 as text) end,
             paid = coalesce($7, paid), refunded = coalesce($8, refunded)
         where id = $9 and status = cast($10 as text)",
    )
    .bind(to.as_str())
    .bind(step.now)
    .bind(code.as_deref())
    .bind(own.as_deref())
    .bind(words.as_deref())
    .bind(sentence.as_deref())
    .bind(step.money.map(|money| money.paid.get()))
    .bind(step.money.map(|money| money.refunded.get()))
    .bind(step.order_id.as_str())
    .bind(step.from.as_str())
}

/// As [`advancing`], of an order that is to be paid and to be as `seen`: nobody has put a coupon on it
/// or taken one off since, nor both; and no other order of its cart is in the way.
pub fn advancing_as_seen(step: Step<'_>, seen: &OrderRow) -> Result<[Statement; 2], Error> {
    let to = step.from.after(step.event)?;
    let [back, lately] = repeats::since(step.now);
    let moving = Statement::update(&repeats::MOVING_AS_SEEN)
        .bind(back)
        .bind(lately)
        .bind(to.as_str())
        .bind(step.now)
        .bind(step.order_id.as_str())
        .bind(step.from.as_str())
        .bind(seen.amount.get())
        .bind(seen.updated_at);
    Ok([moving, telling(step, to)])
}

fn telling(step: Step<'_>, to: Status) -> Statement {
    let event = format!("{:?}", step.event);
    let id = step.order_id.as_str();
    events::adding(id, &event, (step.from, to), step.by, step.detail, step.now)
}
