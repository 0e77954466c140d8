//! What a simulation puts in place of the machine: time, chance, waits, and tasks that take turns.
//!
//! How: a thread that plays simulated histories has a [`World`], and everything here asks it. A
//! thread of a running shop has none, and everything is the machine's.
//!
//! Why: a history that follows from one number can be played again to the byte only if nothing
//! in it asks the machine, and if what runs side by side takes turns at points that are known.

use std::cell::RefCell;
use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::server::runtime::crash;

thread_local! {
    static WORLD: RefCell<Option<Rc<dyn World>>> = const { RefCell::new(None) };
}

/// Why a simulated task stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// At a point between two effects: another task may go first, or the program may die.
    Point { what: &'static str, side: &'static str },
    /// Until this time.
    Until(i64),
    /// Until another task has ended, or until this time.
    Task { id: u64, until: i64 },
}

/// A simulated machine.
pub trait World {
    /// Milliseconds since 1970.
    fn now(&self) -> i64;

    /// The next number of the history's chance.
    fn random(&self) -> u64;

    /// How often this was asked before.
    fn count(&self) -> u64;

    /// The running task stops; `None` when it need not.
    fn pause(&self, pause: Pause) -> Option<u64>;

    /// Whether what [`World::pause`] returned a number for is over.
    fn is_over(&self, pause: u64) -> bool;

    /// A task beside the one that runs, which ends with it if the program dies; its number.
    fn start(&self, task: SimulatedTask) -> u64;
}

/// A task in a simulation.
pub type SimulatedTask = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Makes this thread a simulated one, until it is called with `None`.
pub fn enter(world: Option<Rc<dyn World>>) {
    WORLD.with(|place| *place.borrow_mut() = world);
}

/// This thread's world, if it is simulated.
pub(crate) fn here() -> Option<Rc<dyn World>> {
    WORLD.with(|place| place.borrow().clone())
}

/// The time, on a simulated thread.
pub(crate) fn now() -> Option<i64> {
    here().map(|world| world.now())
}

/// A number of the history's, on a simulated thread.
pub(crate) fn random() -> Option<u64> {
    here().map(|world| world.random())
}

/// A crash point, which is also where simulated tasks take turns.
pub async fn pass(what: &'static str, side: &'static str) {
    crash::point(what, side);
    Standstill::at(Pause::Point { what, side }).await;
}

/// Waits.
pub async fn sleep(wait: Duration) {
    match now() {
        Some(now) => Standstill::at(Pause::Until(now.saturating_add(ms(wait)))).await,
        None => tokio::time::sleep(wait).await,
    }
}

pub(crate) fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// How long something may still take.
#[derive(Clone, Copy, Debug)]
pub enum Patience {
    Machine(tokio::time::Instant),
    Simulated(i64),
}

impl Patience {
    pub fn of(duration: Duration) -> Patience {
        match now() {
            Some(now) => Patience::Simulated(now.saturating_add(ms(duration))),
            None => Patience::Machine(tokio::time::Instant::now() + duration),
        }
    }

    pub fn is_left(self) -> bool {
        match self {
            Patience::Machine(until) => tokio::time::Instant::now() < until,
            Patience::Simulated(until) => now().is_none_or(|now| now < until),
        }
    }
}

/// Stands still until the world says otherwise; not at all outside one.
pub(crate) struct Standstill {
    pause: Pause,
    ticket: Option<u64>,
}

impl Standstill {
    pub(crate) fn at(pause: Pause) -> Standstill {
        Standstill { pause, ticket: None }
    }
}

impl fmt::Debug for Standstill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Standstill({:?})", self.pause)
    }
}

impl Future for Standstill {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<()> {
        let Some(world) = here() else { return Poll::Ready(()) };
        let is_over = match self.ticket {
            Some(ticket) => world.is_over(ticket),
            None => {
                self.ticket = world.pause(self.pause);
                self.ticket.is_none()
            }
        };
        // The world polls it again; nobody else needs to be woken.
        if is_over { Poll::Ready(()) } else { Poll::Pending }
    }
}
