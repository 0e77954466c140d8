//! Settings of what an OpenTelemetry collector is told, by their usual names.

use clap::Args;
use reqwest::Url;

/// None of the addresses set: nothing is started. What is not named here (headers, time-out,
/// sampler, batches, more attributes of the resource) the exporter reads itself.
#[derive(Clone, Debug, Default, Args)]
pub struct OpenTelemetry {
    /// Tell an OpenTelemetry collector of requests, settlings and calls to Toss, for example
    /// http://127.0.0.1:4318 [default: nobody is told].
    #[arg(long = "otel-endpoint", value_name = "URL", env = "OTEL_EXPORTER_OTLP_ENDPOINT")]
    pub endpoint: Option<String>,

    /// The same with its whole path, for example http://127.0.0.1:4318/v1/traces.
    #[arg(
        long = "otel-traces-endpoint",
        value_name = "URL",
        env = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
    )]
    pub traces_endpoint: Option<String>,

    /// How the collector is spoken to: http/protobuf is the only way [default: http/protobuf].
    #[arg(long = "otel-protocol", value_name = "NAME", env = "OTEL_EXPORTER_OTLP_PROTOCOL")]
    pub protocol: Option<String>,

    /// The shop's name at the collector [default: gyesan].
    #[arg(long = "otel-service-name", value_name = "NAME", env = "OTEL_SERVICE_NAME")]
    pub service_name: Option<String>,

    /// `none`: nobody is told, whatever else is set [default: otlp].
    #[arg(long = "otel-traces-exporter", value_name = "NAME", env = "OTEL_TRACES_EXPORTER")]
    pub exporter: Option<String>,

    /// `true`: nobody is told, whatever else is set.
    #[arg(long = "otel-disabled", value_name = "BOOL", env = "OTEL_SDK_DISABLED")]
    pub disabled: Option<String>,
}

/// A collector to be told.
#[derive(Debug, PartialEq, Eq)]
pub struct Collector {
    pub traces: Url,
    pub service_name: String,
}

impl OpenTelemetry {
    /// Who is to be told, if anyone, or one sentence that names what is wrong.
    pub fn choose(&self) -> Result<Option<Collector>, String> {
        // An empty variable is an unset one.
        let set = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        let is = |value: &Option<String>, word: &str| {
            set(value).is_some_and(|value| value.eq_ignore_ascii_case(word))
        };
        if is(&self.disabled, "true") || is(&self.exporter, "none") {
            return Ok(None);
        }
        let (name, address) = match (set(&self.traces_endpoint), set(&self.endpoint)) {
            (Some(whole), _) => ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", whole),
            (None, Some(base)) => {
                let whole = format!("{}/v1/traces", base.trim_end_matches('/'));
                ("OTEL_EXPORTER_OTLP_ENDPOINT", whole)
            }
            (None, None) => return Ok(None),
        };
        if let Some(protocol) = set(&self.protocol).filter(|it| it != "http/protobuf") {
            return Err(format!(
                "OTEL_EXPORTER_OTLP_PROTOCOL is {protocol}, but only http/protobuf is spoken: set \
                 it so, and {name} to the collector's HTTP port, for example http://127.0.0.1:4318"
            ));
        }
        let traces =
            Url::parse(&address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let traces = traces.ok_or_else(|| {
            format!("{name} must be an http or https address, for example http://127.0.0.1:4318")
        })?;
        let service_name = set(&self.service_name).unwrap_or_else(|| "gyesan".to_owned());
        Ok(Some(Collector { traces, service_name }))
    }
}

#[cfg(test)]
mod tests {
    use super::OpenTelemetry;

    #[test]
    fn a_collector_is_told_only_when_one_is_set() {
        let set = |text: &str| Some(text.to_owned());
        let none = OpenTelemetry::default;
        let base = || OpenTelemetry { endpoint: set("http://127.0.0.1:4318/"), ..none() };
        for (settings, told) in [
            (none(), Ok(None)),
            (OpenTelemetry { endpoint: set(""), ..none() }, Ok(None)),
            (OpenTelemetry { protocol: set("grpc"), ..none() }, Ok(None)),
            (base(), Ok(Some("http://127.0.0.1:4318/v1/traces gyesan"))),
            (
                OpenTelemetry {
                    traces_endpoint: set("https://collector.example.com/in"),
                    service_name: set("till"),
                    protocol: set("http/protobuf"),
                    ..base()
                },
                Ok(Some("https://collector.example.com/in till")),
            ),
            (OpenTelemetry { disabled: set("TRUE"), ..base() }, Ok(None)),
            (
                OpenTelemetry { disabled: set("false"), ..base() },
                Ok(Some("http://127.0.0.1:4318/v1/traces gyesan")),
            ),
            (OpenTelemetry { exporter: set("none"), ..base() }, Ok(None)),
            (OpenTelemetry { protocol: set("grpc"), ..base() }, Err("OTEL_EXPORTER_OTLP_PROTOCOL")),
            (
                OpenTelemetry { endpoint: set("127.0.0.1:4318"), ..none() },
                Err("OTEL_EXPORTER_OTLP_ENDPOINT must"),
            ),
        ] {
            let chosen = settings.choose();
            let chosen = chosen.map(|to| to.map(|to| format!("{} {}", to.traces, to.service_name)));
            match (&chosen, told) {
                (Ok(chosen), Ok(told)) => assert_eq!(chosen.as_deref(), told),
                (Err(sentence), Err(named)) => assert!(sentence.contains(named), "{sentence}"),
                (Ok(_), Err(_)) | (Err(_), Ok(_)) => panic!("{chosen:?} for {settings:?}"),
            }
        }
    }
}
