//! Offers: what coupons there are, and how many of them have been issued.

use sqlx::{AnyConnection, AnyPool, FromRow};

use crate::domain::coupon::Worth;
use crate::domain::id::OfferId;
use crate::domain::won::Won;
use crate::server::db::stored::{TableRow, read, sound};
use crate::server::db::worths;

/// One offer as stored.
#[derive(Clone, Debug, FromRow)]
pub struct OfferRow {
    pub id: OfferId,
    pub name: String,
    #[sqlx(flatten)]
    pub worth: Worth,
    pub minimum: Won,
    pub valid_days: i64,
    pub channel: String,
    pub code: Option<String>,
    pub valid_from: Option<i64>,
    pub valid_until: Option<i64>,
    pub issue_max: Option<i64>,
    /// Counted only where there is a number to issue.
    pub issued: i64,
    pub per_customer: i64,
}

impl TableRow for OfferRow {
    const TABLE: &'static str = "coupon_offers";
}

/// What became of an offer's coupons.
#[derive(Clone, Debug, FromRow)]
pub struct Tally {
    pub offer_id: OfferId,
    pub issued: i64,
    pub used: i64,
}

impl TableRow for Tally {
    const TABLE: &'static str = "coupons";
    const KEY: &'static str = "offer_id";
}

/// What every new customer is given, and what a list shows.
const OFFERS_MAX: i64 = 200;

const COLUMNS: &str = "select id, name, kind, value, cap, minimum, valid_days, channel, code,
    valid_from, valid_until, issue_max, issued, per_customer from coupon_offers";

/// What new customers are given. In one order, so that two of them take counters in one order.
pub async fn for_new_customers(tx: &mut AnyConnection) -> Result<Vec<OfferRow>, sqlx::Error> {
    let sql =
        format!("{COLUMNS} where channel = 'NEW_CUSTOMER' order by id limit cast($1 as bigint)");
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(OFFERS_MAX).fetch_all(&mut *tx).await.map(sound)
}

pub async fn all(pool: &AnyPool) -> Result<Vec<OfferRow>, sqlx::Error> {
    let sql = format!("{COLUMNS} order by id limit cast($1 as bigint)");
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(OFFERS_MAX).fetch_all(pool).await.map(sound)
}

pub async fn by_id(pool: &AnyPool, id: &str) -> Result<Option<OfferRow>, sqlx::Error> {
    let sql = format!("{COLUMNS} where id = $1");
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).try_map(read).fetch_optional(pool).await
}

pub async fn by_code(pool: &AnyPool, code: &str) -> Result<Option<OfferRow>, sqlx::Error> {
    let sql = format!("{COLUMNS} where code = $1");
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(code).try_map(read).fetch_optional(pool).await
}

/// How many coupons of each offer there are, and how many of them are used.
pub async fn tallies(pool: &AnyPool) -> Result<Vec<Tally>, sqlx::Error> {
    sqlx::query(
        "select offer_id, count(*) as issued, count(used_at) as used from coupons
         group by offer_id order by offer_id limit cast($1 as bigint)",
    )
    .bind(OFFERS_MAX)
    .try_map(read)
    .fetch_all(pool)
    .await
}

/// Stores a new offer. One with the same id or code is refused (see
/// [`crate::server::db::is_taken`]).
pub async fn insert(tx: &mut AnyConnection, offer: &OfferRow) -> Result<(), sqlx::Error> {
    let (kind, value, cap) = worths::columns(offer.worth);
    sqlx::query(
        "insert into coupon_offers (id, name, kind, value, cap, minimum, valid_days, channel, code,
                                    valid_from, valid_until, issue_max, per_customer)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(offer.id.as_str())
    .bind(&offer.name)
    .bind(kind)
    .bind(value)
    .bind(cap)
    .bind(offer.minimum.get())
    .bind(offer.valid_days)
    .bind(&offer.channel)
    .bind(&offer.code)
    .bind(offer.valid_from)
    .bind(offer.valid_until)
    .bind(offer.issue_max)
    .bind(offer.per_customer)
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Counts one more coupon, while there are any; says whether there was.
pub async fn count_one(tx: &mut AnyConnection, id: &str) -> Result<bool, sqlx::Error> {
    let counted = sqlx::query(
        "update coupon_offers set issued = issued + 1 where id = $1 and issued < issue_max",
    )
    .bind(id)
    .execute(&mut *tx)
    .await?;
    Ok(counted.rows_affected() == 1)
}

/// Counts so many fewer, which came back.
pub async fn count_back(tx: &mut AnyConnection, id: &str, count: i64) -> Result<(), sqlx::Error> {
    sqlx::query("update coupon_offers set issued = issued - $1 where id = $2")
        .bind(count)
        .bind(id)
        .execute(&mut *tx)
        .await?;
    Ok(())
}
