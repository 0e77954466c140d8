//! Live status: open pages follow their orders by streams of server-sent events.
//!
//! How: the instance looks at the database for all of its streams at once (`startup/following.rs`
//! turns the crank): at once when it has moved an order itself, and a few times a second for what
//! other instances did. What is new goes to the streams of that order. With no stream open nothing
//! is asked.
//!
//! Machines' clocks differ, so a look goes back further than the last one, what was told already
//! is not told again, and some orders are looked at by name each time, in turn.
//!
//! An event says where the order stands, which any caller may know who has its number; the page
//! then asks for the rest, and gets what its visitor may see.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::net::IpAddr;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::timeout;

use crate::domain::id::OrderId;
use crate::domain::order::Status;
use crate::server::config::Streams;
use crate::server::db::{Db, changes};
use crate::server::runtime::clock;
use crate::server::runtime::metrics::Metrics;

/// Of one browser: over HTTP/1.1 it opens six connections to a shop, and some must be left for
/// pages.
const OF_VISITOR_MAX: usize = 4;

/// Of one order: its buyer's devices, and whoever was sent the address.
const OF_ORDER_MAX: usize = 16;

/// A stream with no news ends, and a page that is still open begins another; by chance somewhat
/// later, so that they do not all come at once.
const SILENCE_MS_MAX: u64 = 300_000;

/// How much further back than the last look a look goes: clocks differ, and a transaction that
/// began before that look may have been committed after it.
const BACK_MS: i64 = 5_000;

/// The streams of one instance, by default none at all. Clones are the same streams.
#[derive(Clone, Debug, Default)]
pub struct Live {
    inside: Arc<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    all_max: usize,
    of_address_max: usize,
    proxies: Option<u8>,
    alive_every: Duration,
    open: Mutex<Open>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct Open {
    orders: BTreeMap<Arc<str>, watch::Sender<Option<Told>>>,
    of_visitors: HashMap<Arc<str>, usize>,
    of_addresses: HashMap<IpAddr, usize>,
    all: usize,
    /// The last order that was looked at by name.
    named: Arc<str>,
    is_over: bool,
}

/// Where an order stands, and since when, which tells one standing from the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    pub status: Status,
    pub since: i64,
}

/// Where what a stream says stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    First,
    Later,
}

/// One stream. Dropped, it gives its place free.
#[derive(Debug)]
pub struct Follower {
    live: Live,
    order_id: Arc<str>,
    visitor: Arc<str>,
    /// Where it came from, if that is known.
    address: Option<IpAddr>,
    heard: watch::Receiver<Option<Told>>,
    /// What it has still to say first.
    first: Option<Told>,
    last: Option<Told>,
}

impl Live {
    pub fn new(settings: &Streams) -> Live {
        let count = |setting: u32| usize::try_from(setting).unwrap_or(usize::MAX);
        let inside = Inside {
            all_max: count(settings.max),
            of_address_max: count(settings.of_address_max),
            proxies: settings.proxies,
            alive_every: Duration::from_secs(settings.alive_seconds),
            open: Mutex::default(),
            wake: Notify::new(),
        };
        Live { inside: Arc::new(inside) }
    }

    /// How many streams are open.
    pub fn count(&self) -> usize {
        self.open().all
    }

    /// An order has moved, or a stream has begun: there is something to look at.
    pub fn wake(&self) {
        self.inside.wake.notify_one();
    }

    /// Ends once there is.
    pub async fn woken(&self) {
        self.inside.wake.notified().await;
    }

    /// Ends all streams and lets none begin: a stop waits for nobody who only listens.
    pub fn end(&self) {
        let mut open = self.open();
        open.is_over = true;
        open.orders.clear();
    }

    /// How many proxies stand in front, if that is known.
    pub fn proxies(&self) -> Option<u8> {
        self.inside.proxies
    }

    /// How often a stream says that it is still there.
    pub fn alive_every(&self) -> Duration {
        self.inside.alive_every
    }

    /// Tells every stream what is new since the look at `last`.
    pub async fn look(&self, db: &Db, metrics: &Metrics, last: i64) -> Result<(), sqlx::Error> {
        let named = self.next_named();
        if named.is_empty() {
            return Ok(());
        }
        metrics.looked();
        let since = last.saturating_sub(BACK_MS);
        self.tell(changes::since(db.read(), since, &named).await?);
        Ok(())
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.inside.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A stream, unless there are too many.
    pub fn begin(
        &self,
        order_id: &OrderId,
        visitor: String,
        address: Option<IpAddr>,
    ) -> Option<Follower> {
        let (order_id, visitor): (Arc<str>, Arc<str>) = (order_id.as_str().into(), visitor.into());
        let mut open = self.open();
        let of_visitor = open.of_visitors.get(&visitor).copied().unwrap_or(0);
        let of_order = open.orders.get(&order_id).map_or(0, watch::Sender::receiver_count);
        let of_address =
            address.map(|address| open.of_addresses.get(&address).copied().unwrap_or(0));
        let is_full = open.all >= self.inside.all_max
            || of_address.is_some_and(|count| count >= self.inside.of_address_max);
        if open.is_over || is_full || of_visitor >= OF_VISITOR_MAX || of_order >= OF_ORDER_MAX {
            return None;
        }
        open.all += 1;
        open.of_visitors.insert(Arc::clone(&visitor), of_visitor + 1);
        if let Some(address) = address {
            open.of_addresses.insert(address, of_address.unwrap_or(0) + 1);
        }
        let told =
            open.orders.entry(Arc::clone(&order_id)).or_insert_with(|| watch::Sender::new(None));
        let heard = told.subscribe();
        drop(open);
        self.wake();
        let (live, first, last) = (self.clone(), None, None);
        Some(Follower { live, order_id, visitor, address, heard, first, last })
    }

    /// The next orders to look at by name.
    fn next_named(&self) -> Vec<String> {
        let mut open = self.open();
        let after = (Bound::Excluded(Arc::clone(&open.named)), Bound::Unbounded);
        let later = open.orders.range::<Arc<str>, _>(after).map(|(id, _)| id);
        let from_start = open.orders.keys().take_while(|id| **id <= open.named);
        let named = later.chain(from_start).take(changes::BY_NAME_MAX);
        let named: Vec<Arc<str>> = named.cloned().collect();
        if let Some(last) = named.last() {
            open.named = Arc::clone(last);
        }
        named.iter().map(|id| id.as_ref().to_owned()).collect()
    }

    fn tell(&self, rows: Vec<(String, String, i64)>) {
        let open = self.open();
        for (order_id, status, since) in rows {
            let Some(sender) = open.orders.get(order_id.as_str()) else { continue };
            let Some(status) = Status::parse(&status) else { continue };
            let told = Some(Told { status, since });
            sender.send_if_modified(|known| std::mem::replace(known, told) != told);
        }
    }
}

impl Follower {
    /// What it is to say first.
    pub fn begin_with(&mut self, told: Told) {
        self.first = Some(told);
    }

    /// What it has to say next, and whether that is the first; nothing when it is to end.
    pub async fn next(&mut self) -> Option<(Told, Place)> {
        let (told, place) = match self.first.take() {
            Some(told) => (told, Place::First),
            None => (self.change().await?, Place::Later),
        };
        self.last = Some(told);
        Some((told, place))
    }

    /// What comes after the last; nothing when the stream is to end.
    async fn change(&mut self) -> Option<Told> {
        // A page has nothing more to wait for.
        if self.last.is_some_and(|last| last.status.is_over()) {
            return None;
        }
        let patience = Duration::from_millis(SILENCE_MS_MAX + clock::chance(SILENCE_MS_MAX / 5));
        timeout(patience, async {
            loop {
                self.heard.changed().await.ok()?;
                let told = *self.heard.borrow_and_update();
                if told != self.last
                    && let Some(told) = told
                {
                    return Some(told);
                }
            }
        })
        .await
        .ok()
        .flatten()
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let mut open = self.live.open();
        open.all = open.all.saturating_sub(1);
        // Its own receiver is still there.
        if open.orders.get(&self.order_id).is_some_and(|told| told.receiver_count() <= 1) {
            open.orders.remove(&self.order_id);
        }
        one_less(&mut open.of_visitors, &self.visitor);
        if let Some(address) = &self.address {
            one_less(&mut open.of_addresses, address);
        }
    }
}

fn one_less<K: Eq + Hash>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(key);
        }
    }
}
