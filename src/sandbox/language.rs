//! The two languages in which Toss answers, by `Accept-Language` (Toss: api.md §1.4), and a value in both.

/// The language of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    #[default]
    Korean,
    English,
}

/// One value in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) korean: &'static str,
    pub(crate) english: &'static str,
}

impl Word {
    pub(crate) const fn new(korean: &'static str, english: &'static str) -> Word {
        Word { korean, english }
    }

    pub(crate) fn text(self, language: Language) -> String {
        match language {
            Language::Korean => self.korean,
            Language::English => self.english,
        }
        .to_owned()
    }

    /// Whether a request says this word, in whichever language.
    pub(crate) fn is(self, text: &str) -> bool {
        text == self.korean || text == self.english
    }
}
