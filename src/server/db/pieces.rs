//! An order together with what it is of, in one read: what a claim needs.

use sqlx::FromRow;

use crate::domain::id::{OrderId, ProductId};
use crate::server::Error;
use crate::server::db::Db;
use crate::server::db::orders::OrderRow;
use crate::server::db::stored::{TableRow, read_of};

/// An order with its pieces, or a 404 that says so.
pub async fn load_with_pieces(
    db: &Db,
    order_id: &OrderId,
) -> Result<(OrderRow, Vec<Pieces>), Error> {
    with_pieces(db, order_id.as_str()).await?.ok_or_else(Error::no_order)
}

/// How many of a product an order is of. Never changes once the order is placed.
#[derive(Clone, Debug, FromRow)]
pub struct Pieces {
    pub product_id: ProductId,
    #[sqlx(try_from = "i64")]
    pub quantity: u32,
}

impl TableRow for Pieces {
    const TABLE: &'static str = "order_lines";
}

/// An order and what it is of, by product.
pub async fn with_pieces(
    db: &Db,
    id: &str,
) -> Result<Option<(OrderRow, Vec<Pieces>)>, sqlx::Error> {
    let mut reader = db.reader().await?;
    let rows = sqlx::query(
        "select orders.id, customer_id, order_name, subtotal, orders.discount, amount, coupon_id,
                status, failure_code, failure_reason, failure_words, failure_message, buyer_name, buyer_email,
                buyer_mobile_phone, created_at, updated_at, cart_key, cart_id, paid, refunded,
                product_id, quantity
         from orders join order_lines on order_id = orders.id where orders.id = $1
         order by product_id",
    )
    .bind(id)
    .fetch_all(reader.connection())
    .await?;
    reader.done();
    let Some(first) = rows.first() else { return Ok(None) };
    let pieces = rows.iter().map(read_of).collect::<Result<_, _>>()?;
    Ok(Some((read_of(first)?, pieces)))
}
