//! Runs a threaded program on every interleaving that matters, and shows the shortest one that goes wrong.

pub mod check;
mod engine;
mod execution;
mod explorer;
mod minimise;
pub mod render;
pub mod report;
pub mod runtime;
pub mod schedule;
mod search;
mod strategy;

use std::fmt::Debug;

pub use crate::execution::{CallRecord, Execution, Probe, ThreadSummary};
pub use crate::explorer::{Budget, ClockPolicy, Explorer, ExplorerBuilder, Grain, Replayed, Strategy};
pub use crate::report::{Failure, FailureKind, Outcomes, Report};
pub use crate::schedule::{Schedule, ScheduleError};

/// Explores a program with the default settings; what went wrong is in the report.
pub fn explore<R: Debug>(program: impl Fn() -> R + Send + Sync + 'static) -> Report {
    Explorer::default().explore(program)
}

/// Runs a program once on a given schedule, and by the default rule after its end.
pub fn replay<R: Debug>(schedule: &Schedule, program: impl Fn() -> R + Send + Sync + 'static) -> Replayed {
    Explorer::default().replay(schedule, program)
}
