//! One case of the drill: a journey, a death, a start, and what holds afterwards.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::domain::actor::Actor;
use crate::domain::id::OrderId;
use crate::domain::won::Won;
use crate::server::db::invariants::{self, AtToss};
use crate::server::db::{Db, orders};
use crate::server::ledger::Ledger;
use crate::server::payment::refund;
use crate::server::runtime::clock;
use crate::trials::child::Program;
use crate::trials::drill::ground::Ground;

/// A shop that does not answer within this is dead.
const ANSWER_PATIENCE: Duration = Duration::from_secs(20);

/// Far longer than the background needs for one order.
const SETTLE_PATIENCE: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What is given back at the end of the journey.
const REFUND: i64 = 4_500;

/// One case.
#[derive(Debug)]
pub(super) struct Case<'a> {
    pub(super) ground: &'a Ground,
    /// The call it strikes, and the fault.
    pub(super) fault: Option<(&'a str, &'a str)>,
    pub(super) point: u64,
}

/// How a case ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// What the shop was about to do, or had done, when it was killed.
    pub(super) died_at: Option<String>,
    /// The order's status in the end; `None` when it was never placed.
    pub(super) status: Option<String>,
    pub(super) offences: Vec<String>,
}

/// How far a journey came.
#[derive(Debug, Default)]
pub(super) struct Journey {
    order: Option<(String, i64)>,
    payment_key: Option<String>,
}

impl Case<'_> {
    pub(super) async fn play(&self) -> Result<Ended, String> {
        let database = self.ground.database().await?;
        let ended = self.play_on(&database).await?;
        self.ground.leave(&database).await?;
        Ok(ended)
    }

    async fn play_on(&self, database: &str) -> Result<Ended, String> {
        let http = client()?;
        let mut journey = Journey::default();
        let mut shop = self.ground.shop(database, Some(self.point)).await?;
        // An error is a death, or else is told below.
        let walked = self.walk(&http, &mut shop, database, &mut journey).await;
        let died_at = self.ground.died_at();
        if let (Err(error), None) = (&walked, &died_at) {
            let note = self.ground.note();
            return Err(format!("the journey failed and nobody died: {error}; {note}"));
        }
        drop(shop);

        let mut shop = self.ground.shop(database, None).await?;
        self.settled(&http, &mut shop).await?;
        self.reload(&http, &shop, &journey).await?;
        self.settled(&http, &mut shop).await?;
        drop(shop);
        self.clear(&http).await?;
        self.check(&http, database, died_at, &journey).await
    }

    /// Order, pay, a webhook, a refund.
    async fn walk(
        &self,
        http: &reqwest::Client,
        shop: &mut Program,
        database: &str,
        journey: &mut Journey,
    ) -> Result<(), String> {
        let claim = self.come_back(http, shop, journey).await?;
        let (id, key) = (text(&claim, "orderId")?, text(&claim, "paymentKey")?);
        post(http, &format!("{}/api/confirm-payment", shop.url), &claim).await?;
        self.settled(http, shop).await?;
        let webhook = json!({
            "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-01-01T00:00:00.000000",
            "data": { "orderId": id, "paymentKey": key, "status": "DONE" },
        });
        post(http, &format!("{}/webhooks/toss", shop.url), &webhook).await?;
        self.settled(http, shop).await?;
        let db = Db::open(database).await.map_err(|error| error.to_string())?;
        let order_id = OrderId::parse(&id).map_err(|error| error.to_string())?;
        let now = clock::Clock::default().now();
        // Refused for an order that was not paid, which is as it should be.
        let asked = {
            let ledger = Ledger::of_command(db.clone());
            let by = Actor::Staff("drill".to_owned());
            refund::ask(&ledger, &order_id, Won::new(REFUND), (&by, "고객 요청"), now).await
        };
        db.close().await;
        if asked.is_ok() {
            self.settled(http, shop).await?;
        }
        Ok(())
    }

    /// Orders and approves at Toss, which is told its fault: the claim of the return address.
    pub(super) async fn come_back(
        &self,
        http: &reqwest::Client,
        shop: &Program,
        journey: &mut Journey,
    ) -> Result<Value, String> {
        let wish = json!({
            "lines": [{ "productId": "tee", "quantity": 2 }, { "productId": "socks", "quantity": 1 }],
            "customer": { "name": "홍길동", "email": "hong@example.com", "mobilePhone": "01012345678" },
        });
        let placed = post(http, &format!("{}/api/place-order", shop.url), &wish).await?;
        let (id, amount) = (text(&placed, "orderId")?, whole(&placed, "amount")?);
        journey.order = Some((id.clone(), amount));
        let sandbox = &self.ground.sandbox.url;
        let opened = json!({
            "clientKey": self.ground.client_key, "orderId": id, "orderName": "주문",
            "amount": amount, "method": "CARD",
        });
        let opened = post(http, &format!("{sandbox}/__sandbox/authenticate"), &opened).await?;
        let key = text(&opened, "paymentKey")?;
        journey.payment_key = Some(key.clone());
        if let Some((call, fault)) = self.fault {
            let mut fault: Value =
                serde_json::from_str(fault).map_err(|error| error.to_string())?;
            let Some(fields) = fault.as_object_mut() else { return Err("a fault".to_owned()) };
            fields.insert("call".to_owned(), call.into());
            fields.insert("paymentKey".to_owned(), key.clone().into());
            post(http, &format!("{sandbox}/__sandbox/faults"), &fault).await?;
        }
        Ok(json!({ "paymentKey": key, "orderId": id, "amount": amount }))
    }

    /// Waits until nothing is open; an error when the shop has died.
    async fn settled(&self, http: &reqwest::Client, shop: &mut Program) -> Result<(), String> {
        let figures = ["gyesan_payments_open 0", "gyesan_webhooks_waiting 0"];
        self.shows(http, shop, &figures).await
    }

    /// Waits until all these stand among the shop's figures.
    pub(super) async fn shows(
        &self,
        http: &reqwest::Client,
        shop: &mut Program,
        wanted: &[&str],
    ) -> Result<(), String> {
        let until = Instant::now() + SETTLE_PATIENCE;
        while Instant::now() < until {
            if shop.has_ended() {
                return Err("the shop has died".to_owned());
            }
            let figures = http.get(format!("{}/metrics", shop.url)).send().await;
            let figures = match figures {
                Ok(answer) => answer.text().await.unwrap_or_default(),
                Err(_) => String::new(),
            };
            if wanted.iter().all(|wanted| figures.lines().any(|line| line == *wanted)) {
                // A shop that is about to be killed may still have answered.
                return match self.ground.died_at() {
                    None => Ok(()),
                    Some(point) => Err(format!("the shop dies {point}")),
                };
            }
            sleep(LOOK_EVERY).await;
        }
        Err(format!("the shop does not come to {}", wanted.join(", ")))
    }

    /// What a buyer does who has seen an error: the return page once more.
    async fn reload(
        &self,
        http: &reqwest::Client,
        shop: &Program,
        journey: &Journey,
    ) -> Result<(), String> {
        let (Some((id, amount)), Some(key)) = (&journey.order, &journey.payment_key) else {
            return Ok(());
        };
        let claim = json!({ "paymentKey": key, "orderId": id, "amount": amount });
        let url = format!("{}/api/confirm-payment", shop.url);
        let answer = http.post(url).json(&claim).send().await.map_err(|error| error.to_string())?;
        let told = answer.status();
        if told.is_server_error() {
            return Err(format!("a reload was answered with {told}"));
        }
        Ok(())
    }

    /// A fault that was not used up must not strike the next case.
    async fn clear(&self, http: &reqwest::Client) -> Result<(), String> {
        let url = format!("{}/__sandbox/faults", self.ground.sandbox.url);
        http.delete(url).send().await.map_err(|error| error.to_string())?;
        Ok(())
    }

    pub(super) async fn check(
        &self,
        http: &reqwest::Client,
        database: &str,
        died_at: Option<String>,
        journey: &Journey,
    ) -> Result<Ended, String> {
        let db = Db::open(database).await.map_err(|error| error.to_string())?;
        let explain = |error: sqlx::Error| error.to_string();
        let mut offences = invariants::offences(db.read()).await.map_err(explain)?;
        let mut status = None;
        if let Some((id, _)) = &journey.order {
            let at_toss = self.at_toss(http, id).await?;
            let against = invariants::against_toss(db.read(), &at_toss).await.map_err(explain)?;
            offences.extend(against);
            status = orders::by_id(db.read(), id)
                .await
                .map_err(explain)?
                .map(|order| order.status.to_string());
            if status.is_none() {
                offences.push(format!("{id}: the buyer was told of an order that is not there"));
            }
        }
        db.close().await;
        Ok(Ended { died_at, status, offences })
    }

    async fn at_toss(&self, http: &reqwest::Client, id: &str) -> Result<Vec<AtToss>, String> {
        let url = format!("{}/__sandbox/payments?orderId={id}", self.ground.sandbox.url);
        let answer = http.get(url).send().await.map_err(|error| error.to_string())?;
        let told: Value = answer.json().await.map_err(|error| error.to_string())?;
        let rows = told.get("payments").and_then(Value::as_array).cloned().unwrap_or_default();
        rows.iter()
            .map(|row| {
                Ok(AtToss {
                    order_id: text(row, "orderId")?,
                    status: text(row, "status")?,
                    total: whole(row, "totalAmount")?,
                    balance: whole(row, "balanceAmount")?,
                })
            })
            .collect()
    }
}

pub(super) fn client() -> Result<reqwest::Client, String> {
    let builder = reqwest::Client::builder().no_proxy().timeout(ANSWER_PATIENCE);
    builder.build().map_err(|error| error.to_string())
}

pub(super) async fn post(http: &reqwest::Client, url: &str, body: &Value) -> Result<Value, String> {
    let answer = http.post(url).json(body).send().await.map_err(|error| error.to_string())?;
    let status = answer.status();
    if status.is_server_error() || status == StatusCode::NOT_FOUND {
        return Err(format!("{url} answered {status}"));
    }
    Ok(answer.json().await.unwrap_or(Value::Null))
}

fn text(body: &Value, name: &str) -> Result<String, String> {
    let text = body.get(name).and_then(Value::as_str);
    text.map(str::to_owned).ok_or_else(|| format!("{name} is missing in {body}"))
}

fn whole(body: &Value, name: &str) -> Result<i64, String> {
    body.get(name).and_then(Value::as_i64).ok_or_else(|| format!("{name} is missing in {body}"))
}
