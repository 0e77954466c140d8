//! The log on standard error.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::server::config::{Log, LogFormat};
use crate::startup::telemetry::Telemetry;

/// Starts it; `own` is what a command logs that nobody has set anything for.
pub fn start(settings: &Log, own: Option<&str>) -> Result<(), String> {
    start_beside(&Telemetry::default(), settings, own)
}

/// The same, with a collector beside it. Into a file go no colours.
pub fn start_beside(
    telemetry: &Telemetry,
    settings: &Log,
    own: Option<&str>,
) -> Result<(), String> {
    let (name, levels) = settings.levels(own);
    let filter = || EnvFilter::try_new(&levels);
    let filter_of_all = filter().map_err(|error| {
        format!(
            "{name} cannot be read ({error}): levels are meant, for example {name}=info or \
             {name}=warn,gyesan=debug"
        )
    })?;
    if says_nothing(&levels) {
        return Err(format!(
            "{name} has no level in it ({levels}), so that nothing would be logged: levels are meant, \
             for example {name}=info or {name}=warn,gyesan=debug"
        ));
    }
    let colours = settings.has_colours(stderr().is_terminal());
    let log = tracing_subscriber::fmt().with_env_filter(filter_of_all).with_writer(stderr);
    let log = log.with_ansi(colours);
    // A second start in one process, as tests do, keeps the first log.
    let started = match (telemetry.layer(), settings.format) {
        (None, LogFormat::Text) => log.try_init(),
        (None, LogFormat::Json) => log.json().try_init(),
        (Some(layer), format) => {
            let log = tracing_subscriber::fmt::layer().with_writer(stderr).with_ansi(colours);
            let log = match format {
                LogFormat::Text => log.boxed(),
                LogFormat::Json => log.json().boxed(),
            };
            let log = log.with_filter(filter().map_err(|error| error.to_string())?);
            tracing_subscriber::registry().with(layer).with(log).try_init().map_err(Into::into)
        }
    };
    drop(started);
    Ok(())
}

/// Whether no part of it is a level or names one: a word alone is taken for a part of a program, as
/// `inof` is.
fn says_nothing(levels: &str) -> bool {
    let mut parts = levels.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.all(|part| part.parse::<LevelFilter>().is_err() && !part.contains(['=', ':', '[']))
}

#[cfg(test)]
mod tests {
    use super::says_nothing;

    #[test]
    fn a_level_is_meant_somewhere() {
        for levels in
            ["info", "OFF", "warn,gyesan=debug", "gyesan=info", "warn,inof", "hyper::client"]
        {
            assert!(!says_nothing(levels), "{levels}");
        }
        for levels in ["inof", "bananas", " loud , quiet"] {
            assert!(says_nothing(levels), "{levels}");
        }
    }
}
