//! Banks, and the account to which a refund is paid: checked once, never printed.

use std::fmt;

use crate::domain::typed;

/// A bank, as Toss knows it (Toss: api.md §9.2, another table than the cards').
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bank {
    Kookmin,
    Shinhan,
    Woori,
    Hana,
    Nonghyup,
    Ibk,
    Kakao,
    Toss,
    K,
    First,
    Im,
    Busan,
    Kyongnam,
    Kwangju,
    Jeonbuk,
    Jeju,
    Suhyup,
    Saemaul,
    Shinhyup,
    Post,
    LocalNonghyup,
    Forestry,
    Savings,
    Kdb,
    Citi,
    Hsbc,
}

impl Bank {
    /// In the order in which they are offered.
    pub const ALL: [Bank; 26] = [
        Bank::Kookmin,
        Bank::Shinhan,
        Bank::Woori,
        Bank::Hana,
        Bank::Nonghyup,
        Bank::Ibk,
        Bank::Kakao,
        Bank::Toss,
        Bank::K,
        Bank::First,
        Bank::Im,
        Bank::Busan,
        Bank::Kyongnam,
        Bank::Kwangju,
        Bank::Jeonbuk,
        Bank::Jeju,
        Bank::Suhyup,
        Bank::Saemaul,
        Bank::Shinhyup,
        Bank::Post,
        Bank::LocalNonghyup,
        Bank::Forestry,
        Bank::Savings,
        Bank::Kdb,
        Bank::Citi,
        Bank::Hsbc,
    ];

    /// Toss's code.
    pub fn code(self) -> &'static str {
        match self {
            Bank::Kookmin => "06",
            Bank::Shinhan => "88",
            Bank::Woori => "20",
            Bank::Hana => "81",
            Bank::Nonghyup => "11",
            Bank::Ibk => "03",
            Bank::Kakao => "90",
            Bank::Toss => "92",
            Bank::K => "89",
            Bank::First => "23",
            Bank::Im => "31",
            Bank::Busan => "32",
            Bank::Kyongnam => "39",
            Bank::Kwangju => "34",
            Bank::Jeonbuk => "37",
            Bank::Jeju => "35",
            Bank::Suhyup => "07",
            Bank::Saemaul => "45",
            Bank::Shinhyup => "48",
            Bank::Post => "71",
            Bank::LocalNonghyup => "12",
            Bank::Forestry => "64",
            Bank::Savings => "50",
            Bank::Kdb => "02",
            Bank::Citi => "27",
            Bank::Hsbc => "54",
        }
    }

    /// Reads [`Bank::code`]; `None` is a new one.
    pub fn of_code(code: &str) -> Option<Bank> {
        Bank::ALL.into_iter().find(|it| it.code() == code)
    }
}

/// Where a refund is to be paid to.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    bank: Bank,
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
}

/// Digits of an account number: Toss's limit (Toss: api.md §5.1), and fewer than any bank gives.
const NUMBER_MAX: usize = 20;
const NUMBER_MIN: usize = 6;

/// Toss's limit, in characters.
const HOLDER_MAX: usize = 60;

impl Account {
    /// Read as people write them; or all that is wrong, in the order of the form.
    pub fn parse(bank: &str, number: &str, holder: &str) -> Result<Account, Vec<Wrong>> {
        let bank = Bank::of_code(bank.trim());
        let is_number = |number: &String| {
            !number.starts_with('+') && (NUMBER_MIN..=NUMBER_MAX).contains(&number.len())
        };
        let number = typed::digits(number).filter(is_number);
        let holder = typed::line(holder);
        let is_holder = typed::is_name(&holder) && holder.chars().count() <= HOLDER_MAX;
        match (bank, number, is_holder) {
            (Some(bank), Some(number), true) => Ok(Account { bank, number, holder }),
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

    pub fn bank(&self) -> Bank {
        self.bank
    }

    pub fn number(&self) -> &str {
        &self.number
    }

    pub fn holder(&self) -> &str {
        &self.holder
    }

    /// `****6789`
    pub fn ending(&self) -> String {
        let shown = self.number.len().saturating_sub(4);
        format!("****{}", self.number.get(shown..).unwrap_or_default())
    }

    /// `20 ****6789`, by the bank's code.
    fn masked(&self) -> String {
        format!("{} {}", self.bank.code(), self.ending())
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
    use super::{Account, Bank, Wrong};

    #[test]
    fn accounts_are_checked_field_by_field_and_never_printed() {
        let account = Account::parse("20", "1002-123 456789", " 홍길동 ").unwrap();
        assert_eq!((account.number(), account.holder()), ("1002123456789", "홍길동"));
        for number in ["１００２－１２３４５６７８９", "1002.123.456789"] {
            let account = Account::parse("20", number, "홍길동").unwrap();
            assert_eq!(account.number(), "1002123456789");
        }
        assert_eq!(format!("{account:?}"), "20 ****6789");
        assert_eq!(account.ending(), "****6789");
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
        for bank in Bank::ALL {
            assert_eq!(Bank::of_code(bank.code()), Some(bank));
        }
        assert_eq!(Bank::of_code("00"), None);
    }
}
