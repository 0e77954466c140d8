//! Toss's sums as the shop's.

use crate::domain::won::Won;
use crate::toss::Amount;

/// A sum of Toss's as won; `None` where it is none that this shop could have asked for.
pub fn won(amount: Amount) -> Option<Won> {
    amount.whole().and_then(Won::new)
}
