//! The sandbox measured alone: what a confirm costs it, and whether its memory levels off.
//!
//! How: the sandbox is a child of this program, and its CPU time is read from the system, so that
//! the calls made here do not count. Payments are opened beforehand. The calls are written by
//! hand onto connections that are kept, because a whole HTTP client costs more than what is
//! measured and would share the cores with it.

use std::process::Command;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::server::config::{Chosen, Toss};
use crate::startup::console::say;
use crate::trials::bench::figures::percentile;
use crate::trials::bench::machine::Usage;
use crate::trials::child::{ANY_PORT, Program, SANDBOX_SIGN};

/// Connections, each with one call at a time.
const AT_ONCE: usize = 16;

/// As many payments as the sandbox remembers: after one round its history is full, and the next
/// one shows whether it grows on.
const ROUND: u32 = 50_000;
const ROUNDS: u32 = 3;

/// Opened before they are confirmed, well within the ten minutes there are for that.
const BATCH: u32 = 5_000;

/// No answer of the sandbox's is near it.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

const SERVICE_TIME: &str = "x-sandbox-service-time-us:";

/// Confirms until the history is full, then as many again, and tells what each round cost.
pub(super) async fn measure() -> Result<(), String> {
    let own = std::env::current_exe()
        .map_err(|error| format!("this program's own file is not to be found: {error}"))?;
    let (Chosen::Sandbox { client_key, secret_key }
    | Chosen::Remote { client_key, secret_key, .. }) = Toss::default().choose()?;
    let mut command = Command::new(own);
    command.args(["sandbox", "--addr", ANY_PORT]);
    let sandbox = Program::start(command, SANDBOX_SIGN).await?;
    let address = sandbox.url.trim_start_matches("http://").to_owned();
    let credentials = STANDARD.encode(format!("{}:", secret_key.expose_secret()));
    let target = Target { address, client_key, credentials };

    say(&format!(
        "\nThe sandbox alone: {ROUND} confirms in each row, {AT_ONCE} at once, each under an \
         idempotency key.\n{}",
        head()
    ));
    let mut ordered = 0;
    for _ in 0..ROUNDS {
        let before = Usage::of(sandbox.id());
        let mut round = Round::default();
        while round.confirmed < ROUND {
            let orders: Vec<String> =
                (ordered..ordered + BATCH).map(|it| format!("bench-{it:08}")).collect();
            ordered += BATCH;
            let claims = target.open(orders).await?;
            round.time(&sandbox, &target, claims).await?;
        }
        let after = Usage::of(sandbox.id());
        let memory = before.zip(after).map(|(before, after)| {
            (before.memory.now_kib, after.memory.now_kib, after.memory.peak_kib)
        });
        say(&round.row(memory));
    }
    say("CPU µs: of the sandbox, per call. one core: calls a second that this comes to on one \
         core. service: from the last byte of a call to its answer, as the sandbox says itself.");
    Ok(())
}

/// Whom to call, and as whom.
#[derive(Clone, Debug)]
struct Target {
    address: String,
    client_key: String,
    credentials: String,
}

/// A payment that can be confirmed.
#[derive(Debug)]
struct Claim {
    order_id: String,
    payment_key: String,
}

/// What one round came to.
#[derive(Debug, Default)]
struct Round {
    confirmed: u32,
    elapsed: Duration,
    cpu: Option<Duration>,
    service: Vec<Duration>,
}

impl Round {
    async fn time(
        &mut self,
        sandbox: &Program,
        target: &Target,
        claims: Vec<Claim>,
    ) -> Result<(), String> {
        let count = u32::try_from(claims.len()).unwrap_or(u32::MAX);
        let before = Usage::of(sandbox.id());
        let started = Instant::now();
        let answers = target.confirm(claims).await?;
        self.elapsed += started.elapsed();
        let spent = Usage::of(sandbox.id())
            .zip(before)
            .map(|(after, before)| after.cpu.saturating_sub(before.cpu));
        self.cpu = spent.map(|spent| self.cpu.unwrap_or_default() + spent);
        self.confirmed += count;
        self.service.extend(answers);
        Ok(())
    }

    /// `memory` in KiB: before, after, at its peak.
    fn row(mut self, memory: Option<(u64, u64, u64)>) -> String {
        self.service.sort_unstable();
        let rate = |time: Duration| {
            let nanos = time.as_nanos().max(1);
            u128::from(self.confirmed) * Duration::from_secs(1).as_nanos() / nanos
        };
        let cpu = self.cpu.and_then(|cpu| cpu.checked_div(self.confirmed));
        let micros = |time: Option<Duration>| {
            time.map_or_else(|| "-".to_owned(), |time| time.as_micros().to_string())
        };
        let core = self.cpu.map_or_else(|| "-".to_owned(), |cpu| rate(cpu).to_string());
        let mib = |kib: u64| format!("{}", (kib + 512) / 1_024);
        let [before, after, peak] = match memory {
            Some((before, after, peak)) => [before, after, peak].map(mib),
            None => ["-"; 3].map(str::to_owned),
        };
        line([
            rate(self.elapsed).to_string(),
            micros(cpu),
            core,
            micros(percentile(&self.service, 50)),
            micros(percentile(&self.service, 99)),
            before,
            after,
            peak,
        ])
    }
}

fn head() -> String {
    let names = ["calls/s", "CPU µs", "one core", "service p50", "p99", "RSS MiB", "then", "peak"];
    line(names.map(str::to_owned))
}

fn line(cells: [String; 8]) -> String {
    let [rate, cpu, core, p50, p99, before, after, peak] = cells;
    format!("{rate:>8}  {cpu:>7}  {core:>8}  {p50:>11} {p99:>6}  {before:>7} {after:>6} {peak:>6}")
}

impl Target {
    /// Buyers approve payments for these orders.
    async fn open(&self, orders: Vec<String>) -> Result<Vec<Claim>, String> {
        self.spread(orders, |target, order_id| {
            let body = json!({
                "clientKey": target.client_key, "orderId": order_id, "orderName": "머그컵 외 1건",
                "amount": 33_000,
            });
            let request = target.request("/__sandbox/authenticate", "", &body.to_string());
            (request, move |answer: &Answer| {
                let body: serde_json::Value = serde_json::from_str(&answer.body).ok()?;
                let payment_key = body.get("paymentKey")?.as_str()?.to_owned();
                Some(Claim { order_id, payment_key })
            })
        })
        .await
    }

    /// Takes the money; how long each call took the sandbox.
    async fn confirm(&self, claims: Vec<Claim>) -> Result<Vec<Duration>, String> {
        self.spread(claims, |target, Claim { order_id, payment_key }| {
            let headers = format!(
                "authorization: Basic {}\r\nidempotency-key: {order_id}\r\n",
                target.credentials
            );
            let body = json!({ "paymentKey": payment_key, "orderId": order_id, "amount": 33_000 });
            let request = target.request("/v1/payments/confirm", &headers, &body.to_string());
            (request, |answer: &Answer| {
                answer.body.contains("\"status\":\"DONE\"").then_some(answer.service)
            })
        })
        .await
    }

    fn request(&self, path: &str, headers: &str, body: &str) -> String {
        format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n{headers}\
             content-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )
    }

    /// Makes one call for each of `work`, over as many connections as are to be used at once.
    /// `call` gives the request and how its answer is read; `None` is an unexpected answer.
    async fn spread<W, T, R>(
        &self,
        work: Vec<W>,
        call: fn(&Target, W) -> (String, R),
    ) -> Result<Vec<T>, String>
    where
        W: Send + 'static,
        T: Send + 'static,
        R: FnOnce(&Answer) -> Option<T> + Send + 'static,
    {
        let mut shares: Vec<Vec<W>> = (0..AT_ONCE).map(|_| Vec::new()).collect();
        for (at, it) in work.into_iter().enumerate() {
            if let Some(share) = shares.get_mut(at % AT_ONCE) {
                share.push(it);
            }
        }
        let mut workers = JoinSet::new();
        for share in shares {
            let target = self.clone();
            workers.spawn(async move {
                let mut connection = Connection::to(&target.address).await?;
                let mut results = Vec::with_capacity(share.len());
                for it in share {
                    let (request, read) = call(&target, it);
                    let answer = connection.ask(&request).await?;
                    let result = read(&answer).filter(|_| answer.is_ok);
                    results.push(result.ok_or_else(|| format!("unexpected: {answer:?}"))?);
                }
                Ok::<_, String>(results)
            });
        }
        let mut all = Vec::new();
        while let Some(results) = workers.join_next().await {
            all.extend(results.map_err(|error| error.to_string())??);
        }
        Ok(all)
    }
}

/// What came back.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    is_ok: bool,
    service: Duration,
    /// With the marks of its chunks, which no reader here minds.
    body: String,
}

impl Answer {
    /// The answer in `bytes`, once all of it is there.
    fn read(bytes: &[u8]) -> Option<Answer> {
        let end = bytes.windows(4).position(|it| it == b"\r\n\r\n")? + 4;
        let (head, body) = bytes.split_at_checked(end)?;
        let head = std::str::from_utf8(head).ok()?;
        let number = |name: &str| -> Option<u64> {
            head.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
        };
        let is_whole = match number("content-length:") {
            Some(length) => u64::try_from(body.len()).is_ok_and(|it| it >= length),
            None => body.ends_with(b"\r\n0\r\n\r\n"),
        };
        is_whole.then(|| Answer {
            is_ok: head.starts_with("HTTP/1.1 200 "),
            service: Duration::from_micros(number(SERVICE_TIME).unwrap_or(0)),
            body: String::from_utf8_lossy(body).into_owned(),
        })
    }
}

/// One kept connection.
struct Connection {
    stream: TcpStream,
    bytes: Vec<u8>,
}

impl Connection {
    async fn to(address: &str) -> Result<Connection, String> {
        let stream = TcpStream::connect(address).await.map_err(broken)?;
        stream.set_nodelay(true).map_err(broken)?;
        Ok(Connection { stream, bytes: Vec::with_capacity(4 * 1024) })
    }

    async fn ask(&mut self, request: &str) -> Result<Answer, String> {
        self.stream.write_all(request.as_bytes()).await.map_err(broken)?;
        self.bytes.clear();
        while self.bytes.len() < ANSWER_BYTES_MAX {
            if self.stream.read_buf(&mut self.bytes).await.map_err(broken)? == 0 {
                return Err("the sandbox closed a connection".to_owned());
            }
            if let Some(answer) = Answer::read(&self.bytes) {
                return Ok(answer);
            }
        }
        Err("an answer of the sandbox does not end".to_owned())
    }
}

fn broken(error: std::io::Error) -> String {
    format!("the connection to the sandbox failed: {error}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Answer, Round, head};

    #[test]
    fn an_answer_is_read_when_all_of_it_is_there() {
        let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\
                       x-sandbox-service-time-us: 17\r\n\r\n4\r\n{  }\r\n0\r\n\r\n";
        let sized = "HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\n\r\n{  }";
        for (text, is_ok, micros) in [(chunked, true, 17), (sized, false, 0)] {
            let answer = Answer::read(text.as_bytes()).unwrap();
            assert_eq!((answer.is_ok, answer.service), (is_ok, Duration::from_micros(micros)));
            assert!(answer.body.contains("{  }"));
            for end in 0..text.len() {
                assert_eq!(Answer::read(&text.as_bytes()[..end]), None, "{end}");
            }
        }
    }

    #[test]
    fn a_round_stands_under_its_head() {
        let round = Round {
            confirmed: 50_000,
            elapsed: Duration::from_secs(5),
            cpu: Some(Duration::from_millis(2_500)),
            service: vec![Duration::from_micros(20), Duration::from_micros(15)],
        };
        let blind = Round { confirmed: 1, elapsed: Duration::from_secs(1), ..Round::default() };
        let table = [head(), round.row(Some((20_480, 102_400, 102_400))), blind.row(None)];
        assert_eq!(
            table.join("\n"),
            "\x20calls/s   CPU µs  one core  service p50    p99  RSS MiB   then   peak
   10000       50     20000           15     20       20    100    100
       1        -         -            -      -        -      -      -"
        );
    }
}
