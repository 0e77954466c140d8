//! What is measured: a sandbox and a shop as children of this program, and the shop's database.
//! All of it is gone when the rig is dropped, however that comes; databases on a PostgreSQL
//! server are dropped by whoever made them.

use std::path::{Path, PathBuf};
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
        let own = own_file()?;
        let mut sandbox = Command::new(&own);
        sandbox.args(["sandbox", "--addr", ANY_PORT]);
        let sandbox = Program::start(sandbox, SANDBOX_SIGN).await?;

        let secret_key = secret_key.expose_secret().to_owned();
        let shop = Program::start(
            shop(&own, &database, &sandbox.url, (&client_key, &secret_key)),
            SHOP_SIGN,
        );
        let shop = shop.await?;
        stock(&database, orders).await?;
        Ok(Rig { shop, sandbox, client_key, secret_key, ground })
    }

    /// Kills the shop (SIGKILL), and starts it again on the same database.
    pub(super) async fn kill_and_start(self) -> Result<Rig, String> {
        let Rig { shop: killed, sandbox, client_key, secret_key, ground } = self;
        drop(killed);
        let keys = (client_key.as_str(), secret_key.as_str());
        let again = shop(&own_file()?, &ground.shop(), &sandbox.url, keys);
        let shop = Program::start(again, SHOP_SIGN).await?;
        Ok(Rig { shop, sandbox, client_key, secret_key, ground })
    }

    /// The shop's own database, beside the shop.
    pub(super) async fn database(&self) -> Result<Db, String> {
        let opened = Db::open(&self.ground.shop()).await;
        opened.map_err(|error| format!("the measured shop's database could not be read: {error}"))
    }
}

fn own_file() -> Result<PathBuf, String> {
    std::env::current_exe()
        .map_err(|error| format!("this program's own file is not to be found: {error}"))
}

/// The measured shop, by a command.
fn shop(
    own: &Path,
    database: &str,
    sandbox: &str,
    (client_key, secret_key): (&str, &str),
) -> Command {
    let mut shop = Command::new(own);
    shop.args(["serve", "--addr", ANY_PORT, "--database-url", database, "--seed", "always"])
        .args(["--toss-api-url", sandbox])
        .args(["--toss-script-url", &format!("{sandbox}/v2/standard")])
        .args(["--toss-client-key", client_key])
        // Where it is not what is measured, it is not to be what is waited for.
        .args(["--questions-per-minute", "60000", "--connections-of-address-max", "5000"])
        .env("TOSS_SECRET_KEY", secret_key)
        // It would be printed in place of where the shop listens.
        .env_remove("PUBLIC_URL")
        .env_remove("GYESAN_OPS_ADDR");
    shop
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
