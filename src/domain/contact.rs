//! The buyer's name, e-mail address and mobile number: checked once, masked for strangers.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::id::Malformed;

/// Toss's limit for customerName and customerEmail (Toss: sdk.md §3.5).
const LENGTH_MAX: usize = 100;

macro_rules! text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        // Personal data: a log that prints it shows only what a stranger may see.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.masked())
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = Malformed;

            fn try_from(text: String) -> Result<Self, Malformed> {
                $name::parse(&text)
            }
        }
    };
}

text!(
    /// 1 to 100 characters, trimmed.
    BuyerName
);
text!(
    /// At most 100 characters with one `@` and a dotted domain. Whether it exists, only a
    /// letter can tell.
    Email
);
text!(
    /// 8 to 15 digits; hyphens, blanks and a leading `+` are dropped (Toss: sdk.md §3.5).
    Mobile
);

impl BuyerName {
    pub fn parse(text: &str) -> Result<BuyerName, Malformed> {
        let name = text.trim();
        let length = name.chars().count();
        if !(1..=LENGTH_MAX).contains(&length) || name.chars().any(char::is_control) {
            return Err(Malformed { rule: "이름은 1~100자로 입력해 주세요" });
        }
        Ok(BuyerName(name.to_owned()))
    }

    /// `홍*동`, `홍*`, `J******e`
    pub fn masked(&self) -> String {
        let length = self.0.chars().count();
        let shown = |place: usize| place == 0 || (place + 1 == length && length > 2);
        self.0.chars().enumerate().map(|(place, c)| if shown(place) { c } else { '*' }).collect()
    }
}

impl Email {
    pub fn parse(text: &str) -> Result<Email, Malformed> {
        let email = text.trim();
        let fits = email.len() <= LENGTH_MAX && email.bytes().all(|byte| byte.is_ascii_graphic());
        let formed = email.split_once('@').is_some_and(|(user, domain)| {
            let labels = domain.split('.').all(|label| {
                let ends = label.starts_with('-') || label.ends_with('-');
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
                !label.is_empty() && !ends && label.bytes().all(plain)
            });
            !user.is_empty() && domain.contains('.') && labels
        });
        if !fits || !formed || email.contains(['<', '>', '"', ',', ';']) {
            return Err(Malformed {
                rule: "이메일은 name@example.com 형식으로 입력해 주세요"
            });
        }
        Ok(Email(email.to_owned()))
    }

    /// `h***@example.com`
    pub fn masked(&self) -> String {
        let (user, domain) = self.0.split_once('@').unwrap_or((&self.0, ""));
        format!("{}***@{domain}", user.chars().take(1).collect::<String>())
    }
}

impl Mobile {
    pub fn parse(text: &str) -> Result<Mobile, Malformed> {
        let number = text.trim();
        let number = number.strip_prefix('+').unwrap_or(number);
        let digits: String = number.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
        let fits = (8..=15).contains(&digits.len());
        if !fits || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Malformed {
                rule: "휴대폰 번호는 숫자 8~15자리로 입력해 주세요"
            });
        }
        Ok(Mobile(digits))
    }

    /// `010-****-5678`
    pub fn masked(&self) -> String {
        let start: String = self.0.chars().take(3).collect();
        let end: String = self.0.chars().skip(self.0.chars().count().saturating_sub(4)).collect();
        format!("{start}-****-{end}")
    }
}

/// Who buys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    pub name: BuyerName,
    pub email: Email,
    pub mobile_phone: Mobile,
}

#[cfg(test)]
mod tests {
    use super::{BuyerName, Email, Mobile};

    #[test]
    fn names_are_trimmed_and_masked() {
        for (text, masked) in
            [(" 홍길동 ", "홍*동"), ("이산", "이*"), ("남궁민수", "남**수"), ("김", "김")]
        {
            assert_eq!(BuyerName::parse(text).unwrap().masked(), masked);
        }
        for bad in ["", "   ", "a\u{0}b", &"가".repeat(101)] {
            assert!(BuyerName::parse(bad).is_err(), "{bad}");
        }
        assert!(BuyerName::parse(&"가".repeat(100)).is_ok());
    }

    #[test]
    fn email_addresses_look_like_ones() {
        assert_eq!(Email::parse(" hong@example.co.kr ").unwrap().masked(), "h***@example.co.kr");
        for bad in [
            "",
            "hong",
            "@example.com",
            "hong@",
            "hong@example",
            "a b@example.com",
            "a@b@c.com",
            "hong@.com",
            "hong@example..com",
            "hong@-a.com",
            "<x>@example.com",
            "홍@example.com",
        ] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn mobile_numbers_are_digits_in_the_end() {
        for (text, digits) in [
            ("010-1234-5678", "01012345678"),
            ("010 1234 5678", "01012345678"),
            ("+82 10-1234-5678", "821012345678"),
        ] {
            assert_eq!(Mobile::parse(text).unwrap().as_str(), digits);
        }
        assert_eq!(Mobile::parse("01012345678").unwrap().masked(), "010-****-5678");
        for bad in ["", "1234567", "0101234567890123", "010-abcd-5678", "٠١٠١٢٣٤٥٦٧٨"] {
            assert!(Mobile::parse(bad).is_err(), "{bad}");
        }
    }
}
