//! What has been asked of Toss for an order, and what it answered.

use sqlx::{Any, AnyPool, FromRow, Transaction};

/// One payment as stored.
#[derive(Clone, FromRow)]
pub struct PaymentRow {
    pub order_id: String,
    pub payment_key: String,
    pub amount: i64,
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
    pub cancels_refused: i64,
}

// Account numbers and keys stay out of logs.
impl std::fmt::Debug for PaymentRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PaymentRow").field("order_id", &self.order_id).finish_non_exhaustive()
    }
}

/// What an approval or an issued account tells, as far as pages show it.
#[derive(Clone, Default)]
pub struct Particulars {
    pub method: Option<String>,
    pub method_detail: Option<String>,
    pub approved_at: Option<String>,
    pub receipt_url: Option<String>,
    pub secret: Option<String>,
    pub bank_code: Option<String>,
    pub account_number: Option<String>,
    pub account_due_at: Option<String>,
}

impl std::fmt::Debug for Particulars {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Particulars").field("method", &self.method).finish_non_exhaustive()
    }
}

const SELECT: &str = "select order_id, payment_key, amount, idempotency_key, due_at, asked,
    refused_code, refused_message, method, method_detail, approved_at, receipt_url, bank_code,
    account_number, account_due_at, cancels_refused from payments where order_id = $1";

pub async fn of_order(pool: &AnyPool, order_id: &str) -> Result<Option<PaymentRow>, sqlx::Error> {
    sqlx::query_as(SELECT).bind(order_id).fetch_optional(pool).await
}

/// Writes that Toss is about to be asked. `due_at` is when someone else may ask instead.
pub async fn insert(
    tx: &mut Transaction<'static, Any>,
    order_id: &str,
    payment_key: &str,
    amount: i64,
    idempotency_key: &str,
    due_at: i64,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into payments (order_id, payment_key, amount, idempotency_key, created_at, due_at,
                               asked, cancels_refused)
         values ($1, $2, $3, $4, $5, $6, 0, 0)",
    )
    .bind(order_id)
    .bind(payment_key)
    .bind(amount)
    .bind(idempotency_key)
    .bind(now)
    .bind(due_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Orders that are due to be asked about, the longest due first.
pub async fn due(pool: &AnyPool, now: i64, most: i64) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select order_id from payments where due_at is not null and due_at <= $1
         order by due_at limit $2",
    )
    .bind(now)
    .bind(most)
    .fetch_all(pool)
    .await
}

/// Takes the right to ask about one order until `until`; `false` when someone else has it.
pub async fn lease(
    tx: &mut Transaction<'static, Any>,
    order_id: &str,
    now: i64,
    until: i64,
) -> Result<bool, sqlx::Error> {
    let leased =
        sqlx::query("update payments set due_at = $1 where order_id = $2 and due_at <= $3")
            .bind(until)
            .bind(order_id)
            .bind(now)
            .execute(&mut **tx)
            .await?;
    Ok(leased.rows_affected() == 1)
}

/// Puts the next question off, and keeps a refusal that is still to be proved.
pub async fn put_off(
    tx: &mut Transaction<'static, Any>,
    order_id: &str,
    due_at: i64,
    refused: Option<(&str, &str)>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update payments set due_at = $1, asked = asked + 1,
                             refused_code = coalesce($2, refused_code),
                             refused_message = coalesce($3, refused_message)
         where order_id = $4 and due_at is not null",
    )
    .bind(due_at)
    .bind(refused.map(|(code, _)| code))
    .bind(refused.map(|(_, message)| message))
    .bind(order_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Opens the question again, for a payment that had been settled.
pub async fn reopen(
    tx: &mut Transaction<'static, Any>,
    order_id: &str,
    due_at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("update payments set due_at = $1, asked = 0 where order_id = $2")
        .bind(due_at)
        .bind(order_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Nothing is left to ask.
pub async fn settle(tx: &mut Transaction<'static, Any>, order_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("update payments set due_at = null where order_id = $1")
        .bind(order_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A definite refusal of a cancel: the next one is a new request, with a key of its own.
pub async fn cancel_refused(
    tx: &mut Transaction<'static, Any>,
    order_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("update payments set cancels_refused = cancels_refused + 1 where order_id = $1")
        .bind(order_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Keeps what pages show of a payment.
pub async fn describe(
    tx: &mut Transaction<'static, Any>,
    order_id: &str,
    told: &Particulars,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update payments set method = $1, method_detail = $2, approved_at = $3, receipt_url = $4,
                             secret = $5, bank_code = $6, account_number = $7, account_due_at = $8
         where order_id = $9",
    )
    .bind(&told.method)
    .bind(&told.method_detail)
    .bind(&told.approved_at)
    .bind(&told.receipt_url)
    .bind(&told.secret)
    .bind(&told.bank_code)
    .bind(&told.account_number)
    .bind(&told.account_due_at)
    .bind(order_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
