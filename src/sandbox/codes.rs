//! Every error code Toss documents for its HTTP API, with its status and Korean message.
//!
//! `codes.tsv` holds the facts (Toss: errors.csv): endpoint, code, status, message. A code has
//! one status and one message wherever it appears, which a test holds, so a look-up needs the
//! code alone; the endpoint says where it is documented.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::http::StatusCode;

const TABLE: &str = include_str!("codes.tsv");

/// How the API says no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: String,
    pub(crate) message: String,
}

impl Refusal {
    /// The documented refusal of this code. A code outside the table, which only a fault can
    /// ask for, is a 400 with the message of a generic fault.
    pub(crate) fn new(code: &str) -> Refusal {
        match find(code) {
            Some(row) => Refusal {
                status: row.status,
                code: code.to_owned(),
                message: row.message.to_owned(),
            },
            None => Refusal {
                status: StatusCode::BAD_REQUEST,
                code: code.to_owned(),
                message: "알 수 없는 에러가 발생했습니다.".to_owned(),
            },
        }
    }
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// A short word for the endpoint: `confirm`, `cancel`, `read`, `any`, `core` …
    pub(crate) endpoint: &'static str,
    pub(crate) code: &'static str,
    pub(crate) status: StatusCode,
    pub(crate) message: &'static str,
}

/// The first line with this code, wherever it is documented.
pub(crate) fn find(code: &str) -> Option<Row> {
    static BY_CODE: LazyLock<HashMap<&'static str, Row>> = LazyLock::new(|| {
        let mut rows = HashMap::new();
        for row in rows_of_table() {
            rows.entry(row.code).or_insert(row);
        }
        rows
    });
    BY_CODE.get(code).copied()
}

/// The whole table, in its order.
pub(crate) fn rows_of_table() -> impl Iterator<Item = Row> {
    TABLE.lines().filter_map(|line| {
        let mut cells = line.split('\t');
        Some(Row {
            endpoint: cells.next()?,
            code: cells.next()?,
            status: StatusCode::from_bytes(cells.next()?.as_bytes()).ok()?,
            message: cells.next()?,
        })
    })
}
