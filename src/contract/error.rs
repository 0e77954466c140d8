//! What a caller may know about a failure: a code, why, a sentence in the caller's language, and the
//! field at fault.

use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::contract::{Answer, Json, Readable, Told};
use crate::domain::language::Language;
use crate::words::{self, Reason, spoken};

/// A failure, as JSON in the body and as a status (see [`Code::http_status`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiError {
    pub code: Code,
    /// A sentence in the caller's language. For a wrong field it names the field.
    pub message: String,
    /// Why, for programs: `reason`, and `values` where it has some.
    #[serde(flatten, default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Where in the request: `lines[0].quantity`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// All of them in the order of the form, the first too, where more than one is wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

/// Kinds of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    InvalidRequest,
    Forbidden,
    NotFound,
    Conflict,
    TooLarge,
    UnsupportedMediaType,
    TooManyRequests,
    Internal,
    Unavailable,
    /// Never sent: the browser could not reach the server.
    Unreachable,
}

impl Code {
    const ALL: [Code; 10] = [
        Code::InvalidRequest,
        Code::Forbidden,
        Code::NotFound,
        Code::Conflict,
        Code::TooLarge,
        Code::UnsupportedMediaType,
        Code::TooManyRequests,
        Code::Internal,
        Code::Unavailable,
        Code::Unreachable,
    ];

    /// As sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::InvalidRequest => "INVALID_REQUEST",
            Code::Forbidden => "FORBIDDEN",
            Code::NotFound => "NOT_FOUND",
            Code::Conflict => "CONFLICT",
            Code::TooLarge => "TOO_LARGE",
            Code::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Code::TooManyRequests => "TOO_MANY_REQUESTS",
            Code::Internal => "INTERNAL",
            Code::Unavailable => "UNAVAILABLE",
            Code::Unreachable => "UNREACHABLE",
        }
    }

    /// The HTTP status that goes with the body.
    pub fn http_status(self) -> u16 {
        match self {
            Code::InvalidRequest => 400,
            Code::Forbidden => 403,
            Code::NotFound => 404,
            Code::Conflict => 409,
            Code::TooLarge => 413,
            Code::UnsupportedMediaType => 415,
            Code::TooManyRequests => 429,
            Code::Internal => 500,
            Code::Unavailable | Code::Unreachable => 503,
        }
    }
}

impl ApiError {
    pub fn new(code: Code, message: impl Into<String>) -> ApiError {
        ApiError { code, message: message.into(), reason: None, field: None, fields: Vec::new() }
    }

    /// With its reason, perhaps about a field, in a sentence of that language.
    pub fn said(code: Code, field: Option<&str>, reason: Reason, language: Language) -> ApiError {
        let message = reason.say(language);
        let error = match field {
            Some(field) => ApiError::in_field(code, field, message),
            None => ApiError::new(code, message),
        };
        ApiError { reason: Some(reason), ..error }
    }

    /// `message` is about `field`, and names it.
    pub fn in_field(code: Code, field: &str, message: impl std::fmt::Display) -> ApiError {
        let (message, field) = (format!("{field}: {message}"), Some(field.to_owned()));
        ApiError { code, message, reason: None, field, fields: Vec::new() }
    }

    /// With a sentence for its code, where it has none: what fails in the library, on either side, has
    /// no language.
    pub fn in_words(self, language: Language) -> ApiError {
        if !self.message.is_empty() {
            return self;
        }
        let message = match self.code {
            Code::Unreachable => words::Checkout::Unreachable.say(language),
            Code::InvalidRequest => Reason::Method.say(language),
            Code::Internal
            | Code::Forbidden
            | Code::NotFound
            | Code::Conflict
            | Code::TooLarge
            | Code::UnsupportedMediaType
            | Code::TooManyRequests
            | Code::Unavailable => Reason::Failed.say(language),
        };
        ApiError { message: message.into_owned(), ..self }
    }

    /// All that is wrong with a form.
    pub fn in_fields(wrongs: Vec<FieldError>) -> ApiError {
        let mut error = match wrongs.first() {
            Some(first) => ApiError::in_field(Code::InvalidRequest, &first.field, &first.message),
            None => Told::Refused.said(spoken()),
        };
        if wrongs.len() > 1 {
            error.fields = wrongs;
        }
        error
    }

    /// The sentence without the name of the field, for a form that shows it beside the field.
    pub fn sentence(&self) -> &str {
        let rest = self.field.as_deref().and_then(|field| self.message.strip_prefix(field));
        rest.and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&self.message)
    }
}

impl Readable for ApiError {
    fn read(json: &Json) -> Option<ApiError> {
        let code = json.text("code")?;
        let code = Code::ALL.into_iter().find(|known| known.as_str() == code);
        let (message, field) = (json.text("message")?, json.text("field"));
        let code = code.unwrap_or(Code::Internal);
        // Those that an island asks for.
        let reason = match json.text("reason").as_deref() {
            Some(reason) if reason.starts_with("COUPON") => Some(Reason::CouponUnusable),
            Some(reason) if reason.starts_with("SHORT") => Some(Reason::Short),
            Some(_) | None => None,
        };
        Some(ApiError { code, message, reason, field, fields: Vec::new() })
    }
}

impl FromServerFnError for ApiError {
    type Encoder = Answer;

    fn from_server_fn_error(error: ServerFnErrorErr) -> ApiError {
        match error {
            // Raw on purpose: the server's door reads more out of it (see `read_refusal`), and
            // the browser need not carry how.
            ServerFnErrorErr::Args(text)
            | ServerFnErrorErr::Deserialization(text)
            | ServerFnErrorErr::MissingArg(text) => ApiError::new(Code::InvalidRequest, text),
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => {
                ApiError::new(Code::Unreachable, "")
            }
            ServerFnErrorErr::UnsupportedRequestMethod(_) => {
                ApiError::new(Code::InvalidRequest, "")
            }
            ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::Serialization(_) => ApiError::new(Code::Internal, ""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn codes_are_read_as_they_are_written() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
