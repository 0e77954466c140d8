//! Faults: what goes wrong on request with the calls of the API.

mod description;
mod fault;
mod in_force;

pub(crate) use description::{read, restored, shown};
pub(crate) use fault::{Fault, Kind, Subject, TIMES_MAX, Target, When};
pub(crate) use in_force::{FAULTS_MAX, Faults};
