//! Customers: visitors who have ordered, or looked at their coupons.

use sqlx::{AnyConnection, AnyPool, FromRow};

use crate::domain::claimant::Claimant;

/// One customer as stored.
#[derive(Clone, Debug, FromRow)]
pub struct CustomerRow {
    pub id: String,
    pub customer_key: String,
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

const OF_VISITOR: &str = "select id, customer_key, name, email, mobile_phone, created_at
                          from customers where visitor_hash = $1";

/// The customer behind a visitor's cookie.
pub async fn of_visitor(
    pool: &AnyPool,
    visitor_hash: &str,
) -> Result<Option<CustomerRow>, sqlx::Error> {
    sqlx::query_as(OF_VISITOR).bind(visitor_hash).fetch_optional(pool).await
}

/// As [`of_visitor`], inside a transaction.
pub async fn of_visitor_in(
    tx: &mut AnyConnection,
    visitor_hash: &str,
) -> Result<Option<CustomerRow>, sqlx::Error> {
    sqlx::query_as(OF_VISITOR).bind(visitor_hash).fetch_optional(&mut *tx).await
}

/// The customer behind a Toss customer key.
pub async fn id_of_key(pool: &AnyPool, customer_key: &str) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("select id from customers where customer_key = $1")
        .bind(customer_key)
        .fetch_optional(pool)
        .await
}

/// Makes one, unless the visitor has one already.
pub async fn insert(
    tx: &mut AnyConnection,
    id: &str,
    customer_key: &str,
    visitor_hash: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into customers (id, customer_key, visitor_hash, created_at)
         values ($1, $2, $3, $4) on conflict (visitor_hash) do nothing",
    )
    .bind(id)
    .bind(customer_key)
    .bind(visitor_hash)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    Ok(())
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
