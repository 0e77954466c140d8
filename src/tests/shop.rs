//! A shop of one's own for a test, and the verbs of those who use it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};

use clap::Parser;
use reqwest::header::{ACCEPT_LANGUAGE, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::domain::actor::Actor;
use crate::server::config::{Cli, Command, DOCS_CLIENT_KEY, DOCS_SECRET_KEY};
use crate::server::db::invariants::{self, AtToss};
use crate::server::db::{Db, seed};
use crate::server::ops::background;
use crate::server::payment::verdict::DEPOSIT_MARGIN_MS;
use crate::server::proof;
use crate::startup::Running;

/// Whoever of the staff does something in a test.
pub(super) fn staff() -> Actor {
    Actor::Staff("김직원".to_owned())
}

/// Runs a journey. All share one runtime of several threads, as a running shop's requests do.
pub(super) fn run(journey: impl Future<Output = ()>) {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());
    RUNTIME.block_on(journey);
}

/// The whole program on free ports, with its own database and sandbox, and one browser.
#[derive(Debug)]
pub(super) struct Shop {
    pub(super) running: Running,
    pub(super) browser: Browser,
    sandbox: String,
    http: reqwest::Client,
    folder: PathBuf,
    database: Database,
}

/// A folder of one's own.
pub(super) fn folder() -> PathBuf {
    let folder =
        std::env::temp_dir().join(format!("gyesan-{}", crate::server::runtime::clock::row_id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Settings of a shop on a Toss that stands elsewhere.
pub(super) fn toss_at<'a>(api: &'a str, script: &'a str) -> [&'a str; 8] {
    let (client, secret) = (DOCS_CLIENT_KEY, DOCS_SECRET_KEY);
    let [api_flag, script_flag] = ["--toss-api-url", "--toss-script-url"];
    let [client_flag, secret_flag] = ["--toss-client-key", "--toss-secret-key"];
    [api_flag, api, script_flag, script, client_flag, client, secret_flag, secret]
}

/// Where a shop keeps its orders.
#[derive(Clone, Debug)]
pub(super) struct Database {
    pub(super) url: String,
}

impl Database {
    /// A file, or where GYESAN_TEST_POSTGRES names a server, a database there.
    pub(super) async fn of_one_s_own(folder: &Path) -> Database {
        let Some(server) = postgres() else {
            return Database { url: format!("sqlite://{}/shop.db", folder.display()) };
        };
        let name = format!("shop_{}", crate::server::runtime::clock::row_id());
        Db::create(&server, &name).await.unwrap();
        Database { url: format!("{server}/{name}") }
    }
}

/// The server to test on, if it is not SQLite's turn.
#[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the shop")]
pub(super) fn postgres() -> Option<String> {
    std::env::var("GYESAN_TEST_POSTGRES").ok().filter(|server| !server.is_empty())
}

/// An answer, read.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) text: String,
    pub(super) location: Option<String>,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    #[track_caller]
    pub(super) fn is(&self, status: u16) -> &Answer {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    #[track_caller]
    pub(super) fn is_json(&self, status: u16, body: Value) {
        assert_eq!((self.status.as_u16(), self.json()), (status, body));
    }
}

/// What a person's browser keeps.
type Jar = Arc<Mutex<BTreeMap<String, String>>>;

/// A client that keeps cookies and follows no redirect.
#[derive(Debug)]
pub(super) struct Browser {
    http: reqwest::Client,
    address: String,
    cookies: Mutex<Jar>,
}

impl Browser {
    fn at(address: &str) -> Browser {
        let http =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Browser { http, address: address.to_owned(), cookies: Mutex::default() }
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).header("accept", "text/html")).await
    }

    pub(super) async fn get_json(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub(super) async fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// As of a browser that speaks that language.
    pub(super) async fn get_json_in(&self, language: &str, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).header(ACCEPT_LANGUAGE, language)).await
    }

    /// As of a browser that speaks that language.
    pub(super) async fn post_json_in(&self, language: &str, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).header(ACCEPT_LANGUAGE, language);
        self.send(request.json(body)).await
    }

    /// As if a proxy had passed it on.
    pub(super) async fn post_json_from(&self, from: &str, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).header("x-forwarded-for", from);
        self.send(request.json(body)).await
    }

    pub(super) async fn post_text(&self, path: &str, kind: &str, body: String) -> Answer {
        self.send(self.request(Method::POST, path).header("content-type", kind).body(body)).await
    }

    pub(super) async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let url = reqwest::Url::parse_with_params("http://x/", fields).unwrap();
        let body = url.query().unwrap_or_default().to_owned();
        let kind = "application/x-www-form-urlencoded";
        let request = self.request(Method::POST, path).header("accept", "text/html");
        self.send(request.header("content-type", kind).body(body)).await
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let jar = self.jar();
        let jar = jar.lock().unwrap();
        let cookies: Vec<_> = jar.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let is_write = !method.is_safe();
        let request = self.http.request(method, format!("{}{path}", self.address));
        let request = request.header(COOKIE, cookies.join("; "));
        // As every browser does.
        if is_write { request.header(ORIGIN, &self.address) } else { request }
    }

    /// An answer that has no end.
    pub(super) async fn listen(&self, path: &str) -> reqwest::Response {
        self.listen_from(path, &[]).await
    }

    /// As if a proxy had passed it on.
    pub(super) async fn listen_from(&self, path: &str, forwarded: &[&str]) -> reqwest::Response {
        let mut request = self.request(Method::GET, path).header("accept", "text/event-stream");
        for value in forwarded {
            request = request.header("x-forwarded-for", *value);
        }
        request.header("accept-encoding", "gzip, br").send().await.unwrap()
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        for cookie in response.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap_or_default();
            let (key, value) = pair.split_once('=').unwrap();
            self.jar().lock().unwrap().insert(key.to_owned(), value.to_owned());
        }
        let location = response.headers().get(LOCATION);
        let location = location.map(|to| to.to_str().unwrap().to_owned());
        Answer { status: response.status(), location, text: response.text().await.unwrap() }
    }

    /// The same person at another instance.
    pub(super) fn becomes(&self, other: &Browser) {
        *self.cookies.lock().unwrap() = other.jar();
    }

    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) fn cookie(&self, name: &str) -> String {
        self.jar().lock().unwrap().get(name).cloned().unwrap_or_default()
    }

    fn jar(&self) -> Jar {
        self.cookies.lock().unwrap().clone()
    }
}

/// An order on its way, as the JSON API told of it.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) amount: i64,
}

impl Shop {
    pub(super) async fn start() -> Shop {
        Shop::start_with(&[]).await
    }

    /// With a buyer who has approved an order at Toss, and is on the way back.
    pub(super) async fn on_return() -> (Shop, Order, String) {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        (shop, order, key)
    }

    /// With more settings on the command line.
    pub(super) async fn start_with(settings: &[&str]) -> Shop {
        let folder = folder();
        let database = Database::of_one_s_own(&folder).await;
        Shop::on(database, folder, settings).await
    }

    /// On a database that may be another shop's too: two instances side by side.
    pub(super) async fn beside(&self) -> Shop {
        self.at(self.database.clone(), folder(), &self.sandbox).await
    }

    /// With a database of its own, at another address of Toss's.
    pub(super) async fn through(&self, toss: &str) -> Shop {
        let own = folder();
        let database = Database::of_one_s_own(&own).await;
        let shop = self.at(database, own, toss).await;
        // Beside a sandbox there would be products already.
        seed::fill_if_empty(&shop.running.app.db).await.unwrap();
        shop
    }

    /// On that database, with Toss at that address, and this one's sandbox behind it.
    pub(super) async fn at(&self, database: Database, own: PathBuf, toss: &str) -> Shop {
        let script = format!("{}/v2/standard", self.sandbox);
        let settings = toss_at(toss, &script);
        Shop::on(database, own, &settings).await
    }

    pub(super) fn sandbox(&self) -> &str {
        &self.sandbox
    }

    pub(super) async fn on(database: Database, folder: PathBuf, settings: &[&str]) -> Shop {
        let mut line = vec!["gyesan", "serve", "--addr", "127.0.0.1:0", "--sandbox-addr"];
        line.extend(["127.0.0.1:0", "--database-url", &database.url]);
        // Tests take its steps themselves.
        line.extend(["--proof", "off"]);
        // Tests have one buyer.
        if !settings.contains(&"--deposits-per-phone") {
            line.extend(["--deposits-per-phone", "1000"]);
        }
        line.extend(settings);
        let Some(Command::Serve(serve)) = Cli::parse_from(&line).command else { unreachable!() };
        let toss = serve.toss.toss_api_url.clone();
        let running = Running::start(*serve).await.unwrap();
        let browser = Browser::at(&format!("http://{}", running.addr));
        let toss = toss.map(|url| url.as_str().trim_end_matches('/').to_owned());
        let sandbox = running.sandbox_url.clone().or(toss).unwrap();
        Shop { running, browser, sandbox, http: reqwest::Client::new(), folder, database }
    }

    /// Another person's browser.
    pub(super) fn stranger(&self) -> Browser {
        Browser::at(&format!("http://{}", self.running.addr))
    }

    /// Two tees, a mug and a pair of socks: 29,000 × 2 + 12,000 + 4,500 = 74,500.
    pub(super) fn wish() -> Value {
        json!({
            "lines": [
                { "productId": "tee", "quantity": 2 },
                { "productId": "mug", "quantity": 1 },
                { "productId": "socks", "quantity": 1 },
            ],
            "customer": {
                "name": "홍길동", "email": "hong@example.com", "mobilePhone": "010-1234-5678",
            },
        })
    }

    pub(super) async fn order(&self) -> Order {
        self.order_of(&Shop::wish()).await
    }

    pub(super) async fn order_of(&self, wish: &Value) -> Order {
        let placed = self.browser.post_json("/api/place-order", wish).await;
        let placed = placed.is(201).json();
        Order {
            id: placed["orderId"].as_str().unwrap().to_owned(),
            name: placed["orderName"].as_str().unwrap().to_owned(),
            amount: placed["amount"].as_i64().unwrap(),
        }
    }

    /// What the buyer does in Toss's window: approves the order's amount.
    pub(super) async fn authenticate(&self, order: &Order) -> String {
        self.authenticate_as(&order.id, order.amount, "CARD").await
    }

    pub(super) async fn authenticate_as(&self, id: &str, amount: i64, method: &str) -> String {
        let body = json!({
            "clientKey": self.running.app.shop.client_key, "orderId": id, "orderName": "주문",
            "amount": amount, "method": method,
        });
        let told = self.toss("/__sandbox/authenticate", &body).await;
        told["paymentKey"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned()
    }

    /// `POST /api/confirm-payment`
    pub(super) async fn confirm(&self, key: &str, order: &Order, amount: Value) -> Answer {
        let claim = json!({ "paymentKey": key, "orderId": order.id, "amount": amount });
        // Buyers of tests buy the same again and again, and mean it.
        let view = self.browser.get_json(&format!("/api/checkout?orderId={}", order.id)).await;
        if view.status == 200 && !view.json()["repeat"].is_null() {
            let same = json!({ "orderId": order.id });
            self.browser.post_json("/api/repeat-order", &same).await;
        }
        self.browser.post_json("/api/confirm-payment", &claim).await
    }

    /// An order that is paid.
    pub(super) async fn paid(&self) -> (Order, String) {
        let order = self.order().await;
        let key = self.authenticate(&order).await;
        self.confirm(&key, &order, json!(order.amount)).await.is(200);
        (order, key)
    }

    /// Sets a fault for coming calls to the sandbox, or anything else of its control API.
    pub(super) async fn toss(&self, path: &str, body: &Value) -> Value {
        let request = self.http.post(format!("{}{path}", self.sandbox)).json(body);
        request.send().await.unwrap().json().await.unwrap()
    }

    pub(super) async fn fault(&self, fault: Value) {
        let told = self.toss("/__sandbox/faults", &fault).await;
        assert!(told.get("id").is_some(), "{told}");
    }

    /// What the sandbox's control API shows.
    pub(super) async fn seen(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.sandbox);
        self.http.get(url).send().await.unwrap().json().await.unwrap()
    }

    pub(super) fn database_url(&self) -> &str {
        &self.database.url
    }

    /// Faults that have not struck yet.
    pub(super) async fn faults_left(&self) -> usize {
        let told = self.seen("/__sandbox/faults").await;
        told["faults"].as_array().unwrap_or_else(|| panic!("{told}")).len()
    }

    pub(super) async fn lift_faults(&self) {
        let request = self.http.delete(format!("{}/__sandbox/faults", self.sandbox));
        request.send().await.unwrap().error_for_status().unwrap();
    }

    /// Calls that Toss received about an order: `confirm 200`, `read 404`, …; `-` is a lost answer.
    pub(super) async fn calls(&self, order: &Order) -> Vec<String> {
        let url = format!("{}/__sandbox/calls?orderId={}", self.sandbox, order.id);
        let told: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        let calls = told["calls"].as_array().unwrap_or_else(|| panic!("{told}")).clone();
        let mut rows = Vec::new();
        for call in calls {
            let path = call["path"].as_str().unwrap_or_default();
            let name = match (call["method"].as_str().unwrap_or_default(), path) {
                ("POST", "/v1/payments/confirm") => "confirm",
                ("POST", path) if path.ends_with("/cancel") => "cancel",
                ("GET", _) => "read",
                (_, path) => path,
            };
            let status =
                call["status"].as_u64().map_or("-".to_owned(), |status| status.to_string());
            let replayed = if call["replayed"] == true { " replayed" } else { "" };
            rows.push(format!("{name} {status}{replayed}"));
        }
        rows
    }

    /// A call to Toss with the shop's own keys, behind the shop's back.
    pub(super) async fn as_merchant(&self, path: &str, body: &Value) -> Value {
        let request = self.http.post(format!("{}{path}", self.sandbox)).json(body);
        let answer = request.basic_auth(DOCS_SECRET_KEY, Some("")).send().await.unwrap();
        answer.error_for_status().unwrap().json().await.unwrap()
    }

    /// Another program of the merchant takes the money of a payment, past this shop.
    pub(super) async fn takes_elsewhere(&self, key: &str, order: &Order) {
        let claim = json!({ "paymentKey": key, "orderId": order.id, "amount": order.amount });
        self.as_merchant("/v1/payments/confirm", &claim).await;
    }

    /// Toss's own view of a payment.
    pub(super) async fn payment(&self, key: &str) -> Value {
        let url = format!("{}/v1/payments/{key}", self.sandbox);
        let request = self.http.get(url).basic_auth(DOCS_SECRET_KEY, Some(""));
        request.send().await.unwrap().json().await.unwrap()
    }

    /// Lets the shop's clock run ahead and does one round of background work.
    pub(super) async fn later(&self, seconds: i64) {
        self.running.app.clock.advance(seconds * 1_000);
        background::tick(&self.running.app).await.unwrap();
    }

    /// Waits until the order stands so, with the clock running ahead: background work of the
    /// shop itself may be at it too.
    pub(super) async fn settles(&self, order: &Order, status: &str) {
        for _ in 0..100 {
            self.later(70).await;
            if self.status(order).await == status {
                return;
            }
            tokio::task::yield_now().await;
        }
        let why = format!("select failure_code from orders where id = '{}'", order.id);
        let (why, events) = (self.one(&why).await, self.events(order).await);
        assert_eq!(self.status(order).await, status, "{why}: {events:?}");
    }

    /// Does background work until the database says so; the shop's own may be at it too.
    pub(super) async fn until(&self, sql: &str, value: &str) {
        for _ in 0..1_000 {
            if self.one(sql).await == value {
                return;
            }
            self.later(1).await;
        }
        assert_eq!(self.one(sql).await, value, "{sql}");
    }

    /// Lets the clock run until nothing is left to do in the background.
    pub(super) async fn works_through(&self) {
        for _ in 0..100 {
            self.later(70).await;
            let due = self.one("select count(*) from payments where due_at > 0").await;
            let filed = self.one("select count(*) from webhooks where due_at > 0").await;
            if (due.as_str(), filed.as_str()) == ("0", "0") {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("there is always something left to do");
    }

    /// That everything holds that must hold always, here and against Toss.
    pub(super) async fn holds(&self) {
        let url = format!("{}/__sandbox/payments", self.sandbox);
        let told: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        let at_toss: Vec<AtToss> = told["payments"]
            .as_array()
            .unwrap_or_else(|| panic!("{told}"))
            .iter()
            .map(|payment| AtToss {
                order_id: payment["orderId"].as_str().unwrap().to_owned(),
                status: payment["status"].as_str().unwrap().to_owned(),
                total: payment["totalAmount"].as_i64().unwrap(),
                balance: payment["balanceAmount"].as_i64().unwrap(),
            })
            .collect();
        let pool = self.running.app.db.read();
        let mut offences = invariants::offences(pool).await.unwrap();
        offences.extend(invariants::against_toss(pool, &at_toss).await.unwrap());
        let (margin, now) = (DEPOSIT_MARGIN_MS, self.running.app.clock.now());
        offences.extend(invariants::overdue(pool, margin, now).await.unwrap());
        assert!(offences.is_empty(), "{offences:#?}");
        // And that the money proof, which asks Toss itself, says the same.
        let never = async |_: std::time::Duration| panic!("nothing to wait for");
        match proof::whole(&self.running.app, proof::Asked::default(), never).await {
            Ok(report) => assert!(report.differing.is_empty(), "{report:#?}"),
            Err(proof::Stopped::NoList(_)) => assert!(self.faults_left().await > 0),
            Err(proof::Stopped::Failed(error)) => panic!("{error:?}"),
        }
    }

    pub(super) async fn status(&self, order: &Order) -> String {
        self.one(&format!("select status from orders where id = '{}'", order.id)).await
    }

    pub(super) async fn stock(&self, product: &str) -> String {
        self.one(&format!("select stock from products where id = '{product}'")).await
    }

    /// The story of an order: `Placed PENDING→PENDING`, …
    pub(super) async fn events(&self, order: &Order) -> Vec<String> {
        let rows = crate::server::db::events::of_order(self.running.app.db.read(), &order.id);
        rows.await
            .unwrap()
            .into_iter()
            .map(|row| format!("{} {}→{}", row.event, row.status_before, row.status_after))
            .collect()
    }

    /// One value as text.
    pub(super) async fn one(&self, sql: &str) -> String {
        let sql = sqlx::AssertSqlSafe(sql.replacen("select ", "select cast(", 1).replacen(
            " from ",
            " as text) from ",
            1,
        ));
        sqlx::query_scalar::<_, Option<String>>(sql)
            .fetch_one(self.running.app.db.read())
            .await
            .unwrap()
            .unwrap_or_else(|| "null".to_owned())
    }

    /// Changes the database behind the shop's back.
    pub(super) async fn alter(&self, sql: &str) {
        let mut tx = self.running.app.db.write().await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        // Open files of a shop that is still stopping live on until it has.
        drop(std::fs::remove_dir_all(&self.folder));
    }
}
