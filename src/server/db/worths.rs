//! What a coupon takes off, as three columns of coupons and of offers.

use sqlx::any::AnyRow;
use sqlx::{FromRow, Row};

use crate::domain::coupon::Worth;
use crate::domain::won::Won;

impl FromRow<'_, AnyRow> for Worth {
    fn from_row(row: &AnyRow) -> Result<Worth, sqlx::Error> {
        match row.try_get("kind")? {
            "FIXED" => Ok(Worth::Fixed(row.try_get("value")?)),
            "PERCENT" => {
                let percent = u32::try_from(row.try_get::<i64, _>("value")?);
                let percent = percent.map_err(|source| sqlx::Error::ColumnDecode {
                    index: "value".to_owned(),
                    source: source.into(),
                })?;
                Ok(Worth::Percent { percent, cap: row.try_get("cap")? })
            }
            other => Err(sqlx::Error::ColumnDecode {
                index: "kind".to_owned(),
                source: format!("no kind of coupon: {other}").into(),
            }),
        }
    }
}

/// Kind, value and cap.
pub(super) fn columns(worth: Worth) -> (&'static str, i64, Option<i64>) {
    match worth {
        Worth::Fixed(amount) => ("FIXED", amount.get(), None),
        Worth::Percent { percent, cap } => ("PERCENT", i64::from(percent), cap.map(Won::get)),
    }
}
