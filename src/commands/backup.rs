//! `gyesan backup` and `gyesan restore`.

use crate::server::config::{BackupArgs, RestoreArgs};
use crate::server::ops::backup;
use crate::startup::console::say;

pub async fn back_up(args: BackupArgs) -> Result<(), String> {
    let url = args.storage.url()?;
    let bytes = backup::make(url, &args.file).await;
    let bytes = bytes.map_err(|refused| format!("there is no backup: {refused}"))?;
    say(&format!(
        "{} is a whole copy of the shop, {bytes} bytes, checked. Names and addresses of buyers are \
         in it.",
        args.file.display()
    ));
    Ok(())
}

pub async fn restore(args: RestoreArgs) -> Result<(), String> {
    let url = args.storage.url()?;
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
