//! Customers: visitors who have ordered, or looked at their coupons.

use sqlx::{AnyConnection, AnyPool, FromRow};

use crate::domain::claimant::Claimant;

/// One customer as stored.
#[derive(Clone, Debug, FromRow)]
pub struct CustomerRow {
    pub id: String,
    pub customer_key: String,
    pub visitor_hash: String,
    pub name: Option<String>,
    pub email: Option<String>,
    pub mobile_phone: Option<String>,
    pub created_at: i64,
}

impl CustomerRow {
    /// Whom coupons count for, as far as the order form was filled in.
    pub fn claimant(&self) -> Option<Claimant> {
        let (phone, email) = (self.mobile_phone.as_deref(), self.email.as_deref());
        phone.zip(email).map(|(phone, email)| Claimant::of(phone, email))
    }
}

/// A browser's token that another takes the place of, both by their hashes.
#[derive(Clone, Copy, Debug)]
pub struct Renewed<'a> {
    pub before: &'a str,
    pub after: &'a str,
    pub now: i64,
}

/// The customer behind a visitor's cookie.
pub async fn of_visitor(
    pool: &AnyPool,
    visitor_hash: &str,
) -> Result<Option<CustomerRow>, sqlx::Error> {
    sqlx::query_as(
        "select id, customer_key, visitor_hash, name, email, mobile_phone, created_at from customers
         where visitor_hash = $1",
    )
    .bind(visitor_hash)
    .fetch_optional(pool)
    .await
}

/// As [`of_visitor`]; or the customer whom the token was renewed for after `since`.
pub async fn acted_for(
    connection: &mut AnyConnection,
    visitor_hash: &str,
    since: i64,
) -> Result<Option<CustomerRow>, sqlx::Error> {
    sqlx::query_as(
        "select id, customer_key, visitor_hash, name, email, mobile_phone, created_at from customers
         where visitor_hash = $1 or (former_hash = $1 and renewed_at > $2)
         order by case when visitor_hash = $1 then 0 else 1 end, renewed_at desc limit 1",
    )
    .bind(visitor_hash)
    .bind(since)
    .fetch_optional(connection)
    .await
}

/// One customer.
pub async fn by_id(pool: &AnyPool, id: &str) -> Result<Option<CustomerRow>, sqlx::Error> {
    sqlx::query_as(
        "select id, customer_key, visitor_hash, name, email, mobile_phone, created_at from customers
         where id = $1",
    )
    .bind(id)
    .fetch_optional(pool)
    .await
}

/// The customer behind a Toss customer key.
pub async fn id_of_key(pool: &AnyPool, customer_key: &str) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("select id from customers where customer_key = $1")
        .bind(customer_key)
        .fetch_optional(pool)
        .await
}

/// Makes one, unless the visitor has one already, or had until its token was renewed after `since`.
pub async fn insert(
    tx: &mut AnyConnection,
    id: &str,
    customer_key: &str,
    visitor_hash: &str,
    since: i64,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into customers (id, customer_key, visitor_hash, created_at)
         select cast($1 as text), cast($2 as text), cast($3 as text), cast($4 as bigint)
         where not exists (select 1 from customers where former_hash = $3 and renewed_at > $5)
         on conflict (visitor_hash) do nothing",
    )
    .bind(id)
    .bind(customer_key)
    .bind(visitor_hash)
    .bind(now)
    .bind(since)
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Makes one whose visitor has just been given another token; `false` if that one has a customer.
pub async fn insert_renewed(
    tx: &mut AnyConnection,
    id: &str,
    customer_key: &str,
    renewed: Renewed<'_>,
) -> Result<bool, sqlx::Error> {
    let made = sqlx::query(
        "insert into customers (id, customer_key, visitor_hash, former_hash, renewed_at, created_at)
         values ($1, $2, $3, $4, $5, $5) on conflict (visitor_hash) do nothing",
    )
    .bind(id)
    .bind(customer_key)
    .bind(renewed.after)
    .bind(renewed.before)
    .bind(renewed.now)
    .execute(&mut *tx)
    .await?;
    Ok(made.rows_affected() == 1)
}

/// Gives a customer's browser another token, once; `false` where the one before is nobody's by now.
pub async fn renew(tx: &mut AnyConnection, renewed: Renewed<'_>) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "update customers set visitor_hash = $1, former_hash = $2, renewed_at = $3
         where visitor_hash = $2",
    )
    .bind(renewed.after)
    .bind(renewed.before)
    .bind(renewed.now)
    .execute(&mut *tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Remembers what was typed, to fill the form in next time.
pub async fn remember(
    tx: &mut AnyConnection,
    id: &str,
    name: &str,
    email: &str,
    mobile_phone: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("update customers set name = $1, email = $2, mobile_phone = $3 where id = $4")
        .bind(name)
        .bind(email)
        .bind(mobile_phone)
        .bind(id)
        .execute(&mut *tx)
        .await?;
    Ok(())
}
