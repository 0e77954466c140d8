//! Coupons: what one is worth, and when it may be used.

use crate::domain::id::CouponId;
use crate::domain::won::Won;

/// What a coupon takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    Fixed(Won),
    /// 1 to 100 per cent of the subtotal, rounded down, at most `cap`.
    Percent {
        percent: u32,
        cap: Option<Won>,
    },
}

/// A coupon issued to one customer. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coupon {
    pub id: CouponId,
    pub name: String,
    pub worth: Worth,
    /// The smallest subtotal it may be used on.
    pub minimum: Won,
    pub valid_from: i64,
    /// The first moment at which it may no longer be used.
    pub valid_until: i64,
    pub used_at: Option<i64>,
}

/// Why a coupon may not be used now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CouponRefused {
    Used,
    NotYet,
    Over,
    BelowMinimum(Won),
}

impl Coupon {
    /// What it takes off `subtotal` at `now`: never more than the subtotal.
    pub fn discount(&self, subtotal: Won, now: i64) -> Result<Won, CouponRefused> {
        if self.used_at.is_some() {
            return Err(CouponRefused::Used);
        }
        if now < self.valid_from {
            return Err(CouponRefused::NotYet);
        }
        if now >= self.valid_until {
            return Err(CouponRefused::Over);
        }
        if subtotal < self.minimum {
            return Err(CouponRefused::BelowMinimum(self.minimum));
        }
        let worth = match self.worth {
            Worth::Fixed(amount) => amount,
            Worth::Percent { percent, cap } => {
                subtotal.percent(percent).min(cap.unwrap_or(Won::MAX))
            }
        };
        Ok(worth.min(subtotal))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Coupon, CouponId, CouponRefused, Won, Worth};

    fn won(amount: i64) -> Won {
        Won::new(amount).unwrap()
    }

    fn coupon(worth: Worth) -> Coupon {
        Coupon {
            id: CouponId::parse("c1").unwrap(),
            name: "쿠폰".to_owned(),
            worth,
            minimum: won(10_000),
            valid_from: 100,
            valid_until: 200,
            used_at: None,
        }
    }

    #[test]
    fn is_worth_what_it_says() {
        let percent = |percent, cap| Worth::Percent { percent, cap };
        for (worth, subtotal, discount) in [
            (Worth::Fixed(won(3_000)), 10_000, 3_000),
            (Worth::Fixed(won(30_000)), 10_000, 10_000),
            (percent(10, None), 33_333, 3_333),
            (percent(10, Some(won(3_000))), 50_000, 3_000),
            (percent(100, None), 12_345, 12_345),
        ] {
            assert_eq!(coupon(worth).discount(won(subtotal), 150), Ok(won(discount)));
        }
    }

    #[test]
    fn is_refused_outside_its_rules() {
        let fixed = coupon(Worth::Fixed(won(1_000)));
        let used = Coupon { used_at: Some(1), ..fixed.clone() };
        for (coupon, subtotal, now, refused) in [
            (&fixed, 10_000, 99, CouponRefused::NotYet),
            (&fixed, 10_000, 200, CouponRefused::Over),
            (&fixed, 9_999, 150, CouponRefused::BelowMinimum(won(10_000))),
            (&used, 10_000, 150, CouponRefused::Used),
        ] {
            assert_eq!(coupon.discount(won(subtotal), now), Err(refused));
        }
        assert!(fixed.discount(won(10_000), 100).is_ok());
        assert!(fixed.discount(won(10_000), 199).is_ok());
    }

    proptest! {
        #[test]
        fn never_takes_more_than_there_is(
            subtotal in 10_000i64..=100_000_000_000, amount in 0i64..=100_000_000_000,
            percent in 1u32..=100, cap in proptest::option::of(0i64..=1_000_000),
        ) {
            let cap = cap.map(won);
            for worth in [Worth::Fixed(won(amount)), Worth::Percent { percent, cap }] {
                let discount = coupon(worth).discount(won(subtotal), 150).unwrap();
                prop_assert!(discount <= won(subtotal));
                prop_assert!(won(subtotal).minus(discount).is_some());
            }
        }
    }
}
