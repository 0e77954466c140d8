//! What pages cost: CPU of the shop for each, and so how many one core makes in a second.

use std::time::Duration;

use crate::startup::console::say;
use crate::trials::bench::figures::{Figures, Kind, cell, ms, ratio};
use crate::trials::bench::load::{Call, Load, Page};
use crate::trials::bench::rig::{Ground, Rig};
use crate::trials::bench::{Plan, Tally, round};

/// Enough of each for hundredths of a second of CPU time to be few per cent.
const CALLS: u32 = 4_000;
const WARM_UP: u32 = 400;
const AT_ONCE: u32 = 16;

/// Buyers whose pages are asked for in turn.
const BUYERS: u32 = 16;

/// Each kind of page on one database.
pub(super) async fn measure(ground: Ground, tally: &mut Tally) -> Result<(), String> {
    let rig = Rig::start(ground, BUYERS).await?;
    let load = Load::new(&rig.shop.url, &rig.sandbox.url, &rig.client_key)?;
    let mut checkouts = Vec::new();
    for call in load.orders(BUYERS).await? {
        if let Call::Confirm(claim) = call {
            checkouts.push(claim.page());
        }
    }
    let cookie = load.cart().await?;
    let fixed = |path: &str, cookie: &str, has| {
        vec![Page { path: path.to_owned(), cookie: cookie.to_owned(), has }]
    };
    say(&format!("\n{}: pages, {AT_ONCE} at once\n", rig.ground.name()));
    say(&line(["page", "CPU µs", "a second on one core", "p50 ms", "÷ file"].map(str::to_owned)));
    let mut file: Option<Figures> = None;
    for (name, pages) in [
        ("a file", fixed("/favicon.svg", "", "<svg")),
        ("shelf", fixed("/", "", "take")),
        ("shelf beside a cart", fixed("/", &cookie, "cart-bar")),
        ("cart", fixed("/cart", &cookie, "buyer")),
        ("checkout", checkouts.clone()),
    ] {
        let calls = (0..WARM_UP + CALLS).zip(pages.iter().cycle());
        let calls = calls.map(|(_, page)| Call::Page(page.clone())).collect();
        let plan = Plan { kind: Kind::Read, at_once: AT_ONCE, warm_up: WARM_UP };
        let figures = round(&rig, &load, plan, calls, tally).await?;
        say(&row(name, &figures, file.as_ref()));
        file = file.or(Some(figures));
    }
    Ok(())
}

fn row(name: &str, figures: &Figures, file: Option<&Figures>) -> String {
    let cpu = |figures: &Figures| figures.shop_cpu?.checked_div(figures.right);
    let own = cpu(figures);
    let rate = own.and_then(|cpu| Duration::from_secs(1).as_nanos().checked_div(cpu.as_nanos()));
    let file = file.and_then(cpu);
    line([
        name.to_owned(),
        own.map_or_else(|| "-".to_owned(), |cpu| cpu.as_micros().to_string()),
        rate.map_or_else(|| "-".to_owned(), |rate| rate.to_string()),
        cell(figures.p50.and_then(ms)),
        cell(own.zip(file).and_then(|(own, file)| ratio(own.as_nanos(), file.as_nanos()))),
    ])
}

fn line([name, cpu, rate, p50, ratio]: [String; 5]) -> String {
    format!("{name:<20} {cpu:>7}  {rate:>20}  {p50:>7}  {ratio:>7}")
}
