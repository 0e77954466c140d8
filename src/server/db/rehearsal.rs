//! What a simulation asks of its database beyond a shop's needs: to be as on the first morning, and
//! how all orders stand.

use sqlx::{AnyPool, AssertSqlSafe, FromRow};

use crate::domain::id::OrderId;
use crate::domain::order::Status;
use crate::server::db::states::written_out;
use crate::server::db::stored::{TableRow, read};
use crate::server::db::{Db, seed};

/// Few pieces, so that buyers compete for them.
const STOCK: &str =
    "update products set stock = 2 + length(id) % 4, received = 2 + length(id) % 4;";

/// How an order stands.
#[derive(Clone, Debug, FromRow)]
pub struct Standing {
    pub id: OrderId,
    pub status: Status,
    pub paid: i64,
    pub refunded: i64,
}

impl TableRow for Standing {
    const TABLE: &'static str = "orders";
}

/// Puts sample products on the shelf and keeps a copy; returns the statements that bring a database
/// back to how it stands then. SQLite only.
pub async fn keep(db: &Db) -> Result<String, sqlx::Error> {
    seed::fill_if_empty(db).await?;
    alter(db, STOCK).await?;
    let tables: Vec<String> = sqlx::query_scalar(
        r"select name from sqlite_master
         where type = 'table' and name not like '\_%' escape '\' and name not like 'sqlite%'
         order by name",
    )
    .fetch_all(db.read())
    .await?;
    let references: Vec<(String, String)> = sqlx::query_as(
        "select tables.name, keys.\"table\" from sqlite_master tables
         join pragma_foreign_key_list(tables.name) keys where tables.type = 'table'",
    )
    .fetch_all(db.read())
    .await?;
    // Rows go before the rows that they point to, and come after them.
    let (mut gone, mut back, mut shelf) = (String::new(), String::new(), String::new());
    for table in parents_first(tables, &references) {
        gone.insert_str(0, &format!("delete from {table}; "));
        let count = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        let count: i64 = sqlx::query_scalar(count).fetch_one(db.read()).await?;
        if count > 0 {
            shelf.push_str(&format!("create table kept_{table} as select * from {table}; "));
            back.push_str(&format!("insert into {table} select * from kept_{table}; "));
        }
    }
    alter(db, &shelf).await?;
    Ok(gone + &back)
}

/// Tables in such an order that each comes after those that its rows point to.
fn parents_first(mut tables: Vec<String>, references: &[(String, String)]) -> Vec<String> {
    let mut ordered = Vec::new();
    while !tables.is_empty() {
        let waits = |table: &String| {
            references.iter().any(|(child, parent)| child == table && tables.contains(parent))
        };
        let (waiting, free): (Vec<_>, Vec<_>) = tables.iter().cloned().partition(waits);
        if free.is_empty() {
            // Tables that point to each other have no order.
            ordered.extend(waiting);
            return ordered;
        }
        ordered.extend(free);
        tables = waiting;
    }
    ordered
}

/// Runs statements in one transaction.
pub async fn alter(db: &Db, sql: &str) -> Result<(), sqlx::Error> {
    let mut tx = db.write().await?;
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut *tx).await?;
    tx.commit().await
}

/// All orders.
pub async fn standings(pool: &AnyPool) -> Result<Vec<Standing>, sqlx::Error> {
    sqlx::query("select id, status, paid, refunded from orders order by id")
        .try_map(read)
        .fetch_all(pool)
        .await
}

/// Orders of which it was decided that Toss had not taken the money, and would not: and then it did.
pub async fn decided_too_soon(pool: &AnyPool) -> Result<Vec<String>, sqlx::Error> {
    let sql = written_out(
        "select distinct later.order_id from order_events later
         join order_events decided on decided.order_id = later.order_id and decided.id < later.id
         where decided.status_before = 'CONFIRMING' and decided.status_after in [ended unpaid]
           and later.status_before = decided.status_after
           and later.status_after <> later.status_before
         order by later.order_id",
    );
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await
}

/// Orders that Toss was asked for while another of their cart waited for its deposit or had just been
/// paid, and nobody had said that it is meant.
pub async fn paid_twice(pool: &AnyPool) -> Result<Vec<String>, sqlx::Error> {
    let sql = written_out(
        "select distinct orders.id from orders
         join order_events sent on sent.order_id = orders.id and sent.event = 'Sent'
         join orders other on other.customer_id = orders.customer_id and other.id <> orders.id
           and (other.cart_key = orders.cart_key or other.cart_id = orders.cart_id)
         join order_events paid on paid.order_id = other.id
           and paid.status_before = 'CONFIRMING' and paid.status_after in [holding]
           and paid.happened_at < sent.happened_at
           and paid.happened_at > sent.happened_at - 600000
         where orders.repeat_at is null
           and (other.status = 'WAITING_FOR_DEPOSIT' or other.status in [kept])
         order by orders.id",
    );
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await
}

/// Orders whose money waits for an account to go back to.
pub async fn waiting_for_account(pool: &AnyPool) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("select order_id from cancels where state = 'ACCOUNT' order by order_id")
        .fetch_all(pool)
        .await
}

/// How many orders are in doubt, and how many webhooks have not been worked through.
pub async fn in_doubt(pool: &AnyPool) -> Result<i64, sqlx::Error> {
    let sql = written_out(
        "select (select count(*) from orders where status in [in doubt])
                + (select count(*) from webhooks where due_at is not null)",
    );
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(pool).await
}

/// How many orders and webhooks have not come to their end.
pub async fn unfinished(pool: &AnyPool) -> Result<i64, sqlx::Error> {
    let sql = written_out(
        "select (select count(*) from orders where status in [unfinished])
                + (select count(*) from webhooks where due_at is not null)",
    );
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(pool).await
}
