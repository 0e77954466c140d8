//! A time of day in Korea.

use crate::domain::language::Language;
use crate::words::{en, ko};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub year: i16,
    pub month: i8,
    pub day: i8,
    pub hour: i8,
    pub minute: i8,
}

impl Moment {
    pub fn say(self, language: Language) -> String {
        match language {
            Language::Ko => ko::moment::say(self),
            Language::En => en::moment::say(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;
    use crate::domain::language::Language::{En, Ko};

    #[test]
    fn a_time_is_told_as_its_language_tells_it() {
        let at = |month, hour| Moment { year: 2026, month, day: 2, hour, minute: 5 };
        for (moment, korean, english) in [
            (at(12, 15), "2026. 12. 2. 15:05", "Dec 2, 2026, 3:05 PM (KST)"),
            (at(1, 0), "2026. 1. 2. 00:05", "Jan 2, 2026, 12:05 AM (KST)"),
            (at(5, 12), "2026. 5. 2. 12:05", "May 2, 2026, 12:05 PM (KST)"),
            (at(9, 9), "2026. 9. 2. 09:05", "Sep 2, 2026, 9:05 AM (KST)"),
        ] {
            assert_eq!((moment.say(Ko), moment.say(En)), (korean.to_owned(), english.to_owned()));
        }
    }
}
