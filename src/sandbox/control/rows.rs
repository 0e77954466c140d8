//! Which rows a list of the control API shows, and how many.

use serde::Deserialize;

/// Rows in one answer.
pub(crate) const ROWS_MAX: usize = 1_000;

/// Which rows a list is about.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Filter {
    pub(crate) order_id: Option<String>,
    pub(crate) payment_key: Option<String>,
}

impl Filter {
    pub(crate) fn names(&self, order_id: Option<&str>, payment_key: Option<&str>) -> bool {
        let same = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
        };
        same(&self.order_id, order_id) && same(&self.payment_key, payment_key)
    }
}
