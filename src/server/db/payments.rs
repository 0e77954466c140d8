//! What has been asked of Toss for an order, and what it answered.

use sqlx::{AnyConnection, AnyPool, FromRow};

use crate::domain::id::OrderId;
use crate::domain::won::Won;
use crate::server::db::Statement;
use crate::server::db::particulars::Particulars;
use crate::server::db::stored::{TableRow, read, sound_keys};
use crate::server::db::waits::LEASE_MS_MAX;
use crate::server::runtime::clock::Uptime;

/// One payment as stored.
#[derive(Clone, FromRow)]
pub struct PaymentRow {
    pub order_id: OrderId,
    pub payment_key: String,
    pub amount: Won,
    pub idempotency_key: String,
    pub due_at: Option<i64>,
    pub asked: i64,
    pub refused_code: Option<String>,
    pub refused_message: Option<String>,
    pub method: Option<String>,
    pub method_detail: Option<String>,
    pub approved_at: Option<String>,
    pub receipt_url: Option<String>,
    pub bank_code: Option<String>,
    pub account_number: Option<String>,
    pub account_due_at: Option<String>,
    pub account_due_ms: Option<i64>,
    /// How it was made, as JSON.
    pub means: Option<String>,
    /// After it Toss takes no money for this payment any more.
    pub decide_by: Option<i64>,
    /// The body of the confirm.
    pub sealed: Option<String>,
    pub leased_until: Option<i64>,
    pub passing_refusals: i64,
    #[sqlx(rename = "attempt")]
    pub key_number: i64,
    /// When it was begun, by a clock that nobody sets.
    pub begun_boot: Option<String>,
    pub begun_uptime: Option<i64>,
    /// What Toss's clock showed in its first answer afterwards.
    pub toss_at: Option<i64>,
    /// Why the account is to be ended before its deposit, and in whose words Toss is told.
    pub end_code: Option<String>,
    pub end_words: Option<String>,
    /// By when the shop itself wants the deposit.
    pub deposit_by: Option<i64>,
}

impl TableRow for PaymentRow {
    const TABLE: &'static str = "payments";
    const KEY: &'static str = "order_id";
}

impl PaymentRow {
    /// When it was begun. `None` for one of an older version.
    pub fn begun(&self) -> Option<Uptime> {
        let boot = self.begun_boot.as_deref()?.into();
        Some(Uptime { boot, ms: self.begun_uptime? })
    }

    /// As just written.
    pub fn opened(opening: &Opening<'_>) -> PaymentRow {
        PaymentRow {
            order_id: opening.order_id.clone(),
            payment_key: opening.payment_key.to_owned(),
            amount: opening.amount,
            idempotency_key: opening.idempotency_key.to_owned(),
            due_at: Some(opening.now),
            asked: 0,
            refused_code: None,
            refused_message: None,
            method: None,
            method_detail: None,
            approved_at: None,
            receipt_url: None,
            bank_code: None,
            account_number: None,
            account_due_at: None,
            account_due_ms: None,
            means: None,
            decide_by: Some(opening.decide_by),
            sealed: opening.sealed.map(str::to_owned),
            leased_until: Some(opening.leased.until),
            passing_refusals: 0,
            key_number: 1,
            begun_boot: Some(opening.begun.boot.to_string()),
            begun_uptime: Some(opening.begun.ms),
            toss_at: None,
            end_code: None,
            end_words: None,
            deposit_by: None,
        }
    }
}

// Account numbers and keys stay out of logs.
impl std::fmt::Debug for PaymentRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PaymentRow").field("order_id", &self.order_id).finish_non_exhaustive()
    }
}

const SELECT: &str = "select order_id, payment_key, amount, idempotency_key, due_at, asked,
    refused_code, refused_message, method, method_detail, approved_at, receipt_url, bank_code,
    account_number, account_due_at, account_due_ms, means, decide_by, sealed, leased_until,
    passing_refusals, attempt, begun_boot, begun_uptime, toss_at, end_code, end_words, deposit_by
    from payments where order_id = $1";

pub async fn of_order(pool: &AnyPool, order_id: &str) -> Result<Option<PaymentRow>, sqlx::Error> {
    sqlx::query(SELECT).bind(order_id).try_map(read).fetch_optional(pool).await
}

/// The right to ask about a payment.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    pub until: i64,
    /// The number of an instance.
    pub by: i64,
}

/// What is written before Toss is asked.
#[derive(Clone, Debug)]
pub struct Opening<'a> {
    pub order_id: &'a OrderId,
    pub payment_key: &'a str,
    pub amount: Won,
    pub idempotency_key: &'a str,
    /// The body of the confirm, if one is to be sent.
    pub sealed: Option<&'a str>,
    pub decide_by: i64,
    /// Until then nobody but the writer asks.
    pub leased: Lease,
    pub now: i64,
    /// The same moment by a clock that nobody sets.
    pub begun: Uptime,
}

/// Writes that Toss is about to be asked, due at once for whoever finds the lease ended.
pub async fn insert(tx: &mut AnyConnection, opening: &Opening<'_>) -> Result<(), sqlx::Error> {
    inserting(opening).run(tx).await?;
    Ok(())
}

/// What does that.
pub fn inserting(opening: &Opening<'_>) -> Statement {
    Statement::insert(
        "insert into payments (order_id, payment_key, amount, idempotency_key, created_at, due_at,
                               asked, sealed, decide_by, leased_until, begun_boot, begun_uptime,
                               leased_by)
         values ($1, $2, $3, $4, $5, $5, 0, $6, $7, $8, $9, $10, $11)",
    )
    .bind(opening.order_id.as_str())
    .bind(opening.payment_key)
    .bind(opening.amount.get())
    .bind(opening.idempotency_key)
    .bind(opening.now)
    .bind(opening.sealed)
    .bind(opening.decide_by)
    .bind(opening.leased.until)
    .bind(&*opening.begun.boot)
    .bind(opening.begun.ms)
    .bind(opening.leased.by)
}

/// Whether somebody is at it.
pub fn is_leased(payment: &PaymentRow, now: i64) -> bool {
    // One that ends later than any does was taken by a clock that has been set since.
    payment.leased_until.is_some_and(|until| until > now && until <= now + LEASE_MS_MAX)
}

/// Orders that are due to be asked about and that nobody is at, the longest due first.
pub async fn due(pool: &AnyPool, now: i64, most: i64) -> Result<Vec<OrderId>, sqlx::Error> {
    sqlx::query(
        "select order_id from payments
         where due_at is not null and due_at <= $1
           and (leased_until is null or leased_until <= $1 or leased_until > $3)
         order by due_at limit cast($2 as bigint)",
    )
    .bind(now)
    .bind(most)
    .bind(now + LEASE_MS_MAX)
    .fetch_all(pool)
    .await
    .map(|rows| sound_keys("payments", "order_id", rows))
}

/// Takes the right to ask about one order; `false` when someone else has it.
pub async fn lease(
    tx: &mut AnyConnection,
    order_id: &str,
    now: i64,
    lease: Lease,
) -> Result<bool, sqlx::Error> {
    lease_if(tx, "", order_id, now, lease).await
}

/// As [`lease`], if something is due still: whoever was at it since the row was read may have ended it.
pub async fn lease_due(
    tx: &mut AnyConnection,
    order_id: &str,
    now: i64,
    lease: Lease,
) -> Result<bool, sqlx::Error> {
    lease_if(tx, " and due_at <= $3", order_id, now, lease).await
}

async fn lease_if(
    tx: &mut AnyConnection,
    condition: &str,
    order_id: &str,
    now: i64,
    lease: Lease,
) -> Result<bool, sqlx::Error> {
    let leased = sqlx::query(sqlx::AssertSqlSafe(format!(
        "update payments set leased_until = $1, leased_by = $5
         where order_id = $2
           and (leased_until is null or leased_until <= $3 or leased_until > $4){condition}"
    )))
    .bind(lease.until)
    .bind(order_id)
    .bind(now)
    .bind(now.saturating_add(LEASE_MS_MAX))
    .bind(lease.by)
    .execute(tx)
    .await?;
    Ok(leased.rows_affected() == 1)
}

/// Counts a refusal that may pass.
pub async fn refused_in_passing(tx: &mut AnyConnection, order_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("update payments set passing_refusals = passing_refusals + 1 where order_id = $1")
        .bind(order_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// The next question is a new request, with a key of its own.
pub async fn begin_key(
    tx: &mut AnyConnection,
    order_id: &str,
    key_number: i64,
    idempotency_key: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update payments set attempt = $1, idempotency_key = $2, passing_refusals = 0
         where order_id = $3",
    )
    .bind(key_number)
    .bind(idempotency_key)
    .bind(order_id)
    .execute(tx)
    .await?;
    Ok(())
}

/// For whoever finds that nobody is at it.
pub async fn make_due(
    tx: &mut AnyConnection,
    order_id: &str,
    due_at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("update payments set due_at = $1, asked = 0 where order_id = $2")
        .bind(due_at)
        .bind(order_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Puts the next question off, keeps a refusal that is still to be proved and the first time that
/// Toss told, ends the lease.
pub async fn put_off(
    tx: &mut AnyConnection,
    order_id: &str,
    due_at: i64,
    refused: Option<(&str, &str)>,
    toss_at: Option<i64>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update payments set due_at = $1, asked = asked + 1, leased_until = null,
                             refused_code = coalesce($2, refused_code),
                             refused_message = coalesce($3, refused_message),
                             toss_at = coalesce(toss_at, $4)
         where order_id = $5",
    )
    .bind(due_at)
    .bind(refused.map(|(code, _)| code))
    .bind(refused.map(|(_, message)| message))
    .bind(toss_at)
    .bind(order_id)
    .execute(tx)
    .await?;
    Ok(())
}

/// Ends the lease; `due_at` is when to ask next, if there is anything left to ask.
///
/// It counts for an order that stands as `status` says. Where somebody has moved it since, such as
/// staff who have just asked for a refund, what they made due stays due. `deposit_by` is for an order
/// that waits from now on; of one that does not, nothing of the wait is kept.
pub async fn conclude(
    tx: &mut AnyConnection,
    order_id: &str,
    status: &str,
    (due_at, deposit_by): (Option<i64>, Option<i64>),
    told: Option<&Particulars>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update payments set asked = 0, leased_until = null, due_at = case
             when exists (
                 select 1 from orders where id = $1 and status = cast($2 as text)
             ) then $3 else due_at end,
             end_code = case when cast($2 as text) = 'WAITING_FOR_DEPOSIT' then end_code end,
             end_words = case when cast($2 as text) = 'WAITING_FOR_DEPOSIT' then end_words end,
             deposit_by = case when cast($2 as text) = 'WAITING_FOR_DEPOSIT'
                               then coalesce(deposit_by, cast($4 as bigint)) end
         where order_id = $1",
    )
    .bind(order_id)
    .bind(status)
    .bind(due_at)
    .bind(deposit_by)
    .execute(&mut *tx)
    .await?;
    if let Some(told) = told {
        let telling = Statement::update(
            "update payments set method = $1, method_detail = $2, approved_at = $3,
                                 receipt_url = $4, secret = $5, bank_code = $6,
                                 account_number = $7, account_due_at = $8, account_due_ms = $9,
                                 means = $10, tax_free = $11, m_id = coalesce(m_id, $12)
             where order_id = $13",
        );
        told.bound(telling).bind(order_id).run(tx).await?;
    }
    Ok(())
}

/// What does that of an order that is moved by the same write.
pub fn concluding(
    order_id: &str,
    (due_at, deposit_by): (Option<i64>, Option<i64>),
    told: &Particulars,
) -> Statement {
    let concluding = Statement::update(
        "update payments set method = $1, method_detail = $2, approved_at = $3, receipt_url = $4,
                             secret = $5, bank_code = $6, account_number = $7, account_due_at = $8,
                             account_due_ms = $9, means = $10, tax_free = $11,
                             m_id = coalesce(m_id, $12),
                             asked = 0, leased_until = null, due_at = $13, deposit_by = $14
         where order_id = $15",
    );
    told.bound(concluding).bind(due_at).bind(deposit_by).bind(order_id)
}

/// The check value of Toss's webhooks about an order.
pub async fn secret_of(
    pool: &AnyPool,
    order_id: &str,
) -> Result<Option<secrecy::SecretString>, sqlx::Error> {
    let secret: Option<Option<String>> =
        sqlx::query_scalar("select secret from payments where order_id = $1")
            .bind(order_id)
            .fetch_optional(pool)
            .await?;
    Ok(secret.flatten().map(secrecy::SecretString::from))
}

/// The payments of which something is still to be heard.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct Open {
    pub count: i64,
    pub due: i64,
    /// When the oldest was begun.
    pub oldest_at: Option<i64>,
}

pub async fn open(pool: &AnyPool, now: i64) -> Result<Open, sqlx::Error> {
    sqlx::query_as(
        "select count(*) as count,
                cast(coalesce(sum(case when due_at <= $1 then 1 else 0 end), 0) as bigint) as due,
                min(created_at) as oldest_at
         from payments where due_at is not null",
    )
    .bind(now)
    .fetch_one(pool)
    .await
}
