//! One program, and all that is said of it.

use std::fmt::Debug;
use std::ops::{Bound, RangeBounds};
use std::sync::OnceLock;

use threadcraft_explore::{ClockPolicy, Execution, ExplorerBuilder, Grain};

use crate::claim::{Claim, Finding, Quantifier};
use crate::compare::{Compare, Outcome};
use crate::facts;
use crate::run::Run;

/// How many executions one search may run. Learners' programs need some hundreds; this is where a wrong one, which
/// may need any number, is cut, well within two seconds.
pub(crate) const MAX_SCHEDULES: u64 = 4_000;

/// One execution takes at most so many steps: ten times what an exercise needs, and few enough that a livelock, which is
/// known by taking them all, is shown within a second.
pub(crate) const MAX_STEPS: usize = 1_000;

/// A program to be explored, and what must hold of it.
///
/// Besides what is said here, no program may deadlock, livelock, race or lose a panic on any schedule.
#[must_use = "a program is explored when it is given to `Check::explore`"]
pub struct Program {
    pub(crate) title: String,
    pub(crate) run: Run,
    pub(crate) claims: Vec<Claim>,
    pub(crate) compare: Compare,
    pub(crate) outcome: Option<Box<Outcome>>,
    pub(crate) max_schedules: u64,
    pub(crate) settings: Settings,
}

/// How a program is run, whatever is asked of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    /// How many steps one execution may take.
    pub(crate) max_steps: usize,
    /// When its virtual time passes.
    pub(crate) clock: ClockPolicy,
    /// What a step is.
    pub(crate) grain: Grain,
    /// How many waits of one execution return for no reason; `None` means as the explorer has it.
    pub(crate) rare: Option<u32>,
    /// How many processors it has; `None` as before.
    pub(crate) cores: Option<usize>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { max_steps: MAX_STEPS, clock: ClockPolicy::WhenIdle, grain: Grain::Coarse, rare: None, cores: None }
    }
}

impl Settings {
    /// An explorer that runs programs so.
    pub(crate) fn of(self, mut explorer: ExplorerBuilder) -> ExplorerBuilder {
        if let Some(rare) = self.rare {
            explorer = explorer.rare(rare);
        }
        if let Some(cores) = self.cores {
            explorer = explorer.cores(cores);
        }
        explorer.max_steps(self.max_steps).clock(self.clock).grain(self.grain)
    }
}

impl Program {
    /// A program, and the title of its part of the report, such as `every schedule`.
    pub fn new<R: Debug + 'static>(title: impl Into<String>, run: impl Fn() -> R + Send + Sync + 'static) -> Self {
        Self {
            title: title.into(),
            run: Run::new(run),
            claims: Vec::new(),
            compare: Compare::Nothing,
            outcome: None,
            max_schedules: MAX_SCHEDULES,
            settings: Settings::default(),
        }
    }

    /// On every schedule this holds of the execution.
    ///
    /// ```no_run
    /// # use threadcraft_harness::Program;
    /// # fn program() {}
    /// # let _ =
    /// Program::new("every schedule", program).every_schedule("main has the last word", |execution| {
    ///     match execution.printed.last() {
    ///         Some(last) if last.thread == 0 => Ok(()),
    ///         Some(last) => Err(format!("the last line is `{}`", last.line)),
    ///         None => Err("nothing is printed".to_owned()),
    ///     }
    /// })
    /// # ;
    /// ```
    pub fn every_schedule<F: Finding>(
        self,
        claim: impl Into<String>,
        test: impl Fn(&Execution) -> F + Send + Sync + 'static,
    ) -> Self {
        self.claim(claim.into(), Quantifier::Every, test)
    }

    /// There is a schedule on which this holds of the execution.
    pub fn some_schedule<F: Finding>(
        self,
        claim: impl Into<String>,
        test: impl Fn(&Execution) -> F + Send + Sync + 'static,
    ) -> Self {
        self.claim(claim.into(), Quantifier::Some, test)
    }

    fn claim<F: Finding>(
        mut self,
        text: String,
        quantifier: Quantifier,
        test: impl Fn(&Execution) -> F + Send + Sync + 'static,
    ) -> Self {
        self.claims.push(Claim::new(text, quantifier, Box::new(move |execution| test(execution).seen())));
        self
    }

    /// Every execution starts so many threads, main not counted: a number, or a range.
    pub fn threads(self, count: impl Count) -> Self {
        let text = format!("the program starts {} of its own", count.text());
        self.every_schedule(text, move |execution| {
            let started = facts::started(execution).len();
            if count.admits(started) { Ok(()) } else { Err(format!("it starts {}", threads(started))) }
        })
    }

    /// On some schedule so many of the started threads are alive at the same time.
    pub fn alive_at_once(self, count: usize) -> Self {
        self.some_schedule(format!("{count} threads are alive at once on some schedule"), move |execution| {
            let most = facts::most_alive_at_once(execution);
            if most >= count { Ok(()) } else { Err(format!("never more than {}", threads(most))) }
        })
    }

    /// On every schedule there is an object that main and at least so many started threads use: the result comes from
    /// the threads and is not merely printed.
    pub fn shares_with_main(self, count: usize) -> Self {
        self.every_schedule(format!("main and {count} threads work on one shared object"), move |execution| {
            let most = facts::most_sharing_with_main(execution);
            if most >= count { Ok(()) } else { Err(format!("what main uses is used by {} besides", threads(most))) }
        })
    }

    /// On every schedule the last line that main prints is this one.
    pub fn main_ends_with(self, line: &'static str) -> Self {
        self.every_schedule(format!("main's last line is `{line}`"), move |execution| {
            match execution.printed_by(0).last() {
                Some(last) if last == line => Ok(()),
                Some(last) => Err(format!("it is `{last}`")),
                None => Err("main prints nothing".to_owned()),
            }
        })
    }

    /// On every schedule the last line of all is main's: it has waited for whoever prints.
    pub fn main_speaks_last(self) -> Self {
        self.every_schedule("the last line is main's, after all threads have ended", |execution| {
            match execution.printed.last() {
                Some(last) if last.thread == 0 => Ok(()),
                Some(last) => Err(format!("`{}` comes after it", last.line.trim_start())),
                None => Err("nothing is printed".to_owned()),
            }
        })
    }

    /// Every schedule comes to one of these outcomes, and each of them is that of some schedule.
    pub fn comes_to(self, claim: impl Into<String>, outcomes: &'static [&'static str]) -> Self {
        let mut program = self.every_schedule(claim, move |execution| match execution.outcome.as_deref() {
            Some(outcome) if outcomes.contains(&outcome) => Ok(()),
            outcome => Err(format!("it comes to {}", outcome.unwrap_or("nothing"))),
        });
        if outcomes.len() > 1 {
            for &outcome in outcomes {
                program = program.some_schedule(format!("some schedule comes to {outcome}"), move |execution| {
                    execution.outcome.as_deref() == Some(outcome)
                });
            }
        }
        program
    }

    /// All schedules have the same outcome, whatever it is.
    pub fn one_outcome(self) -> Self {
        let first: OnceLock<Option<String>> = OnceLock::new();
        self.every_schedule("it ends the same on every schedule", move |execution| {
            let first = first.get_or_init(|| execution.outcome.clone()).as_deref().unwrap_or_default();
            match execution.outcome.as_deref().unwrap_or_default() {
                outcome if outcome == first => Ok(()),
                outcome => Err(format!("it ends with `{outcome}`, and on another schedule with `{first}`")),
            }
        })
    }

    /// The set of outcomes over all schedules equals the snapshot `outcomes`.
    ///
    /// The outcome of an execution is what [`outcome_is`](Self::outcome_is) says, else what the program returns, else
    /// (if it returns nothing) the last line that main prints.
    pub fn outcomes(self) -> Self {
        self.compared_by(Compare::Outcomes)
    }

    /// What each thread prints, in its own order, equals the snapshot `output` on every schedule.
    pub fn output(self) -> Self {
        self.compared_by(Compare::Output)
    }

    fn compared_by(mut self, compare: Compare) -> Self {
        assert_eq!(self.compare, Compare::Nothing, "one program has one snapshot; explore it in two parts for two");
        self.compare = compare;
        self
    }

    /// The outcome of an execution.
    pub fn outcome_is(mut self, outcome: impl Fn(&Execution) -> String + Send + Sync + 'static) -> Self {
        self.outcome = Some(Box::new(outcome));
        self
    }

    /// At most so many executions; the default is for programs of a few dozen steps.
    pub fn max_schedules(mut self, most: u64) -> Self {
        self.max_schedules = most;
        self
    }

    /// At most so many steps in one execution; the default is as with `max_schedules`.
    pub fn max_steps(mut self, most: usize) -> Self {
        self.settings.max_steps = most;
        self
    }

    /// A deadline may pass at any point, not only when nobody else can run.
    pub fn clock_may_jump(mut self) -> Self {
        self.settings.clock = ClockPolicy::Anywhere;
        self
    }

    /// One access to an atomic is one step, compare-exchanges may fail and waits return for no reason: for exercises in
    /// which the learner builds a primitive. In such a program a thread costs ten times less, and a loop that takes no
    /// step is noticed only by the time limit.
    pub fn fine_grain(mut self) -> Self {
        self.settings.grain = Grain::Fine;
        self
    }

    /// In fine grain: no compare-exchange fails and no wait returns for no reason. For a program that has too many
    /// schedules else, beside a smaller one that is disturbed.
    pub fn undisturbed(mut self) -> Self {
        self.settings.rare = Some(0);
        self
    }

    /// How many processors there are for `work(…)`.
    pub fn cores(mut self, cores: usize) -> Self {
        self.settings.cores = Some(cores);
        self
    }
}

/// How many: a number, or a range such as `2..` or `1..=3`.
pub trait Count: Send + Sync + 'static {
    /// Whether this many are right.
    fn admits(&self, count: usize) -> bool;
    /// As words, with "thread" or "threads" after them.
    fn text(&self) -> String;
}

impl Count for usize {
    fn admits(&self, count: usize) -> bool {
        *self == count
    }

    fn text(&self) -> String {
        threads(*self)
    }
}

/// `no thread`, `1 thread`, `2 threads`.
fn threads(count: usize) -> String {
    match count {
        0 => "no thread".to_owned(),
        1 => "1 thread".to_owned(),
        _ => format!("{count} threads"),
    }
}

/// Implements [`Count`] for the ranges that read well in a check.
macro_rules! count_by_range {
    ($($range:ty),+) => {$(
        impl Count for $range {
            fn admits(&self, count: usize) -> bool {
                self.contains(&count)
            }

            fn text(&self) -> String {
                range_text(self)
            }
        }
    )+};
}

count_by_range!(std::ops::RangeFrom<usize>, std::ops::RangeInclusive<usize>);

fn range_text(range: &impl RangeBounds<usize>) -> String {
    match (range.start_bound(), range.end_bound()) {
        (Bound::Included(least), Bound::Unbounded) => format!("at least {}", threads(*least)),
        (Bound::Included(least), Bound::Included(most)) => format!("{least} to {}", threads(*most)),
        _ => unreachable!("only `n..` and `n..=m` are counts"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_reads_as_words_and_admits_what_it_says() {
        assert_eq!(1.text(), "1 thread");
        assert_eq!((2..).text(), "at least 2 threads");
        assert_eq!((1..=3).text(), "1 to 3 threads");
        assert!(2.admits(2) && !2.admits(3));
        assert!((2..).admits(7) && !(2..).admits(1));
        assert!((1..=3).admits(3) && !(1..=3).admits(4));
    }

    #[test]
    #[should_panic(expected = "one snapshot")]
    fn a_program_is_compared_with_one_snapshot() {
        let _ = Program::new("p", || ()).outcomes().output();
    }
}
