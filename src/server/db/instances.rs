//! Programs that serve the shop from this database: which are up, and what those had leased that are not.

use sqlx::AnyPool;

use crate::server::Error;
use crate::server::db::{Db, Statement};
use crate::server::runtime::presence::Instance;

/// It is up.
pub async fn beat(db: &Db, number: i64) -> Result<(), Error> {
    let again = Statement::update("update instances set beats = beats + 1 where number = $1");
    if !db.write_aside(vec![again.bind(number)]).await? {
        let first = Statement::insert_new(
            "insert into instances (number, beats) values ($1, 1) on conflict (number) do nothing",
        );
        db.write_aside(vec![first.bind(number)]).await?;
    }
    Ok(())
}

pub async fn all(pool: &AnyPool) -> Result<Vec<Instance>, sqlx::Error> {
    let all = sqlx::query_as("select number, beats from instances").fetch_all(pool).await?;
    Ok(all.into_iter().map(|(number, beats)| Instance { number, beats }).collect())
}

/// Ends all leases of one that is gone, unless it has been heard of since it was `seen`. Says how many
/// there were, if it was gone.
pub async fn bury(db: &Db, seen: Instance, now: i64) -> Result<Option<u64>, Error> {
    let mut tx = db.write().await?;
    let gone = sqlx::query("delete from instances where number = $1 and beats = $2")
        .bind(seen.number)
        .bind(seen.beats)
        .execute(&mut *tx)
        .await?;
    if gone.rows_affected() != 1 {
        return Ok(None);
    }
    // In one order, as others do that take several rows.
    let sql = format!(
        "update payments set leased_until = null where order_id in (
             select order_id from payments
             where due_at is not null and leased_by = $1 and leased_until > $2
             order by order_id{}
         )",
        db.locking()
    );
    let ended =
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(seen.number).bind(now).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(Some(ended.rows_affected()))
}
