//! Coupons issued to customers.

use sqlx::{AnyConnection, AnyPool, FromRow};

/// One coupon as stored.
#[derive(Clone, Debug, FromRow)]
pub struct CouponRow {
    pub id: String,
    pub customer_id: String,
    pub name: String,
    pub kind: String,
    pub value: i64,
    pub cap: Option<i64>,
    pub minimum: i64,
    pub valid_from: i64,
    pub valid_until: i64,
    pub used_at: Option<i64>,
    pub used_order: Option<String>,
}

/// What every new customer is given.
#[derive(Clone, Debug, FromRow)]
pub struct OfferRow {
    pub id: String,
    pub name: String,
    pub kind: String,
    pub value: i64,
    pub cap: Option<i64>,
    pub minimum: i64,
    pub valid_days: i64,
}

/// What one customer's list shows.
const COUPONS_MAX: i64 = 50;

/// All coupons of a customer, the ones that end first on top.
pub async fn of_customer(pool: &AnyPool, customer_id: &str) -> Result<Vec<CouponRow>, sqlx::Error> {
    sqlx::query_as(
        "select id, customer_id, name, kind, value, cap, minimum, valid_from, valid_until,
                used_at, used_order
         from coupons where customer_id = $1 order by valid_until, id limit $2",
    )
    .bind(customer_id)
    .bind(COUPONS_MAX)
    .fetch_all(pool)
    .await
}

/// One coupon, if it is this customer's.
pub async fn by_id(
    tx: &mut AnyConnection,
    id: &str,
    customer_id: &str,
) -> Result<Option<CouponRow>, sqlx::Error> {
    sqlx::query_as(
        "select id, customer_id, name, kind, value, cap, minimum, valid_from, valid_until,
                used_at, used_order
         from coupons where id = $1 and customer_id = $2",
    )
    .bind(id)
    .bind(customer_id)
    .fetch_optional(&mut *tx)
    .await
}

/// Uses it for an order, once, inside its window; says whether that was possible.
pub async fn claim(
    tx: &mut AnyConnection,
    id: &str,
    order_id: &str,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let used = sqlx::query(
        "update coupons set used_at = $1, used_order = $2
         where id = $3 and used_at is null and valid_from <= $1 and valid_until > $1",
    )
    .bind(now)
    .bind(order_id)
    .bind(id)
    .execute(&mut *tx)
    .await?;
    Ok(used.rows_affected() == 1)
}

/// Gives back what an order had used.
pub async fn restore(tx: &mut AnyConnection, id: &str, order_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update coupons set used_at = null, used_order = null where id = $1 and used_order = $2",
    )
    .bind(id)
    .bind(order_id)
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// What a new customer is to be given.
pub async fn offers(tx: &mut AnyConnection) -> Result<Vec<OfferRow>, sqlx::Error> {
    sqlx::query_as(
        "select id, name, kind, value, cap, minimum, valid_days from coupon_offers order by id
         limit $1",
    )
    .bind(COUPONS_MAX)
    .fetch_all(&mut *tx)
    .await
}

/// Issues an offer to a customer, once.
pub async fn issue(
    tx: &mut AnyConnection,
    id: &str,
    customer_id: &str,
    offer: &OfferRow,
    valid_from: i64,
    valid_until: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into coupons (id, customer_id, offer_id, issue_key, name, kind, value, cap, minimum,
                              valid_from, valid_until, issued_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10)
         on conflict (customer_id, issue_key) do nothing",
    )
    .bind(id)
    .bind(customer_id)
    .bind(&offer.id)
    .bind(format!("{}:1", offer.id))
    .bind(&offer.name)
    .bind(&offer.kind)
    .bind(offer.value)
    .bind(offer.cap)
    .bind(offer.minimum)
    .bind(valid_from)
    .bind(valid_until)
    .execute(&mut *tx)
    .await?;
    Ok(())
}
