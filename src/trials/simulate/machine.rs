//! The simulated machine: time that moves when it is told to, chance from one number, and tasks
//! that take turns.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::server::runtime::machine::{Pause, SimulatedTask, World};

thread_local! {
    static MACHINE: RefCell<Option<Rc<Machine>>> = const { RefCell::new(None) };
}

/// 2026-03-02 09:00 in Korea, a Monday. Every history begins then.
pub(super) const BEGINNING: i64 = 1_772_409_600_000;

/// What SplitMix64 adds before each throw.
const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// One of these commits is the program's last, while programs may die.
const DEATHS: u64 = 60;

/// How the way to Toss behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weather {
    /// Everything arrives.
    Calm,
    /// Calls and answers are lost or late.
    Rough,
}

/// The machine.
#[derive(Debug)]
pub(super) struct Machine {
    now: Cell<i64>,
    thrown: Cell<u64>,
    counted: Cell<u64>,
    pub(super) weather: Cell<Weather>,
    /// The instance whose task is running, if one is.
    running: Cell<Option<usize>>,
    last_ticket: Cell<u64>,
    /// The standstill that is over in this turn.
    over: Cell<u64>,
    /// The standstill that ended this turn.
    paused: Cell<Option<(u64, Pause)>>,
    is_dying: Cell<bool>,
    last_task: Cell<u64>,
    started: RefCell<Vec<Started>>,
    /// Calls that nobody waits for any more and that will reach Toss all the same, and when.
    stragglers: RefCell<Vec<(i64, reqwest::Request)>>,
}

/// A task that a running one has started beside it.
pub(super) struct Started {
    pub(super) id: u64,
    pub(super) instance: usize,
    pub(super) task: SimulatedTask,
}

impl std::fmt::Debug for Started {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Started({})", self.id)
    }
}

/// How a turn ended, if the task did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stood {
    pub(super) ticket: u64,
    pub(super) pause: Pause,
    /// The program dies here.
    pub(super) is_dying: bool,
}

impl Machine {
    pub(super) fn new(seed: u64) -> Machine {
        // Neighbouring seeds would be neighbours in one sequence.
        let thrown = mix(seed.wrapping_mul(GAMMA) ^ 0x5851_F42D_4C95_7F2D);
        Machine {
            now: Cell::new(BEGINNING),
            thrown: Cell::new(thrown),
            counted: Cell::new(0),
            weather: Cell::new(Weather::Rough),
            running: Cell::new(None),
            last_ticket: Cell::new(0),
            over: Cell::new(0),
            paused: Cell::new(None),
            is_dying: Cell::new(false),
            last_task: Cell::new(0),
            started: RefCell::default(),
            stragglers: RefCell::default(),
        }
    }

    /// The machine of this thread's history.
    pub(super) fn here() -> Option<Rc<Machine>> {
        MACHINE.with(|place| place.borrow().clone())
    }

    pub(super) fn install(machine: Option<&Rc<Machine>>) {
        MACHINE.with(|place| *place.borrow_mut() = machine.cloned());
        crate::server::runtime::machine::enter(
            machine.map(|machine| Rc::clone(machine) as Rc<dyn World>),
        );
    }

    pub(super) fn advance(&self, ms: i64) {
        self.now.set(self.now.get() + ms.max(0));
    }

    /// A number below `limit`.
    pub(super) fn below(&self, limit: u64) -> u64 {
        u64::try_from((u128::from(self.throw()) * u128::from(limit)) >> 64).unwrap_or(0)
    }

    /// True once in `many`.
    pub(super) fn once_in(&self, many: u64) -> bool {
        self.below(many) == 0
    }

    /// One of these.
    pub(super) fn one_of<'a, T>(&self, all: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(all.len()).unwrap_or(0);
        all.get(usize::try_from(self.below(count)).unwrap_or(0))
    }

    pub(super) fn next_task(&self) -> u64 {
        self.last_task.set(self.last_task.get() + 1);
        self.last_task.get()
    }

    /// A turn begins: the task of this instance goes on from where it stood.
    pub(super) fn begin_turn(&self, instance: usize, ticket: u64) {
        self.running.set(Some(instance));
        self.over.set(ticket);
        self.paused.set(None);
        self.is_dying.set(false);
    }

    pub(super) fn is_paused(&self) -> bool {
        self.paused.get().is_some()
    }

    /// It has ended; where the task stands now, and what it has started.
    pub(super) fn end_turn(&self) -> (Option<Stood>, Vec<Started>) {
        self.running.set(None);
        let is_dying = self.is_dying.get();
        let stood = self.paused.take().map(|(ticket, pause)| Stood { ticket, pause, is_dying });
        (stood, self.started.take())
    }

    /// This call will arrive so much later.
    pub(super) fn straggles(&self, ms: i64, request: reqwest::Request) {
        self.stragglers.borrow_mut().push((self.now.get() + ms, request));
    }

    /// One of those that have arrived by now.
    pub(super) fn arrived(&self) -> Option<reqwest::Request> {
        let mut stragglers = self.stragglers.borrow_mut();
        let at = stragglers.iter().position(|(due, _)| *due <= self.now.get())?;
        Some(stragglers.remove(at).1)
    }

    fn throw(&self) -> u64 {
        let thrown = self.thrown.get().wrapping_add(GAMMA);
        self.thrown.set(thrown);
        mix(thrown)
    }
}

impl World for Machine {
    fn now(&self) -> i64 {
        self.now.get()
    }

    fn random(&self) -> u64 {
        self.throw()
    }

    fn count(&self) -> u64 {
        self.counted.set(self.counted.get() + 1);
        self.counted.get()
    }

    fn pause(&self, pause: Pause) -> Option<u64> {
        // What is not part of a history does not stand still in it.
        self.running.get()?;
        if pause == (Pause::Point { what: "commit", side: "before" }) {
            // Nobody else may go first while a transaction is open, as with one writer; but the
            // program may die.
            let dies = self.weather.get() == Weather::Rough && self.once_in(DEATHS);
            self.is_dying.set(dies);
            if !dies {
                return None;
            }
        }
        self.last_ticket.set(self.last_ticket.get() + 1);
        let ticket = self.last_ticket.get();
        self.paused.set(Some((ticket, pause)));
        Some(ticket)
    }

    fn is_over(&self, pause: u64) -> bool {
        self.over.get() == pause
    }

    fn start(&self, task: SimulatedTask) -> u64 {
        let id = self.next_task();
        let instance = self.running.get().unwrap_or_default();
        self.started.borrow_mut().push(Started { id, instance, task });
        id
    }
}

/// SplitMix64.
fn mix(mut mixed: u64) -> u64 {
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
