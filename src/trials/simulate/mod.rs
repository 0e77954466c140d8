//! `gyesan simulate`: the shop, its background and the sandbox in one process on a simulated clock,
//! with people, webhooks, faults and deaths drawn from a seed. The same seed plays the same
//! history, to the byte.

mod buyers;
mod cores;
mod deeds;
mod history;
mod judge;
mod known;
mod line;
mod machine;
mod outside;
mod play;
mod post;
mod staff;
mod stage;

use std::num::{NonZero, NonZeroUsize};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use tokio::runtime::{Builder, Runtime};

use crate::server::config::SimulateArgs;
use crate::startup::console::say;
use crate::trials::simulate::cores::Cores;
use crate::trials::simulate::history::Ended;
use crate::trials::simulate::machine::Machine;
use crate::trials::simulate::play::play;
use crate::trials::simulate::stage::Stage;

/// What all histories came to.
#[derive(Debug, Default)]
struct Sums {
    histories: AtomicU64,
    events: AtomicU64,
    deaths: AtomicU64,
    broken: AtomicU64,
}

/// Plays histories until all are played or one does not hold.
pub fn run(args: &SimulateArgs) -> Result<(), String> {
    if let Some(seed) = args.seed {
        return replay(seed, args);
    }
    let began = Instant::now();
    let sums = Sums::default();
    let (next, stop) = (AtomicU64::new(args.first), AtomicBool::new(false));
    let end = args.first.saturating_add(args.seeds);
    let (cores, threads) =
        (&Cores::allowed(), args.threads.map_or_else(threads_default, NonZeroUsize::get));
    let failed: Result<(), String> = std::thread::scope(|scope| {
        let (next, stop, sums) = (&next, &stop, &sums);
        let worker = |thread| {
            scope.spawn(move || {
                cores.keep_to_one(thread);
                work(args, next, end, stop, sums, began)
            })
        };
        let workers: Vec<_> = (0..threads).map(worker).collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().unwrap_or_else(|_| Err("a thread of the simulation ended".to_owned()))
        })
    });
    failed?;
    say(&summary(&sums, began));
    match sums.broken.load(Ordering::Relaxed) {
        0 => Ok(()),
        count => Err(format!("{count} histories broke an invariant: see above")),
    }
}

/// One for each core that the process may use.
fn threads_default() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// Tells the whole story of one seed, twice played, with what the shop complains of meanwhile.
fn replay(seed: u64, args: &SimulateArgs) -> Result<(), String> {
    Cores::allowed().keep_to_one(0);
    let (runtime, stage) = stage()?;
    let first = play(&runtime, &stage, seed, args.events)?;
    let second = play(&runtime, &stage, seed, args.events)?;
    say(&first.story);
    if first.story != second.story {
        return Err(format!("seed {seed} played two different histories"));
    }
    for offence in &first.offences {
        say(&format!("BROKEN: {offence}"));
    }
    match first.offences.len() {
        0 => Ok(()),
        count => Err(format!("{count} invariants are broken")),
    }
}

fn work(
    args: &SimulateArgs,
    next: &AtomicU64,
    end: u64,
    stop: &AtomicBool,
    sums: &Sums,
    began: Instant,
) -> Result<(), String> {
    let (mut runtime, mut stage) = stage()?;
    while !stop.load(Ordering::Relaxed) {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        let is_out_of_time =
            args.minutes.is_some_and(|minutes| began.elapsed().as_secs() >= minutes * 60);
        if seed >= end || is_out_of_time {
            return Ok(());
        }
        let played = catch_unwind(AssertUnwindSafe(|| play(&runtime, &stage, seed, args.events)));
        let Ok(played) = played else {
            say(&format!("BROKEN: seed {seed} panicked"));
            sums.broken.fetch_add(1, Ordering::Relaxed);
            stop.store(!args.keep_going, Ordering::Relaxed);
            Machine::install(None);
            (runtime, stage) = self::stage()?;
            continue;
        };
        let ended = played?;
        count(&ended, sums);
        if !ended.offences.is_empty() {
            sums.broken.fetch_add(1, Ordering::Relaxed);
            stop.store(!args.keep_going, Ordering::Relaxed);
            for offence in &ended.offences {
                say(&format!("BROKEN: seed {seed}: {offence}"));
            }
            say(&format!("Play it again: gyesan simulate --seed {seed} --events {}", args.events));
        }
        let played = sums.histories.load(Ordering::Relaxed);
        if played.is_multiple_of(10_000) {
            say(&summary(sums, began));
        }
    }
    Ok(())
}

fn count(ended: &Ended, sums: &Sums) {
    let add = |to: &AtomicU64, count: usize| {
        to.fetch_add(u64::try_from(count).unwrap_or_default(), Ordering::Relaxed);
    };
    add(&sums.histories, 1);
    add(&sums.events, ended.events);
    add(&sums.deaths, ended.deaths);
}

fn stage() -> Result<(Runtime, Stage), String> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("no runtime: {error}"))?;
    let stage = runtime.block_on(Stage::set())?;
    Ok((runtime, stage))
}

fn summary(sums: &Sums, began: Instant) -> String {
    let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
    let histories = read(&sums.histories);
    let rate = histories.saturating_mul(1_000) / ms;
    format!(
        "{histories} histories, {} events, {} deaths, {} broken, in {} s: {rate} a second.",
        read(&sums.events),
        read(&sums.deaths),
        read(&sums.broken),
        ms / 1_000,
    )
}

#[cfg(test)]
mod tests {
    use super::cores::Cores;
    use super::stage;
    use crate::trials::simulate::history::Ended;
    use crate::trials::simulate::play::play;

    const EVENTS: usize = 50;

    fn played(seeds: std::ops::Range<u64>) -> Vec<Ended> {
        Cores::allowed().keep_to_one(0);
        let (runtime, stage) = stage().unwrap();
        seeds.map(|seed| play(&runtime, &stage, seed, EVENTS).unwrap()).collect()
    }

    #[test]
    fn a_seed_plays_the_same_history_to_the_byte() {
        let stories = |ended: Vec<Ended>| ended.into_iter().map(|it| it.story).collect::<Vec<_>>();
        let first = stories(played(1..11));
        assert_eq!(first, stories(played(1..11)));
        assert!(first.iter().zip(first.iter().skip(1)).all(|(one, next)| one != next));
    }

    /// The rest are played by `make simulate`.
    #[test]
    fn what_must_hold_holds_in_some_histories() {
        let ended = played(1..61);
        for (seed, ended) in (1..).zip(&ended) {
            let Ended { offences, story, .. } = ended;
            assert!(offences.is_empty(), "seed {seed}: {offences:#?}\n{story}");
        }
        // They would hold easily if nothing happened.
        assert!(ended.iter().map(|it| it.deaths).sum::<usize>() > 0);
        let paid = ended.iter().filter(|it| it.story.contains(": COMPLETED paid=")).count();
        assert!(paid > 10, "{paid}");
    }
}
