//! From settings to a running shop, and to its graceful stop.

pub mod connections;
pub mod console;
pub mod following;
pub mod listener;
pub mod log;
pub mod open_files;
pub mod router;
pub mod running;
pub mod stopping;
pub mod storage;
pub mod telemetry;

pub use running::Running;
