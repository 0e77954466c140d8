//! What a refund gives back of an order: of lines, of an amount, or of everything, so that the
//! parts of any sequence of refunds make up exactly what was paid.
//!
//! How: a line is worth what was paid for it, its price less its part of the coupon. Of that,
//! the first `k` of `n` pieces are worth `worth * k / n`, rounded down; a refund of pieces is
//! the difference of two such sums, so that nothing is lost between them. What went back by
//! amount before is not given back again: a line gives no more than what is left.

/// Toss's limit for a reason, in characters (Toss: api.md §5.1).
pub const REASON_LENGTH_MAX: usize = 200;

/// One line of a paid order, and what of it went back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its place in the order.
    pub line: i64,
    /// What was paid for it, after its part of the coupon.
    pub worth: i64,
    pub quantity: i64,
    /// Pieces that went back, or are about to.
    pub returned: i64,
    pub is_tax_free: bool,
}

/// A paid order, as far as refunds go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Of what was paid.
    pub left: i64,
    /// Of what is left: what no tax is in.
    pub tax_free_left: i64,
    pub lines: Vec<Line>,
}

/// What is to go back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// All that is left, of all lines.
    Everything,
    /// Won, of no line.
    Amount(i64),
    /// Pieces of lines: place in the order, and how many.
    Pieces(Vec<(i64, i64)>),
}

/// What goes back. `amount` is the sum of the lines' amounts and `by_amount`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub amount: i64,
    pub tax_free: i64,
    pub by_amount: i64,
    pub lines: Vec<PlannedLine>,
}

/// What of one line goes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedLine {
    pub line: i64,
    pub quantity: i64,
    pub amount: i64,
}

/// Why nothing goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Everything is back.
    NothingLeft,
    /// More than is left, or less than a won.
    Amount { left: i64 },
    /// The order has no such line.
    NoLine { line: i64 },
    /// More pieces than the line has left, or none.
    Pieces { line: i64, left: i64 },
    /// The pieces were free of charge, or their price went back by amount.
    Worthless,
}

impl Line {
    /// What the first `pieces` of it are worth.
    fn worth_of(&self, pieces: i64) -> i64 {
        if pieces >= self.quantity || self.quantity < 1 {
            return self.worth;
        }
        // Wide, because a dear line times its pieces may not fit.
        let part = i128::from(self.worth) * i128::from(pieces) / i128::from(self.quantity);
        i64::try_from(part).unwrap_or(self.worth)
    }
}

impl Balance {
    /// What a wish comes to.
    pub fn plan(&self, wish: &Wish) -> Result<Plan, Refused> {
        if self.left < 1 {
            return Err(Refused::NothingLeft);
        }
        match wish {
            Wish::Amount(amount) if !(1..=self.left).contains(amount) => {
                Err(Refused::Amount { left: self.left })
            }
            Wish::Amount(amount) => Ok(self.of(Vec::new(), *amount)),
            Wish::Everything => {
                let rest = |line: &Line| (line.line, line.quantity - line.returned);
                let pieces: Vec<_> = self.lines.iter().map(rest).filter(|it| it.1 > 0).collect();
                let lines = self.lines_of(&pieces)?;
                let by_lines: i64 = lines.iter().map(|line| line.amount).sum();
                Ok(self.of(lines, self.left - by_lines))
            }
            Wish::Pieces(pieces) => {
                let plan = self.of(self.lines_of(pieces)?, 0);
                if plan.amount == 0 { Err(Refused::Worthless) } else { Ok(plan) }
            }
        }
    }

    fn lines_of(&self, pieces: &[(i64, i64)]) -> Result<Vec<PlannedLine>, Refused> {
        let mut left = self.left;
        let mut planned: Vec<PlannedLine> = Vec::new();
        for &(place, quantity) in pieces {
            let line = self.lines.iter().find(|line| line.line == place);
            let line = line.ok_or(Refused::NoLine { line: place })?;
            let is_twice = planned.iter().any(|it| it.line == place);
            let pieces_left = line.quantity - line.returned;
            if is_twice || !(1..=pieces_left).contains(&quantity) {
                return Err(Refused::Pieces { line: place, left: pieces_left });
            }
            let worth = line.worth_of(line.returned + quantity) - line.worth_of(line.returned);
            let amount = worth.min(left);
            left -= amount;
            planned.push(PlannedLine { line: place, quantity, amount });
        }
        Ok(planned)
    }

    fn of(&self, lines: Vec<PlannedLine>, by_amount: i64) -> Plan {
        let is_tax_free =
            |place: i64| self.lines.iter().any(|line| line.line == place && line.is_tax_free);
        let by_lines: i64 = lines.iter().map(|line| line.amount).sum();
        let amount = by_lines + by_amount;
        let of_lines: i64 =
            lines.iter().filter(|line| is_tax_free(line.line)).map(|line| line.amount).sum();
        // An amount of no line is of all lines, by what is left of each kind.
        let part =
            i128::from(by_amount) * i128::from(self.tax_free_left) / i128::from(self.left.max(1));
        let wanted = of_lines + i64::try_from(part).unwrap_or(0);
        // Neither kind gives more than it has: Toss refuses that.
        let taxed_left = self.left - self.tax_free_left;
        let tax_free = wanted.min(self.tax_free_left).min(amount).max(amount - taxed_left);
        Plan { amount, tax_free, by_amount, lines }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Balance, Line, Plan, PlannedLine, Refused, Wish};

    /// Three tees for 30,000 with 1,000 off, a tax-free book for 7,777.
    fn balance() -> Balance {
        let line = |line, worth, quantity, is_tax_free| Line {
            line,
            worth,
            quantity,
            returned: 0,
            is_tax_free,
        };
        let lines = vec![line(1, 29_000, 3, false), line(2, 7_777, 1, true)];
        Balance { left: 36_777, tax_free_left: 7_777, lines }
    }

    /// What is left after a plan.
    fn after(balance: &Balance, plan: &Plan) -> Balance {
        let mut after = balance.clone();
        after.left -= plan.amount;
        after.tax_free_left -= plan.tax_free;
        for planned in &plan.lines {
            for line in after.lines.iter_mut().filter(|line| line.line == planned.line) {
                line.returned += planned.quantity;
            }
        }
        after
    }

    #[test]
    fn pieces_of_a_line_make_up_the_line() {
        let mut balance = balance();
        let mut amounts = Vec::new();
        for _ in 0..3 {
            let plan = balance.plan(&Wish::Pieces(vec![(1, 1)])).unwrap();
            amounts.push(plan.amount);
            assert_eq!(plan.tax_free, 0);
            balance = after(&balance, &plan);
        }
        assert_eq!(amounts, [9_666, 9_667, 9_667]);
        assert_eq!(
            balance.plan(&Wish::Pieces(vec![(1, 1)])),
            Err(Refused::Pieces { line: 1, left: 0 })
        );
        let rest = balance.plan(&Wish::Everything).unwrap();
        let line = PlannedLine { line: 2, quantity: 1, amount: 7_777 };
        assert_eq!(rest, Plan { amount: 7_777, tax_free: 7_777, by_amount: 0, lines: vec![line] });
        let nothing = after(&balance, &rest);
        assert_eq!(nothing.plan(&Wish::Everything), Err(Refused::NothingLeft));
    }

    #[test]
    fn what_went_back_by_amount_does_not_go_back_again() {
        let balance = balance();
        let plan = balance.plan(&Wish::Amount(30_000)).unwrap();
        assert_eq!((plan.amount, plan.by_amount, plan.tax_free), (30_000, 30_000, 6_343));
        let left = after(&balance, &plan);
        let plan = left.plan(&Wish::Pieces(vec![(1, 3)])).unwrap();
        assert_eq!((plan.amount, plan.lines[0].amount), (6_777, 6_777));
        // All that is left, so both kinds go back whole.
        assert_eq!(plan.tax_free, left.tax_free_left);
    }

    #[test]
    fn wishes_that_cannot_be_are_refused_by_name() {
        let balance = balance();
        let free = Balance {
            lines: vec![Line { worth: 0, ..balance.lines[0].clone() }],
            ..balance.clone()
        };
        for (balance, wish, refused) in [
            (&balance, Wish::Amount(0), Refused::Amount { left: 36_777 }),
            (&balance, Wish::Amount(-1), Refused::Amount { left: 36_777 }),
            (&balance, Wish::Amount(36_778), Refused::Amount { left: 36_777 }),
            (&balance, Wish::Pieces(vec![(3, 1)]), Refused::NoLine { line: 3 }),
            (&balance, Wish::Pieces(vec![(1, 4)]), Refused::Pieces { line: 1, left: 3 }),
            (&balance, Wish::Pieces(vec![(1, 0)]), Refused::Pieces { line: 1, left: 3 }),
            (&balance, Wish::Pieces(vec![(1, 1), (1, 1)]), Refused::Pieces { line: 1, left: 3 }),
            (&balance, Wish::Pieces(vec![]), Refused::Worthless),
            (&free, Wish::Pieces(vec![(1, 1)]), Refused::Worthless),
        ] {
            assert_eq!(balance.plan(&wish), Err(refused), "{wish:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// However an order is given back, its parts make up what was paid, of each kind.
        #[test]
        fn any_sequence_of_refunds_makes_up_what_was_paid(
            lines in prop::collection::vec((0i64..=100_000_000, 1i64..=99, any::<bool>()), 1..6),
            wishes in prop::collection::vec((0usize..4, 0i64..6, 0i64..=100, 0u32..=100), 0..40),
        ) {
            let lines: Vec<Line> = (1..).zip(lines).map(|(line, (worth, quantity, is_tax_free))| {
                Line { line, worth, quantity, returned: 0, is_tax_free }
            }).collect();
            let paid: i64 = lines.iter().map(|line| line.worth).sum();
            let free: i64 =
                lines.iter().filter(|line| line.is_tax_free).map(|line| line.worth).sum();
            prop_assume!(paid > 0);
            let mut balance = Balance { left: paid, tax_free_left: free, lines };
            let (mut back, mut back_free) = (0, 0);
            let everything = (0, 0, 0, 0);
            for (kind, line, quantity, percent) in wishes.into_iter().chain([everything]) {
                let wish = match kind {
                    1 => Wish::Amount(balance.left * i64::from(percent) / 100),
                    2 => Wish::Pieces(vec![(line, quantity)]),
                    3 => Wish::Pieces(vec![(line, quantity), (line + 1, 1)]),
                    _ if back == 0 && percent > 5 => Wish::Amount(1),
                    _ if (kind, line, quantity, percent) == everything => Wish::Everything,
                    _ => Wish::Amount(7),
                };
                let Ok(plan) = balance.plan(&wish) else { continue };
                let by_lines: i64 = plan.lines.iter().map(|line| line.amount).sum();
                prop_assert_eq!(plan.amount, by_lines + plan.by_amount);
                prop_assert!(plan.amount >= 1 && plan.by_amount >= 0);
                prop_assert!((0..=plan.amount).contains(&plan.tax_free));
                back += plan.amount;
                back_free += plan.tax_free;
                balance = after(&balance, &plan);
                prop_assert!(balance.left >= 0 && balance.tax_free_left >= 0);
                prop_assert!(balance.tax_free_left <= balance.left);
            }
            prop_assert_eq!((back, back_free), (paid, free));
            prop_assert!(balance.lines.iter().all(|line| line.returned <= line.quantity));
        }
    }
}
