//! A sum over an order, split over its lines to the won: by largest remainder.
//!
//! Why: rounding each line by itself loses or invents a won, and then refunds line by line do not
//! add up to what was paid.

use crate::domain::won::Won;

/// `whole` split over `parts` in proportion to them. The shares add up to `whole`, and none is
/// larger than its part. What rounding leaves over goes, a won each, to the parts that lost most
/// by it; of equals, to the first. `None` when `whole` is more than all parts.
pub fn split(whole: Won, parts: &[Won]) -> Option<Vec<Won>> {
    let sum = parts.iter().try_fold(Won::ZERO, |sum, part| sum.plus(*part))?;
    sum.minus(whole)?;
    if sum.is_zero() {
        return Some(parts.to_vec());
    }
    // Products of two sums of money are too large for 64 bits.
    let (whole, sum) = (i128::from(whole.get()), i128::from(sum.get()));
    let product = |part: &Won| whole * i128::from(part.get());
    let mut shares: Vec<i128> = parts.iter().map(|part| product(part) / sum).collect();
    let mut by_loss: Vec<_> = shares.iter_mut().zip(parts).collect();
    // A stable sort: equals stay in their order.
    by_loss.sort_by_key(|(_, part)| std::cmp::Reverse(product(part) % sum));
    let mut left = whole - by_loss.iter().map(|(share, _)| **share).sum::<i128>();
    for (share, _) in by_loss {
        if left == 0 {
            break;
        }
        *share += 1;
        left -= 1;
    }
    shares.into_iter().map(|share| i64::try_from(share).ok().and_then(Won::new)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Won, split};

    fn wons(amounts: &[i64]) -> Vec<Won> {
        amounts.iter().map(|amount| Won::new(*amount).unwrap()).collect()
    }

    #[test]
    fn goes_by_proportion_and_then_by_what_rounding_took() {
        for (whole, parts, shares) in [
            (0, &[10_000, 20_000][..], Some(&[0, 0][..])),
            (3_000, &[10_000, 20_000], Some(&[1_000, 2_000])),
            // 3,892.6… + 805.3… + 302.0…: the won that is left goes to the first.
            (5_000, &[58_000, 12_000, 4_500], Some(&[3_893, 805, 302])),
            // Equal losses: the first.
            (100, &[1_000, 1_000, 1_000], Some(&[34, 33, 33])),
            (2, &[1, 1, 1], Some(&[1, 1, 0])),
            // Free lines get nothing.
            (99, &[0, 100, 0], Some(&[0, 99, 0])),
            (100, &[33, 33, 34], Some(&[33, 33, 34])),
            (0, &[0, 0], Some(&[0, 0])),
            (0, &[], Some(&[])),
            (101, &[33, 33, 34], None),
            (1, &[], None),
            (1, &[99_999_999_999, 99_999_999_999], None),
            (100_000_000_000, &[99_999_999_999, 1], Some(&[99_999_999_999, 1])),
        ] {
            let found = split(Won::new(whole).unwrap(), &wons(parts));
            assert_eq!(found, shares.map(wons), "{whole} over {parts:?}");
        }
    }

    proptest! {
        #[test]
        fn adds_up_and_stays_within_its_part(
            parts in prop::collection::vec(0i64..=1_000_000_000, 1..=20), thousandths in 0i64..=1_000,
        ) {
            let sum: i64 = parts.iter().sum();
            let whole = sum / 1_000 * thousandths + (sum % 1_000) * thousandths / 1_000;
            let parts = wons(&parts);
            let shares = split(Won::new(whole).unwrap(), &parts).unwrap();
            prop_assert_eq!(shares.iter().map(|share| share.get()).sum::<i64>(), whole);
            for (share, part) in shares.iter().zip(&parts) {
                prop_assert!(share <= part);
                // No further from its exact share than a won.
                let exact = i128::from(whole) * i128::from(part.get());
                let off = i128::from(share.get()) * i128::from(sum) - exact;
                prop_assert!(off.abs() < i128::from(sum.max(1)), "{off}");
            }
        }

        #[test]
        fn equal_parts_differ_by_a_won_at_most(
            part in 1i64..=100_000, count in 1usize..=20, discount in 0i64..=100_000,
        ) {
            let parts = wons(&vec![part; count]);
            if let Some(shares) = split(Won::new(discount).unwrap(), &parts) {
                let (least, most) = (shares.iter().min().unwrap(), shares.iter().max().unwrap());
                prop_assert!(most.get() - least.get() <= 1);
            }
        }
    }
}
