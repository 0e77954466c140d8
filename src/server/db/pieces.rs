//! An order together with what it is of, in one read: what a claim needs.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use rusqlite::Connection;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, FromRow, Row};
use tokio::sync::oneshot;

use crate::domain::id::{OrderId, ProductId};
use crate::server::Error;
use crate::server::db::Db;
use crate::server::db::failures::is_lost;
use crate::server::db::file::FileReaders;
use crate::server::db::orders::OrderRow;
use crate::server::db::queue::{AtWork, Queue};
use crate::server::db::refusal::{of_file, same};
use crate::server::db::stored::{FileRow, TableRow, damaged_in_file, read_of, read_of_file};

/// An order, what it is of, by product, and by what its buyer's browser is known.
#[derive(Clone, Debug)]
pub struct Whole {
    pub order: OrderRow,
    pub pieces: Vec<Pieces>,
    pub visitor_hash: String,
}

/// An order with its pieces, or a 404 that says so.
pub async fn load_with_pieces(db: &Db, order_id: &OrderId) -> Result<Whole, Error> {
    with_pieces(db, order_id.as_str()).await?.ok_or_else(Error::no_order)
}

/// How many of a product an order is of. Never changes once the order is placed.
#[derive(Clone, Debug, FromRow)]
pub struct Pieces {
    pub product_id: ProductId,
    #[sqlx(try_from = "i64")]
    pub quantity: u32,
}

impl TableRow for Pieces {
    const TABLE: &'static str = "order_lines";
}

impl FileRow for Pieces {
    fn of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Pieces> {
        Ok(Pieces { product_id: row.get("product_id")?, quantity: row.get("quantity")? })
    }
}

/// Reads that wait together are done together: a claim that comes while others are read is read with the
/// next.
#[derive(Clone, Debug)]
pub(super) struct Gathered {
    queue: Arc<Queue<Asked>>,
    /// Of an SQLite file.
    file: Option<Arc<FileReaders>>,
}

/// Who asks for which order.
struct Asked {
    id: String,
    tell: oneshot::Sender<Result<Option<Whole>, sqlx::Error>>,
}

impl Gathered {
    /// Of a server.
    pub(super) fn new() -> Gathered {
        Gathered { queue: Queue::new(READS_AT_ONCE, TOGETHER), file: None }
    }

    /// Of an SQLite file.
    pub(super) fn of_file(url: &str) -> Gathered {
        Gathered { file: Some(Arc::new(FileReaders::of(url))), ..Gathered::new() }
    }

    /// Waits until nothing is read, and gives up the connections.
    pub(super) async fn close(&self) {
        while !self.queue.is_idle() {
            tokio::task::yield_now().await;
        }
        if let Some(file) = &self.file {
            file.close();
        }
    }
}

/// Reads under way at once, each on a connection.
const READS_AT_ONCE: usize = 2;

/// How many orders a statement asks for: a few forms of it, so that each is prepared once.
const SIZES: [usize; 4] = [1, 4, 16, TOGETHER];
const TOGETHER: usize = 64;

static SELECTS: LazyLock<[String; 4]> = LazyLock::new(|| {
    SIZES.map(|size| {
        let places: Vec<_> = (1..=size).map(|place| format!("${place}")).collect();
        format!(
            "select orders.id, customer_id, order_name, subtotal, orders.discount, amount, coupon_id,
                    status, failure_code, failure_reason, failure_words, failure_message, buyer_name,
                    buyer_email, buyer_mobile_phone, orders.created_at, updated_at, cart_key, cart_id, paid,
                    refunded, product_id, quantity, visitor_hash
             from orders join order_lines on order_id = orders.id
             left join customers on customers.id = customer_id where orders.id in ({})
             order by orders.id, product_id",
            places.join(", ")
        )
    })
});

async fn with_pieces(db: &Db, id: &str) -> Result<Option<Whole>, sqlx::Error> {
    let (tell, told) = oneshot::channel();
    let Gathered { queue, file } = &db.gathered;
    if let Some(at_work) = queue.push(Asked { id: id.to_owned(), tell }) {
        // On a thread or a task of its own: others wait for it too.
        if let Some(file) = file.clone() {
            drop(tokio::task::spawn_blocking(move || gather_from_file(&file, at_work)));
        } else {
            let db = db.clone();
            drop(tokio::spawn(async move { gather(&db, at_work).await }));
        }
    }
    told.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
}

async fn gather(db: &Db, at_work: AtWork<Asked>) {
    let mut at_work = at_work;
    while let Some((next, asked)) = at_work.next() {
        let ids: Vec<_> = asked.iter().map(|asked| asked.id.as_str()).collect();
        let mut read = read_all(db, &ids).await;
        for _ in 0..READS_AT_ONCE {
            // A connection that was lost while nobody used it: another has it again.
            if read.as_ref().is_err_and(is_lost) {
                read = read_all(db, &ids).await;
            }
        }
        for asked in asked {
            let found = match &read {
                Ok(rows) => of_one(rows, &asked.id),
                Err(error) => Err(same(error)),
            };
            // Whoever has hung up need not hear it.
            drop(asked.tell.send(found));
        }
        at_work = next;
    }
}

/// One after the other, each by a statement that is prepared once.
fn gather_from_file(file: &FileReaders, at_work: AtWork<Asked>) {
    file.reading(|connection| {
        let mut at_work = at_work;
        let mut is_well = true;
        while let Some((next, asked)) = at_work.next() {
            let mut failed = connection.as_ref().err().map(same);
            for Asked { id, tell } in asked.into_iter().filter(|asked| !asked.tell.is_closed()) {
                let found = match (&failed, &connection) {
                    (None, Ok(connection)) => from_file(connection, &id),
                    (Some(error), _) | (_, Err(error)) => Err(same(error)),
                };
                // What is wrong with the file is wrong for all; a damaged row is one order's.
                failed = failed.or_else(|| match &found {
                    Ok(_) | Err(sqlx::Error::Decode(_)) => None,
                    Err(error) => Some(same(error)),
                });
                is_well &= failed.is_none();
                drop(tell.send(found));
            }
            at_work = next;
        }
        is_well
    });
}

fn from_file(connection: &Connection, id: &str) -> Result<Option<Whole>, sqlx::Error> {
    let [one, ..] = &*SELECTS;
    let mut select = connection.prepare_cached(one).map_err(of_file)?;
    let mut rows = select.query([id]).map_err(of_file)?;
    let mut whole: Option<Whole> = None;
    while let Some(row) = rows.next().map_err(of_file)? {
        let pieces = read_of_file(row)?;
        match &mut whole {
            Some(whole) => whole.pieces.push(pieces),
            None => {
                let visitor_hash = row.get::<_, Option<_>>("visitor_hash");
                let visitor_hash = visitor_hash
                    .map_err(|error| damaged_in_file(row, error, "customers", "customer_id"))?;
                let visitor_hash = visitor_hash.unwrap_or_default();
                whole =
                    Some(Whole { order: read_of_file(row)?, pieces: vec![pieces], visitor_hash });
            }
        }
    }
    Ok(whole)
}

async fn read_all(db: &Db, ids: &[&str]) -> Result<HashMap<String, Vec<AnyRow>>, sqlx::Error> {
    let of_size = SIZES.iter().zip(SELECTS.iter()).find(|(size, _)| **size >= ids.len());
    let (size, sql) = of_size.ok_or(sqlx::Error::RowNotFound)?;
    let mut query = sqlx::query(AssertSqlSafe(sql.as_str()));
    for place in 0..*size {
        // No order has an empty id.
        query = query.bind(ids.get(place).copied().unwrap_or_default());
    }
    let mut reader = db.reader().await?;
    let rows = query.fetch_all(reader.connection()).await?;
    reader.done();
    let mut found: HashMap<String, Vec<AnyRow>> = HashMap::new();
    for row in rows {
        found.entry(row.try_get("id")?).or_default().push(row);
    }
    Ok(found)
}

fn of_one(rows: &HashMap<String, Vec<AnyRow>>, id: &str) -> Result<Option<Whole>, sqlx::Error> {
    let Some([first, rest @ ..]) = rows.get(id).map(Vec::as_slice) else { return Ok(None) };
    let pieces = std::iter::once(first).chain(rest).map(read_of).collect::<Result<_, _>>()?;
    let visitor_hash = first.try_get::<Option<_>, _>("visitor_hash")?.unwrap_or_default();
    Ok(Some(Whole { order: read_of(first)?, pieces, visitor_hash }))
}
