//! Where what a payment links to is found.

/// Where receipts and checkout pages are.
#[derive(Clone, Debug)]
pub(crate) struct Links {
    pub(crate) receipts: String,
    pub(crate) api: String,
}

impl Default for Links {
    /// Toss's own hosts.
    fn default() -> Self {
        Links {
            receipts: "https://dashboard.tosspayments.com".to_owned(),
            api: "https://api.tosspayments.com".to_owned(),
        }
    }
}
