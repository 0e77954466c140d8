//! Orders of one cart: which others are in doubt, wait for their deposit or were just paid, and what
//! they have taken out of the cart.

use std::sync::LazyLock;

use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow};

use crate::domain::id::{OrderId, ProductId};
use crate::domain::order::Status;
use crate::server::db::states::written_out;
use crate::server::db::stored::{TableRow, read};

/// A second payment of a cart within this time is more likely a mistake than a wish.
const PAID_LATELY_MS: i64 = 60 * 60 * 1_000;

/// How far back orders of the same cart are looked for: longer than any virtual account waits for its
/// deposit.
const LOOKED_BACK_MS: i64 = 40 * 24 * 60 * 60 * 1_000;

/// That `other` is an order of the same cart which stands in the way of paying `orders`: the same
/// lines of the same customer, or another content of the same cart. A buyer's word is about what had
/// happened when it was given, so that of two orders that were both meant one is asked about again.
/// Of a doubt there is nothing to mean: it ends within minutes, and may end in a payment.
const IN_THE_WAY: &str = "other.customer_id = orders.customer_id and other.id <> orders.id
    and other.created_at >= $1 and (other.cart_key = orders.cart_key or other.cart_id = orders.cart_id)
    and (other.status = 'CONFIRMING'
         or other.updated_at > coalesce(orders.repeat_at, 0)
            and (other.status = 'WAITING_FOR_DEPOSIT'
                 or other.status in [kept] and other.updated_at >= $2))";

/// The first two places of what has [`IN_THE_WAY`] in it.
pub fn since(now: i64) -> [i64; 2] {
    [now - LOOKED_BACK_MS, now - PAID_LATELY_MS]
}

/// Moves an order that is as it was seen, if no other order of its cart is in the way. Places: both of
/// [`since`], then status, time, id, status before, amount and time before.
pub static MOVING_AS_SEEN: LazyLock<String> = LazyLock::new(|| {
    written_out(&format!(
        "update orders set status = $3, updated_at = $4
         where id = $5 and status = cast($6 as text) and amount = $7 and updated_at = $8
           and not exists (select 1 from orders other where {IN_THE_WAY})"
    ))
});

static BESIDE: LazyLock<String> = LazyLock::new(|| {
    written_out(&format!(
        "select other.id, other.status, other.updated_at from orders
         join orders other on {IN_THE_WAY}
         where orders.id = $3
         order by case when other.status = 'CONFIRMING' then 0 else 1 end, other.updated_at desc
         limit 1"
    ))
});

static BOUGHT: LazyLock<String> = LazyLock::new(|| {
    written_out(
        "select orders.id, product_id, quantity from orders
         join order_lines on order_lines.order_id = orders.id
         join customers on customers.id = orders.customer_id
         where visitor_hash = $1 and cart_id = $2 and orders.created_at >= $3
           and (status = 'WAITING_FOR_DEPOSIT' or status in [paid])
         order by orders.id, product_id",
    )
});

/// Another order of the same cart.
#[derive(Clone, Debug, FromRow)]
pub struct Beside {
    pub id: OrderId,
    pub status: Status,
    /// When it came to stand so.
    pub updated_at: i64,
}

impl TableRow for Beside {
    const TABLE: &'static str = "orders";
}

/// What stands in the way of paying an order; what is in doubt first.
pub async fn beside(
    connection: &mut AnyConnection,
    order_id: &str,
    now: i64,
) -> Result<Option<Beside>, sqlx::Error> {
    let [back, lately] = since(now);
    sqlx::query(AssertSqlSafe(BESIDE.as_str()))
        .bind(back)
        .bind(lately)
        .bind(order_id)
        .try_map(read)
        .fetch_optional(connection)
        .await
}

/// Writes down that the buyer means it, while nothing has been asked of Toss; says whether it could.
pub async fn mean(tx: &mut AnyConnection, order_id: &str, now: i64) -> Result<bool, sqlx::Error> {
    let set = sqlx::query("update orders set repeat_at = $1 where id = $2 and status = 'PENDING'")
        .bind(now)
        .bind(order_id)
        .execute(tx)
        .await?;
    Ok(set.rows_affected() == 1)
}

/// A line that was ordered from a cart, and is paid or waits for its deposit.
#[derive(Clone, Debug, FromRow)]
pub struct Bought {
    /// The order's.
    pub id: OrderId,
    pub product_id: ProductId,
    #[sqlx(try_from = "i64")]
    pub quantity: u32,
}

impl TableRow for Bought {
    const TABLE: &'static str = "order_lines";
}

/// What a visitor has bought from one cart.
pub async fn bought(
    pool: &AnyPool,
    visitor_hash: &str,
    cart_id: &str,
    now: i64,
) -> Result<Vec<Bought>, sqlx::Error> {
    let [back, _] = since(now);
    sqlx::query(AssertSqlSafe(BOUGHT.as_str()))
        .bind(visitor_hash)
        .bind(cart_id)
        .bind(back)
        .try_map(read)
        .fetch_all(pool)
        .await
}
