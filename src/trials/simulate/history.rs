//! One history: people, banks, webhooks, the shop's background, faults and deaths, drawn from a
//! seed, one event after the other.
//!
//! How: whatever calls the shop is a task. A task runs until its next point between two effects
//! (a commit, a call to Toss), or until it waits; then the next event is drawn, which may be that
//! another task goes on, that time passes, or that an instance dies with all its tasks.

use std::cell::RefCell;
use std::fmt::Write;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use serde_json::json;
use tokio::runtime::Runtime;

use crate::server::App;
use crate::server::runtime::clock::Clock;
use crate::server::runtime::machine::{Pause, World};
use crate::trials::simulate::deeds::{DEEDS, Deed, FAULTS, SET_MS, WAITS_MS};
use crate::trials::simulate::known::Known;
use crate::trials::simulate::machine::{BEGINNING, Machine, Weather};
use crate::trials::simulate::stage::{INSTANCES, Stage, Toss};
use crate::trials::simulate::{buyers, line, outside, post, staff};

/// A turn takes well under a millisecond; one that does not end waits for something that only
/// another task can give.
const TURN_PATIENCE: Duration = Duration::from_secs(30);

/// Turns until everything stands still; a history that needs more runs in a circle.
const TURNS_MAX: usize = 5_000;

/// How it ended.
#[derive(Clone, Debug)]
pub(super) struct Ended {
    pub(super) events: usize,
    pub(super) deaths: usize,
    /// The same seed gives the same text.
    pub(super) story: String,
    pub(super) offences: Vec<String>,
}

/// A history that is being played.
pub(super) struct History<'a> {
    pub(super) runtime: &'a Runtime,
    pub(super) stage: &'a Stage,
    pub(super) machine: Rc<Machine>,
    pub(super) toss: Toss,
    pub(super) known: Rc<RefCell<Known>>,
    instances: Vec<App>,
    /// Of the machine of each instance.
    clocks: [Hands; INSTANCES],
    tasks: Vec<Task>,
    events: usize,
    deaths: usize,
    story: String,
    pub(super) offences: Vec<String>,
    /// No webhook tells the shop anything.
    pub(super) is_deaf: bool,
}

/// How often a machine was started, and how far its clock is wrong.
#[derive(Clone, Copy, Debug, Default)]
struct Hands {
    starts: u64,
    set_ms: i64,
}

impl Hands {
    fn clock(self, instance: usize) -> Clock {
        Clock::on_machine(&format!("machine {instance}, start {}", self.starts), self.set_ms)
    }
}

struct Task {
    id: u64,
    instance: usize,
    name: String,
    work: Pin<Box<dyn Future<Output = ()>>>,
    ticket: u64,
    pause: Pause,
}

impl<'a> History<'a> {
    /// What this seed begins with.
    pub(super) fn begin(
        runtime: &'a Runtime,
        stage: &'a Stage,
        seed: u64,
    ) -> Result<History<'a>, String> {
        let machine = Rc::new(Machine::new(seed));
        Machine::install(Some(&machine));
        let cleared = runtime.block_on(stage.clear());
        cleared.map_err(|error| format!("the simulation's database failed: {error}"))?;
        let is_deaf = machine.once_in(4);
        let toss = stage.sandbox(&machine, is_deaf)?;
        let clocks = [Hands::default(); INSTANCES];
        let instances =
            (0..).zip(clocks).map(|(at, hands)| stage.instance(&toss, hands.clock(at))).collect();
        let known = Rc::new(RefCell::new(Known::new(&machine)));
        Ok(History {
            runtime,
            stage,
            machine,
            toss,
            known,
            instances,
            clocks,
            tasks: Vec::new(),
            events: 0,
            deaths: 0,
            story: String::new(),
            offences: Vec::new(),
            is_deaf,
        })
    }

    /// Events that were drawn.
    pub(super) fn events(&self) -> usize {
        self.events
    }

    pub(super) fn end(self) -> Ended {
        let History { runtime, events, deaths, story, offences, tasks, .. } = self;
        {
            let _inside = runtime.enter();
            drop(tasks);
        }
        Machine::install(None);
        Ended { events, deaths, story, offences }
    }
}

impl History<'_> {
    /// Draws the next event and lets it happen.
    pub(super) fn next(&mut self) {
        self.events += 1;
        let machine = Rc::clone(&self.machine);
        let runnable = self.runnable();
        if !runnable.is_empty() && machine.below(100) < 55 {
            let chosen = machine.one_of(&runnable).copied().unwrap_or_default();
            return self.turn(chosen);
        }
        let sum = DEEDS.iter().map(|(weight, _)| weight).sum();
        let mut drawn = machine.below(sum);
        for (weight, deed) in DEEDS {
            if drawn < weight {
                return self.happen(deed);
            }
            drawn -= weight;
        }
    }

    fn happen(&mut self, deed: Deed) {
        let at = usize::try_from(self.machine.below(2)).unwrap_or(0);
        let Some(app) = self.instances.get(at).cloned() else { return };
        let (machine, known) = (Rc::clone(&self.machine), Rc::clone(&self.known));
        let toss = self.toss.clone();
        match deed {
            Deed::Place => self.start(at, buyers::place(app, known, &machine)),
            Deed::ChangeCoupon => self.start(at, buyers::change_coupon(app, known, &machine)),
            Deed::Return => self.start(at, buyers::come_back(app, known, &machine, true)),
            Deed::Mean => self.start(at, buyers::mean(app, known, &machine)),
            Deed::FalseReturn => self.start(at, buyers::come_back(app, known, &machine, false)),
            Deed::Fail => self.start(at, buyers::give_up(app, known, &machine)),
            Deed::Again => self.start(at, buyers::again(app, known, &machine)),
            Deed::Look => self.start(at, buyers::look(app, known, &machine)),
            Deed::Refund => self.start(at, staff::refund(app, known, &machine)),
            Deed::Account => self.start(at, staff::account_or_withdrawal(app, known, &machine)),
            Deed::Claim => self.start(at, buyers::claim(app, known, &machine)),
            Deed::Tick => self.start(at, Some(staff::tick(app, known))),
            Deed::Prove => self.start(at, Some(staff::prove(app, known))),
            Deed::Forgery => self.start(at, post::forge(app, known, &machine)),
            Deed::Webhook => {
                known.borrow_mut().collect(&toss);
                self.start(at, post::carry(app, known, &machine, toss));
            }
            Deed::Open => self.tell(outside::open(known, &machine, toss)),
            Deed::Deposit => self.tell(outside::deposit(known, &machine, toss)),
            Deed::Reversal => self.tell(outside::reverse(known, &machine, toss)),
            Deed::ConsoleCancel => self.tell(outside::console_cancel(known, &machine, toss)),
            // Untold it would be found by a proof that runs all the time, as no history's does.
            Deed::ConfirmElsewhere if self.is_deaf => {}
            Deed::ConfirmElsewhere => {
                self.tell(outside::confirm_elsewhere(known, &machine, toss));
            }
            Deed::Fault => {
                let call = machine.one_of(&["confirm", "confirm", "read", "cancel"]);
                let fault = machine.one_of(&FAULTS).and_then(|it| serde_json::from_str(it).ok());
                let Some(mut fault): Option<serde_json::Value> = fault else { return };
                if let Some(fields) = fault.as_object_mut() {
                    fields.insert("call".to_owned(), json!(call));
                }
                let note = format!("fault {fault}");
                self.tell(async move {
                    toss.tell("POST", "/__sandbox/faults", &fault).await;
                    note
                });
            }
            Deed::Wait => {
                let ms = machine.one_of(&WAITS_MS).copied().unwrap_or_default();
                self.wait(ms);
            }
            Deed::Death => self.die(at),
            Deed::ClockSet => {
                let ms = machine.one_of(&SET_MS).copied().unwrap_or_default();
                self.set_clock(at, ms);
            }
        }
    }

    /// The clock of an instance's machine is set, and is wrong by so much more.
    fn set_clock(&mut self, at: usize, ms: i64) {
        let (Some(app), Some(hands)) = (self.instances.get(at), self.clocks.get_mut(at)) else {
            return;
        };
        app.clock.set(ms);
        hands.set_ms += ms;
        let wrong_ms = hands.set_ms;
        self.note(&format!("the clock at {at} is set by {ms} ms, and is wrong by {wrong_ms} ms"));
    }

    /// Time passes for everybody.
    pub(super) fn wait(&mut self, ms: i64) {
        self.machine.advance(ms);
        self.toss.sandbox.advance(ms);
        self.note(&format!("{ms} ms pass"));
        while let Some(straggler) = self.machine.arrived() {
            let answer = self.runtime.block_on(line::ask(&self.toss.sandbox, &straggler));
            self.note(&format!("a late call reaches toss: {}", answer.status));
        }
    }

    /// Something that happens outside the shop, at once.
    fn tell(&mut self, deed: impl Future<Output = String>) {
        let note = self.runtime.block_on(deed);
        if !note.is_empty() {
            self.note(&note);
        }
    }

    /// A call of the shop begins, if there is anything to call about, and takes its first turn.
    pub(super) fn start<F: Future<Output = ()> + 'static>(
        &mut self,
        instance: usize,
        call: Option<(String, F)>,
    ) {
        let Some((name, work)) = call else { return };
        let id = self.machine.next_task();
        let pause = Pause::Until(0);
        self.tasks.push(Task { id, instance, name, work: Box::pin(work), ticket: 0, pause });
        self.turn(self.tasks.len() - 1);
    }

    /// The tasks that could go on now.
    fn runnable(&self) -> Vec<usize> {
        let now = self.machine.now();
        let can = |task: &Task| match task.pause {
            Pause::Point { .. } => true,
            Pause::Until(until) => now >= until,
            Pause::Task { id, until } => now >= until || !self.tasks.iter().any(|it| it.id == id),
        };
        let all = self.tasks.iter().enumerate();
        all.filter(|(_, task)| can(task)).map(|(at, _)| at).collect()
    }

    /// One task goes on until it stands still or ends.
    fn turn(&mut self, at: usize) {
        let Some(task) = self.tasks.get_mut(at) else { return };
        let machine = Rc::clone(&self.machine);
        machine.begin_turn(task.instance, task.ticket);
        let watched = Rc::clone(&machine);
        let work = &mut task.work;
        let one_turn = poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(true),
            Poll::Pending if watched.is_paused() => Poll::Ready(false),
            Poll::Pending => Poll::Pending,
        });
        let ended =
            self.runtime.block_on(async { tokio::time::timeout(TURN_PATIENCE, one_turn).await });
        let (stood, started) = machine.end_turn();
        let what = format!("{} #{} at {}", task.name, task.id, task.instance);
        let instance = task.instance;
        match (ended, stood) {
            (Ok(true), _) => {
                let task = self.tasks.remove(at);
                drop(task);
                self.note(&format!("{what}: over"));
            }
            (Ok(false), Some(stood)) => {
                task.ticket = stood.ticket;
                task.pause = stood.pause;
                self.note(&format!("{what}: {}", place(stood.pause)));
                if stood.is_dying {
                    self.die(instance);
                }
            }
            (Ok(false), None) | (Err(_), _) => {
                self.offences.push(format!("{what}: stands still for no reason"));
            }
        }
        for one in started {
            let name = format!("{what} / #{}", one.id);
            self.tasks.push(Task {
                id: one.id,
                instance: one.instance,
                name,
                work: one.task,
                ticket: 0,
                pause: Pause::Until(0),
            });
        }
        let notes = std::mem::take(&mut self.known.borrow_mut().notes);
        for note in notes {
            self.note(&note);
        }
    }

    /// An instance loses its power, and another starts in its place.
    fn die(&mut self, instance: usize) {
        self.deaths += 1;
        self.note(&format!("instance {instance} dies"));
        let (dead, alive) =
            std::mem::take(&mut self.tasks).into_iter().partition(|task| task.instance == instance);
        self.tasks = alive;
        let dead: Vec<Task> = dead;
        let _inside = self.runtime.enter();
        drop(dead);
        let Some(hands) = self.clocks.get_mut(instance) else { return };
        // Its machine may have died with it.
        hands.starts += self.machine.below(2);
        let fresh = self.stage.instance(&self.toss, hands.clock(instance));
        if let Some(place) = self.instances.get_mut(instance) {
            *place = fresh;
        }
    }

    /// No more faults, clocks are right, and every task goes on until it has ended.
    pub(super) fn calm(&mut self) {
        for (at, hands) in (0..).zip(self.clocks) {
            if hands.set_ms != 0 {
                self.set_clock(at, -hands.set_ms);
            }
        }
        self.machine.weather.set(Weather::Calm);
        self.runtime.block_on(self.toss.tell("DELETE", "/__sandbox/faults", &json!({})));
        self.note("the sky clears");
        self.run_out();
    }

    /// Lets all tasks end; those that sleep sleep their time.
    pub(super) fn run_out(&mut self) {
        for _ in 0..TURNS_MAX {
            if let Some(first) = self.runnable().first().copied() {
                self.turn(first);
                continue;
            }
            let now = self.machine.now();
            let wakes = self.tasks.iter().filter_map(|task| match task.pause {
                Pause::Point { .. } => None,
                Pause::Until(until) | Pause::Task { until, .. } => {
                    (until < i64::MAX).then_some(until)
                }
            });
            match wakes.min() {
                Some(until) => self.wait((until - now).max(1)),
                None if self.tasks.is_empty() => return,
                None => break,
            }
        }
        self.offences.push(format!("{} tasks never end", self.tasks.len()));
    }

    pub(super) fn instance(&self, at: usize) -> Option<App> {
        self.instances.get(at).cloned()
    }

    pub(super) fn note(&mut self, text: &str) {
        let ms = self.machine.now() - BEGINNING;
        // Writing to a text cannot fail.
        let _ =
            writeln!(self.story, "{:>4} {:>9}.{:03} {text}", self.events, ms / 1_000, ms % 1_000);
    }
}

fn place(pause: Pause) -> String {
    match pause {
        Pause::Point { what, side } => format!("{side} {what}"),
        Pause::Until(until) => format!("until {}", until - BEGINNING),
        Pause::Task { id, .. } => format!("for #{id}"),
    }
}
