//! One order while it is being settled: what is stored of it, and what Toss was asked meanwhile.

use std::sync::Weak;

use crate::domain::actor::Actor;
use crate::domain::id::{OrderId, PaymentKey};
use crate::domain::order::Status;
use crate::server::db::cancels::CancelRow;
use crate::server::db::orders::{OrderRow, load};
use crate::server::db::payments::{self, PaymentRow};
use crate::server::db::questions::QuestionRow;
use crate::server::db::reasons::Reason;
use crate::server::payment::settle::given_back;
use crate::server::payment::verdict::{self, DOUBT_MS_MAX, Facts, account_end};
use crate::server::runtime::clock::Uptime;
use crate::server::toss_api::answer::{Heard, Reply, Told};
use crate::server::toss_api::client::NO_ADDRESS;
use crate::server::{App, Damage, Error};

/// Why an order is to be settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Only if it is due.
    Due,
    /// Somebody says that something has changed.
    Told,
}

/// What a settling came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Toss has answered, and the order is as the answer says.
    Known,
    /// Toss has not answered, or with nothing that decides; it will be asked again.
    Open,
    /// Somebody else is asking.
    Busy,
    /// There was nothing to ask, or not yet.
    Idle,
}

/// Who came with a claim, as it is to be written beside Toss's answer.
#[derive(Clone)]
pub struct Came {
    /// `None` where it is who ordered.
    pub bearer_hash: Option<String>,
    /// Leads nowhere once nobody waits for the answer.
    pub waits: Weak<()>,
    /// Written with it; where somebody else was taken for the buyer before, that one stays.
    pub is_bound: bool,
}

// What stands in for a token is nobody's to read.
impl std::fmt::Debug for Came {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Came")
    }
}

impl Came {
    /// Who ordered is known already, whether they wait or not.
    pub(super) fn is_to_be_bound(&self) -> bool {
        self.bearer_hash.is_none() || self.waits.strong_count() > 0
    }
}

/// The order, its payment, and the questions that are still to be written down.
#[derive(Debug)]
pub struct Attempt {
    pub order: OrderRow,
    pub payment: PaymentRow,
    /// Whose coming or calling led here.
    pub(super) by: Actor,
    /// Who came with the claim, if that is to be kept with the answer.
    pub came: Option<Came>,
    pub(super) questions: Vec<QuestionRow>,
    /// A refusal of confirm that a look-up has still to prove.
    pub(super) to_prove: Option<Reason>,
    /// The confirm was refused in a way that may pass.
    pub(super) refused_in_passing: bool,
    /// The payment as Toss told it last.
    pub(super) told: Option<given_back::Heard>,
    /// Toss will not give back what the open row asks for.
    pub(super) refund_refused: Option<String>,
    /// When the last question was asked, by a clock that nobody sets.
    asked: Option<Uptime>,
    /// What Toss's clock showed in its answer, and in the first of all.
    toss_at: Option<i64>,
    pub(super) first_toss_at: Option<i64>,
}

impl Attempt {
    pub fn new(order: OrderRow, payment: PaymentRow, by: Actor) -> Attempt {
        Attempt {
            order,
            payment,
            by,
            came: None,
            questions: Vec::new(),
            to_prove: None,
            refused_in_passing: false,
            told: None,
            refund_refused: None,
            asked: None,
            toss_at: None,
            first_toss_at: None,
        }
    }

    /// As stored now.
    pub async fn load(app: &App, order_id: &OrderId, by: &Actor) -> Result<Attempt, Error> {
        let order = load(&app.db, order_id).await?;
        Attempt::with_payment(app, order, by.clone()).await
    }

    async fn with_payment(app: &App, order: OrderRow, by: Actor) -> Result<Attempt, Error> {
        let payment = payments::of_order(app.db.read(), order.id.as_str())
            .await?
            .ok_or_else(|| Damage::new("payments", "order_id", order.id.as_str()))?;
        Ok(Attempt::new(order, payment, by))
    }

    /// As stored now, of what Toss has told so far; what it was asked is written down already.
    pub(super) async fn renewed(&mut self, app: &App) -> Result<(), Error> {
        let (told, came) = (self.told.take(), self.came.take());
        *self = Attempt {
            told,
            came,
            ..Attempt::with_payment(app, self.order.clone(), self.by.clone()).await?
        };
        Ok(())
    }

    /// Whether going to `to` changes nothing but the order and its payment: no stock, no coupon, no
    /// money that goes back.
    pub(super) fn is_first_answer(&self, to: Status) -> bool {
        let told = self.told.as_ref().and_then(|told| told.payment.cancels.as_ref());
        let is_whole = told.is_none_or(Vec::is_empty);
        let is_on = matches!(to, Status::Completed | Status::WaitingForDeposit);
        self.order.status == Status::Confirming && is_on && is_whole
    }

    pub(super) fn refusal_to_prove(&self) -> Option<Reason> {
        let kept = self.payment.refused_code.clone().zip(self.payment.refused_message.clone());
        kept.map(|(code, words)| Reason::Toss { code, words })
    }

    pub(super) fn keep_refusal(&mut self, refused: &Reason) {
        self.to_prove = Some(refused.clone());
    }

    /// What the rules need to know besides Toss's answer.
    pub(super) fn facts(&self) -> Facts {
        let mismatched = self.order.failure_code.as_deref() == Some("AMOUNT_MISMATCH");
        Facts {
            is_sealed: self.payment.sealed.is_some(),
            in_doubt_ms: self.in_doubt_ms(),
            failure: self.order.failure(),
            mismatched,
            refunded: self.order.refunded,
            paid: self.order.paid,
            refund_undone: self.told.as_ref().is_some_and(given_back::Heard::has_undone),
            toss_at: self.toss_at,
            due_at: self.payment.account_due_ms,
            end: account_end::wanted(&self.payment, self.toss_at),
        }
    }

    /// How long ago it was written down that Toss is asked, at least; as of the last question, because
    /// an answer proves what was when it was asked for. The uptime tells it on the machine that wrote
    /// it down, and after a restart, or elsewhere, Toss's own clock.
    fn in_doubt_ms(&self) -> i64 {
        let asked = self.asked.as_ref().zip(self.payment.begun());
        let by_uptime = asked.and_then(|(asked, begun)| asked.since(&begun));
        let by_toss = self.toss_at.zip(self.payment.toss_at).map(|(now, then)| now - then);
        by_uptime.max(by_toss).unwrap_or_default()
    }

    /// Reads the payment. `refused` is whether a confirm was refused for good, which a look-up is to
    /// prove.
    pub(super) async fn read(&mut self, app: &App, refused: Refused) -> Told {
        let asked = Asked::now(app);
        let reply = app.toss.read(&self.payment.payment_key, self.order.id.as_str()).await;
        let key = PaymentKey::parse(&self.payment.payment_key);
        let is_astray = is_astray(&reply, key.is_ok());
        let told = self.heard(app, reply, asked);
        if !is_astray {
            return told;
        }
        // The key leads to no payment and to no word of Toss about it, so that asking again would
        // tell as little: the order is asked for by its own number, which is ours.
        let asked = Asked::now(app);
        let reply = app.toss.read_by_order(self.order.id.as_str()).await;
        let told = self.heard(app, reply, asked);
        // Whether Toss finds an order by its number before the money is taken is nobody's promise.
        let is_known_otherwise = refused == Refused::ForGood
            || key.is_err()
            || self.payment.sealed.is_none()
            || self.in_doubt_ms() >= DOUBT_MS_MAX;
        match told {
            Told::Refused(_) if !is_known_otherwise => Told::Silence,
            // Another payment of the order, which says nothing of this one.
            Told::Payment(other) if other.payment_key != self.payment.payment_key => {
                if is_known_otherwise {
                    Told::Refused(verdict::absent())
                } else {
                    Told::Silence
                }
            }
            told @ (Told::Refused(_) | Told::Payment(_) | Told::Silence) => told,
        }
    }

    pub(super) async fn confirm(&mut self, app: &App) -> Told {
        let asked = Asked::now(app);
        let sealed = self.payment.sealed.as_deref().unwrap_or_default();
        let key = &self.payment.idempotency_key;
        let reply = app.toss.confirm(self.order.id.as_str(), sealed, key).await;
        self.heard(app, reply, asked)
    }

    pub(super) async fn cancel(&mut self, app: &App, row: &CancelRow) -> Told {
        let asked = Asked::now(app);
        let key = format!("cancel-{}-{}", row.id, row.key_number);
        let payment_key = &self.payment.payment_key;
        let reply = app.toss.cancel(payment_key, self.order.id.as_str(), &row.sealed, &key).await;
        let told = self.heard(app, reply, asked);
        if let (Told::Payment(payment), Some(heard)) = (&told, &mut self.told)
            && payment.order_id == self.order.id.as_str()
        {
            heard.is_answer = true;
        }
        told
    }

    /// Ends an account that waits for its deposit.
    pub(super) async fn end_account(&mut self, app: &App, sealed: &str, key: &str) -> Told {
        let asked = Asked::now(app);
        let payment_key = &self.payment.payment_key;
        let reply = app.toss.cancel(payment_key, self.order.id.as_str(), sealed, key).await;
        self.heard(app, reply, asked)
    }

    fn heard(&mut self, app: &App, reply: Reply, asked: Asked) -> Told {
        self.questions.push(row(&reply.heard, asked.at, app.clock.now()));
        self.asked = Some(asked.uptime);
        // What is no answer of Toss's does not tell its time either.
        self.toss_at = match &reply.told {
            Told::Payment(_) | Told::Refused(_) => reply.heard.toss_at,
            Told::Silence => None,
        };
        if let Some(toss_at) = self.toss_at {
            app.clock.heard(toss_at);
            self.first_toss_at.get_or_insert(toss_at);
        }
        // A false return address may name the payment of another order, whose books are not ours.
        if let Told::Payment(payment) = &reply.told
            && payment.order_id == self.order.id.as_str()
        {
            let payment = payment.as_ref().clone();
            self.told = Some(given_back::Heard { payment, is_answer: false });
        }
        reply.told
    }
}

/// When a question was asked.
struct Asked {
    at: i64,
    uptime: Uptime,
}

impl Asked {
    fn now(app: &App) -> Asked {
        Asked { at: app.clock.now(), uptime: app.clock.uptime() }
    }
}

/// Whether Toss has refused a confirm for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    ForGood,
    No,
}

impl Refused {
    pub(super) fn told(reason: Option<&Reason>) -> Refused {
        if reason.is_some() { Refused::ForGood } else { Refused::No }
    }
}

/// Whether what answered says nothing of this payment, or nothing could be asked: the key led to
/// another call, or to none. Any other refusal is a word about this payment or about the shop, and like
/// a 5xx and no answer at all it passes by itself.
fn is_astray(reply: &Reply, is_key: bool) -> bool {
    let is_other = match &reply.told {
        Told::Payment(_) => false,
        Told::Refused(refused) => refused.code != verdict::ABSENT,
        Told::Silence => true,
    };
    let status = reply.heard.http_status;
    let was_refused = status.is_some_and(|it| match it {
        404 | 405 => true,
        400 | 402 | 406..=428 => !is_key,
        _ => false,
    });
    is_other && (was_refused || reply.heard.answer == NO_ADDRESS)
}

/// What is kept of a question.
pub(super) fn row(heard: &Heard, asked_at: i64, now: i64) -> QuestionRow {
    QuestionRow {
        call: heard.call.to_owned(),
        asked_at,
        answered_at: heard.http_status.map(|_| now),
        answer: Some(heard.answer.clone()),
        http_status: heard.http_status.map(i64::from),
        trace_id: Some(heard.trace_id.clone()),
    }
}
