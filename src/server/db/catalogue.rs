//! Products and their stock.

use sqlx::{AnyConnection, AnyPool, FromRow};

use crate::domain::id::ProductId;
use crate::domain::won::Won;
use crate::server::db::Statement;
use crate::server::db::stored::{TableRow, sound, sound_one};

/// One product as stored.
#[derive(Clone, Debug, FromRow)]
pub struct ProductRow {
    pub id: ProductId,
    pub name: String,
    pub description: String,
    pub picture: String,
    pub price: Won,
    #[sqlx(try_from = "i64")]
    pub stock: u32,
}

impl TableRow for ProductRow {
    const TABLE: &'static str = "products";
}

/// What the shelf shows; more needs a search, which this shop has not.
const PRODUCTS_MAX: i64 = 100;

/// The shelf, in its order.
pub async fn all(pool: &AnyPool) -> Result<Vec<ProductRow>, sqlx::Error> {
    sqlx::query(
        "select id, name, description, picture, price, stock from products
         order by position, id limit cast($1 as bigint)",
    )
    .bind(PRODUCTS_MAX)
    .fetch_all(pool)
    .await
    .map(sound)
}

/// One product. A damaged one is sold no more.
pub async fn by_id(pool: &AnyPool, id: &str) -> Result<Option<ProductRow>, sqlx::Error> {
    sqlx::query("select id, name, description, picture, price, stock from products where id = $1")
        .bind(id)
        .fetch_optional(pool)
        .await
        .map(sound_one)
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
    product: &ProductId,
    quantity: u32,
) -> Result<bool, sqlx::Error> {
    taking(product, quantity).run(tx).await
}

/// What does that.
pub fn taking(product: &ProductId, quantity: u32) -> Statement {
    Statement::stock(quantity, product.as_str())
}

/// Puts pieces back.
pub async fn give_back(
    tx: &mut AnyConnection,
    product: &ProductId,
    quantity: u32,
) -> Result<(), sqlx::Error> {
    sqlx::query("update products set stock = stock + $1 where id = $2")
        .bind(i64::from(quantity))
        .bind(product.as_str())
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

/// What staff want of a product; what is absent stays as it is.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    pub id: &'a str,
    pub name: Option<&'a str>,
    pub description: Option<&'a str>,
    pub picture: Option<String>,
    pub price: Option<i64>,
    /// Pieces that can be sold now.
    pub stock: Option<i64>,
    pub tax_free: Option<i64>,
}

/// What a product without a picture shows: nothing of anybody's.
const NO_PICTURE: &str = "/favicon.svg";

/// Puts a new product at the end of the shelf; `false` when its id is taken.
pub async fn insert(tx: &mut AnyConnection, wanted: &Wanted<'_>) -> Result<bool, sqlx::Error> {
    let added = sqlx::query(
        "insert into products (id, name, description, picture, price, stock, received, tax_free,
                               position)
         values ($1, $2, $3, $4, $5, $6, $6, $7,
                 (select coalesce(max(position), 0) + 1 from products))
         on conflict (id) do nothing",
    )
    .bind(wanted.id)
    .bind(wanted.name.unwrap_or_default())
    .bind(wanted.description.unwrap_or_default())
    .bind(wanted.picture.as_deref().unwrap_or(NO_PICTURE))
    .bind(wanted.price.unwrap_or_default())
    .bind(wanted.stock.unwrap_or_default())
    .bind(wanted.tax_free.unwrap_or_default())
    .execute(tx)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// Changes one; `false` when there is none. Stock is what can be sold from now on: what came in is
/// counted with it, in the same statement as whatever is being sold meanwhile.
pub async fn change(tx: &mut AnyConnection, wanted: &Wanted<'_>) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query(
        "update products set name = coalesce($1, name), description = coalesce($2, description),
                             picture = coalesce($3, picture), price = coalesce($4, price),
                             received = received + coalesce($5, stock) - stock,
                             stock = coalesce($5, stock), tax_free = coalesce($6, tax_free)
         where id = $7",
    )
    .bind(wanted.name)
    .bind(wanted.description)
    .bind(&wanted.picture)
    .bind(wanted.price)
    .bind(wanted.stock)
    .bind(wanted.tax_free)
    .bind(wanted.id)
    .execute(tx)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Whether there is nothing on the shelf.
pub async fn is_empty(pool: &AnyPool) -> Result<bool, sqlx::Error> {
    let some: Option<String> =
        sqlx::query_scalar("select id from products limit 1").fetch_optional(pool).await?;
    Ok(some.is_none())
}

/// One product in its place.
#[derive(Clone, Debug, FromRow)]
pub struct Placed {
    pub id: ProductId,
    pub name: String,
    pub picture: String,
    pub price: Won,
    pub stock: i64,
    pub position: i64,
}

impl TableRow for Placed {
    const TABLE: &'static str = "products";
}

/// Products after one of the shelf, by its place and id.
pub async fn page(pool: &AnyPool, after: &(i64, String)) -> Result<Vec<Placed>, sqlx::Error> {
    sqlx::query(
        "select id, name, picture, price, stock, position from products
         where position > $1 or (position = $1 and id > $2)
         order by position, id limit cast($3 as bigint)",
    )
    .bind(after.0)
    .bind(&after.1)
    .bind(PRODUCTS_MAX)
    .fetch_all(pool)
    .await
    .map(sound)
}
