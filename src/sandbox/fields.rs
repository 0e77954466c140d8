//! Reads a JSON object field by field, so that a fault names the field and what is wrong.

use std::fmt;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::sandbox::dice::Probability;
use crate::toss::Amount;

const MISSING: &str = "is missing";
/// Digits of a number in a text: all that 64 bits hold.
const NUMBER_LENGTH_MAX: usize = 20;

/// What is left to read of an object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    object: Map<String, Value>,
    manner: Manner,
}

/// How it is read: to the letter, unless told otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Manner {
    pub(crate) blank: Blank,
    pub(crate) kinds: Kinds,
}

/// What an optional field says that is there and has nothing in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Blank {
    /// A value like any other, which its rules judge.
    #[default]
    Value,
    /// As much as one that is not there.
    Absent,
}

/// Whether a text may hold a number or a yes, and a number stand for a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kinds {
    #[default]
    Distinct,
    Converted,
}

/// A field that can't be taken as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldFault {
    pub(crate) field: String,
    pub(crate) problem: String,
}

impl FieldFault {
    pub(crate) fn new(field: &str, problem: impl Into<String>) -> FieldFault {
        FieldFault { field: field.to_owned(), problem: problem.into() }
    }

    /// Whether the field is not there at all.
    pub(crate) fn is_missing(&self) -> bool {
        self.problem == MISSING
    }
}

impl fmt::Display for FieldFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.problem)
    }
}

impl Fields {
    pub(crate) fn parse(body: &[u8]) -> Result<Fields, FieldFault> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => Ok(Fields { object, ..Fields::default() }),
            Ok(_) => Err(FieldFault::new("body", "must be a JSON object")),
            Err(fault) => Err(FieldFault::new("body", format!("is not JSON: {fault}"))),
        }
    }

    /// What a query says; of two values under one name the last counts.
    pub(crate) fn of_texts(texts: Vec<(String, String)>) -> Fields {
        let object = texts.into_iter().map(|(name, text)| (name, Value::String(text))).collect();
        Fields { object, ..Fields::default() }
    }

    pub(crate) fn of(value: Value) -> Result<Fields, FieldFault> {
        let Value::Object(object) = value else {
            return Err(FieldFault::new("body", "must be a JSON object"));
        };
        Ok(Fields { object, ..Fields::default() })
    }

    pub(crate) fn with_manner(self, manner: Manner) -> Fields {
        Fields { manner, ..self }
    }

    /// A text without taking it: for what is only noted down.
    pub(crate) fn peek(&self, name: &str) -> Option<&str> {
        self.object.get(name)?.as_str()
    }

    /// A value as it is. `null` counts as absent, here and everywhere below.
    pub(crate) fn value(&mut self, name: &str) -> Option<Value> {
        self.object.remove(name).filter(|value| !value.is_null())
    }

    /// The same where the field is optional, so that an empty text may count as absent too.
    pub(crate) fn optional(&mut self, name: &str) -> Option<Value> {
        let value = self.value(name)?;
        let is_absent = self.manner.blank == Blank::Absent && value.as_str() == Some("");
        (!is_absent).then_some(value)
    }

    /// An object inside, which is optional. One that holds nothing may count as absent.
    pub(crate) fn object(&mut self, name: &str) -> Result<Option<Fields>, FieldFault> {
        let manner = self.manner;
        match self.optional(name) {
            None => Ok(None),
            Some(value @ Value::Object(_))
                if manner.blank == Blank::Absent && holds_nothing(&value) =>
            {
                Ok(None)
            }
            Some(Value::Object(object)) => Ok(Some(Fields { object, manner })),
            Some(_) => Err(FieldFault::new(name, "must be an object")),
        }
    }

    /// A text, or a number that stands for one: Toss takes both where measured.
    pub(crate) fn loose_text(
        &mut self,
        name: &str,
        length: RangeInclusive<usize>,
    ) -> Result<String, FieldFault> {
        if let Some(Value::Number(number)) = self.object.get(name) {
            let text = Value::String(number.to_string());
            self.object.insert(name.to_owned(), text);
        }
        self.text(name, length)
    }

    pub(crate) fn maybe_text(
        &mut self,
        name: &str,
        length: RangeInclusive<usize>,
    ) -> Result<Option<String>, FieldFault> {
        let kinds = self.manner.kinds;
        self.optional(name).map(|value| text_of(name, value, &length, kinds)).transpose()
    }

    pub(crate) fn text(
        &mut self,
        name: &str,
        length: RangeInclusive<usize>,
    ) -> Result<String, FieldFault> {
        text_of(name, self.needed(name)?, &length, self.manner.kinds)
    }

    pub(crate) fn maybe_whole(
        &mut self,
        name: &str,
        range: RangeInclusive<i64>,
    ) -> Result<Option<i64>, FieldFault> {
        let kinds = self.manner.kinds;
        self.optional(name).map(|value| whole_of(name, &value, &range, kinds)).transpose()
    }

    pub(crate) fn whole(
        &mut self,
        name: &str,
        range: RangeInclusive<i64>,
    ) -> Result<i64, FieldFault> {
        whole_of(name, &self.needed(name)?, &range, self.manner.kinds)
    }

    /// A whole number, or a text that holds one: published clients send both.
    pub(crate) fn loose_whole(
        &mut self,
        name: &str,
        range: RangeInclusive<i64>,
    ) -> Result<i64, FieldFault> {
        self.loosen(name);
        self.whole(name, range)
    }

    pub(crate) fn maybe_loose_whole(
        &mut self,
        name: &str,
        range: RangeInclusive<i64>,
    ) -> Result<Option<i64>, FieldFault> {
        self.loosen(name);
        self.maybe_whole(name, range)
    }

    /// Makes a number of a text that holds one.
    fn loosen(&mut self, name: &str) {
        if let Some(Value::String(text)) = self.object.get(name)
            && text.len() <= NUMBER_LENGTH_MAX
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && let Ok(whole) = text.parse::<i64>()
        {
            self.object.insert(name.to_owned(), whole.into());
        }
    }

    /// A value that must be there.
    fn needed(&mut self, name: &str) -> Result<Value, FieldFault> {
        self.value(name).ok_or_else(|| FieldFault::new(name, MISSING))
    }

    pub(crate) fn maybe_probability(
        &mut self,
        name: &str,
    ) -> Result<Option<Probability>, FieldFault> {
        let Some(value) = self.optional(name) else { return Ok(None) };
        let probability = value.as_number().and_then(Probability::parse);
        let problem = "must be a number from 0 to 1 with at most six decimals";
        probability.map(Some).ok_or_else(|| FieldFault::new(name, problem))
    }

    /// An amount of money above 0, as a number or as a text that holds one.
    pub(crate) fn loose_amount(&mut self, name: &str, max: i64) -> Result<Amount, FieldFault> {
        if let Some(Value::String(text)) = self.object.get(name)
            && text.len() <= NUMBER_LENGTH_MAX
            && let Ok(amount) = text.parse::<Amount>()
        {
            return in_range(name, amount, 1, max);
        }
        amount_of(name, self.needed(name)?, 1, max, self.manner.kinds)
    }

    /// An amount of money from `min` hundredths to `max` whole.
    pub(crate) fn maybe_amount(
        &mut self,
        name: &str,
        min: i64,
        max: i64,
    ) -> Result<Option<Amount>, FieldFault> {
        let kinds = self.manner.kinds;
        self.optional(name).map(|value| amount_of(name, value, min, max, kinds)).transpose()
    }

    pub(crate) fn flag(&mut self, name: &str, default: Flag) -> Result<Flag, FieldFault> {
        Ok(self.maybe_flag(name)?.unwrap_or(default))
    }

    pub(crate) fn maybe_flag(&mut self, name: &str) -> Result<Option<Flag>, FieldFault> {
        let Some(value) = self.optional(name) else { return Ok(None) };
        let is_on = match (self.manner.kinds, value.as_str()) {
            (Kinds::Converted, Some("true")) => Some(true),
            (Kinds::Converted, Some("false")) => Some(false),
            (Kinds::Converted | Kinds::Distinct, _) => value.as_bool(),
        };
        match is_on {
            Some(true) => Ok(Some(Flag::On)),
            Some(false) => Ok(Some(Flag::Off)),
            None => Err(FieldFault::new(name, "must be true or false")),
        }
    }

    /// A text that must be one of `words`.
    pub(crate) fn maybe_word<T: Copy>(
        &mut self,
        name: &str,
        words: &[(&str, T)],
    ) -> Result<Option<T>, FieldFault> {
        let Some(value) = self.optional(name) else { return Ok(None) };
        let found = value.as_str().and_then(|text| words.iter().find(|(word, _)| *word == text));
        match found {
            Some((_, meaning)) => Ok(Some(*meaning)),
            None => {
                let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                Err(FieldFault::new(name, format!("must be one of {}", words.join(", "))))
            }
        }
    }

    /// Refuses what nobody asked for: a misspelt field is a mistake, not a wish.
    pub(crate) fn finish(self) -> Result<(), FieldFault> {
        match self.object.keys().next() {
            None => Ok(()),
            Some(name) => Err(FieldFault::new(name, "is not known here")),
        }
    }
}

fn text_of(
    name: &str,
    value: Value,
    length: &RangeInclusive<usize>,
    kinds: Kinds,
) -> Result<String, FieldFault> {
    let text = match (kinds, value) {
        (_, Value::String(text)) => text,
        (Kinds::Converted, Value::Number(number)) => number.to_string(),
        (Kinds::Converted | Kinds::Distinct, _) => {
            return Err(FieldFault::new(name, "must be a text"));
        }
    };
    if !length.contains(&text.chars().count()) {
        let problem = format!("must have {} to {} characters", length.start(), length.end());
        return Err(FieldFault::new(name, problem));
    }
    Ok(text)
}

fn whole_of(
    name: &str,
    value: &Value,
    range: &RangeInclusive<i64>,
    kinds: Kinds,
) -> Result<i64, FieldFault> {
    let converted = || amount_in(value, kinds).and_then(Amount::whole);
    value.as_i64().or_else(converted).filter(|whole| range.contains(whole)).ok_or_else(|| {
        let problem = format!("must be a whole number from {} to {}", range.start(), range.end());
        FieldFault::new(name, problem)
    })
}

fn amount_of(
    name: &str,
    value: Value,
    min: i64,
    max: i64,
    kinds: Kinds,
) -> Result<Amount, FieldFault> {
    if let Some(amount) = amount_in(&value, kinds) {
        return in_range(name, amount, min, max);
    }
    match serde_json::from_value::<Amount>(value) {
        Ok(amount) => in_range(name, amount, min, max),
        Err(fault) => Err(FieldFault::new(name, fault.to_string())),
    }
}

/// The number that a text holds, and `1000.0` for 1000.
fn amount_in(value: &Value, kinds: Kinds) -> Option<Amount> {
    match (kinds, value) {
        (Kinds::Converted, Value::String(text)) if text.len() <= NUMBER_LENGTH_MAX => {
            text.parse().ok()
        }
        (Kinds::Converted, Value::Number(number)) => number.to_string().parse().ok(),
        (Kinds::Converted | Kinds::Distinct, _) => None,
    }
}

/// Whether there is not one thing in it but names.
fn holds_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Object(object) => object.values().all(holds_nothing),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) => false,
    }
}

fn in_range(name: &str, amount: Amount, min: i64, max: i64) -> Result<Amount, FieldFault> {
    let (least, most) = (Amount::of_hundredths(min), Amount::from(max));
    if (least..=most).contains(&amount) {
        Ok(amount)
    } else {
        Err(FieldFault::new(name, format!("must be an amount from {least} to {most}")))
    }
}

/// A yes or no that reads well where it is passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flag {
    On,
    Off,
}

impl Flag {
    pub(crate) fn is_on(self) -> bool {
        self == Flag::On
    }
}
