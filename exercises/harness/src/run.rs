//! A program that can be run again and again, whatever it returns.
//!
//! Design: what it returns is of one type for the rest of the harness. So all of that is compiled once, and not again in
//! each program of the course.

use std::any::TypeId;
use std::fmt::{self, Debug};
use std::sync::Arc;

use threadcraft_explore::report::Report;
use threadcraft_explore::schedule::Schedule;
use threadcraft_explore::{Execution, Explorer, Replayed};

/// A program.
#[derive(Clone)]
pub(crate) struct Run {
    call: Arc<dyn Fn() -> Returned + Send + Sync>,
    /// It returns nothing.
    silent: bool,
}

/// What a program returned, as text.
struct Returned(String);

impl Debug for Returned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Run {
    /// This program.
    pub(crate) fn new<R: Debug + 'static>(program: impl Fn() -> R + Send + Sync + 'static) -> Self {
        let silent = TypeId::of::<R>() == TypeId::of::<()>();
        Self { call: Arc::new(move || Returned(format!("{:?}", program()))), silent }
    }

    /// Whether it returns nothing.
    pub(crate) fn is_silent(&self) -> bool {
        self.silent
    }

    /// Searches its executions, each of which is shown.
    pub(crate) fn visit(&self, explorer: &Explorer, visitor: impl FnMut(&Execution) + Send) -> Report {
        if self.silent { explorer.visit(self.quiet(), visitor) } else { explorer.visit(self.telling(), visitor) }
    }

    /// Runs it on a schedule.
    pub(crate) fn replay(&self, explorer: &Explorer, schedule: &Schedule) -> Replayed {
        if self.silent { explorer.replay(schedule, self.quiet()) } else { explorer.replay(schedule, self.telling()) }
    }

    /// The same, and notes how it stands after the schedule's end.
    pub(crate) fn replay_to(&self, explorer: &Explorer, schedule: &Schedule) -> Replayed {
        if self.silent {
            explorer.replay_to(schedule, self.quiet())
        } else {
            explorer.replay_to(schedule, self.telling())
        }
    }

    /// A schedule as simple as possible on which this holds, as it does on that one.
    pub(crate) fn simplify(
        &self,
        explorer: &Explorer,
        schedule: &Schedule,
        holds: impl Fn(&Execution) -> bool + Send,
    ) -> Replayed {
        if self.silent {
            explorer.simplify(schedule, self.quiet(), holds)
        } else {
            explorer.simplify(schedule, self.telling(), holds)
        }
    }

    fn quiet(&self) -> impl Fn() + Send + Sync + 'static {
        let call = Arc::clone(&self.call);
        move || drop(call())
    }

    fn telling(&self) -> impl Fn() -> Returned + Send + Sync + 'static {
        let call = Arc::clone(&self.call);
        move || call()
    }
}
