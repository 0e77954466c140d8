//! What is measured: a sandbox and a shop as children of this program, and the shop's database
//! in a folder of its own. All of it is gone when the rig is dropped, however that comes.

use std::process::Command;

use secrecy::ExposeSecret;

use crate::server::config::{Chosen, Toss};
use crate::server::db::{Db, catalogue};
use crate::startup::bench::load::WISH;
use crate::startup::child::{ANY_PORT, Folder, Program, SANDBOX_SIGN, SHOP_SIGN};

/// The measured programs. Fields are dropped in order: the folder last.
#[derive(Debug)]
pub(super) struct Rig {
    pub(super) shop: Program,
    pub(super) sandbox: Program,
    pub(super) client_key: String,
    _folder: Folder,
}

impl Rig {
    /// Starts both, and stocks the shop for `orders` orders.
    pub(super) async fn start(folder: Folder, orders: u32) -> Result<Rig, String> {
        let database = format!("sqlite://{}", folder.path().join("shop.db").display());
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
            .env_remove("PUBLIC_URL");
        let shop = Program::start(shop, SHOP_SIGN).await?;
        stock(&database, orders).await?;
        Ok(Rig { shop, sandbox, client_key, _folder: folder })
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
