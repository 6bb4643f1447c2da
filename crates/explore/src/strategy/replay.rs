//! One given schedule, followed strictly; after its end the default rule.

use super::{Decision, Point, Strategy};
use crate::engine::state::Object;
use crate::engine::step::StepRecord;
use crate::schedule::{Choice, Schedule, Way, letter};

/// Follows a schedule, once.
pub(crate) struct Replay {
    schedule: Schedule,
    /// If it cannot be followed: diverge, or go on by the default rule.
    strict: bool,
    /// Who would let others go first does so.
    polite: bool,
    began: bool,
}

impl Replay {
    /// Diverges where the schedule cannot be followed.
    pub(crate) fn strict(schedule: Schedule) -> Self {
        Self { schedule, strict: true, polite: false, began: false }
    }

    /// Leaves out the steps that are not possible.
    pub(crate) fn lenient(schedule: Schedule) -> Self {
        Self { schedule, strict: false, polite: false, began: false }
    }

    /// Leaves out, too, that somebody goes round in a loop who would let others go first.
    pub(crate) fn polite(schedule: Schedule) -> Self {
        Self { polite: true, ..Self::lenient(schedule) }
    }
}

impl Strategy for Replay {
    fn begin(&mut self) -> bool {
        !std::mem::replace(&mut self.began, true)
    }

    fn choose(&mut self, point: &Point<'_>) -> Decision {
        match self.schedule.choices().get(point.step) {
            None => Decision::Take(point.default()),
            Some(choice) if point.allows(*choice) && !(self.polite && point.held.contains(choice)) => {
                Decision::Take(*choice)
            }
            Some(choice) if self.strict => Decision::Diverged(cannot(*choice, point)),
            Some(_) => Decision::Take(point.default()),
        }
    }

    fn ended(&mut self, _: &[StepRecord], _: &[Object]) {}

    fn exhausted(&self) -> bool {
        false
    }
}

/// Why a choice is not possible, in the words of a schedule.
fn cannot(choice: Choice, point: &Point<'_>) -> String {
    let mut possible: Vec<String> = point.options.iter().map(|option| letter(option.thread)).collect();
    possible.dedup();
    let what = match choice.way {
        Way::Usual => "can not run then",
        Way::Deadline => "has no deadline that could pass then",
        Way::Rare => "has no rarer way then",
        Way::Launch => "is not about to be started then",
        Way::Stale(_) => "has no older store to read then",
    };
    format!("the schedule says {}, which {what}; possible: {}", letter(choice.thread), possible.join(", "))
}
