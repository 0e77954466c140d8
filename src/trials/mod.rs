//! The shop on trial: simulated histories, deaths on purpose, measurements. Nothing of the shop needs them.

pub mod bench;
pub mod drill;
pub mod simulate;

mod child;
mod temporary;
