//! What whoever comes back from Toss says about a payment.

use crate::domain::id::{OrderId, PaymentKey};
use crate::domain::won::Won;

/// What the return address says. Never a fact: the stored order is.
#[derive(Clone, Debug)]
pub struct ReturnClaim {
    pub payment_key: PaymentKey,
    pub order_id: OrderId,
    pub amount: Won,
}
