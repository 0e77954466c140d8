//! `gyesan product …`: what staff put on the shelf, and what they are told.

use std::path::Path;

use crate::server::config::{ImportArgs, ProductArgs, ProductCommand, Storage};
use crate::server::db::catalogue::{self, Placed};
use crate::server::shop::shelf::{self, Imported};
use crate::startup::console::say;
use crate::startup::storage::open;

/// More than anybody types in, and little to hold in memory.
const TABLE_BYTES_MAX: u64 = 16 * 1024 * 1024;

pub async fn run(command: ProductCommand) -> Result<(), String> {
    match command {
        ProductCommand::Add(args) => add(*args).await,
        ProductCommand::Edit(args) => edit(*args).await,
        ProductCommand::Import(args) => import(args).await,
        ProductCommand::List(storage) => list(storage).await,
    }
}

async fn add(args: ProductArgs) -> Result<(), String> {
    let folder = args.pictures.folder()?;
    let db = open(&args.storage).await?;
    let added = shelf::add(&db, folder.as_deref(), &args.typed()).await;
    db.close().await;
    added.map_err(|refused| refused.to_string())?;
    say(&format!("{} is on the shelf.", args.id));
    Ok(())
}

async fn edit(args: ProductArgs) -> Result<(), String> {
    let folder = args.pictures.folder()?;
    let db = open(&args.storage).await?;
    let edited = shelf::edit(&db, folder.as_deref(), &args.typed()).await;
    db.close().await;
    edited.map_err(|refused| refused.to_string())?;
    say(&format!("{} is changed.", args.id));
    Ok(())
}

async fn import(args: ImportArgs) -> Result<(), String> {
    let folder = args.pictures.folder()?;
    let text = read(&args.file).map_err(|wrong| format!("{}: {wrong}", args.file.display()))?;
    let db = open(&args.storage).await?;
    let imported = shelf::import(&db, folder.as_deref(), &text).await;
    db.close().await;
    let Imported { added, changed } = imported
        .map_err(|refused| format!("{}: nothing was written:\n{refused}", args.file.display()))?;
    say(&format!("{added} products added, {changed} changed."));
    Ok(())
}

fn read(file: &Path) -> Result<String, String> {
    let told = std::fs::metadata(file).map_err(|error| error.to_string())?;
    if told.len() > TABLE_BYTES_MAX {
        return Err(format!("is larger than {TABLE_BYTES_MAX} bytes"));
    }
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| {
        "is not UTF-8; in a spreadsheet, save it as `CSV UTF-8 (쉼표로 분리)`".to_owned()
    })
}

async fn list(storage: Storage) -> Result<(), String> {
    let db = open(&storage).await?;
    let mut after = (i64::MIN, String::new());
    loop {
        let rows = catalogue::page(db.read(), &after).await.map_err(|error| error.to_string())?;
        let Some(last) = rows.last() else { break };
        after = (last.position, last.id.to_string());
        for row in rows {
            let Placed { id, price, stock, name, picture, .. } = row;
            say(&format!("{id}\t{price}\t{stock}\t{name}\t{picture}"));
        }
    }
    db.close().await;
    Ok(())
}
