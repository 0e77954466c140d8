//! Where one fault's cases take place, one after the other: a sandbox, and a fresh database for each.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use secrecy::ExposeSecret;

use crate::server::config::{Chosen, Toss};
use crate::server::db::{Db, seed};
use crate::server::runtime::clock;
use crate::trials::child::{ANY_PORT, Folder, Program, SANDBOX_SIGN, SHOP_SIGN};
use crate::trials::temporary::Temporary;

/// Long enough for every lease of a dead shop to have ended.
const AHEAD_SECONDS: &str = "130";

/// The ground. The folder is dropped last.
#[derive(Debug)]
pub(super) struct Ground {
    pub(super) sandbox: Program,
    pub(super) client_key: String,
    secret_key: String,
    own: PathBuf,
    /// An SQLite file with the tables and samples in it, to be copied; or a server.
    template: Template,
    folder: Folder,
}

#[derive(Debug)]
enum Template {
    File(PathBuf),
    Server(Arc<Temporary>),
}

impl Ground {
    pub(super) async fn prepare(postgres: Option<Arc<Temporary>>) -> Result<Ground, String> {
        let folder = Folder::make(None)?;
        let own = std::env::current_exe()
            .map_err(|error| format!("this program's own file is not to be found: {error}"))?;
        let (Chosen::Sandbox { client_key, secret_key }
        | Chosen::Remote { client_key, secret_key, .. }) = Toss::default().choose()?;
        let mut sandbox = Command::new(&own);
        sandbox.args(["sandbox", "--addr", ANY_PORT]);
        let sandbox = Program::start(sandbox, SANDBOX_SIGN).await?;
        let template = match postgres {
            Some(server) => Template::Server(server),
            None => {
                let file = folder.path().join("template.db");
                fill(&format!("sqlite://{}", file.display())).await?;
                Template::File(file)
            }
        };
        let secret_key = secret_key.expose_secret().to_owned();
        Ok(Ground { sandbox, client_key, secret_key, own, template, folder })
    }

    /// A database of one's own, with tables and samples.
    pub(super) async fn database(&self) -> Result<String, String> {
        match &self.template {
            Template::File(template) => {
                let file = self.folder.path().join(format!("{}.db", clock::row_id()));
                std::fs::copy(template, &file).map_err(|error| error.to_string())?;
                Ok(format!("sqlite://{}", file.display()))
            }
            Template::Server(server) => {
                let url = server.make().await?;
                fill(&url).await?;
                Ok(url)
            }
        }
    }

    /// Nobody needs it any more. Files go with their folder.
    pub(super) async fn leave(&self, database: &str) -> Result<(), String> {
        match &self.template {
            Template::File(_) => Ok(()),
            Template::Server(server) => server.remove(database).await,
        }
    }

    /// A shop on `database`; `crash_at` is where it kills itself.
    pub(super) async fn shop(
        &self,
        database: &str,
        crash_at: Option<u64>,
    ) -> Result<Program, String> {
        let script = format!("{}/v2/standard", self.sandbox.url);
        let mut shop = Command::new(&self.own);
        shop.args(["serve", "--addr", ANY_PORT, "--database-url", database, "--seed", "never"])
            .args(["--toss-api-url", &self.sandbox.url, "--toss-script-url", &script])
            .args(["--toss-client-key", &self.client_key])
            // Whose steps would come between the points, at times of their own.
            .args(["--proof", "off"])
            .env("TOSS_SECRET_KEY", &self.secret_key)
            .env_remove("PUBLIC_URL")
            .env_remove("GYESAN_OPS_ADDR");
        match crash_at {
            Some(point) => shop.args(["--crash-at", &point.to_string()]),
            None => shop.args(["--ahead-seconds", AHEAD_SECONDS]),
        };
        // Where it dies is written there.
        let note = std::fs::File::create(self.note_file()).map_err(|error| error.to_string())?;
        shop.stderr(note);
        let started = Program::start(shop, SHOP_SIGN).await;
        started.map_err(|error| format!("{error}; it said: {}", self.note().trim()))
    }

    /// What the last shop complained of.
    pub(super) fn note(&self) -> String {
        std::fs::read_to_string(self.note_file()).unwrap_or_default()
    }

    /// What the last shop was about to do, or had done, when it killed itself.
    pub(super) fn died_at(&self) -> Option<String> {
        let note = self.note();
        let said = note.lines().find_map(|line| line.split_once("drill: "));
        said.map(|(_, point)| point.to_owned())
    }

    fn note_file(&self) -> PathBuf {
        self.folder.path().join("note")
    }
}

async fn fill(url: &str) -> Result<(), String> {
    let explain = |error: String| format!("the drill's database could not be made: {error}");
    let db = Db::open(url).await.map_err(|error| explain(error.to_string()))?;
    db.migrate().await.map_err(|error| explain(error.to_string()))?;
    seed::fill_if_empty(&db).await.map_err(|error| explain(error.to_string()))?;
    db.close().await;
    Ok(())
}
