//! What was found on one schedule of a threaded program: as data, as JSON, and as a timeline that a person can read.
//!
//! This is what an explorer tells and a runner shows. `threadcraft-explore` makes [reports](Report) and has all of this
//! crate under its own name; who only reads reports, as the course's runner does, needs no engine:
//!
//! ```
//! use threadcraft_timeline::{Report, render};
//!
//! let text = Report::empty("the budget was 0 schedules").to_json();
//! // … in another program:
//! let report = Report::from_json(&text).unwrap();
//! match &report.failure {
//!     Some(failure) => println!("{}", render::failure("the program", failure, &render::Style::plain())),
//!     None => println!("nothing found: {}", report.cut.as_deref().unwrap_or("all was searched")),
//! }
//! ```
//!
//! # Coming from Python
//!
//! There is nothing like it: a traceback shows one thread where it stopped, a timeline shows all of them, step by step,
//! on the way there.
//!
//! # Cost
//!
//! A report holds every step of the execution that went wrong, some 200 bytes each, and nothing of those that went
//! right but their outcomes. Reading and writing JSON is compiled where it is used.

pub mod check;
pub mod json;
pub mod render;
pub mod report;
pub mod schedule;
mod shard;
mod standing;
pub mod why;

pub use crate::report::{Failure, FailureKind, Outcomes, Report};
pub use crate::schedule::{Schedule, ScheduleError};
pub use crate::shard::{Shard, ShardError};
pub use crate::standing::{NextStep, ObjectStanding, Standing, ThreadStanding, ThreadStatus};
pub use crate::why::Why;

/// The variable of the environment that tests read a schedule from, as a failure says that they do.
pub const SCHEDULE_VARIABLE: &str = "THREADCRAFT_SCHEDULE";

impl Report {
    /// The report itself if nothing went wrong.
    ///
    /// # Panics
    ///
    /// With the rendered timeline, if something did.
    #[track_caller]
    pub fn unwrap(self) -> Self {
        if let Some(failure) = &self.failure {
            let style = render::Style { replay: Some(format!("{SCHEDULE_VARIABLE}=")), ..render::Style::plain() };
            panic!("\n{}", render::failure("the explored program", failure, &style));
        }
        self
    }
}
