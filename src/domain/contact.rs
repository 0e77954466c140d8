//! The buyer's name, e-mail address and mobile number: read as people write them, kept in one form,
//! masked for strangers.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::id::Malformed;
use crate::domain::rule::Rule;
use crate::domain::typed;

/// Toss's limit for customerName and customerEmail (Toss: sdk.md §3.5).
pub const LENGTH_MAX: usize = 100;

macro_rules! text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// Of an order that was taken: rules may have become stricter since.
            pub fn kept(text: &str) -> $name {
                $name::parse(text).unwrap_or_else(|_| $name(text.to_owned()))
            }

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
    /// 1 to 100 characters that can be seen, a letter among them.
    BuyerName
);
text!(
    /// At most 100 characters with one `@` and a dotted domain. Whether it exists, only a
    /// letter can tell.
    Email
);
text!(
    /// A Korean mobile number as it is dialled in Korea: `01012345678`. Toss takes no other letters
    /// (Toss: sdk.md §3.5).
    Mobile
);

impl BuyerName {
    pub fn parse(text: &str) -> Result<BuyerName, Malformed> {
        let name = typed::line(text);
        if !typed::is_name(&name) || name.chars().count() > LENGTH_MAX {
            return Err(Malformed { rule: Rule::Name { most: LENGTH_MAX } });
        }
        Ok(BuyerName(name))
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
        let email: String = typed::line(text).chars().map(typed::narrow).collect();
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
            return Err(Malformed { rule: Rule::Email });
        }
        Ok(Email(email))
    }

    /// `h***@example.com`
    pub fn masked(&self) -> String {
        let (user, domain) = self.0.split_once('@').unwrap_or((&self.0, ""));
        format!("{}***@{domain}", user.chars().take(1).collect::<String>())
    }
}

impl Mobile {
    pub fn parse(text: &str) -> Result<Mobile, Malformed> {
        const RULE: Malformed = Malformed { rule: Rule::Mobile };
        let number = typed::digits(text).ok_or(RULE)?;
        // No number that is dialled in Korea begins so.
        let abroad = ["+82", "0082", "82"].iter().find_map(|code| number.strip_prefix(code));
        let number = match abroad {
            Some(rest) => format!("0{}", rest.strip_prefix('0').unwrap_or(rest)),
            None => number,
        };
        let fits = match number.get(..3) {
            Some("010") => number.len() == 11,
            Some("011" | "016" | "017" | "018" | "019") => matches!(number.len(), 10 | 11),
            Some(_) | None => false,
        };
        if fits { Ok(Mobile(number)) } else { Err(RULE) }
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

/// One of them, as forms and the API name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactField {
    Name,
    Email,
    MobilePhone,
}

/// What is wrong with one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongField {
    pub field: ContactField,
    pub rule: Rule,
}

impl ContactField {
    pub fn as_str(self) -> &'static str {
        match self {
            ContactField::Name => "name",
            ContactField::Email => "email",
            ContactField::MobilePhone => "mobilePhone",
        }
    }
}

impl Contact {
    /// Of an order that was taken.
    pub fn kept(name: &str, email: &str, mobile_phone: &str) -> Contact {
        Contact {
            name: BuyerName::kept(name),
            email: Email::kept(email),
            mobile_phone: Mobile::kept(mobile_phone),
        }
    }

    /// Or all that is wrong, in the order of the form.
    pub fn parse(name: &str, email: &str, mobile_phone: &str) -> Result<Contact, Vec<WrongField>> {
        match (BuyerName::parse(name), Email::parse(email), Mobile::parse(mobile_phone)) {
            (Ok(name), Ok(email), Ok(mobile_phone)) => Ok(Contact { name, email, mobile_phone }),
            (name, email, mobile_phone) => {
                let wrongs = [
                    (ContactField::Name, name.err()),
                    (ContactField::Email, email.err()),
                    (ContactField::MobilePhone, mobile_phone.err()),
                ];
                let wrong = |(field, malformed): (ContactField, Option<Malformed>)| {
                    malformed.map(|malformed| WrongField { field, rule: malformed.rule })
                };
                Err(wrongs.into_iter().filter_map(wrong).collect())
            }
        }
    }
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
        for bad in ["", "   ", "\u{3164}", "\u{200b}\u{ffa0}", "a\u{0}b", &"가".repeat(101)] {
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
    fn mobile_numbers_are_read_as_people_write_them_and_kept_in_one_form() {
        for (text, digits) in [
            ("010-1234-5678", "01012345678"),
            ("010 1234 5678", "01012345678"),
            ("010.1234.5678", "01012345678"),
            ("(010) 1234-5678", "01012345678"),
            ("０１０－１２３４－５６７８", "01012345678"),
            ("+82 10-1234-5678", "01012345678"),
            ("+82-10-1234-5678", "01012345678"),
            ("+82 (0)10 1234 5678", "01012345678"),
            ("82 010-1234-5678", "01012345678"),
            ("0082-10-1234-5678", "01012345678"),
            ("\u{202a}010-1234-5678\u{202c}", "01012345678"),
            ("011-123-4567", "0111234567"),
            ("016.1234.5678", "01612345678"),
        ] {
            assert_eq!(Mobile::parse(text).unwrap().as_str(), digits, "{text}");
        }
        assert_eq!(Mobile::parse("01012345678").unwrap().masked(), "010-****-5678");
        for bad in [
            "",
            "+",
            "+82",
            "1234567",
            "00000000",
            "010-123-4567",
            "010-12345-6789",
            "0101234567890123",
            "010-abcd-5678",
            "٠١٠١٢٣٤٥٦٧٨",
            "02-312-3456",
            "031-312-3456",
            "070-1234-5678",
            "0507-1234-5678",
            "1588-1234",
            "+1 415 555 2671",
            "+82 2 312 3456",
            "010-1234-5678, 010-8765-4321",
        ] {
            assert!(Mobile::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_an_order_was_taken_with_is_kept() {
        for (text, kept) in [
            ("821012345678", "01012345678"),
            ("0212345678", "0212345678"),
            ("00000000", "00000000"),
        ] {
            assert_eq!(Mobile::kept(text).as_str(), kept);
        }
        assert_eq!(BuyerName::kept("\u{3164}").as_str(), "\u{3164}");
    }
}
