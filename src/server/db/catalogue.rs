//! Products and their stock.

use sqlx::{AnyConnection, AnyPool, FromRow};

use crate::server::db::Statement;

/// One product as stored.
#[derive(Clone, Debug, FromRow)]
pub struct ProductRow {
    pub id: String,
    pub name: String,
    pub description: String,
    pub picture: String,
    pub price: i64,
    pub stock: i64,
}

/// What the shelf shows; more needs a search, which this shop has not.
const PRODUCTS_MAX: i64 = 100;

/// The shelf, in its order.
pub async fn all(pool: &AnyPool) -> Result<Vec<ProductRow>, sqlx::Error> {
    sqlx::query_as(
        "select id, name, description, picture, price, stock from products
         order by position, id limit cast($1 as bigint)",
    )
    .bind(PRODUCTS_MAX)
    .fetch_all(pool)
    .await
}

/// One product.
pub async fn by_id(pool: &AnyPool, id: &str) -> Result<Option<ProductRow>, sqlx::Error> {
    sqlx::query_as(
        "select id, name, description, picture, price, stock from products where id = $1",
    )
    .bind(id)
    .fetch_optional(pool)
    .await
}

/// The first line of an order of which fewer pieces are there than it is of: its name, and how many
/// there are.
pub async fn short_line(
    pool: &AnyPool,
    order_id: &str,
) -> Result<Option<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "select order_lines.name, coalesce(products.stock, 0)
         from order_lines left join products on products.id = order_lines.product_id
         where order_id = $1 and coalesce(products.stock, 0) < quantity
         order by line limit 1",
    )
    .bind(order_id)
    .fetch_optional(pool)
    .await
}

/// Takes `quantity` pieces if that many are there; says whether they were.
pub async fn take(
    tx: &mut AnyConnection,
    product: &str,
    quantity: i64,
) -> Result<bool, sqlx::Error> {
    taking(product, quantity).run(tx).await
}

/// What does that.
pub fn taking(product: &str, quantity: i64) -> Statement {
    Statement::hot("update products set stock = stock - $1 where id = $2 and stock >= $1")
        .bind(quantity)
        .bind(product)
}

/// Puts pieces back.
pub async fn give_back(
    tx: &mut AnyConnection,
    product: &str,
    quantity: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("update products set stock = stock + $1 where id = $2")
        .bind(quantity)
        .bind(product)
        .execute(&mut *tx)
        .await?;
    Ok(())
}

/// New pieces come in.
pub async fn receive(
    tx: &mut AnyConnection,
    product: &str,
    quantity: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("update products set stock = stock + $1, received = received + $1 where id = $2")
        .bind(quantity)
        .bind(product)
        .execute(&mut *tx)
        .await?;
    Ok(())
}
