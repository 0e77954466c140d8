//! What staff do with the shelf: products are put on it and changed, one by one or as a table.

use std::path::Path;

use crate::domain::product::{Change, Typed, Wrong};
use crate::domain::table;
use crate::server::Error;
use crate::server::db::{Db, catalogue, repeated};
use crate::server::shop::pictures::{PICTURE_BYTES_MAX, PICTURES};

/// Rows of one table; more is another file.
const ROWS_MAX: usize = 5_000;

/// What a table may have, by its first row.
const COLUMNS: [&str; 7] = ["id", "name", "price", "stock", "description", "picture", "tax-free"];

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("{}", listed(.0))]
    Wrong(Vec<Wrong>),
    #[error("there is a product of this id already")]
    Taken,
    #[error("there is no product of this id")]
    Missing,
    /// Sentences, each with its line.
    #[error("{}", .0.join("\n"))]
    Table(Vec<String>),
    #[error("the database could not be asked")]
    Failed(#[source] Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Refused {
        Refused::Failed(error)
    }
}

fn listed(all: &[Wrong]) -> String {
    all.iter().map(|it| format!("--{} {}", it.field, it.rule)).collect::<Vec<_>>().join("\n")
}

/// What a table came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    pub added: usize,
    pub changed: usize,
}

/// Puts a new product at the end of the shelf.
pub async fn add(db: &Db, pictures: Option<&Path>, typed: &Typed<'_>) -> Result<(), Refused> {
    let change = checked(pictures, typed).map_err(Refused::Wrong)?;
    change.is_whole().map_err(Refused::Wrong)?;
    let change = stored(&change);
    let is_new = repeated(async || {
        let mut tx = db.write().await?;
        let is_new = catalogue::insert(&mut tx, &change).await?;
        tx.commit().await?;
        Ok(is_new)
    })
    .await?;
    if is_new { Ok(()) } else { Err(Refused::Taken) }
}

/// Changes what is said of a product. Orders keep the prices they were placed at.
pub async fn edit(db: &Db, pictures: Option<&Path>, typed: &Typed<'_>) -> Result<(), Refused> {
    let change = checked(pictures, typed).map_err(Refused::Wrong)?;
    let change = stored(&change);
    let is_there = repeated(async || {
        let mut tx = db.write().await?;
        let is_there = catalogue::change(&mut tx, &change).await?;
        tx.commit().await?;
        Ok(is_there)
    })
    .await?;
    if is_there { Ok(()) } else { Err(Refused::Missing) }
}

/// Brings the shelf to a table: new products are added in its order, others changed where it says
/// something. Everything, or nothing, and then all that is wrong is told.
pub async fn import(db: &Db, pictures: Option<&Path>, text: &str) -> Result<Imported, Refused> {
    let changes = read(pictures, text).map_err(Refused::Table)?;
    let done = repeated(async || {
        let (mut done, mut wrong) = (Imported::default(), Vec::new());
        let mut tx = db.write().await?;
        for (line, change) in &changes {
            let row = stored(change);
            if catalogue::change(&mut tx, &row).await? {
                done.changed += 1;
            } else if let Err(missing) = change.is_whole() {
                wrong.extend(missing.iter().map(|it| at(*line, it)));
            } else if catalogue::insert(&mut tx, &row).await? {
                done.added += 1;
            }
        }
        if wrong.is_empty() {
            tx.commit().await?;
            return Ok(Ok(done));
        }
        tx.rollback().await?;
        Ok(Err(wrong))
    })
    .await?;
    done.map_err(Refused::Table)
}

fn read(pictures: Option<&Path>, text: &str) -> Result<Vec<(usize, Change)>, Vec<String>> {
    let one = |sentence: String| Err(vec![sentence]);
    let rows = match table::rows(text) {
        Ok(rows) => rows,
        Err(line) => return one(format!("line {line}: a quote is not closed")),
    };
    let Some(((_, head), rows)) = rows.split_first() else {
        return one(format!(
            "it is empty; its first line names its columns: {}",
            COLUMNS.join(",")
        ));
    };
    if rows.len() > ROWS_MAX {
        return one(format!("it has more than {ROWS_MAX} rows; make several of it"));
    }
    let head: Vec<String> =
        head.iter().map(|name| name.trim().to_ascii_lowercase().replace('_', "-")).collect();
    let strange: Vec<_> = head.iter().filter(|it| !COLUMNS.contains(&it.as_str())).collect();
    if !strange.is_empty() || !head.iter().any(|name| name == "id") {
        return one(format!(
            "line 1: columns are {}, of which id must be there; not {strange:?}",
            COLUMNS.join(",")
        ));
    }
    let (mut changes, mut wrong) = (Vec::<(usize, Change)>::new(), Vec::new());
    for (line, row) in rows {
        if row.len() > head.len() {
            let (has, of) = (row.len(), head.len());
            wrong.push(format!("line {line}: {has} values for {of} columns"));
            continue;
        }
        let value = |name: &str| {
            let place = head.iter().position(|it| it == name)?;
            row.get(place).map(String::as_str).filter(|value| !value.trim().is_empty())
        };
        let typed = Typed {
            id: value("id").unwrap_or_default(),
            name: value("name"),
            price: value("price"),
            stock: value("stock"),
            description: value("description"),
            picture: value("picture"),
            tax_free: value("tax-free"),
        };
        match checked(pictures, &typed) {
            Ok(change) if changes.iter().any(|(_, other)| other.id == change.id) => {
                wrong.push(format!("line {line}: {} is there twice", change.id));
            }
            Ok(change) => changes.push((*line, change)),
            Err(all) => wrong.extend(all.iter().map(|it| at(*line, it))),
        }
    }
    if wrong.is_empty() { Ok(changes) } else { Err(wrong) }
}

fn at(line: usize, wrong: &Wrong) -> String {
    format!("line {line}: {} {}", wrong.field, wrong.rule)
}

/// Well formed, with a picture that is there.
fn checked(pictures: Option<&Path>, typed: &Typed<'_>) -> Result<Change, Vec<Wrong>> {
    let change = Change::parse(typed)?;
    let Some(name) = &change.picture else { return Ok(change) };
    let wrong = |rule: String| Err(vec![Wrong { field: "picture", rule }]);
    let Some(folder) = pictures else {
        return wrong("needs the folder that it is in: --pictures FOLDER".to_owned());
    };
    let file = folder.join(name);
    match std::fs::metadata(&file) {
        Ok(told) if told.is_file() && (1..=PICTURE_BYTES_MAX).contains(&told.len()) => Ok(change),
        Ok(_) => wrong(format!("{} must have 1 to {PICTURE_BYTES_MAX} bytes", file.display())),
        Err(_) => wrong(format!("{} is not there", file.display())),
    }
}

fn stored(change: &Change) -> catalogue::Wanted<'_> {
    catalogue::Wanted {
        id: change.id.as_str(),
        name: change.name.as_deref(),
        description: change.description.as_deref(),
        picture: change.picture.as_ref().map(|name| format!("{PICTURES}{name}")),
        price: change.price.map(|price| price.get()),
        stock: change.stock,
        tax_free: change.is_tax_free.map(i64::from),
    }
}
