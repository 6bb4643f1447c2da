//! The parts of a check, in order: what to break, what to explore.

use std::fmt::Debug;

use threadcraft_explore::check::{self, CheckReport, Part};
use threadcraft_explore::schedule::Schedule;

use crate::goal::Goal;
use crate::program::Program;
use crate::protocol::{Played, Request};
use crate::run::Run;
use crate::search::{self, Single};
use crate::{lines, share, single};

/// Takes the parts of one exercise's check and keeps what was found.
pub struct Check {
    mode: Mode,
    /// A schedule to try first.
    saved: Option<Schedule>,
    parts: Vec<Part>,
}

/// What the runner wants.
enum Mode {
    /// Everything, judged.
    Judge,
    /// Everything, but the breaking part was not solved: what follows it might show the answer and is not run.
    PutOff,
    /// One schedule, shown and not judged: of the learner's program of this title, else of the first, or of the given one
    /// if the check has no other (`learners` says which was run so far).
    Show { schedule: String, title: Option<String>, learners: bool },
    /// One schedule of one program, as far as it was played: how the program stands after it.
    Play { schedule: String, program: Played, title: Option<String> },
}

impl Check {
    /// An empty check.
    pub(crate) fn new(request: &Request) -> Self {
        let mode = match (&request.schedule, request.play) {
            (schedule, Some(program)) => {
                Mode::Play { schedule: schedule.clone().unwrap_or_default(), program, title: request.title.clone() }
            }
            (Some(schedule), None) => {
                Mode::Show { schedule: schedule.clone(), title: request.title.clone(), learners: false }
            }
            (None, None) => Mode::Judge,
        };
        // A saved schedule is only a help: one that does not parse was saved by another version.
        let saved = request.saved.as_deref().and_then(|text| text.parse().ok());
        Self { mode, saved, parts: Vec::new() }
    }

    /// The learner's schedule is to break the program as it was given. Until it does, no later part is run, and the
    /// report shows only what the schedule does.
    pub fn break_it<R: Debug + 'static>(
        &mut self,
        given: impl Fn() -> R + Send + Sync + 'static,
        schedule: &str,
        goal: Goal,
    ) {
        let run = Run::new(given);
        match &self.mode {
            Mode::Judge => {
                let part = single::break_part(&run, schedule, &goal);
                if part.claims.iter().any(|claim| !claim.holds) {
                    self.mode = Mode::PutOff;
                }
                self.parts.push(part);
            }
            Mode::PutOff => {}
            Mode::Show { schedule, .. } if self.parts.is_empty() => {
                let single = Single { outcome: None, ..Single::new(&run) };
                self.parts.push(single::replay_part("the given program on this schedule", single, schedule));
            }
            Mode::Play { schedule, program: Played::Given, .. } if self.parts.is_empty() => {
                self.parts.push(single::play_given(&run, schedule, &goal));
            }
            Mode::Show { .. } | Mode::Play { .. } => {}
        }
    }

    /// Searches the schedules of a program for one on which something that is said of it does not hold.
    pub fn explore(&mut self, program: Program) {
        match &mut self.mode {
            Mode::Judge => self.parts.push(search::explore(program, self.saved.as_ref())),
            Mode::PutOff => {
                let unsolved = self.parts.last_mut().expect("the part that was not solved");
                unsolved.claims.push(single::put_off(&program.title));
            }
            Mode::Show { learners: true, title, .. } if *title != Some(program.title.clone()) => {}
            Mode::Show { schedule, learners, .. } => {
                *learners = true;
                let outcome = search::outcome_of(&program.run, program.compare, program.outcome);
                let single = Single { outcome, settings: program.settings, ..Single::new(&program.run) };
                self.parts = vec![single::replay_part("your program on this schedule", single, schedule)];
            }
            Mode::Play { schedule, program: Played::Yours, title }
                if self.parts.is_empty() || *title == Some(program.title.clone()) =>
            {
                self.parts = vec![single::play_yours(program, schedule)];
            }
            Mode::Play { .. } => {}
        }
    }

    /// A program with a bug that hides: it goes wrong on some schedule, and on less than so many percent of a random
    /// sample. Wrong is a failure, or another outcome than that of `right`, which is the same program without the bug.
    pub fn goes_wrong_seldom<R: Debug + 'static>(
        &mut self,
        title: &str,
        program: impl Fn() -> R + Send + Sync + 'static,
        right: impl Fn() -> R + Send + Sync + 'static,
        percent: u32,
    ) {
        if matches!(self.mode, Mode::Judge) {
            let (run, right) = (Run::new(program), Run::new(right));
            self.parts.push(share::seldom(title, &run, &right, percent));
        } else {
            self.explore(Program::new(title, program));
        }
    }

    /// Everything that was found, as the runner reads it.
    pub(crate) fn into_report(mut self, exercise: &str, token: String) -> CheckReport {
        self.parts.iter_mut().for_each(lines::of_the_program);
        CheckReport { version: check::VERSION, token, exercise: exercise.to_owned(), parts: self.parts }
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "check_fine_tests.rs"]
mod fine_tests;
