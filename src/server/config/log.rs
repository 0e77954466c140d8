//! Settings of the log on standard error, the same for every command.

use clap::{Args, ValueEnum};

/// What is logged unless it is said otherwise.
const LEVELS: &str = "warn,gyesan=info";

#[derive(Clone, Debug, Args)]
pub struct Log {
    /// What is logged: a level, or levels by part, such as warn,gyesan=debug; RUST_LOG is heeded
    /// where this is not set [default: warn,gyesan=info].
    #[arg(long = "log", value_name = "LEVELS", env = "GYESAN_LOG", global = true)]
    pub levels: Option<String>,

    /// The same by the name that other programs in Rust have for it.
    #[arg(long, env = "RUST_LOG", hide = true, global = true)]
    pub rust_log: Option<String>,

    /// Form of the log on standard error.
    #[arg(long = "log-format", env = "GYESAN_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text, global = true)]
    pub format: LogFormat,

    /// Set to anything: no colours on a terminal either (https://no-color.org).
    #[arg(long, env = "NO_COLOR", hide = true, global = true)]
    pub no_color: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

impl Log {
    /// What is to be logged, and the setting that says so; `own` is what a command logs that
    /// nobody has set anything for.
    pub fn levels(&self, own: Option<&str>) -> (&'static str, String) {
        let set = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        match (set(&self.levels), set(&self.rust_log)) {
            (Some(levels), _) => ("GYESAN_LOG", levels),
            (None, Some(levels)) => ("RUST_LOG", levels),
            (None, None) => ("GYESAN_LOG", own.unwrap_or(LEVELS).to_owned()),
        }
    }

    pub fn has_colours(&self, is_terminal: bool) -> bool {
        is_terminal && self.no_color.as_ref().is_none_or(String::is_empty)
    }
}

#[cfg(test)]
mod tests {
    use super::{Log, LogFormat};

    #[test]
    fn the_nearest_setting_counts_and_an_empty_one_is_unset() {
        let set = |text: &str| Some(text.to_owned());
        let none = Log { levels: None, rust_log: None, format: LogFormat::Text, no_color: None };
        let both = Log { levels: set("debug"), rust_log: set("error"), ..none.clone() };
        let usual = Log { levels: set(""), rust_log: set("error"), ..none.clone() };
        assert_eq!(both.levels(None), ("GYESAN_LOG", "debug".to_owned()));
        assert_eq!(usual.levels(Some("off")), ("RUST_LOG", "error".to_owned()));
        assert_eq!(none.levels(Some("off")).1, "off");
        assert_eq!(none.levels(None).1, "warn,gyesan=info");
    }

    #[test]
    fn colours_are_for_terminals_whose_people_want_them() {
        let of = |no_color: Option<&str>| Log {
            levels: None,
            rust_log: None,
            format: LogFormat::Text,
            no_color: no_color.map(str::to_owned),
        };
        assert!(of(None).has_colours(true) && of(Some("")).has_colours(true));
        assert!(!of(Some("1")).has_colours(true) && !of(None).has_colours(false));
    }
}
