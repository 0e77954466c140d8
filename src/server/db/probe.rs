//! Whether the database takes writes, which a read does not tell: on a full disk, a file that may
//! only be read and a server that stands by, reading goes on.

use crate::server::db::Db;

/// Writes one row and commits.
pub async fn write(db: &Db, now: i64) -> Result<(), sqlx::Error> {
    let mut tx = db.write().await?;
    sqlx::query(
        "insert into probes (id, written_at) values (1, $1)
         on conflict (id) do update set written_at = excluded.written_at",
    )
    .bind(now)
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
