//! Rows as typed values: what stands in a column is read here, once, and what cannot be is told with its
//! table, its column and the key of its row.

use sqlx::any::AnyRow;
use sqlx::{Any, Decode, FromRow, Row, Type};

use crate::domain::id::{CouponId, OfferId, OrderId, ProductId};
use crate::domain::order::Status;
use crate::domain::won::Won;
use crate::server::damage::Damage;
use crate::server::db::refusal::of_file;

/// What one row of a table is read as.
pub(super) trait TableRow: for<'r> FromRow<'r, AnyRow> {
    const TABLE: &'static str;
    /// The column by which the row is found again.
    const KEY: &'static str = "id";
}

/// A row as what it is.
pub(super) fn read<R: TableRow>(row: AnyRow) -> Result<R, sqlx::Error> {
    R::from_row(&row).map_err(|error| damaged::<R>(&row, error))
}

/// As [`read`], of a row that is one of something else too.
pub(super) fn read_of<R: TableRow>(row: &AnyRow) -> Result<R, sqlx::Error> {
    R::from_row(row).map_err(|error| damaged::<R>(row, error))
}

fn damaged<R: TableRow>(row: &AnyRow, error: sqlx::Error) -> sqlx::Error {
    let sqlx::Error::ColumnDecode { index, .. } = error else { return error };
    let id = row.try_get::<String, _>(R::KEY).unwrap_or_default();
    let damage = Damage::new(R::TABLE, index.trim_matches('"'), &id);
    sqlx::Error::Decode(Box::new(damage))
}

/// As [`TableRow`], of a row that was read on a thread of ours (`db/file.rs`).
pub(super) trait FileRow: TableRow {
    fn of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self>;
}

/// As [`read_of`].
pub(super) fn read_of_file<R: FileRow>(row: &rusqlite::Row<'_>) -> Result<R, sqlx::Error> {
    R::of(row).map_err(|error| damaged_in_file(row, error, R::TABLE, R::KEY))
}

/// What went wrong while a row of a table was read, which is found again by its key.
pub(super) fn damaged_in_file(
    row: &rusqlite::Row<'_>,
    error: rusqlite::Error,
    table: &'static str,
    key: &str,
) -> sqlx::Error {
    use rusqlite::Error;

    let (Error::InvalidColumnType(at, ..)
    | Error::IntegralValueOutOfRange(at, _)
    | Error::Utf8Error(at, _)
    | Error::FromSqlConversionFailure(at, ..)) = error
    else {
        return of_file(error);
    };
    let column = row.as_ref().column_name(at).unwrap_or_default();
    let id = row.get::<_, String>(key).unwrap_or_default();
    sqlx::Error::Decode(Box::new(Damage::new(table, column, &id)))
}

/// A list without the rows that cannot be read, each of which is logged: what is wrong with one must
/// not keep the others from whoever waits for them.
pub(super) fn sound<R: TableRow>(rows: Vec<AnyRow>) -> Vec<R> {
    rows.iter().filter_map(|row| left_out(read_of(row))).collect()
}

/// As [`sound`], of one row: one that cannot be read is as one that is not there.
pub(super) fn sound_one<R: TableRow>(row: Option<AnyRow>) -> Option<R> {
    row.and_then(|row| left_out(read_of(&row)))
}

/// As [`sound`], of keys alone.
pub(super) fn sound_keys<T>(table: &'static str, column: &'static str, rows: Vec<AnyRow>) -> Vec<T>
where
    T: for<'r> Decode<'r, Any> + Type<Any>,
{
    let mut read = key(table, column);
    rows.into_iter().filter_map(|row| left_out(read(row))).collect()
}

fn left_out<T>(read: Result<T, sqlx::Error>) -> Option<T> {
    match read {
        Ok(read) => Some(read),
        Err(error) => {
            tracing::error!(error.source = %error, "a damaged row is left out of a list");
            None
        }
    }
}

/// The one column that was asked for, which finds its row too: an order's number, a coupon's.
pub(super) fn key<T>(
    table: &'static str,
    column: &'static str,
) -> impl FnMut(AnyRow) -> Result<T, sqlx::Error>
where
    T: for<'r> Decode<'r, Any> + Type<Any>,
{
    move |row| {
        row.try_get(0).map_err(|error| {
            let sqlx::Error::ColumnDecode { .. } = error else { return error };
            let id = row.try_get::<String, _>(0).unwrap_or_default();
            sqlx::Error::Decode(Box::new(Damage::new(table, column, &id)))
        })
    }
}

/// A type of one column: what is stored for it, and what that is read by.
macro_rules! column {
    ($type:ty, $stored:ty, $read:expr) => {
        impl sqlx::Type<sqlx::Any> for $type {
            fn type_info() -> sqlx::any::AnyTypeInfo {
                <$stored as sqlx::Type<sqlx::Any>>::type_info()
            }

            fn compatible(info: &sqlx::any::AnyTypeInfo) -> bool {
                <$stored as sqlx::Type<sqlx::Any>>::compatible(info)
            }
        }

        impl<'r> sqlx::Decode<'r, sqlx::Any> for $type {
            fn decode(
                value: sqlx::any::AnyValueRef<'r>,
            ) -> Result<$type, sqlx::error::BoxDynError> {
                let stored = <$stored as sqlx::Decode<'r, sqlx::Any>>::decode(value)?;
                let read: fn($stored) -> Option<$type> = $read;
                read(stored).ok_or_else(|| "not one of these".into())
            }
        }

        impl rusqlite::types::FromSql for $type {
            fn column_result(
                value: rusqlite::types::ValueRef<'_>,
            ) -> rusqlite::types::FromSqlResult<$type> {
                let stored = <$stored as rusqlite::types::FromSql>::column_result(value)?;
                let read: fn($stored) -> Option<$type> = $read;
                read(stored).ok_or(rusqlite::types::FromSqlError::InvalidType)
            }
        }
    };
}
pub(super) use column;

column!(Won, i64, Won::new);
column!(OrderId, String, |id| OrderId::parse(&id).ok());
column!(ProductId, String, |id| ProductId::parse(&id).ok());
column!(CouponId, String, |id| CouponId::parse(&id).ok());
column!(OfferId, String, |id| OfferId::parse(&id).ok());
column!(Status, String, |status| Status::parse(&status));
