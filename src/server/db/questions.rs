//! What was asked of Toss about an order, and what it answered.

use sqlx::{AnyConnection, AnyPool, FromRow};

use crate::server::db::Statement;
use crate::server::runtime::clock;

/// One question and its answer.
#[derive(Clone, Debug, FromRow)]
pub struct QuestionRow {
    /// `confirm`, `read` or `cancel`.
    pub call: String,
    pub asked_at: i64,
    pub answered_at: Option<i64>,
    /// Toss's status or error code, or why there was no answer.
    pub answer: Option<String>,
    pub http_status: Option<i64>,
    pub trace_id: Option<String>,
}

/// Keeps them, in the transaction that records what they led to.
pub async fn keep(
    tx: &mut AnyConnection,
    order_id: &str,
    questions: &[QuestionRow],
) -> Result<(), sqlx::Error> {
    for question in questions {
        keeping(order_id, question).run(tx).await?;
    }
    Ok(())
}

/// What keeps one.
pub fn keeping(order_id: &str, question: &QuestionRow) -> Statement {
    Statement::insert(
        "insert into questions (id, order_id, call, asked_at, answered_at, answer, http_status,
                                trace_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(clock::row_id())
    .bind(order_id)
    .bind(question.call.as_str())
    .bind(question.asked_at)
    .bind(question.answered_at)
    .bind(&question.answer)
    .bind(question.http_status)
    .bind(&question.trace_id)
}

/// The newest questions about an order, oldest first.
pub async fn of_order(pool: &AnyPool, order_id: &str) -> Result<Vec<QuestionRow>, sqlx::Error> {
    const SHOWN_MAX: i64 = 200;
    let mut rows: Vec<QuestionRow> = sqlx::query_as(
        "select call, asked_at, answered_at, answer, http_status, trace_id from questions
         where order_id = $1 order by id desc limit cast($2 as bigint)",
    )
    .bind(order_id)
    .bind(SHOWN_MAX)
    .fetch_all(pool)
    .await?;
    rows.reverse();
    Ok(rows)
}
