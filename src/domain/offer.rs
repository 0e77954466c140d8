//! Offers: what coupons there are, who is given one, how many, and when.

use crate::domain::code::CouponCode;
use crate::domain::coupon::Worth;
use crate::domain::id::OfferId;
use crate::domain::price::TOTAL_MAX;
use crate::domain::won::Won;

/// A definition of coupons. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub id: OfferId,
    pub name: String,
    pub worth: Worth,
    /// The smallest subtotal its coupons may be used on.
    pub minimum: Won,
    pub channel: Channel,
    /// When it may be claimed, and its coupons used.
    pub valid_from: Option<i64>,
    /// The first moment at which that is over.
    pub valid_until: Option<i64>,
    /// How long a coupon lives after it was issued; 0 is as long as the offer.
    pub valid_days: i64,
    /// How many there are; `None` is as many as are asked for.
    pub issue_max: Option<i64>,
    pub per_customer: i64,
}

/// Who is given it. Staff may give any to anyone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Channel {
    NewCustomer,
    Code(CouponCode),
    Staff,
}

/// Why nobody is given one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferRefused {
    NotYet,
    Over,
    /// As many as there are have been issued.
    AllGone,
    /// This customer has as many as one may have.
    HasIt,
}

/// What is wrong with a definition: the field, and what it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonsense {
    pub field: &'static str,
    pub rule: &'static str,
}

const DAY_MS: i64 = 86_400_000;

/// Ten years: more is a typing error.
const DAYS_MAX: i64 = 3_650;
/// More than there are people to claim them.
const ISSUE_MAX: i64 = 100_000_000;
/// What one customer's list can show.
const PER_CUSTOMER_MAX: i64 = 20;
const NAME_LETTERS_MAX: usize = 60;

impl Offer {
    /// Whether it makes sense at `now`.
    pub fn check(&self, now: i64) -> Result<(), Nonsense> {
        self.check_worth()?;
        let letters = self.name.trim().chars().count();
        let is_one_line = !self.name.chars().any(char::is_control);
        let (field, rule) = if !(1..=NAME_LETTERS_MAX).contains(&letters) || !is_one_line {
            ("name", "must be 1 to 60 letters on one line")
        } else if self.minimum > TOTAL_MAX {
            ("minimum", "must be at most 100000000 won: no order is above that")
        } else if !(0..=DAYS_MAX).contains(&self.valid_days) {
            ("days", "must be from 1 to 3650")
        } else if self.valid_days == 0 && self.valid_until.is_none() {
            (
                "until",
                "is missing: an offer ends at a time, or its coupons so many days after issue",
            )
        } else if self.valid_until.is_some_and(|until| until <= now) {
            ("until", "is over already")
        } else if self.valid_until.zip(self.valid_from).is_some_and(|(until, from)| until <= from) {
            ("until", "must be after from")
        } else if self.valid_from.is_some_and(|from| from > now + DAYS_MAX * DAY_MS) {
            ("from", "must be within ten years")
        } else if self.issue_max.is_some_and(|count| !(1..=ISSUE_MAX).contains(&count)) {
            ("count", "must be from 1 to 100000000; without it there are as many as are asked for")
        } else if !(1..=PER_CUSTOMER_MAX).contains(&self.per_customer) {
            ("per-customer", "must be from 1 to 20")
        } else {
            return Ok(());
        };
        Err(Nonsense { field, rule })
    }

    fn check_worth(&self) -> Result<(), Nonsense> {
        let is_odd = |amount: Won| amount.is_zero() || amount > TOTAL_MAX;
        let (field, rule) = match self.worth {
            Worth::Fixed(amount) if is_odd(amount) => ("fixed", "must be from 1 to 100000000 won"),
            Worth::Percent { percent, .. } if !(1..=100).contains(&percent) => {
                ("percent", "must be from 1 to 100")
            }
            Worth::Percent { cap: Some(cap), .. } if is_odd(cap) => {
                ("cap", "must be from 1 to 100000000 won")
            }
            Worth::Fixed(_) | Worth::Percent { .. } => return Ok(()),
        };
        Err(Nonsense { field, rule })
    }

    /// When a coupon that is issued at `now` may be used: from, and the first moment at which it
    /// may no longer.
    pub fn window(&self, now: i64) -> Result<(i64, i64), OfferRefused> {
        let from = self.valid_from.unwrap_or(now).max(now);
        let by_days = (self.valid_days > 0).then(|| from.saturating_add(self.valid_days * DAY_MS));
        // An offer without either end would be damaged, and is over.
        let until = [by_days, self.valid_until].into_iter().flatten().min().unwrap_or(now);
        if until <= from { Err(OfferRefused::Over) } else { Ok((from, until)) }
    }

    /// As [`Offer::window`], for whoever asks by code: not before the offer begins.
    pub fn open_window(&self, now: i64) -> Result<(i64, i64), OfferRefused> {
        match self.valid_from {
            Some(from) if now < from => Err(OfferRefused::NotYet),
            Some(_) | None => self.window(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Channel, DAY_MS, Offer, OfferId, OfferRefused, Won, Worth};

    fn won(amount: i64) -> Won {
        Won::new(amount).unwrap()
    }

    fn offer() -> Offer {
        Offer {
            id: OfferId::parse("summer").unwrap(),
            name: "여름 할인".to_owned(),
            worth: Worth::Fixed(won(5_000)),
            minimum: won(30_000),
            channel: Channel::Staff,
            valid_from: None,
            valid_until: None,
            valid_days: 30,
            issue_max: None,
            per_customer: 1,
        }
    }

    /// `field`, or nothing.
    fn wrong(offer: &Offer) -> &'static str {
        offer.check(1_000).err().map_or("", |nonsense| nonsense.field)
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        let percent = |percent, cap: Option<i64>| Worth::Percent { percent, cap: cap.map(won) };
        for (offer, field) in [
            (offer(), ""),
            (Offer { worth: Worth::Fixed(Won::ZERO), ..offer() }, "fixed"),
            (Offer { worth: Worth::Fixed(won(100_000_001)), ..offer() }, "fixed"),
            (Offer { worth: percent(0, None), ..offer() }, "percent"),
            (Offer { worth: percent(101, None), ..offer() }, "percent"),
            (Offer { worth: percent(100, None), ..offer() }, ""),
            (Offer { worth: percent(10, Some(0)), ..offer() }, "cap"),
            (Offer { worth: percent(10, Some(1)), ..offer() }, ""),
            (Offer { name: "  ".to_owned(), ..offer() }, "name"),
            (Offer { name: "가".repeat(61), ..offer() }, "name"),
            (Offer { name: "두\n줄".to_owned(), ..offer() }, "name"),
            (Offer { minimum: won(100_000_001), ..offer() }, "minimum"),
            (Offer { valid_days: -1, ..offer() }, "days"),
            (Offer { valid_days: 3_651, ..offer() }, "days"),
            (Offer { valid_days: 0, ..offer() }, "until"),
            (Offer { valid_days: 0, valid_until: Some(1_001), ..offer() }, ""),
            (Offer { valid_until: Some(1_000), ..offer() }, "until"),
            (Offer { valid_from: Some(3_000), valid_until: Some(3_000), ..offer() }, "until"),
            (Offer { valid_from: Some(i64::MAX), ..offer() }, "from"),
            (Offer { issue_max: Some(0), ..offer() }, "count"),
            (Offer { issue_max: Some(100_000_001), ..offer() }, "count"),
            (Offer { issue_max: Some(1), ..offer() }, ""),
            (Offer { per_customer: 0, ..offer() }, "per-customer"),
            (Offer { per_customer: 21, ..offer() }, "per-customer"),
        ] {
            assert_eq!(wrong(&offer), field, "{offer:?}");
        }
    }

    #[test]
    fn a_coupon_lives_within_its_offer() {
        let day = DAY_MS;
        for (from, until, days, now, open, given) in [
            (None, None, 30, 5, Ok((5, 5 + 30 * day)), Ok((5, 5 + 30 * day))),
            (Some(10), Some(20), 0, 9, Err(OfferRefused::NotYet), Ok((10, 20))),
            (Some(10), Some(20), 0, 10, Ok((10, 20)), Ok((10, 20))),
            (Some(10), Some(20), 0, 19, Ok((19, 20)), Ok((19, 20))),
            (Some(10), Some(20), 0, 20, Err(OfferRefused::Over), Err(OfferRefused::Over)),
            // The days begin with the offer, and end with it.
            (Some(10), None, 1, 5, Err(OfferRefused::NotYet), Ok((10, 10 + day))),
            (None, Some(day), 1, 5, Ok((5, day)), Ok((5, day))),
            (None, None, 0, 5, Err(OfferRefused::Over), Err(OfferRefused::Over)),
        ] {
            let offer = Offer { valid_from: from, valid_until: until, valid_days: days, ..offer() };
            assert_eq!((offer.open_window(now), offer.window(now)), (open, given), "{offer:?}");
        }
    }

    proptest! {
        #[test]
        fn a_window_is_inside_the_offer_and_never_empty(
            from in proptest::option::of(0i64..1_000_000_000),
            until in proptest::option::of(0i64..1_000_000_000),
            days in 0i64..20, now in 0i64..1_000_000_000,
        ) {
            let offer =
                Offer { valid_from: from, valid_until: until, valid_days: days, ..offer() };
            if let Ok((begins, ends)) = offer.window(now) {
                prop_assert!(now <= begins && begins < ends);
                prop_assert!(from.is_none_or(|from| from <= begins));
                prop_assert!(until.is_none_or(|until| ends <= until));
                prop_assert!(days == 0 || ends <= begins + days * DAY_MS);
            }
            // Whoever asks by code gets the same window, or has come too early.
            match offer.open_window(now) {
                Err(OfferRefused::NotYet) => prop_assert!(from.is_some_and(|from| now < from)),
                ended => prop_assert_eq!(ended, offer.window(now)),
            }
        }
    }
}
