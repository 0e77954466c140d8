//! Journeys through the whole program over HTTP, each with its own shop, database and sandbox.

mod answers;
mod coupons;
mod forms;
mod input;
mod orders;
mod pages;
mod returns;
mod shop;
mod tidy;
