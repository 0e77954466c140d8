//! Connections over a real socket: those that say nothing, or a letter at a time, end.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::tests::shop::{Shop, run};

/// Far more than any time-out here, so that a busy machine fails no test.
const PATIENCE: Duration = Duration::from_secs(60);

const HEAD: &str = "GET /healthz HTTP/1.1\r\nhost: shop\r\n";

impl Shop {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.running.addr).await.unwrap()
    }
}

/// What is still said until the connection ends.
async fn rest(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    // A reset is an end too.
    drop(timeout(PATIENCE, stream.read_to_end(&mut text)).await.unwrap());
    String::from_utf8(text).unwrap()
}

/// Asks, and reads the answer.
async fn ask(stream: &mut TcpStream, more: &str) -> String {
    stream.write_all(format!("{HEAD}{more}\r\n").as_bytes()).await.unwrap();
    let mut text = String::new();
    while !text.ends_with("ok\n") {
        let mut part = [0; 1024];
        let read = timeout(PATIENCE, stream.read(&mut part)).await.unwrap().unwrap();
        assert!(read > 0, "{text}");
        text.push_str(std::str::from_utf8(&part[..read]).unwrap());
    }
    text
}

#[test]
fn a_connection_that_says_nothing_ends() {
    run(async {
        let shop = Shop::start_with(&["--head-seconds", "1"]).await;
        let mut silent = shop.connect().await;
        let mut begun = shop.connect().await;
        begun.write_all(b"GET /hea").await.unwrap();
        assert_eq!(rest(&mut silent).await, "");
        assert_eq!(rest(&mut begun).await, "");
        shop.browser.get_json("/healthz").await.is(200);
    });
}

#[test]
fn a_head_letter_by_letter_ends_before_it_is_whole() {
    run(async {
        let settings = ["--head-seconds", "1", "--idle-seconds", "1"];
        let shop = Shop::start_with(&settings).await;
        for has_asked in [false, true] {
            let mut stream = shop.connect().await;
            if has_asked {
                assert!(ask(&mut stream, "").await.starts_with("HTTP/1.1 200"));
            }
            let (mut reader, mut writer) = stream.into_split();
            let mut end = Vec::new();
            let letters = async {
                for letter in HEAD.bytes().cycle() {
                    if writer.write_all(&[letter]).await.is_err() {
                        return;
                    }
                    // The slow sender itself: no wait for something that could be asked.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            };
            tokio::select! {
                ended = timeout(PATIENCE, reader.read_to_end(&mut end)) => drop(ended.unwrap()),
                () = letters => {}
            }
            assert!(!String::from_utf8_lossy(&end).contains("200"), "{end:?}");
        }
    });
}

#[test]
fn a_connection_is_kept_between_requests_and_not_for_ever() {
    run(async {
        let settings = ["--head-seconds", "1", "--idle-seconds", "8"];
        let shop = Shop::start_with(&settings).await;
        let mut stream = shop.connect().await;
        for _ in 0..2 {
            assert!(ask(&mut stream, "").await.starts_with("HTTP/1.1 200"));
            // For longer than a new connection has.
            let mut silent = shop.connect().await;
            assert_eq!(rest(&mut silent).await, "");
        }
        assert_eq!(rest(&mut stream).await, "");
    });
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    run(async {
        let shop = Shop::start().await;
        let mut stream = shop.connect().await;
        let head = format!("{HEAD}cookie: {}\r\n\r\n", "x".repeat(100_000));
        drop(stream.write_all(head.as_bytes()).await);
        let told = rest(&mut stream).await;
        // What was still under way may have cut the answer off.
        assert!(told.is_empty() || told.starts_with("HTTP/1.1 431"), "{told}");
    });
}

#[test]
fn an_address_has_so_many_connections_and_no_more() {
    run(async {
        let settings = ["--proxies", "0", "--connections-of-address-max", "3"];
        let shop = Shop::start_with(&settings).await;
        let mut open = Vec::new();
        for _ in 0..3 {
            let mut stream = shop.connect().await;
            ask(&mut stream, "").await;
            open.push(stream);
        }
        let mut refused = shop.connect().await;
        assert!(rest(&mut refused).await.starts_with("HTTP/1.1 503"));
        drop(open.pop());
        // The server hears of it when it does.
        let again = async {
            loop {
                let mut stream = shop.connect().await;
                drop(stream.write_all(format!("{HEAD}connection: close\r\n\r\n").as_bytes()).await);
                if rest(&mut stream).await.starts_with("HTTP/1.1 200") {
                    return;
                }
            }
        };
        timeout(PATIENCE, again).await.unwrap();
    });
}

/// Their connections are the proxy's, and one that is slow to send its body keeps a place.
#[test]
fn an_address_behind_a_proxy_has_so_many_requests_at_once_and_no_more() {
    run(async {
        let settings = ["--proxies", "1", "--connections-of-address-max", "2"];
        let shop = Shop::start_with(&settings).await;
        let slow = "POST /api/price HTTP/1.1\r\nhost: shop\r\nx-forwarded-for: 203.0.113.9\r\n\
                    content-type: application/json\r\nexpect: 100-continue\r\n\
                    content-length: 100\r\n\r\n";
        let mut open = Vec::new();
        for _ in 0..2 {
            let mut stream = shop.connect().await;
            stream.write_all(slow.as_bytes()).await.unwrap();
            // Said once the body is asked for: from here on this one has its place.
            let mut told = [0; 12];
            timeout(PATIENCE, stream.read_exact(&mut told)).await.unwrap().unwrap();
            assert_eq!(&told, b"HTTP/1.1 100");
            open.push(stream);
        }
        let status = async |from: &str| {
            let mut stream = shop.connect().await;
            let more = format!("x-forwarded-for: {from}\r\nconnection: close\r\n\r\n");
            stream.write_all(format!("{HEAD}{more}").as_bytes()).await.unwrap();
            rest(&mut stream).await.get(9..12).unwrap_or_default().to_owned()
        };
        assert_eq!(status("203.0.113.9").await, "429");
        assert_eq!(status("203.0.113.10").await, "200");
        drop(open);
        // The server hears of it when it does.
        let again = async { while status("203.0.113.9").await != "200" {} };
        timeout(PATIENCE, again).await.unwrap();
    });
}

#[test]
fn a_stop_waits_for_no_connection_that_says_nothing() {
    run(async {
        let shop = Shop::start().await;
        let [mut silent, mut begun, mut idle] =
            [shop.connect().await, shop.connect().await, shop.connect().await];
        begun.write_all(b"GET /hea").await.unwrap();
        ask(&mut idle, "").await;
        shop.running.begin_stop();
        for stream in [&mut silent, &mut begun, &mut idle] {
            assert_eq!(rest(stream).await, "");
        }
    });
}
