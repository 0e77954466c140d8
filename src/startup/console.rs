//! What commands say: results on standard output, troubles on standard error, in English.

use std::io::Write;

use crate::server::Error;

/// Prints a sentence on standard error.
pub fn complain(sentence: &str) {
    drop(writeln!(std::io::stderr(), "gyesan: {sentence}"));
}

/// A failure as a command tells it: in English, and with its cause.
pub fn in_english(error: &Error) -> String {
    let source = std::error::Error::source(error).map(ToString::to_string);
    match error {
        Error::Refund(refusal) => refusal.to_string(),
        // Written for the shop's pages; its code is English.
        Error::Refused(refused) => {
            let field = refused.field.map(|field| format!(" ({field})"));
            format!("refused: {}{}", refused.code.as_str(), field.unwrap_or_default())
        }
        Error::Malformed(wrong) => {
            let fields: Vec<_> = wrong.fields.iter().map(|(field, _)| field.as_str()).collect();
            format!("refused: {}", fields.join(", "))
        }
        Error::Told(told) => format!("refused: {}", told.as_str()),
        Error::Short(product) => format!("refused: too few pieces of {}", product.product_id),
        Error::Database(_)
        | Error::OutOfOrder(_)
        | Error::Damaged(_)
        | Error::Impossible(_)
        | Error::Ended(_) => {
            let hint = if error.is_outage() { "; try again once it takes writes" } else { "" };
            format!("{error}: {}{hint}", source.unwrap_or_default())
        }
    }
}

/// Prints a line on standard output.
pub fn say(sentence: &str) {
    drop(writeln!(std::io::stdout(), "{sentence}"));
}
