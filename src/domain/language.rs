//! The languages that people are spoken to in, and which of them somebody asks for.

use std::cmp::Reverse;

/// Korean, unless something else is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    Ko,
    En,
}

/// Ranges of an `Accept-Language` that are looked at: a browser sends a handful.
const RANGES_MAX: usize = 32;

/// A weight of 1, in thousandths.
const WHOLE: u32 = 1_000;

impl Language {
    pub const ALL: [Language; 2] = [Language::Ko, Language::En];

    /// As in `lang="ko"`.
    pub fn as_str(self) -> &'static str {
        match self {
            Language::Ko => "ko",
            Language::En => "en",
        }
    }

    /// Reads a tag, `en` or `en-US`; `None` is a language that nobody speaks here.
    pub fn parse(tag: &str) -> Option<Language> {
        let first = tag.split('-').next().unwrap_or_default();
        Language::ALL.into_iter().find(|it| it.as_str().eq_ignore_ascii_case(first))
    }

    /// The best that an `Accept-Language` allows. What cannot be read is passed over, and where
    /// nothing is left it is the default.
    pub fn accepted(header: &str) -> Language {
        let ranges = header.split(',').take(RANGES_MAX).enumerate();
        let ranges: Vec<_> =
            ranges.filter_map(|(place, range)| Range::parse(place, range)).collect();
        let wish = |language: Language| {
            let named = ranges.iter().filter(|range| Language::parse(range.tag) == Some(language));
            let any = ranges.iter().filter(|range| range.tag == "*");
            let best =
                named.max_by_key(|range| range.rank()).or_else(|| any.max_by_key(|it| it.rank()));
            best.filter(|range| range.weight > 0).map(Range::rank)
        };
        let [first, second] = Language::ALL;
        if wish(second) > wish(first) { second } else { first }
    }
}

/// One part of the header: `en-US;q=0.8`.
struct Range<'a> {
    tag: &'a str,
    weight: u32,
    place: usize,
}

impl Range<'_> {
    fn parse(place: usize, text: &str) -> Option<Range<'_>> {
        let (tag, weight) = match text.split_once(';') {
            Some((tag, weight)) => (tag, thousandths(weight.trim().strip_prefix("q=")?)?),
            None => (text, WHOLE),
        };
        Some(Range { tag: tag.trim(), weight, place })
    }

    /// The heavier goes first, and of two of one weight the one that was named first.
    fn rank(&self) -> (u32, Reverse<usize>) {
        let place = if self.tag == "*" { usize::MAX } else { self.place };
        (self.weight, Reverse(place))
    }
}

/// `1`, `0.8`, `0.125` in thousandths, as far as that is a weight.
fn thousandths(text: &str) -> Option<u32> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let is_weight = whole.len() == 1 && rest.len() <= 3;
    let digits = format!("{whole}{rest:0<3}");
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let weight = digits.parse().ok().filter(|_| is_weight && is_number)?;
    (weight <= WHOLE).then_some(weight)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Language::{self, En, Ko};

    #[test]
    fn a_tag_is_read_with_its_region_or_without() {
        for (tag, language) in [
            ("ko", Some(Ko)),
            ("ko-KR", Some(Ko)),
            ("EN", Some(En)),
            ("en-GB", Some(En)),
            ("eng", None),
            ("xx", None),
            ("", None),
            ("*", None),
            ("-", None),
        ] {
            assert_eq!(Language::parse(tag), language, "{tag}");
        }
        for language in Language::ALL {
            assert_eq!(Language::parse(language.as_str()), Some(language));
        }
    }

    #[test]
    fn the_heaviest_that_is_spoken_here_is_accepted() {
        for (header, language) in [
            ("", Ko),
            ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", Ko),
            ("en-US,en;q=0.9,ko;q=0.8", En),
            ("en;q=0.1, ko;q=0.2", Ko),
            ("fr-FR, fr;q=0.9, en;q=0.5", En),
            ("fr, de;q=0.9", Ko),
            ("ja, *;q=0.1", Ko),
            ("*", Ko),
            ("ko;q=0.1, *;q=0.9", En),
            ("ko;q=0, *", En),
            ("en;q=0, *;q=0.5", Ko),
            ("en;q=0", Ko),
            ("ko, en", Ko),
            ("en, ko", En),
            ("en;q=1.000", En),
            // What is no weight takes its range with it.
            ("en;q=1.5", Ko),
            ("en;q=", Ko),
            ("en;q=0.1234", Ko),
            ("en;q=-1", Ko),
            ("en;level=1", Ko),
            (";;,,;q=1,", Ko),
            (&format!("{}en", "fr,".repeat(10_000)), Ko),
        ] {
            let shown = &header[..header.len().min(60)];
            assert_eq!(Language::accepted(header), language, "{shown}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_answered(header in "\\PC{0,200}") {
            let language = Language::accepted(&header);
            prop_assert!(Language::ALL.contains(&language));
        }
    }
}
