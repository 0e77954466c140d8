//! The book as it is kept over a restart.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::sandbox::merchants::Accounts;
use crate::sandbox::payments::book::Book;
use crate::sandbox::payments::payment::Payment;
use crate::sandbox::payments::receipts::Receipts;

/// Everything a book remembers but its outbox, which is told at once.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct BookSnapshot {
    payments: Vec<Payment>,
    receipts: Receipts,
}

impl Book {
    pub(crate) fn snapshot(&self) -> BookSnapshot {
        BookSnapshot {
            payments: self.payments().cloned().collect(),
            receipts: self.receipts.clone(),
        }
    }

    /// Takes up what was kept. Payments of a pair of keys that is no longer registered are left
    /// out: nobody could ask for them.
    pub(crate) fn restore(&mut self, kept: BookSnapshot, accounts: &Accounts) {
        for mut payment in kept.payments {
            if let Some(account) = accounts.by_client(&payment.account.client_key) {
                payment.account = Arc::clone(account);
                self.file(payment);
            }
        }
        self.receipts = kept.receipts;
    }
}
