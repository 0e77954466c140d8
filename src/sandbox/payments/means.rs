//! What the buyer pays with: the choice made in the window, and what it became.

use serde::{Deserialize, Serialize};

use crate::sandbox::language::Word;
use crate::sandbox::payments::institutions::{
    Bank, Company, Provider, bank_by_code, company_by_code, easy_pay_by_code, foreign_by_code,
};
use crate::sandbox::payments::receipts::ReceiptWish;
use crate::sandbox::payments::virtual_account::VirtualAccount;
use crate::sandbox::payments::words;

/// Below this many won no card offers instalments.
pub(crate) const INSTALLMENT_AMOUNT_MIN: i64 = 50_000;
/// One transfer carries no more (Toss: api.md §10 rule 8).
pub(crate) const TRANSFER_AMOUNT_MAX: i64 = 10_000_000;

/// What a buyer chose in the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Card(CardChoice),
    EasyPay {
        provider: &'static Provider,
        mix: Mix,
        points: i64,
        card: CardChoice,
    },
    ForeignEasyPay {
        provider: &'static Provider,
    },
    VirtualAccount(VirtualAccount),
    Transfer(Transfer),
    MobilePhone {
        carrier: &'static str,
        number: String,
    },
    GiftCertificate(Gift),
    /// A card that the merchant's own pay service knows.
    BrandPay(CardChoice),
}

/// A card as chosen, before the amount is known to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CardChoice {
    #[serde(with = "company_by_code")]
    pub(crate) company: &'static Company,
    pub(crate) installment_months: i64,
    pub(crate) interest_free: bool,
    pub(crate) use_card_point: bool,
    pub(crate) check_card: bool,
    pub(crate) corporate: bool,
    /// The number as answers show it, where someone typed it in.
    pub(crate) masked: Option<String>,
    /// Of the amount, what the issuer's instant promotion pays.
    #[serde(default)]
    pub(crate) discount: i64,
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

/// An account transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Transfer {
    #[serde(with = "bank_by_code")]
    pub(crate) bank: &'static Bank,
    pub(crate) cash_receipt: Option<ReceiptWish>,
    pub(crate) use_escrow: bool,
    pub(crate) is_cultural: bool,
}

/// The three gift certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Gift {
    Culture,
    Book,
    Game,
}

impl Gift {
    pub(crate) const ALL: [Gift; 3] = [Gift::Culture, Gift::Book, Gift::Game];

    pub(crate) fn word(self) -> Word {
        match self {
            Gift::Culture => words::CULTURE_GIFT,
            Gift::Book => words::BOOK_GIFT,
            Gift::Game => words::GAME_GIFT,
        }
    }
}

/// What was paid with, to the won.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Means {
    Card(CardPart),
    /// Invariant: card, balance and points sum to the payment's total.
    EasyPay {
        #[serde(with = "easy_pay_by_code")]
        provider: &'static Provider,
        card: Option<CardPart>,
        balance: i64,
        points: i64,
    },
    ForeignEasyPay {
        #[serde(with = "foreign_by_code")]
        provider: &'static Provider,
        amount: i64,
    },
    VirtualAccount(Box<VirtualAccount>),
    Transfer(Transfer),
    MobilePhone {
        number: String,
    },
    GiftCertificate {
        kind: Gift,
    },
}

/// The part a card paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CardPart {
    pub(crate) choice: CardChoice,
    pub(crate) amount: i64,
    /// Together with points the issuer can't tell what kind of card it was.
    pub(crate) beside_points: bool,
}

impl CardPart {
    pub(crate) fn whole(choice: CardChoice, amount: i64) -> CardPart {
        CardPart { choice, amount, beside_points: false }
    }
}

impl Choice {
    /// Splits `total` as chosen.
    ///
    /// Points are kept between one won and all but one, so that each mix has the parts it names.
    pub(crate) fn pay(self, total: i64) -> Means {
        match self {
            Choice::Card(choice) | Choice::BrandPay(choice) => {
                Means::Card(CardPart::whole(choice, total))
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
            Choice::ForeignEasyPay { provider } => {
                Means::ForeignEasyPay { provider, amount: total }
            }
            Choice::VirtualAccount(account) => Means::VirtualAccount(Box::new(account)),
            Choice::Transfer(transfer) => Means::Transfer(transfer),
            Choice::MobilePhone { number, .. } => Means::MobilePhone { number },
            Choice::GiftCertificate(kind) => Means::GiftCertificate { kind },
        }
    }
}

impl Means {
    /// Points and coupons inside an easy pay.
    pub(crate) fn points(&self) -> i64 {
        match self {
            Means::EasyPay { points, .. } => *points,
            Means::Card(_)
            | Means::ForeignEasyPay { .. }
            | Means::VirtualAccount(_)
            | Means::Transfer(_)
            | Means::MobilePhone { .. }
            | Means::GiftCertificate { .. } => 0,
        }
    }

    /// An instant promotion, inside the amount of the card.
    pub(crate) fn discount(&self) -> i64 {
        match self {
            Means::Card(part) => part.choice.discount,
            Means::EasyPay { .. }
            | Means::ForeignEasyPay { .. }
            | Means::VirtualAccount(_)
            | Means::Transfer(_)
            | Means::MobilePhone { .. }
            | Means::GiftCertificate { .. } => 0,
        }
    }

    /// The least that can be paid this way: 100 won by card, 200 from an account.
    pub(crate) fn minimum(&self) -> i64 {
        match self {
            Means::EasyPay { card: None, .. } | Means::VirtualAccount(_) | Means::Transfer(_) => {
                200
            }
            Means::Card(_)
            | Means::EasyPay { card: Some(_), .. }
            | Means::ForeignEasyPay { .. }
            | Means::MobilePhone { .. }
            | Means::GiftCertificate { .. } => 100,
        }
    }

    /// Held back until the buyer has the goods.
    pub(crate) fn use_escrow(&self) -> bool {
        match self {
            Means::VirtualAccount(account) => account.use_escrow,
            Means::Transfer(transfer) => transfer.use_escrow,
            Means::Card(_)
            | Means::EasyPay { .. }
            | Means::ForeignEasyPay { .. }
            | Means::MobilePhone { .. }
            | Means::GiftCertificate { .. } => false,
        }
    }

    /// Books and tickets, which the tax office treats apart.
    pub(crate) fn is_cultural(&self) -> bool {
        match self {
            Means::VirtualAccount(account) => account.is_cultural,
            Means::Transfer(transfer) => transfer.is_cultural,
            Means::Card(_)
            | Means::EasyPay { .. }
            | Means::ForeignEasyPay { .. }
            | Means::MobilePhone { .. }
            | Means::GiftCertificate { .. } => false,
        }
    }

    /// Which cash receipt the buyer asked for.
    pub(crate) fn receipt_wish(&self) -> Option<&ReceiptWish> {
        match self {
            Means::VirtualAccount(account) => account.cash_receipt.as_ref(),
            Means::Transfer(transfer) => transfer.cash_receipt.as_ref(),
            Means::Card(_)
            | Means::EasyPay { .. }
            | Means::ForeignEasyPay { .. }
            | Means::MobilePhone { .. }
            | Means::GiftCertificate { .. } => None,
        }
    }

    /// The virtual account, where one is paid with.
    pub(crate) fn virtual_account(&self) -> Option<&VirtualAccount> {
        match self {
            Means::VirtualAccount(account) => Some(account),
            Means::Card(_)
            | Means::EasyPay { .. }
            | Means::ForeignEasyPay { .. }
            | Means::Transfer(_)
            | Means::MobilePhone { .. }
            | Means::GiftCertificate { .. } => None,
        }
    }

    pub(crate) fn virtual_account_mut(&mut self) -> Option<&mut VirtualAccount> {
        match self {
            Means::VirtualAccount(account) => Some(account),
            Means::Card(_)
            | Means::EasyPay { .. }
            | Means::ForeignEasyPay { .. }
            | Means::Transfer(_)
            | Means::MobilePhone { .. }
            | Means::GiftCertificate { .. } => None,
        }
    }
}

impl Means {
    /// The name of the method (Toss: api.md §3).
    pub(crate) fn word(&self) -> Word {
        match self {
            Means::Card(_) => words::CARD,
            Means::EasyPay { .. } => words::EASY_PAY,
            Means::ForeignEasyPay { .. } => words::FOREIGN_EASY_PAY,
            Means::VirtualAccount(_) => words::VIRTUAL_ACCOUNT,
            Means::Transfer(_) => words::TRANSFER,
            Means::MobilePhone { .. } => words::MOBILE_PHONE,
            Means::GiftCertificate { kind, .. } => kind.word(),
        }
    }

    /// Its Korean name, as the control API shows it.
    pub(crate) fn method(&self) -> &'static str {
        self.word().korean
    }
}
