//! Settings read from text: whole, and where they cannot be, with what is meant and an example.

use std::net::SocketAddr;
use std::num::NonZeroUsize;

use reqwest::Url;

use crate::domain::actor::{Actor, NAME_LENGTH_MAX};
use crate::domain::id::OrderId;

/// More than anybody has cores; each is a thread that is started at once.
const THREADS_MAX: usize = 1_024;

pub(super) fn order_id(text: &str) -> Result<OrderId, String> {
    OrderId::parse(text.trim()).map_err(|_| {
        "no order id, such as 20261122-mq0qwhsarvekfme0ne: 6 to 64 letters (A-Z), digits, - and _"
            .to_owned()
    })
}

/// A number without a fraction, and without marks between its digits: `4,500` may mean two things.
pub(super) fn whole(text: &str) -> Result<i64, String> {
    text.trim()
        .parse()
        .map_err(|_| "a whole number in digits alone is meant, such as 4500".to_owned())
}

/// The name of whoever of the shop's staff does something.
pub(super) fn staff(text: &str) -> Result<Actor, String> {
    Actor::staff(text)
        .ok_or_else(|| format!("a name of 1 to {NAME_LENGTH_MAX} characters is meant, such as kim"))
}

/// An address to listen on.
pub(super) fn listening(text: &str) -> Result<SocketAddr, String> {
    text.trim().parse().map_err(|_| {
        "an IP address and a port are meant, such as 127.0.0.1:3000, [::1]:3000, or 0.0.0.0:3000 \
         for all addresses of this machine"
            .to_owned()
    })
}

/// The shop's own address. Its pages stand at the root of it.
pub(super) fn public_url(text: &str) -> Result<Url, String> {
    let meant = |wrong: &str| {
        format!(
            "{wrong}: the shop's address as browsers see it is meant (PUBLIC_URL), such as \
             https://shop.example.com or http://192.168.0.5:3000"
        )
    };
    let url = web_address(text).ok_or_else(|| meant("no http or https address"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(meant("a user or a password is in it"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(meant("something stands behind the host"));
    }
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    if host.parse().is_ok_and(|host: std::net::IpAddr| host.is_unspecified()) {
        return Err(meant("no browser finds that host"));
    }
    Ok(url)
}

pub(super) fn toss_api(text: &str) -> Result<Url, String> {
    toss(text, "https://api.tosspayments.com")
}

pub(super) fn toss_script(text: &str) -> Result<Url, String> {
    toss(text, "https://js.tosspayments.com/v2/standard")
}

fn toss(text: &str, example: &str) -> Result<Url, String> {
    web_address(text).ok_or_else(|| format!("an http or https address is meant, such as {example}"))
}

fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// On or off. A typing error is neither.
pub(super) fn switch(text: &str) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" | "y" | "t" => Ok(true),
        "" | "0" | "false" | "no" | "off" | "n" | "f" => Ok(false),
        _ => Err("true or false is meant".to_owned()),
    }
}

/// How many threads.
pub(super) fn threads(text: &str) -> Result<NonZeroUsize, String> {
    let threads = text.trim().parse().ok().filter(|it: &NonZeroUsize| it.get() <= THREADS_MAX);
    threads.ok_or_else(|| format!("a whole number from 1 to {THREADS_MAX} is meant, such as 4"))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use crate::server::config::{Cli, Command};

    fn told(given: &[&str]) -> String {
        match Cli::try_parse_from([&["gyesan"], given].concat()) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_with_what_is_meant_and_an_example() {
        for (setting, wrong, example) in [
            ("--addr", "3000", "such as 127.0.0.1:3000"),
            ("--addr", "localhost", "such as 127.0.0.1:3000"),
            ("--addr", "127.0.0.1", "such as 127.0.0.1:3000"),
            ("--addr", "127.0.0.1:99999", "such as 127.0.0.1:3000"),
            ("--addr", "", "such as 127.0.0.1:3000"),
            ("--sandbox-addr", "3100", "such as 127.0.0.1:3000"),
            ("--public-url", "shop.example.com", "such as https://shop.example.com"),
            ("--public-url", "shop.example.com:443", "such as https://shop.example.com"),
            ("--public-url", "localhost:3000", "such as https://shop.example.com"),
            ("--public-url", "", "such as https://shop.example.com"),
            ("--public-url", "https://", "such as https://shop.example.com"),
            ("--public-url", "https://shop.example.com/till", "such as https://shop.example.com"),
            ("--public-url", "https://shop.example.com/?a=1", "such as https://shop.example.com"),
            ("--public-url", "https://me@shop.example.com", "such as https://shop.example.com"),
            ("--public-url", "http://0.0.0.0:3000", "such as https://shop.example.com"),
            ("--public-url", "http://[::]:3000", "such as https://shop.example.com"),
            ("--toss-api-url", "api.tosspayments.com", "such as https://api.tosspayments.com"),
            ("--toss-script-url", "v2/standard", "such as https://js.tosspayments.com/v2/standard"),
            ("--questions-per-minute", "0", "1..=60000"),
            ("--streams-max", "many", "invalid digit"),
            ("--worker-threads", "0", "such as 4"),
            ("--worker-threads", "9999999", "such as 4"),
            ("--csp", "maybe", "possible values: on, report, off"),
        ] {
            let told = told(&["serve", setting, wrong]);
            assert!(told.contains(setting) && told.contains(example), "{setting} {wrong}: {told}");
        }
    }

    #[test]
    fn what_can_be_read_is() {
        for given in [
            &["serve", "--addr", "0.0.0.0:80", "--public-url", "https://shop.example.com/"][..],
            &["serve", "--addr", "[::1]:0", "--public-url", "http://192.168.0.5:3000"],
            &["serve", "--toss-api-url", "http://127.0.0.1:3100/proxy", "--worker-threads", "2"],
        ] {
            assert_eq!(told(given), "");
        }
        let cli = Cli::try_parse_from(["gyesan", "serve", "--public-url", "https://가게.kr"]);
        let Some(Command::Serve(serve)) = cli.unwrap().command else { panic!("another command") };
        assert!(serve.public_url.unwrap().as_str().starts_with("https://xn--"));
    }

    #[test]
    fn a_switch_is_on_or_off_and_a_typing_error_neither() {
        for (text, read) in [("true", Some(true)), ("Off", Some(false)), ("", Some(false))] {
            assert_eq!(super::switch(text).ok(), read);
        }
        for text in ["flase", "2", "on off"] {
            assert!(super::switch(text).is_err(), "{text}");
        }
    }
}
