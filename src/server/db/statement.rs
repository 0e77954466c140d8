//! One statement of a write that is known whole before it begins.

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection};

/// One statement that changes one row. Its places are `$1`, `$2` and so on.
#[derive(Clone)]
pub struct Statement {
    pub(super) sql: &'static str,
    pub(super) values: Vec<Value>,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Adds a row.
    Insert,
    /// Adds a row, if none has its key.
    New,
    /// Changes a row, if it is as its conditions say.
    Update,
    /// As [`Kind::Update`], in a form that only stands by itself.
    Alone,
    /// Takes pieces (the first place) of a product (the second), if that many are there.
    Stock,
}

/// What stands in a place.
#[derive(Clone)]
pub enum Value {
    Text(Option<String>),
    Whole(Option<i64>),
}

// Values may be keys or account numbers.
impl std::fmt::Debug for Statement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Statement").field("sql", &self.sql).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Value")
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(Some(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(Some(text))
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Value {
        Value::Text(text.map(str::to_owned))
    }
}

impl From<&Option<String>> for Value {
    fn from(text: &Option<String>) -> Value {
        Value::Text(text.clone())
    }
}

impl From<i64> for Value {
    fn from(whole: i64) -> Value {
        Value::Whole(Some(whole))
    }
}

impl From<Option<i64>> for Value {
    fn from(whole: Option<i64>) -> Value {
        Value::Whole(whole)
    }
}

impl Statement {
    fn new(sql: &'static str, kind: Kind) -> Statement {
        Statement { sql, values: Vec::new(), kind }
    }

    /// One that adds a row: `insert into … values (…)`, with `on conflict (…) do nothing` where it
    /// does not matter to the write whether one is there.
    pub fn insert(sql: &'static str) -> Statement {
        Statement::new(sql, Kind::Insert)
    }

    /// One that adds a row, if none has its key, which is in the first place: `insert into … values (…)
    /// on conflict (…) do nothing`. It is the first of its write.
    pub fn insert_new(sql: &'static str) -> Statement {
        Statement::new(sql, Kind::New)
    }

    /// One that changes a row, if it is as its conditions say: `update … set … where …`. It does not see
    /// what others of the same write have done, and none of them changes the same table.
    pub fn update(sql: &'static str) -> Statement {
        Statement::new(sql, Kind::Update)
    }

    /// As [`Statement::update`], of another form.
    pub fn alone(sql: &'static str) -> Statement {
        Statement::new(sql, Kind::Alone)
    }

    /// Takes pieces of a product, a row that everybody wants.
    pub fn stock(pieces: u32, product: &str) -> Statement {
        let taking = "update products set stock = stock - $1 where id = $2 and stock >= $1";
        Statement::new(taking, Kind::Stock).bind(i64::from(pieces)).bind(product)
    }

    /// Fills the next place.
    pub fn bind(mut self, value: impl Into<Value>) -> Statement {
        self.values.push(value.into());
        self
    }

    /// Runs it by itself; says whether it changed its row.
    pub async fn run(self, connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
        let done = filled(sqlx::query(self.sql), self.values).execute(connection).await?;
        Ok(done.rows_affected() == 1)
    }

    /// Whether it changes what the shelf shows.
    pub(super) fn is_of_stock(&self) -> bool {
        self.kind == Kind::Stock
    }

    /// Whether it may find no row to change.
    pub(super) fn is_conditional(&self) -> bool {
        self.kind != Kind::Insert
    }
}

fn filled(
    mut query: Query<'_, Any, AnyArguments>,
    values: Vec<Value>,
) -> Query<'_, Any, AnyArguments> {
    for value in values {
        query = match value {
            Value::Text(text) => query.bind(text),
            Value::Whole(whole) => query.bind(whole),
        };
    }
    query
}
