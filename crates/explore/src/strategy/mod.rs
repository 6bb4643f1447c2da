//! Who goes next: the ways to choose among the threads that can run.

mod bounded;
mod dpor;
mod lockstep;
mod numbers;
mod pct;
mod races;
mod random;
mod replay;
mod shard;

pub(crate) use self::bounded::Bounded;
pub(crate) use self::dpor::Dpor;
pub(crate) use self::lockstep::Lockstep;
pub(crate) use self::pct::Pct;
pub(crate) use self::races::Order;
pub(crate) use self::random::Random;
pub(crate) use self::replay::Replay;
pub(crate) use self::shard::Divide;

use crate::engine::ready::Ready;
use crate::engine::state::{Object, Status, Thread};
use crate::engine::step::StepRecord;
use crate::schedule::{Choice, Way, letters};

/// A moment at which somebody must be chosen.
pub(crate) struct Point<'point> {
    /// All that can happen next, by thread and way.
    pub(crate) options: &'point [Choice],
    /// What could happen, too, but lets these go first: threads that spin, or have yielded.
    pub(crate) held: &'point [Choice],
    /// The thread that had the turn, if it can go on.
    pub(crate) current: Option<usize>,
    /// The steps that were taken.
    pub(crate) steps: &'point [StepRecord],
    /// The threads.
    pub(crate) threads: &'point [Thread],
    /// The objects that were met.
    pub(crate) objects: &'point [Object],
    /// How many steps were taken.
    pub(crate) step: usize,
}

/// What a strategy says.
pub(crate) enum Decision {
    /// This one goes.
    Take(Choice),
    /// What follows was seen already.
    Redundant,
    /// The schedule that is to be followed asks for something impossible.
    Diverged(String),
    /// The same choices led somewhere else than before.
    Uncontrolled(String),
}

/// A way to choose, over many executions.
pub(crate) trait Strategy: Send {
    /// Prepares for another execution; false if there is none left.
    fn begin(&mut self) -> bool;
    /// Chooses.
    fn choose(&mut self, point: &Point<'_>) -> Decision;
    /// Hears how the execution went.
    fn ended(&mut self, steps: &[StepRecord], objects: &[Object]);
    /// True if all executions that this strategy can tell apart were run, and nothing was left out.
    fn exhausted(&self) -> bool;
    /// Why something was left out although all was tried that can be.
    fn cut(&self) -> Option<&'static str> {
        None
    }
    /// The execution has as many steps as it may have. True if that was to be seen, and says nothing of the program.
    fn expects_no_end(&mut self) -> bool {
        false
    }
}

/// Stands where a strategy was taken out: into an execution, or back from it.
pub(crate) fn nothing() -> Box<dyn Strategy> {
    Box::new(Nothing)
}

/// Chooses nothing.
struct Nothing;

impl Strategy for Nothing {
    fn begin(&mut self) -> bool {
        false
    }
    fn choose(&mut self, _: &Point<'_>) -> Decision {
        Decision::Redundant
    }
    fn ended(&mut self, _: &[StepRecord], _: &[Object]) {}
    fn exhausted(&self) -> bool {
        false
    }
}

impl Point<'_> {
    /// True if this can happen next. A launch alone is no option by itself, as it makes no difference.
    pub(crate) fn allows(&self, choice: Choice) -> bool {
        match choice.way {
            Way::Launch => self.is_new(choice.thread) && self.options.contains(&Choice::usual(choice.thread)),
            _ => self.options.contains(&choice) || self.held.contains(&choice),
        }
    }

    /// True if the thread was not launched.
    pub(crate) fn is_new(&self, thread: usize) -> bool {
        self.threads.get(thread).is_some_and(|thread| thread.status == Status::New)
    }

    /// True if the thread is about to make a call that would only queue up.
    pub(crate) fn is_vain(&self, choice: Choice) -> bool {
        let Thread { status, pending, .. } = &self.threads[choice.thread];
        let waits = |ready: Ready| self.objects[ready.word].value.is_some_and(|value| !ready.admits(value));
        choice.way == Way::Usual && *status == Status::Runnable && pending.ready.is_some_and(waits)
    }

    /// What a choice costs a bounded search: interrupting a thread that can go on, a rarer way, and a deadline that
    /// passes although somebody could run.
    #[inline]
    pub(crate) fn cost(&self, choice: Choice) -> u32 {
        let interrupts = self.current.is_some_and(|current| current != choice.thread);
        let unusual = match choice.way {
            Way::Usual | Way::Launch => false,
            Way::Deadline => self.options.iter().any(|option| option.way == Way::Usual),
            Way::Rare | Way::Stale(_) => true,
        };
        u32::from(interrupts || unusual)
    }

    /// The default rule: the running thread goes on; else the first that can, in the usual way if there is one.
    #[inline]
    pub(crate) fn default(&self) -> Choice {
        // Whoever has the turn is current only if it can go on.
        let going_on = self.current.map(Choice::usual);
        let usual = || self.options.iter().copied().find(|option| option.way == Way::Usual);
        going_on.or_else(usual).unwrap_or(self.options[0])
    }
}

/// How to say that a point is not what it was.
fn differs(step: usize, before: &[Choice], now: &[Choice]) -> String {
    let threads = |options: &[Choice]| {
        let mut threads: Vec<usize> = options.iter().map(|option| option.thread).collect();
        threads.dedup();
        letters(&threads)
    };
    format!(
        "before step {}, the same schedule left {} able to run at first and {} later",
        step + 1,
        threads(before),
        threads(now)
    )
}
