//! `gyesan backup` and `gyesan restore`.

use secrecy::ExposeSecret;

use crate::server::backup;
use crate::server::config::{BackupArgs, LogFormat, RestoreArgs};
use crate::startup::{LOG_LEVELS, say, start_log};

pub(super) async fn back_up(args: BackupArgs) -> Result<(), String> {
    start_log(LOG_LEVELS, LogFormat::Text);
    let url = args.storage.database_url.expose_secret();
    let bytes = backup::make(url, &args.file).await;
    let bytes = bytes.map_err(|refused| format!("there is no backup: {refused}"))?;
    say(&format!(
        "{} is a whole copy of the shop, {bytes} bytes, checked. Names and addresses of buyers are \
         in it.",
        args.file.display()
    ));
    Ok(())
}

pub(super) async fn restore(args: RestoreArgs) -> Result<(), String> {
    start_log(LOG_LEVELS, LogFormat::Text);
    let url = args.storage.database_url.expose_secret();
    let restored = backup::restore(url, &args.file).await;
    let restored = restored.map_err(|refused| format!("nothing was restored: {refused}"))?;
    let before = restored.before.map_or_else(String::new, |before| {
        format!(" What was there before is {}.", before.display())
    });
    say(&format!(
        "{} is what {} holds.{before} Start the shop, and then `gyesan prove --repair`: Toss knows \
         what was paid since.",
        restored.file.display(),
        args.file.display()
    ));
    Ok(())
}
