//! A claim about a program: a sentence, for every schedule or for some, and what one execution says of it.

use std::fmt::Display;

use threadcraft_explore::check;
use threadcraft_explore::report::{Failure, Report};
use threadcraft_explore::schedule::Schedule;
use threadcraft_explore::{Execution, Replayed};

/// What one execution says of a claim: `bool`, or `Result` whose error says what was seen instead.
pub trait Finding {
    /// `Err` with what was seen instead, if the claim does not hold.
    fn seen(self) -> Result<(), String>;
}

impl Finding for bool {
    fn seen(self) -> Result<(), String> {
        if self { Ok(()) } else { Err("it does not hold on this schedule".to_owned()) }
    }
}

impl<E: Display> Finding for Result<(), E> {
    fn seen(self) -> Result<(), String> {
        self.map_err(|error| error.to_string())
    }
}

/// On which schedules a claim is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Every,
    Some,
}

/// What an execution says of a claim.
pub(crate) type Test = Box<dyn Fn(&Execution) -> Result<(), String> + Send + Sync>;

/// A claim, and what the search has said of it so far.
pub(crate) struct Claim {
    text: String,
    quantifier: Quantifier,
    test: Test,
    /// For `Some`: an execution on which it holds was seen.
    shown: bool,
    /// The simplest execution that ended well and on which it does not hold.
    against: Option<Against>,
}

/// An execution that speaks against a claim.
struct Against {
    schedule: Schedule,
    preemptions: u32,
    seen: String,
}

impl Claim {
    pub(crate) fn new(text: String, quantifier: Quantifier, test: Test) -> Self {
        Self { text, quantifier, test, shown: false, against: None }
    }

    /// Takes one execution into account. Those that failed say nothing: they ended in the middle, and their failure
    /// is reported before any claim.
    pub(crate) fn observe(&mut self, execution: &Execution) {
        if execution.failure.is_some() || (self.quantifier == Quantifier::Some && self.shown) {
            return;
        }
        match (self.test)(execution) {
            Ok(()) => self.shown = true,
            Err(seen) => {
                let cost = (execution.preemptions, execution.schedule.len());
                let simpler = self.against.as_ref().is_none_or(|a| cost < (a.preemptions, a.schedule.len()));
                if simpler {
                    let preemptions = execution.preemptions;
                    self.against = Some(Against { schedule: execution.schedule.clone(), preemptions, seen });
                }
            }
        }
    }

    /// What one execution alone says of it; nothing, if the claim is about the whole of them.
    pub(crate) fn on_one(self, execution: &Execution) -> Option<check::Claim> {
        if self.quantifier == Quantifier::Some || execution.failure.is_some() {
            return None;
        }
        Some(match (self.test)(execution) {
            Ok(()) => held(self.text),
            Err(seen) => refuted(self.text, seen, None),
        })
    }

    /// The claim as it stands in the report; `None` if the search broke off at a failure before it could be decided.
    /// `simplify` makes a counterexample as short as it can be while it stays one.
    pub(crate) fn conclude(
        self,
        report: &Report,
        simplify: impl FnOnce(&Schedule, &Test) -> Replayed,
    ) -> Option<check::Claim> {
        match (self.quantifier, self.against) {
            (Quantifier::Every, None) => Some(held(self.text)),
            (Quantifier::Some, _) if self.shown => Some(held(self.text)),
            (Quantifier::Some, _) if report.failure.is_some() => None,
            (Quantifier::Some, against) => {
                let instead = against.map_or_else(String::new, |against| format!(": {}", against.seen));
                let seen = format!("on none of the {} schedules{instead}", report.schedules);
                Some(refuted(self.text, seen, None))
            }
            (Quantifier::Every, Some(against)) => {
                let shortest = simplify(&against.schedule, &self.test);
                let seen = (self.test)(&shortest.execution).err().unwrap_or(against.seen);
                let failure = shortest.refutes(&self.text, &seen);
                Some(refuted(self.text, seen, Some(failure)))
            }
        }
    }
}

/// A claim that holds.
pub(crate) fn held(text: String) -> check::Claim {
    check::Claim { text, holds: true, verdict: "property".to_owned(), seen: String::new(), refuted_by: None }
}

/// A claim that does not hold.
fn refuted(text: String, seen: String, refuted_by: Option<Failure>) -> check::Claim {
    check::Claim { text, holds: false, verdict: "property".to_owned(), seen, refuted_by }
}
