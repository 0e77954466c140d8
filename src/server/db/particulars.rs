//! What Toss tells of a payment, as far as pages show it.

use crate::domain::won::Won;
use crate::server::db::Statement;

/// What an approval or an issued account tells, as far as pages show it.
#[derive(Clone, Default)]
pub struct Particulars {
    pub method: Option<String>,
    pub method_detail: Option<String>,
    pub approved_at: Option<String>,
    pub receipt_url: Option<String>,
    pub secret: Option<String>,
    pub bank_code: Option<String>,
    pub account_number: Option<String>,
    pub account_due_at: Option<String>,
    pub account_due_ms: Option<i64>,
    /// How it was made, as JSON.
    pub means: Option<String>,
    /// What was taken in all, and what of it no tax is in.
    pub total: Won,
    pub tax_free: Won,
    /// The merchant at Toss whose payment it is.
    pub m_id: Option<String>,
    /// The bank takes no deposit any more.
    pub account_expired: bool,
}

impl std::fmt::Debug for Particulars {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Particulars").field("method", &self.method).finish_non_exhaustive()
    }
}

impl Particulars {
    /// The first twelve places of a statement that keeps them.
    pub(super) fn bound(&self, statement: Statement) -> Statement {
        statement
            .bind(&self.method)
            .bind(&self.method_detail)
            .bind(&self.approved_at)
            .bind(&self.receipt_url)
            .bind(&self.secret)
            .bind(&self.bank_code)
            .bind(&self.account_number)
            .bind(&self.account_due_at)
            .bind(self.account_due_ms)
            .bind(&self.means)
            .bind(self.tax_free.get())
            .bind(&self.m_id)
    }
}
