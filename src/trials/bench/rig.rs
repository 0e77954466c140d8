//! What is measured: a sandbox and a shop as children of this program, and the shop's database.
//! All of it is gone when the rig is dropped, however that comes; databases on a PostgreSQL
//! server are dropped by whoever made them.

use std::process::Command;

use secrecy::ExposeSecret;

use crate::server::config::{Chosen, Toss};
use crate::server::db::{Db, catalogue, raw};
use crate::trials::bench::load::WISH;
use crate::trials::child::{ANY_PORT, Folder, Program, SANDBOX_SIGN, SHOP_SIGN};
use crate::trials::temporary::Temporary;

/// Where the shop keeps its orders.
#[derive(Debug)]
pub(super) enum Ground {
    /// Files in a folder of their own.
    Sqlite(Folder),
    /// Databases on a server: the shop's, and the one for raw commits.
    Postgres { shop: String, raw: String },
}

impl Ground {
    /// Makes databases on a server, which must commit durably.
    pub(super) async fn on_server(databases: &Temporary) -> Result<Ground, String> {
        let server = databases.server();
        let explain = |error: sqlx::Error| format!("--postgres: {error}");
        let undurable = raw::undurable(&format!("{server}/postgres")).await.map_err(explain)?;
        if !undurable.is_empty() {
            return Err(format!(
                "--postgres: the server's commits are not durable ({}), so that its figures would \
                 say nothing; `make bench` starts one whose are",
                undurable.join(", ")
            ));
        }
        Ok(Ground::Postgres { shop: databases.make().await?, raw: databases.make().await? })
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Ground::Sqlite(_) => "SQLite (WAL, synchronous FULL)",
            Ground::Postgres { .. } => "PostgreSQL (fsync on, synchronous_commit on)",
        }
    }

    fn shop(&self) -> String {
        match self {
            Ground::Sqlite(folder) => {
                format!("sqlite://{}", folder.path().join("shop.db").display())
            }
            Ground::Postgres { shop, .. } => shop.clone(),
        }
    }

    /// A database of the same kind on the same disk, for what the shop is measured against.
    pub(super) fn raw(&self) -> String {
        match self {
            Ground::Sqlite(folder) => {
                format!("sqlite://{}", folder.path().join("raw.db").display())
            }
            Ground::Postgres { raw, .. } => raw.clone(),
        }
    }
}

/// The measured programs. Fields are dropped in order: the ground last.
#[derive(Debug)]
pub(super) struct Rig {
    pub(super) shop: Program,
    pub(super) sandbox: Program,
    pub(super) client_key: String,
    pub(super) secret_key: String,
    pub(super) ground: Ground,
}

impl Rig {
    /// Starts both, and stocks the shop for `orders` orders.
    pub(super) async fn start(ground: Ground, orders: u32) -> Result<Rig, String> {
        let database = ground.shop();
        // Nothing set is the sandbox with the pair of Toss's documentation.
        let (Chosen::Sandbox { client_key, secret_key }
        | Chosen::Remote { client_key, secret_key, .. }) = Toss::default().choose()?;
        let own = std::env::current_exe()
            .map_err(|error| format!("this program's own file is not to be found: {error}"))?;

        let mut sandbox = Command::new(&own);
        sandbox.args(["sandbox", "--addr", ANY_PORT]);
        let sandbox = Program::start(sandbox, SANDBOX_SIGN).await?;

        let script = format!("{}/v2/standard", sandbox.url);
        let mut shop = Command::new(&own);
        shop.args(["serve", "--addr", ANY_PORT, "--database-url", &database, "--seed", "always"])
            .args(["--toss-api-url", &sandbox.url, "--toss-script-url", &script])
            .args(["--toss-client-key", &client_key])
            .env("TOSS_SECRET_KEY", secret_key.expose_secret())
            // It would be printed in place of where the shop listens.
            .env_remove("PUBLIC_URL")
            .env_remove("GYESAN_OPS_ADDR");
        let shop = Program::start(shop, SHOP_SIGN).await?;
        stock(&database, orders).await?;
        let secret_key = secret_key.expose_secret().to_owned();
        Ok(Rig { shop, sandbox, client_key, secret_key, ground })
    }
}

/// Samples are few; the benchmark sells thousands.
async fn stock(database: &str, orders: u32) -> Result<(), String> {
    let explain = |error: sqlx::Error| format!("the measured shop could not be stocked: {error}");
    let db = Db::open(database).await.map_err(explain)?;
    let mut tx = db.write().await.map_err(explain)?;
    for (product, quantity) in WISH {
        let pieces = i64::from(quantity) * i64::from(orders);
        catalogue::receive(&mut tx, product, pieces).await.map_err(explain)?;
    }
    tx.commit().await.map_err(explain)?;
    db.close().await;
    Ok(())
}
