//! Coupons issued to customers.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyPool, FromRow, Row};

use crate::domain::claimant::Claimant;
use crate::domain::coupon::{Coupon, Worth};
use crate::domain::id::{CouponId, OfferId, OrderId};
use crate::domain::won::Won;
use crate::server::db::Statement;
use crate::server::db::offers::OfferRow;
use crate::server::db::orders::OrderRow;
use crate::server::db::stored::{TableRow, key, read, sound_one};
use crate::server::db::worths;

/// One coupon as stored.
#[derive(Clone, Debug, FromRow)]
pub struct CouponRow {
    pub id: CouponId,
    pub offer_id: OfferId,
    pub name: String,
    #[sqlx(flatten)]
    pub worth: Worth,
    pub minimum: Won,
    pub valid_from: i64,
    pub valid_until: i64,
    pub used_at: Option<i64>,
    pub used_order: Option<OrderId>,
}

impl TableRow for CouponRow {
    const TABLE: &'static str = "coupons";
}

impl CouponRow {
    /// As the rules know it.
    pub fn coupon(&self) -> Coupon {
        Coupon {
            id: self.id.clone(),
            name: self.name.clone(),
            worth: self.worth,
            minimum: self.minimum,
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            used_at: self.used_at,
        }
    }
}

/// What one customer's list shows.
const COUPONS_MAX: i64 = 50;

/// What one person has used up: each offer by phone and by e-mail.
const OFFERS_MAX: i64 = 400;

/// All coupons of a customer, the ones that end first on top; each with whether `claimant` has used up
/// its offer.
pub async fn of_customer(
    pool: &AnyPool,
    customer_id: &str,
    claimant: Option<&Claimant>,
) -> Result<Vec<(CouponRow, bool)>, sqlx::Error> {
    let rows = sqlx::query(
        "select id, offer_id, name, kind, value, cap, minimum, valid_from, valid_until,
                used_at, used_order,
                case when used_at is null and exists (
                    select 1 from coupon_uses
                    left join coupon_offers on coupon_offers.id = coupon_uses.offer_id
                    where coupon_uses.offer_id = coupons.offer_id and contact in ($3, $4)
                      and used >= coalesce(coupon_offers.per_customer, 1)
                ) then 1 else 0 end as is_used_up
         from coupons where customer_id = $1 order by valid_until, id limit cast($2 as bigint)",
    )
    .bind(customer_id)
    .bind(COUPONS_MAX)
    .bind(claimant.map(Claimant::phone))
    .bind(claimant.map(Claimant::email))
    .fetch_all(pool)
    .await?;
    let is_used_up = |row: &AnyRow| Ok::<_, sqlx::Error>(row.try_get::<i64, _>("is_used_up")? == 1);
    let mut all = Vec::new();
    for row in rows {
        let used_up = is_used_up(&row)?;
        all.extend(sound_one(Some(row)).map(|row| (row, used_up)));
    }
    Ok(all)
}

/// One coupon, if it is this customer's.
pub async fn by_id(
    tx: &mut AnyConnection,
    id: &CouponId,
    customer_id: &str,
) -> Result<Option<CouponRow>, sqlx::Error> {
    sqlx::query(
        "select id, offer_id, name, kind, value, cap, minimum, valid_from, valid_until,
                used_at, used_order
         from coupons where id = $1 and customer_id = $2",
    )
    .bind(id.as_str())
    .bind(customer_id)
    .try_map(read)
    .fetch_optional(&mut *tx)
    .await
}

/// What uses it for an order, once, by its owner, inside its window, on enough. It is used only if
/// [`counting`] finds room for it too.
pub fn claiming(id: &CouponId, order: &OrderRow, now: i64) -> Statement {
    let claimant = order.claimant();
    Statement::update(
        "update coupons set used_at = $1, used_order = $2, used_phone = $6, used_email = $7
         where id = $3 and used_at is null and valid_from <= $1 and valid_until > $1
           and customer_id = $4 and minimum <= $5",
    )
    .bind(now)
    .bind(order.id.as_str())
    .bind(id.as_str())
    .bind(order.customer_id.as_str())
    .bind(order.subtotal.get())
    .bind(claimant.phone())
    .bind(claimant.email())
}

/// What counts one more use of the coupon's offer, for the phone and for the e-mail of the order's
/// buyer; each finds no row where that one has used the offer as often as one may. Others with the
/// same phone or e-mail wait until this write has ended.
pub fn counting(id: &CouponId, order: &OrderRow) -> [Statement; 2] {
    let claimant = order.claimant();
    [claimant.phone(), claimant.email()].map(|contact| {
        Statement::alone(
            "insert into coupon_uses (offer_id, contact, used)
             select offer_id, cast($2 as text), 1 from coupons where id = $1
             on conflict (offer_id, contact) do update set used = coupon_uses.used + 1
             where coupon_uses.used < coalesce((
                 select per_customer from coupon_offers where id = coupon_uses.offer_id
             ), 1)",
        )
        .bind(id.as_str())
        .bind(contact)
    })
}

/// The offers that somebody has used as often as one may, by phone or by e-mail.
pub async fn used_up_by(
    connection: &mut AnyConnection,
    claimant: &Claimant,
) -> Result<Vec<OfferId>, sqlx::Error> {
    sqlx::query(
        "select coupon_uses.offer_id from coupon_uses
         left join coupon_offers on coupon_offers.id = coupon_uses.offer_id
         where contact in ($1, $2) and used >= coalesce(per_customer, 1)
         limit cast($3 as bigint)",
    )
    .bind(claimant.phone())
    .bind(claimant.email())
    .bind(OFFERS_MAX)
    .try_map(key("coupon_uses", "offer_id"))
    .fetch_all(connection)
    .await
}

/// Gives back what an order had used.
pub async fn restore(
    tx: &mut AnyConnection,
    id: &CouponId,
    order_id: &str,
) -> Result<(), sqlx::Error> {
    for contact in ["used_phone", "used_email"] {
        let sql = format!(
            "update coupon_uses set used = used - 1
             where used > 0 and exists (
                 select 1 from coupons where coupons.id = $1 and used_order = $2
                     and coupons.offer_id = coupon_uses.offer_id
                     and coupons.{contact} = coupon_uses.contact
             )"
        );
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(id.as_str())
            .bind(order_id)
            .execute(&mut *tx)
            .await?;
    }
    sqlx::query(
        "update coupons set used_at = null, used_order = null, used_phone = null, used_email = null
         where id = $1 and used_order = $2",
    )
    .bind(id.as_str())
    .bind(order_id)
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// What is written of a new coupon, beside its offer.
#[derive(Clone, Copy, Debug)]
pub struct NewCoupon<'a> {
    pub id: &'a str,
    pub customer_id: &'a str,
    /// The how many-th of this offer for this customer.
    pub number: i64,
    pub valid_from: i64,
    pub valid_until: i64,
    /// Until when it is valid once an order is placed with it; until then it is held, as long as
    /// `valid_until` says. Absent where it is the customer's at once.
    pub kept_until: Option<i64>,
    pub now: i64,
}

/// How many of an offer a customer has been issued.
pub async fn count_of(
    connection: &mut AnyConnection,
    customer_id: &str,
    offer_id: &OfferId,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("select count(*) from coupons where customer_id = $1 and offer_id = $2")
        .bind(customer_id)
        .bind(offer_id.as_str())
        .fetch_one(connection)
        .await
}

/// Issues a coupon; `false` if the customer has that number of the offer already.
pub async fn insert(
    tx: &mut AnyConnection,
    offer: &OfferRow,
    coupon: NewCoupon<'_>,
) -> Result<bool, sqlx::Error> {
    let (kind, value, cap) = worths::columns(offer.worth);
    let inserted = sqlx::query(
        "insert into coupons (id, customer_id, offer_id, issue_key, name, kind, value, cap, minimum,
                              valid_from, valid_until, issued_at, kept_until)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (customer_id, issue_key) do nothing",
    )
    .bind(coupon.id)
    .bind(coupon.customer_id)
    .bind(offer.id.as_str())
    .bind(format!("{}:{}", offer.id, coupon.number))
    .bind(&offer.name)
    .bind(kind)
    .bind(value)
    .bind(cap)
    .bind(offer.minimum.get())
    .bind(coupon.valid_from)
    .bind(coupon.valid_until)
    .bind(coupon.now)
    .bind(coupon.kept_until)
    .execute(&mut *tx)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// An order is placed with it: a coupon that was held is its customer's for good.
pub async fn keep(
    tx: &mut AnyConnection,
    id: &str,
    customer_id: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update coupons set valid_until = kept_until, kept_until = null
         where id = $1 and customer_id = $2 and kept_until is not null and valid_until > $3",
    )
    .bind(id)
    .bind(customer_id)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Coupons that were held until `now` at most, each with its offer.
pub async fn held_until(
    pool: &AnyPool,
    now: i64,
    most: i64,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as(
        "select id, offer_id from coupons where kept_until is not null and valid_until <= $1
         order by valid_until limit cast($2 as bigint)",
    )
    .bind(now)
    .bind(most)
    .fetch_all(pool)
    .await
}

/// Deletes one that was held until `now` at most; says whether it still was.
pub async fn lapse(tx: &mut AnyConnection, id: &str, now: i64) -> Result<bool, sqlx::Error> {
    let lapsed = sqlx::query(
        "delete from coupons where id = $1 and kept_until is not null and valid_until <= $2",
    )
    .bind(id)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    Ok(lapsed.rows_affected() == 1)
}

/// Takes back a coupon of the same transaction: there was none left to issue.
pub async fn withdraw(tx: &mut AnyConnection, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("delete from coupons where id = $1 and used_at is null")
        .bind(id)
        .execute(&mut *tx)
        .await?;
    Ok(())
}
