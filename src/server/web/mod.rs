//! What the web asks for beside pages and server functions, and what every request passes.

pub mod face;
pub mod forms;
pub mod language;
pub mod middleware;
pub mod order_stream;
pub mod origin;
