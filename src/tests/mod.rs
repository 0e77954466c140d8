//! Journeys through the whole program over HTTP, each with its own shop, database and sandbox.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop"
)]

mod answers;
mod backups;
mod bearers;
mod broken;
mod claims;
mod clocks;
mod connections;
mod coupons;
mod damage;
mod deposits;
mod forms;
mod input;
mod languages;
mod late_refusal;
mod ledger;
mod live;
mod markup;
mod model;
mod orders;
mod origins;
mod pages;
mod presence;
mod proof;
mod proof_walk;
mod races;
mod read_only;
mod recognised;
mod refunds;
mod repeats;
mod restart;
mod returns;
mod road;
mod rush;
mod sentences;
mod sets;
mod settings;
mod shelf;
mod shop;
mod storage;
mod telemetry;
mod tidy;
mod trouble;
mod upgrade;
mod visitors;
mod webhooks;
mod words;
