//! Money that went back or is to go back: one row for each row of Toss's `cancels[]`, and an
//! outbox of those that Toss is still to be asked for, written with the decision.

use std::fmt;

use sqlx::{AnyConnection, AnyPool, FromRow};

use crate::domain::id::OrderId;
use crate::domain::won::Won;
use crate::server::db::stored::{TableRow, column, key, read};

/// Why money goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The order could not be kept.
    Compensation,
    /// The shop gives it back.
    Refund,
    /// Somebody gave it back at Toss.
    Console,
}

impl Kind {
    const ALL: [Kind; 3] = [Kind::Compensation, Kind::Refund, Kind::Console];

    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Compensation => "COMPENSATION",
            Kind::Refund => "REFUND",
            Kind::Console => "CONSOLE",
        }
    }

    pub fn parse(text: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// How far a row is; the migration says what each means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Account,
    Open,
    Running,
    Done,
    Refused,
    Aborted,
    Needless,
}

impl State {
    const ALL: [State; 7] = [
        State::Account,
        State::Open,
        State::Running,
        State::Done,
        State::Refused,
        State::Aborted,
        State::Needless,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            State::Account => "ACCOUNT",
            State::Open => "OPEN",
            State::Running => "RUNNING",
            State::Done => "DONE",
            State::Refused => "REFUSED",
            State::Aborted => "ABORTED",
            State::Needless => "NEEDLESS",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

column!(Kind, String, |kind| Kind::parse(&kind));
column!(State, String, |state| State::parse(&state));

/// One row.
#[derive(Clone, FromRow)]
pub struct CancelRow {
    pub id: String,
    pub order_id: OrderId,
    pub kind: Kind,
    pub state: State,
    /// Absent: everything that is left.
    pub amount: Option<Won>,
    pub reason: String,
    /// The body, perhaps with the buyer's account in it.
    pub sealed: String,
    /// Counts definite refusals: what is asked anew has a key of its own.
    #[sqlx(rename = "attempt")]
    pub key_number: i64,
    /// Refusals that may pass, under this attempt's key.
    pub passing_refusals: i64,
    pub created_at: i64,
    pub refused_code: Option<String>,
    pub transaction_key: Option<String>,
    pub account_masked: Option<String>,
}

// Account numbers stay out of logs.
impl fmt::Debug for CancelRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CancelRow { id, state, amount, .. } = self;
        write!(f, "CancelRow({id} {state:?} {amount:?})")
    }
}

impl TableRow for CancelRow {
    const TABLE: &'static str = "cancels";
}

/// What is to be written down.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    pub id: &'a str,
    pub order_id: &'a str,
    pub kind: Kind,
    pub state: State,
    pub amount: Option<Won>,
    pub tax_free: Won,
    /// What of the amount is of no line.
    pub by_amount: Won,
    pub reason: &'a str,
    /// The body of the cancel.
    pub sealed: &'a str,
    pub transaction_key: Option<&'a str>,
    pub account_masked: Option<&'a str>,
    pub restores_coupon: bool,
    pub now: i64,
}

impl fmt::Debug for Wanted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Wanted { id, kind, state, amount, .. } = self;
        write!(f, "Wanted({id} {kind:?} {state:?} {amount:?})")
    }
}

/// Writes one down. A second while one is open is refused by `cancels_one_open`.
pub async fn insert(tx: &mut AnyConnection, wanted: Wanted<'_>) -> Result<(), sqlx::Error> {
    let is_open = matches!(wanted.state, State::Account | State::Open);
    sqlx::query(
        "insert into cancels (id, order_id, kind, state, amount, tax_free, by_amount, reason, sealed,
                              attempt, created_at, passing_refusals, closed_at, transaction_key,
                              account_masked, restore_coupon)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, 0, $11, $12, $13, $14)",
    )
    .bind(wanted.id)
    .bind(wanted.order_id)
    .bind(wanted.kind.as_str())
    .bind(wanted.state.as_str())
    .bind(wanted.amount.map(Won::get))
    .bind(wanted.tax_free.get())
    .bind(wanted.by_amount.get())
    .bind(wanted.reason)
    .bind(wanted.sealed)
    .bind(wanted.now)
    .bind((!is_open).then_some(wanted.now))
    .bind(wanted.transaction_key)
    .bind(wanted.account_masked)
    .bind(i64::from(wanted.restores_coupon))
    .execute(tx)
    .await?;
    Ok(())
}

const COLUMNS: &str = "select id, order_id, kind, state, amount, reason, sealed, attempt,
    passing_refusals, created_at, refused_code, transaction_key, account_masked from cancels";

/// The one that is open for an order.
pub async fn open_of(pool: &AnyPool, order_id: &str) -> Result<Option<CancelRow>, sqlx::Error> {
    let sql = format!("{COLUMNS} where order_id = $1 and closed_at is null");
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(order_id).try_map(read).fetch_optional(pool).await
}

/// As [`open_of`], inside a transaction.
pub async fn open_in(
    tx: &mut AnyConnection,
    order_id: &str,
) -> Result<Option<CancelRow>, sqlx::Error> {
    let sql = format!("{COLUMNS} where order_id = $1 and closed_at is null");
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(order_id).try_map(read).fetch_optional(tx).await
}

/// All of an order, oldest first.
pub async fn of_order(
    tx: &mut AnyConnection,
    order_id: &str,
) -> Result<Vec<CancelRow>, sqlx::Error> {
    let sql = format!("{COLUMNS} where order_id = $1 order by id");
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(order_id).try_map(read).fetch_all(tx).await
}

/// The order of one of Toss's transactions.
pub async fn order_of(
    pool: &AnyPool,
    transaction_key: &str,
) -> Result<Option<OrderId>, sqlx::Error> {
    sqlx::query("select order_id from cancels where transaction_key = $1")
        .bind(transaction_key)
        .try_map(key("cancels", "order_id"))
        .fetch_optional(pool)
        .await
}

/// Toss has it among its cancels. Nothing of the buyer's account is needed any more.
pub async fn found(
    tx: &mut AnyConnection,
    id: &str,
    state: State,
    transaction_key: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update cancels set state = $1, transaction_key = $2, closed_at = coalesce(closed_at, $3),
                            sealed = case when account_masked is null then sealed else '' end
         where id = $4",
    )
    .bind(state.as_str())
    .bind(transaction_key)
    .bind(now)
    .bind(id)
    .execute(tx)
    .await?;
    Ok(())
}

/// Closes what is still open of an order, and forgets the buyer's account.
pub async fn close(
    tx: &mut AnyConnection,
    order_id: &str,
    state: State,
    refused_code: Option<&str>,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update cancels set state = $1, closed_at = $2, refused_code = coalesce($3, refused_code),
                            sealed = case when account_masked is null then sealed else '' end
         where order_id = $4 and closed_at is null",
    )
    .bind(state.as_str())
    .bind(now)
    .bind(refused_code)
    .bind(order_id)
    .execute(tx)
    .await?;
    Ok(())
}

/// It waits for an account, perhaps because Toss refused the one it had, which is forgotten.
pub async fn need_account(
    tx: &mut AnyConnection,
    id: &str,
    sealed: &str,
    refused_code: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update cancels set state = 'ACCOUNT', sealed = $1, account_masked = null,
                            refused_code = $2, attempt = attempt + 1, passing_refusals = 0
         where id = $3 and closed_at is null",
    )
    .bind(sealed)
    .bind(refused_code)
    .bind(id)
    .execute(tx)
    .await?;
    Ok(())
}

/// What it waited for is there, or is not needed any more; `false` when it does not wait.
pub async fn reopen(
    tx: &mut AnyConnection,
    id: &str,
    sealed: &str,
    account_masked: Option<&str>,
) -> Result<bool, sqlx::Error> {
    let opened = sqlx::query(
        "update cancels set state = 'OPEN', sealed = $1, account_masked = $2
         where id = $3 and state = 'ACCOUNT'",
    )
    .bind(sealed)
    .bind(account_masked)
    .bind(id)
    .execute(tx)
    .await?;
    Ok(opened.rows_affected() == 1)
}

/// A definite refusal of what must go back all the same: the next try is a new request.
pub async fn try_anew(
    tx: &mut AnyConnection,
    id: &str,
    refused_code: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update cancels set attempt = attempt + 1, refused_code = $1, passing_refusals = 0
         where id = $2",
    )
    .bind(refused_code)
    .bind(id)
    .execute(tx)
    .await?;
    Ok(())
}

/// Counts a refusal that may pass.
pub async fn refused_in_passing(tx: &mut AnyConnection, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("update cancels set passing_refusals = passing_refusals + 1 where id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// How many are open.
pub async fn open_count(pool: &AnyPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("select count(*) from cancels where closed_at is null").fetch_one(pool).await
}
