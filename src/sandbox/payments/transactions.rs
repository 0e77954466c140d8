//! Every transaction of one merchant in a stretch of time (Toss: api.md §6.5).

use std::ops::RangeInclusive;

use crate::sandbox::clock::Moment;
use crate::sandbox::payments::book::Book;
use crate::sandbox::payments::order::Transaction;
use crate::sandbox::payments::payment::Payment;

impl Book {
    /// In the order they were made. Looks at every payment: lists are rare and may be slow.
    pub(crate) fn transactions(
        &self,
        m_id: &str,
        time: RangeInclusive<Moment>,
    ) -> Vec<(&Payment, &Transaction)> {
        let mut rows: Vec<_> = self
            .payments()
            .filter(|payment| payment.account.m_id == m_id)
            .flat_map(|payment| payment.transactions.iter().map(move |it| (payment, it)))
            .filter(|(_, it)| time.contains(&it.at))
            .collect();
        rows.sort_by_key(|(_, it)| it.number);
        rows
    }

    /// The place of a merchant's transaction among all, whenever it was made.
    pub(crate) fn transaction_number(&self, m_id: &str, key: &str) -> Option<u64> {
        self.payments()
            .filter(|payment| payment.account.m_id == m_id)
            .flat_map(|payment| &payment.transactions)
            .find(|it| it.key == key)
            .map(|it| it.number)
    }
}
