//! Toss's list of approvals and cancels, as far as it has been walked through.

use sqlx::{AnyConnection, AnyPool, FromRow};

use crate::domain::order::Status;
use crate::server::db::stored::{TableRow, read};

/// One row of Toss's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub transaction_key: String,
    pub payment_key: String,
    pub order_id: String,
    pub status: String,
    pub currency: String,
    /// Without its sign.
    pub amount: i64,
    pub at: i64,
}

/// Keeps it; `false` when it was known.
pub async fn keep(tx: &mut AnyConnection, row: &Listed, now: i64) -> Result<bool, sqlx::Error> {
    let kept = sqlx::query(
        "insert into toss_transactions (transaction_key, payment_key, order_id, status, currency,
                                        amount, transaction_at, seen_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (transaction_key) do nothing",
    )
    .bind(&row.transaction_key)
    .bind(&row.payment_key)
    .bind(&row.order_id)
    .bind(&row.status)
    .bind(&row.currency)
    .bind(row.amount)
    .bind(row.at)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(kept.rows_affected() == 1)
}

/// The payments that Toss lists for an order; more than one is strange, and a hundred no reason to
/// ask a hundred times.
pub async fn payment_keys(pool: &AnyPool, order_id: &str) -> Result<Vec<String>, sqlx::Error> {
    const KEYS_MAX: i64 = 5;
    sqlx::query_scalar(
        "select distinct payment_key from toss_transactions where order_id = $1
         order by payment_key limit cast($2 as bigint)",
    )
    .bind(order_id)
    .bind(KEYS_MAX)
    .fetch_all(pool)
    .await
}

/// One order's own figures beside what Toss lists for it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Beside {
    pub order_id: String,
    /// None: the order is not here.
    pub status: Option<Status>,
    pub amount: i64,
    pub paid: i64,
    pub refunded: i64,
    pub updated_at: i64,
    /// What was asked of Toss, if anything was.
    pub payment_key: Option<String>,
    /// When the next question is due, while something is open.
    pub due_at: Option<i64>,
    /// 1: paid by a transfer to a virtual account, which a bank may take back.
    pub by_transfer: i64,
    /// Of Toss's list: all rows, approvals and their sum, cancels' sum, virtual accounts issued or
    /// waiting again, and rows that are none of these or of another payment.
    pub rows_seen: i64,
    pub approvals: i64,
    pub approved: i64,
    pub cancelled: i64,
    pub awaited: i64,
    pub strange: i64,
    /// As compared last, if ever.
    pub known_rows: Option<i64>,
    pub known_paid: Option<i64>,
    pub known_refunded: Option<i64>,
}

impl TableRow for Beside {
    const TABLE: &'static str = "orders";
    const KEY: &'static str = "order_id";
}

/// Orders from `first` to `last`, each beside what Toss lists for it.
pub async fn beside(pool: &AnyPool, first: &str, last: &str) -> Result<Vec<Beside>, sqlx::Error> {
    sqlx::query(
        "select orders.id as order_id, orders.status as status, orders.amount as amount,
                orders.paid as paid, orders.refunded as refunded,
                orders.updated_at as updated_at, payments.payment_key as payment_key,
                payments.due_at as due_at,
                cast(case when payments.account_number is null then 0 else 1 end as bigint)
                    as by_transfer,
                coalesce(listed.rows_seen, 0) as rows_seen, coalesce(listed.approvals, 0) as approvals,
                coalesce(listed.approved, 0) as approved, coalesce(listed.cancelled, 0) as cancelled,
                coalesce(listed.awaited, 0) as awaited, coalesce(listed.strange, 0) as strange,
                proofs.rows_seen as known_rows, proofs.paid as known_paid,
                proofs.refunded as known_refunded
         from orders
         left join payments on payments.order_id = orders.id
         left join proofs on proofs.order_id = orders.id
         left join (
             select listed.order_id as order_id, count(*) as rows_seen,
                    cast(sum(case when status = 'DONE' then 1 else 0 end) as bigint) as approvals,
                    cast(sum(case when status = 'DONE' then listed.amount else 0 end) as bigint)
                        as approved,
                    cast(sum(case when status in ('CANCELED', 'PARTIAL_CANCELED')
                                  then listed.amount else 0 end) as bigint) as cancelled,
                    cast(sum(case when status = 'WAITING_FOR_DEPOSIT' then 1 else 0 end) as bigint)
                        as awaited,
                    cast(sum(case when currency <> 'KRW'
                                    or listed.payment_key <> own.payment_key
                                    or status not in ('DONE', 'CANCELED', 'PARTIAL_CANCELED',
                                                      'WAITING_FOR_DEPOSIT')
                                  then 1 else 0 end) as bigint) as strange
             from toss_transactions as listed
             left join payments as own on own.order_id = listed.order_id
             where listed.order_id >= $1 and listed.order_id <= $2
             group by listed.order_id
         ) as listed on listed.order_id = orders.id
         where orders.id >= $1 and orders.id <= $2
         order by orders.id",
    )
    .bind(first)
    .bind(last)
    .try_map(read)
    .fetch_all(pool)
    .await
}
