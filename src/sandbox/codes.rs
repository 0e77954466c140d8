//! Every error code Toss documents for its HTTP API, with its status and its messages.
//!
//! `codes.tsv` holds the facts (Toss: errors.md §2): endpoint, code, status, Korean message, and
//! an English one. A code has one status and one message wherever it appears, which a test
//! holds, so a look-up needs the code alone; the endpoint says where it is documented. Toss's
//! English wording is not documented: ours is the table's meaning.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::sandbox::fields::FieldFault;
use crate::sandbox::language::Language;

const TABLE: &str = include_str!("codes.tsv");

/// Measured as test codes although no table lists them for those endpoints (Toss: api.md §8).
const MEASURED_TEST_CODES: [&str; 2] = ["COMMON_ERROR", "DUPLICATED_ORDER_ID"];

/// How the API says no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refusal {
    #[serde(with = "status_number")]
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

    /// The message in the caller's language. One that a fault worded itself stays as it is.
    pub(crate) fn message_in(&self, language: Language) -> &str {
        message_in(&self.code, &self.message, language)
    }
}

/// The documented message of a code in another language; another message stays as it is.
pub(crate) fn message_in<'a>(code: &str, message: &'a str, language: Language) -> &'a str {
    match (language, find(code)) {
        (Language::English, Some(row)) if row.message == message => row.english,
        (Language::English | Language::Korean, _) => message,
    }
}

/// Toss does not say which field it minds.
impl From<FieldFault> for Refusal {
    fn from(_: FieldFault) -> Self {
        Refusal::new("INVALID_REQUEST")
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
    pub(crate) english: &'static str,
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

/// Whether this endpoint may answer with this code, so that a test code can ask for it.
pub(crate) fn is_test_code(endpoint: &str, code: &str) -> bool {
    MEASURED_TEST_CODES.contains(&code)
        || rows_of_table()
            .any(|row| row.code == code && [endpoint, "any", "core"].contains(&row.endpoint))
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
            english: cells.next()?,
        })
    })
}

/// A status as its number, for what is kept over a restart.
mod status_number {
    use axum::http::StatusCode;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        status: &StatusCode,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(status.as_u16())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<StatusCode, D::Error> {
        StatusCode::from_u16(u16::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
