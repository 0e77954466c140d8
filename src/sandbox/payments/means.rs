//! What the buyer pays with: the choice made in the window, and how it splits the amount.

use crate::sandbox::payments::{Company, Provider};

/// Below this many won no card offers instalments.
pub(crate) const INSTALLMENT_AMOUNT_MIN: i64 = 50_000;

/// What a buyer chose in the window.
///
/// Later methods (virtual account, transfer, phone, gift certificates) are new arms here, in
/// `Means`, and in `face`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Card(CardChoice),
    EasyPay { provider: &'static Provider, mix: Mix, points: i64, card: CardChoice },
}

/// A card as chosen, before the amount is known to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CardChoice {
    pub(crate) company: &'static Company,
    pub(crate) installment_months: i64,
    pub(crate) interest_free: bool,
    pub(crate) use_card_point: bool,
    pub(crate) check_card: bool,
    pub(crate) corporate: bool,
}

/// The five ways in which easy pay is paid (Toss: api.md §3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mix {
    Card,
    CardAndPoints,
    Balance,
    BalanceAndPoints,
    Points,
}

impl Mix {
    pub(crate) const ALL: [Mix; 5] =
        [Mix::Card, Mix::CardAndPoints, Mix::Balance, Mix::BalanceAndPoints, Mix::Points];

    /// As the control API spells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Mix::Card => "CARD",
            Mix::CardAndPoints => "CARD_POINTS",
            Mix::Balance => "BALANCE",
            Mix::BalanceAndPoints => "BALANCE_POINTS",
            Mix::Points => "POINTS",
        }
    }
}

/// What was paid with, to the won.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Means {
    Card(CardPart),
    /// Invariant: card, balance and points sum to the payment's total.
    EasyPay {
        provider: &'static Provider,
        card: Option<CardPart>,
        balance: i64,
        points: i64,
    },
}

/// The part a card paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CardPart {
    pub(crate) choice: CardChoice,
    pub(crate) amount: i64,
    /// Together with points the issuer can't tell what kind of card it was.
    pub(crate) beside_points: bool,
}

impl Choice {
    /// Splits `total` as chosen.
    ///
    /// Points are kept between one won and all but one, so that each mix has the parts it names.
    pub(crate) fn pay(self, total: i64) -> Means {
        match self {
            Choice::Card(choice) => {
                Means::Card(CardPart { choice, amount: total, beside_points: false })
            }
            Choice::EasyPay { provider, mix, points, card } => {
                let points = match mix {
                    Mix::Card | Mix::Balance => 0,
                    Mix::CardAndPoints | Mix::BalanceAndPoints => points.min(total - 1).max(0),
                    Mix::Points => total,
                };
                let rest = total - points;
                let by_card =
                    |amount, beside_points| Some(CardPart { choice: card, amount, beside_points });
                let (card, balance) = match mix {
                    Mix::Card => (by_card(rest, false), 0),
                    Mix::CardAndPoints => (by_card(rest, true), 0),
                    Mix::Balance | Mix::BalanceAndPoints => (None, rest),
                    Mix::Points => (None, 0),
                };
                Means::EasyPay { provider, card, balance, points }
            }
        }
    }
}

impl Means {
    /// Korean name of the method (Toss: api.md §3).
    pub(crate) fn method(&self) -> &'static str {
        match self {
            Means::Card(_) => "카드",
            Means::EasyPay { .. } => "간편결제",
        }
    }

    /// Points and coupons inside an easy pay.
    pub(crate) fn points(&self) -> i64 {
        match self {
            Means::Card(_) => 0,
            Means::EasyPay { points, .. } => *points,
        }
    }

    /// The least that can be paid this way: 100 won by card, 200 from an account.
    pub(crate) fn minimum(&self) -> i64 {
        match self {
            Means::Card(_) => 100,
            Means::EasyPay { card: Some(_), .. } => 100,
            Means::EasyPay { card: None, .. } => 200,
        }
    }
}
