//! Who wants to be told what: an address, and the events it is registered for.

use std::ops::RangeInclusive;

use reqwest::Url;
use serde_json::{Value, json};

use crate::sandbox::fields::{FieldFault, Fields};
use crate::sandbox::webhooks::event_type::EventType;

pub(crate) const URL_LENGTH: RangeInclusive<usize> = 1..=500;
pub(crate) const M_ID_LENGTH: RangeInclusive<usize> = 1..=14;

/// One registration. With Toss it is made in the developer centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Registration {
    /// Given when it is made.
    pub(crate) id: u64,
    pub(crate) url: Url,
    /// Absent: every merchant of the sandbox.
    pub(crate) m_id: Option<String>,
    /// Empty: every kind.
    pub(crate) events: Vec<EventType>,
}

impl Registration {
    /// For everything that happens.
    pub(crate) fn of_all(url: Url) -> Registration {
        Registration { id: 0, url, m_id: None, events: Vec::new() }
    }

    pub(crate) fn wants(&self, event: EventType, m_id: &str) -> bool {
        self.m_id.as_deref().is_none_or(|own| own == m_id)
            && (self.events.is_empty() || self.events.contains(&event))
    }

    pub(crate) fn read(fields: &mut Fields) -> Result<Registration, FieldFault> {
        let url = address(&fields.text("url", URL_LENGTH)?)?;
        let m_id = fields.maybe_text("mId", M_ID_LENGTH)?;
        let events = match fields.value("events") {
            None => Vec::new(),
            Some(value) => events(&value)?,
        };
        Ok(Registration { id: 0, url, m_id, events })
    }

    /// As the control API shows it.
    pub(crate) fn row(&self) -> Value {
        let words: Vec<&str> = match self.events.as_slice() {
            [] => EventType::ALL.iter().map(|(word, _)| *word).collect(),
            some => some.iter().map(|event| event.word()).collect(),
        };
        json!({ "id": self.id, "url": self.url.as_str(), "mId": self.m_id, "events": words })
    }
}

/// Any `http` or `https` address. Unlike Toss, also one on this machine: that is what the
/// sandbox is for.
pub(crate) fn address(text: &str) -> Result<Url, FieldFault> {
    let example = "must be an address such as http://127.0.0.1:3000/webhooks/toss";
    let url: Url = text.parse().map_err(|_| FieldFault::new("url", example))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(FieldFault::new("url", example));
    }
    Ok(url)
}

fn events(value: &Value) -> Result<Vec<EventType>, FieldFault> {
    let mut events = value
        .as_array()
        .and_then(|words| words.iter().map(|word| EventType::of(word.as_str()?)).collect())
        .filter(|events: &Vec<EventType>| !events.is_empty())
        .ok_or_else(|| {
            let words = EventType::ALL.map(|(word, _)| word).join(", ");
            FieldFault::new("events", format!("must be a list of {words}"))
        })?;
    events.sort_unstable();
    events.dedup();
    Ok(events)
}

/// A registration out of its row, as a state file has it.
pub(super) fn restored(row: Value) -> Result<Registration, String> {
    let mut fields = Fields::of(row).map_err(|fault| fault.to_string())?;
    let id = fields.whole("id", 1..=i64::MAX).map_err(|fault| fault.to_string())?;
    let registration = Registration::read(&mut fields).map_err(|fault| fault.to_string())?;
    Ok(Registration { id: id.unsigned_abs(), ..registration })
}
