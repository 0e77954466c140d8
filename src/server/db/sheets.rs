//! An order with its lines and its customer, in one read: what pages need of it.

use sqlx::any::AnyRow;
use sqlx::{AnyPool, FromRow, Row};

use crate::domain::id::{OrderId, ProductId};
use crate::domain::won::Won;
use crate::server::Error;
use crate::server::db::Db;
use crate::server::db::customers::CustomerRow;
use crate::server::db::orders::OrderRow;
use crate::server::db::stored::{TableRow, read_of};

/// An order and what it is of.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub order: OrderRow,
    /// In the order of the cart.
    pub lines: Vec<SheetLine>,
    pub customer: Option<CustomerRow>,
}

/// One line, at the price of when it was placed.
#[derive(Clone, Debug, FromRow)]
pub struct SheetLine {
    pub product_id: ProductId,
    pub name: String,
    pub unit_price: Won,
    #[sqlx(try_from = "i64")]
    pub quantity: u32,
    /// After its share of the discount.
    pub worth: Won,
    tax_free: i64,
}

impl TableRow for SheetLine {
    const TABLE: &'static str = "order_lines";
    const KEY: &'static str = "order_id";
}

impl Sheet {
    /// What of the order's amount no tax is in, as the shop's lines say; `None` past what a sum can be.
    pub fn tax_free(&self) -> Option<Won> {
        let free = self.lines.iter().filter(|line| line.tax_free == 1);
        free.map(|line| line.worth).try_fold(Won::ZERO, Won::plus)
    }
}

const SELECT: &str = "select orders.id, customer_id, order_name, subtotal, orders.discount, amount, coupon_id,
    status, failure_code, failure_reason, failure_words, failure_message, buyer_name, buyer_email,
    buyer_mobile_phone, orders.created_at, updated_at, cart_key, cart_id, paid, refunded, order_id,
    product_id, order_lines.name, unit_price, quantity,
    unit_price * quantity - order_lines.discount as worth, order_lines.tax_free, customer_key, visitor_hash,
    customers.name as customer_name, email, mobile_phone, customers.created_at as known_since
    from orders left join order_lines on order_id = orders.id
    left join customers on customers.id = customer_id
    where orders.id = $1 order by line";

/// An order's, or a 404 that says so.
pub async fn load(db: &Db, order_id: &OrderId) -> Result<Sheet, Error> {
    of_order(db.read(), order_id.as_str()).await?.ok_or_else(Error::no_order)
}

async fn of_order(pool: &AnyPool, order_id: &str) -> Result<Option<Sheet>, sqlx::Error> {
    let rows = sqlx::query(SELECT).bind(order_id).fetch_all(pool).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let order = read_of(first)?;
    let customer = customer(first, &order)?;
    // An order without lines has one row, and of that nothing here.
    let of_lines = rows.iter().filter(|row| !matches!(row.try_get("order_id"), Ok(None::<String>)));
    let lines = of_lines.map(read_of).collect::<Result<_, _>>()?;
    Ok(Some(Sheet { order, lines, customer }))
}

fn customer(row: &AnyRow, order: &OrderRow) -> Result<Option<CustomerRow>, sqlx::Error> {
    let Some(visitor_hash) = row.try_get("visitor_hash")? else { return Ok(None) };
    Ok(Some(CustomerRow {
        id: order.customer_id.clone(),
        customer_key: row.try_get("customer_key")?,
        visitor_hash,
        name: row.try_get("customer_name")?,
        email: row.try_get("email")?,
        mobile_phone: row.try_get("mobile_phone")?,
        created_at: row.try_get("known_since")?,
    }))
}
