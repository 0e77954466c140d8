//! Banks, and the account to which a refund is paid: checked once, never printed.

use std::fmt;

use crate::domain::typed;

/// Each bank's code at Toss and its name (Toss: api.md §9.2, another table than the cards').
pub const BANKS: &[(&str, &str)] = &[
    ("06", "KB국민은행"),
    ("88", "신한은행"),
    ("20", "우리은행"),
    ("81", "하나은행"),
    ("11", "NH농협은행"),
    ("03", "IBK기업은행"),
    ("90", "카카오뱅크"),
    ("92", "토스뱅크"),
    ("89", "케이뱅크"),
    ("23", "SC제일은행"),
    ("31", "iM뱅크(대구)"),
    ("32", "부산은행"),
    ("39", "경남은행"),
    ("34", "광주은행"),
    ("37", "전북은행"),
    ("35", "제주은행"),
    ("07", "Sh수협은행"),
    ("45", "새마을금고"),
    ("48", "신협"),
    ("71", "우체국예금보험"),
    ("12", "단위농협"),
    ("64", "산림조합"),
    ("50", "저축은행중앙회"),
    ("02", "한국산업은행"),
    ("27", "씨티은행"),
    ("54", "홍콩상하이은행"),
];

/// A bank's name; its code where it is new.
pub fn name(code: &str) -> &str {
    BANKS.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| name)
}

/// Where a refund is to be paid to.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    bank: &'static str,
    number: String,
    holder: String,
}

/// What is wrong with an account; each has a field of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    Bank,
    Number,
    Holder,
}

impl Wrong {
    /// The field, as forms and the API name it.
    pub fn field(self) -> &'static str {
        match self {
            Wrong::Bank => "bank",
            Wrong::Number => "accountNumber",
            Wrong::Holder => "holderName",
        }
    }

    /// Reads [`Wrong::field`].
    pub fn of_field(field: &str) -> Option<Wrong> {
        [Wrong::Bank, Wrong::Number, Wrong::Holder].into_iter().find(|it| it.field() == field)
    }

    /// Several, as they stand in an address: `bank.holderName`.
    pub fn fields(wrongs: &[Wrong]) -> String {
        wrongs.iter().map(|wrong| wrong.field()).collect::<Vec<_>>().join(".")
    }

    /// Reads [`Wrong::fields`]; what is none is left out.
    pub fn of_fields(fields: &str) -> Vec<Wrong> {
        fields.split('.').filter_map(Wrong::of_field).collect()
    }

    pub fn sentence(self) -> &'static str {
        match self {
            Wrong::Bank => "은행을 목록에서 골라 주세요",
            Wrong::Number => "계좌번호는 숫자 6~20자리로 입력해 주세요",
            Wrong::Holder => "예금주는 1~60자로 입력해 주세요",
        }
    }
}

/// Digits of an account number: Toss's limit (Toss: api.md §5.1), and fewer than any bank gives.
const NUMBER_MAX: usize = 20;
const NUMBER_MIN: usize = 6;

/// Toss's limit, in characters.
const HOLDER_MAX: usize = 60;

impl Account {
    /// Read as people write them; or all that is wrong, in the order of the form.
    pub fn parse(bank: &str, number: &str, holder: &str) -> Result<Account, Vec<Wrong>> {
        let bank = BANKS.iter().find(|(code, _)| *code == bank.trim());
        let is_number = |number: &String| {
            !number.starts_with('+') && (NUMBER_MIN..=NUMBER_MAX).contains(&number.len())
        };
        let number = typed::digits(number).filter(is_number);
        let holder = typed::line(holder);
        let is_holder = typed::is_name(&holder) && holder.chars().count() <= HOLDER_MAX;
        match (bank, number, is_holder) {
            (Some((bank, _)), Some(number), true) => Ok(Account { bank, number, holder }),
            (bank, number, is_holder) => {
                let wrongs = [
                    (Wrong::Bank, bank.is_none()),
                    (Wrong::Number, number.is_none()),
                    (Wrong::Holder, !is_holder),
                ];
                let wrongs = wrongs.into_iter().filter(|(_, is_wrong)| *is_wrong);
                Err(wrongs.map(|(wrong, _)| wrong).collect())
            }
        }
    }

    pub fn bank(&self) -> &'static str {
        self.bank
    }

    pub fn number(&self) -> &str {
        &self.number
    }

    pub fn holder(&self) -> &str {
        &self.holder
    }

    /// `우리은행 ****6789`
    pub fn masked(&self) -> String {
        let shown = self.number.len().saturating_sub(4);
        format!("{} ****{}", name(self.bank), self.number.get(shown..).unwrap_or_default())
    }
}

// Personal data: a log that prints it shows only what a stranger may see.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::{Account, Wrong, name};

    #[test]
    fn accounts_are_checked_field_by_field_and_never_printed() {
        let account = Account::parse("20", "1002-123 456789", " 홍길동 ").unwrap();
        assert_eq!((account.number(), account.holder()), ("1002123456789", "홍길동"));
        for number in ["１００２－１２３４５６７８９", "1002.123.456789"] {
            let account = Account::parse("20", number, "홍길동").unwrap();
            assert_eq!(account.number(), "1002123456789");
        }
        assert_eq!(format!("{account:?}"), "우리은행 ****6789");
        let long = "1".repeat(21);
        let name_too_long = "가".repeat(61);
        for (bank, number, holder, wrong) in [
            ("99", "1002123456789", "홍길동", Wrong::Bank),
            ("", "1002123456789", "홍길동", Wrong::Bank),
            ("20", "12345", "홍길동", Wrong::Number),
            ("20", "+1002123456789", "홍길동", Wrong::Number),
            ("20", "1002-12a456", "홍길동", Wrong::Number),
            ("20", &long, "홍길동", Wrong::Number),
            ("20", "", "홍길동", Wrong::Number),
            ("20", "1002123456789", "  ", Wrong::Holder),
            ("20", "1002123456789", "홍\n동", Wrong::Holder),
            ("20", "1002123456789", "\u{3164}", Wrong::Holder),
            ("20", "1002123456789", &name_too_long, Wrong::Holder),
        ] {
            assert_eq!(Account::parse(bank, number, holder), Err(vec![wrong]), "{bank} {holder}");
            assert_eq!(Wrong::of_field(wrong.field()), Some(wrong));
        }
        let all = Account::parse("", "x", "").unwrap_err();
        assert_eq!(all, [Wrong::Bank, Wrong::Number, Wrong::Holder]);
        assert_eq!(Wrong::of_fields(&Wrong::fields(&all)), all);
        assert_eq!(Wrong::of_fields("holderName.<b>..bank"), [Wrong::Holder, Wrong::Bank]);
        assert_eq!((name("06"), name("00")), ("KB국민은행", "00"));
    }
}
