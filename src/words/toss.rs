//! Names of banks, card companies and methods. What was kept of a payment has them as Toss said them, or
//! as the shop did, in one language: here they are found again in another.

use std::borrow::Cow;

use crate::domain::bank::{Account, Bank};
use crate::domain::issuer::Issuer;
use crate::domain::language::Language;
use crate::words::{en, ko};

/// What Toss calls methods, providers and kinds of cash receipts (Toss: api.md §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TossWord {
    Card,
    VirtualAccount,
    EasyPay,
    Mobile,
    Transfer,
    CultureGift,
    BookGift,
    GameGift,
    TossPay,
    NaverPay,
    KakaoPay,
    SamsungPay,
    ApplePay,
    LPay,
    Payco,
    SsgPay,
    PinPay,
    Payment,
    IncomeDeduction,
    ProofOfExpense,
}

impl TossWord {
    pub const ALL: [TossWord; 20] = [
        TossWord::Card,
        TossWord::VirtualAccount,
        TossWord::EasyPay,
        TossWord::Mobile,
        TossWord::Transfer,
        TossWord::CultureGift,
        TossWord::BookGift,
        TossWord::GameGift,
        TossWord::TossPay,
        TossWord::NaverPay,
        TossWord::KakaoPay,
        TossWord::SamsungPay,
        TossWord::ApplePay,
        TossWord::LPay,
        TossWord::Payco,
        TossWord::SsgPay,
        TossWord::PinPay,
        TossWord::Payment,
        TossWord::IncomeDeduction,
        TossWord::ProofOfExpense,
    ];

    pub fn say(self, language: Language) -> &'static str {
        match language {
            Language::Ko => ko::toss::say(self),
            Language::En => en::toss::say(self),
        }
    }
}

/// A bank's name; its code where it is new.
pub fn bank(code: &str, language: Language) -> &str {
    Bank::of_code(code).map_or(code, |bank| bank_name(bank, language))
}

/// An account as it is kept for its owner to recognise: [`name`] says it in any language.
pub fn account_shown(account: &Account) -> String {
    format!("{} {}", bank_name(account.bank(), Language::default()), account.ending())
}

/// A card company's name; its code where it is new.
pub fn issuer(code: &str, language: Language) -> &str {
    Issuer::of_code(code).map_or(code, |issuer| issuer_name(issuer, language))
}

pub fn bank_name(bank: Bank, language: Language) -> &'static str {
    match language {
        Language::Ko => ko::bank::say(bank),
        Language::En => en::bank::say(bank),
    }
}

fn issuer_name(issuer: Issuer, language: Language) -> &'static str {
    match language {
        Language::Ko => ko::issuer::say(issuer),
        Language::En => en::issuer::say(issuer),
    }
}

/// A name that was kept, in whatever language it was; what is none that is known stays as it is. Each of
/// several that stand in one text is looked up: a method and its provider, a bank and the end of an
/// account's number.
pub fn name(kept: &str, language: Language) -> Cow<'_, str> {
    let one = |kept: &str| known(kept, language).map(str::to_owned);
    if let Some(known) = known(kept, language) {
        return known.into();
    }
    if let Some((first, rest)) = kept.split_once(" · ") {
        let first = one(first).unwrap_or_else(|| first.to_owned());
        return format!("{first} · {}", name(rest, language)).into();
    }
    match kept.split_once(" ****") {
        Some((bank, end)) => match one(bank) {
            Some(bank) => format!("{bank} ****{end}").into(),
            None => kept.into(),
        },
        None => kept.into(),
    }
}

fn known(kept: &str, language: Language) -> Option<&'static str> {
    let is =
        |say: &dyn Fn(Language) -> &'static str| Language::ALL.iter().any(|it| say(*it) == kept);
    let banks = Bank::ALL.into_iter().find(|it| is(&|language| bank_name(*it, language)));
    let issuers = Issuer::ALL.into_iter().find(|it| is(&|language| issuer_name(*it, language)));
    let words = TossWord::ALL.into_iter().find(|it| is(&|language| it.say(language)));
    let banks = banks.map(|it| bank_name(it, language));
    banks
        .or_else(|| issuers.map(|it| issuer_name(it, language)))
        .or_else(|| words.map(|it| it.say(language)))
}

#[cfg(test)]
mod tests {
    use super::name;
    use crate::domain::language::Language::{En, Ko};

    #[test]
    fn names_that_were_kept_are_said_in_any_language() {
        for (korean, english) in [
            ("카드", "Card"),
            ("간편결제 · 토스페이", "Easy pay · Toss Pay"),
            ("우리은행 ****6789", "Woori Bank ****6789"),
            ("신한카드", "Shinhan Card"),
            ("KB국민은행", "KB Kookmin Bank"),
            ("????", "????"),
            ("", ""),
        ] {
            assert_eq!(name(korean, En), english);
            assert_eq!(name(english, Ko), korean);
            assert_eq!(name(korean, Ko), korean);
        }
        assert_eq!(name("간편결제 · 내년페이", En), "Easy pay · 내년페이");
    }
}
