//! What an order costs: the server's catalogue times the buyer's quantities, less one coupon.

use crate::domain::coupon::{Coupon, CouponRefused};
use crate::domain::won::Won;

/// Below this no card can be charged: 100 won, Toss's minimum (Toss: api.md §10 rule 8).
pub const TOTAL_MIN: Won = match Won::new(100) {
    Some(won) => won,
    None => Won::ZERO,
};

/// Above this an order is a mistake or an attack: a hundred million won.
pub const TOTAL_MAX: Won = match Won::new(100_000_000) {
    Some(won) => won,
    None => Won::ZERO,
};

/// What an order costs. `subtotal` is `discount` plus `total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    pub subtotal: Won,
    pub discount: Won,
    pub total: Won,
}

/// Why there is no price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceRefused {
    Coupon(CouponRefused),
    /// Less than [`TOTAL_MIN`] would be left to pay.
    TooLittle,
    /// More than [`TOTAL_MAX`].
    TooMuch,
}

impl Price {
    /// The price of lines, each a unit price and a count, at `now`.
    pub fn of(
        lines: impl IntoIterator<Item = (Won, u32)>,
        coupon: Option<&Coupon>,
        now: i64,
    ) -> Result<Price, PriceRefused> {
        let subtotal = lines
            .into_iter()
            .try_fold(Won::ZERO, |sum, (unit, count)| sum.plus(unit.times(count)?))
            .filter(|subtotal| *subtotal <= TOTAL_MAX)
            .ok_or(PriceRefused::TooMuch)?;
        let discount = match coupon {
            Some(coupon) => coupon.discount(subtotal, now).map_err(PriceRefused::Coupon)?,
            None => Won::ZERO,
        };
        let total = subtotal.minus(discount).ok_or(PriceRefused::TooLittle)?;
        if total < TOTAL_MIN {
            return Err(PriceRefused::TooLittle);
        }
        Ok(Price { subtotal, discount, total })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Price, PriceRefused, TOTAL_MAX, TOTAL_MIN, Won};

    fn won(amount: i64) -> Won {
        Won::new(amount).unwrap()
    }

    #[test]
    fn has_a_floor_and_a_ceiling() {
        let of = |unit, count| Price::of([(won(unit), count)], None, 0);
        assert_eq!(of(50, 1), Err(PriceRefused::TooLittle));
        assert_eq!(of(50, 2).map(|price| price.total), Ok(TOTAL_MIN));
        assert_eq!(of(100_000_000, 1).map(|price| price.total), Ok(TOTAL_MAX));
        assert_eq!(of(100_000_000, 2), Err(PriceRefused::TooMuch));
        assert_eq!(of(100_000_000_000, 99), Err(PriceRefused::TooMuch));
    }

    proptest! {
        #[test]
        fn parts_make_up_the_whole(
            lines in prop::collection::vec((0i64..=1_000_000, 1u32..=99), 0..20),
        ) {
            let lines = lines.into_iter().map(|(unit, count)| (won(unit), count));
            if let Ok(price) = Price::of(lines, None, 0) {
                prop_assert_eq!(price.total.plus(price.discount), Some(price.subtotal));
            }
        }
    }
}
