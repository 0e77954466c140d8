//! What the process runs on: time and chance, tasks that outlive a request, figures, and what fails
//! again and again.

pub mod asked_in;
pub mod clock;
pub mod crash;
pub mod failures;
pub mod machine;
pub mod metrics;
pub mod presence;
pub mod tasks;
