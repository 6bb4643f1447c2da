//! What a `check.rs` of the course is written against: it says what must hold of a program, and every interleaving
//! that matters is searched for a counterexample.
//!
//! Design: a check is a plain function that describes its parts to a [`Check`], in order. Each program is searched
//! *once*; everything that is said of it (threads, claims, outcomes, output) is answered by that one search. A claim
//! reads one [`Execution`] and is either for [every](Program::every_schedule) or for [some](Program::some_schedule)
//! schedule. Nothing is judged here against a snapshot: the contents travel in the report, and only the runner, in
//! another process, knows what they should be.
//!
//! ```no_run
//! use threadcraft_harness::{Check, Goal, Program};
//! # mod given { pub fn main() {} }
//! # mod learner { pub const SCHEDULE: &str = ""; pub fn main() {} }
//!
//! pub fn check(check: &mut Check) {
//!     // First break it: the program as it was given, on the learner's schedule. Until that is solved, nothing of
//!     // what follows is run.
//!     check.break_it(given::main, learner::SCHEDULE, Goal::outcome_other_than("counter = 2"));
//!     // Then fix it: the learner's program, on every schedule.
//!     check.explore(
//!         Program::new("every schedule", learner::main)
//!             .threads(2)
//!             .alive_at_once(2)
//!             .every_schedule("main prints one line", |execution| execution.printed_by(0).count() == 1)
//!             .outcomes(),
//!     );
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     threadcraft_harness::main("lost_update", check)
//! }
//! ```
//!
//! | kind of exercise | written as |
//! |---|---|
//! | O output | [`Program::output`] |
//! | S outcome set | [`Program::outcomes`] |
//! | P property | [`Program::every_schedule`], [`Program::some_schedule`]; deadlock, race, livelock and lost panic are always claimed |
//! | C compiler | that it compiles is the runner's matter; what it then does is an S or a P |
//! | B break it | [`Check::break_it`] |
//! | a bug that hides | [`Check::goes_wrong_seldom`] |
//!
//! [`facts`] has the questions that several checks ask of an execution.
//!
//! # An exercise to be broken
//!
//! The learner's file declares the answer on a line of its own, empty in the starter:
//!
//! ```
//! pub const SCHEDULE: &str = "";
//! ```
//!
//! and the check hands it to [`Check::break_it`] with the program as it was given (the starter, as `crate::given`) and
//! a [`Goal`]: a [deadlock](Goal::deadlock), another [failure](Goal::failure), a [wrong
//! outcome](Goal::outcome_other_than), or [two inside](Goal::happens), as what is printed or probed tells. If nothing
//! follows, it is an exercise of kind B; with an [`explore`](Check::explore) of the learner's program after it, of kind
//! B→S or B→P. The goal's sentence is what `cargo xtask play` shows above the threads; a player who reaches it has the
//! schedule written into that line. The schedule may end early: what it leaves open follows by the default rule, in the
//! check as in play.

mod check;
mod claim;
mod compare;
pub mod facts;
mod goal;
mod lines;
mod program;
mod protocol;
mod run;
mod search;
mod share;
mod single;

use std::process::ExitCode;

pub use check::Check;
pub use claim::Finding;
pub use goal::Goal;
pub use program::Program;
pub use threadcraft_explore::Execution;

/// The `main` of a program that checks one exercise: takes the runner's request, runs `check`, and writes the report.
///
/// It fails only if there is nobody to report to; what the exercise does wrong is in the report.
pub fn main(exercise: &str, check: fn(&mut Check)) -> ExitCode {
    let (request, pipe) = match protocol::take_request() {
        Ok(taken) => taken,
        Err(error) => {
            eprintln!("{exercise}: {error}");
            return ExitCode::from(2);
        }
    };
    let mut all = Check::new(&request);
    check(&mut all);
    match protocol::send_report(pipe, &all.into_report(exercise, request.token)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{exercise}: the report could not be sent: {error}");
            ExitCode::from(3)
        }
    }
}
