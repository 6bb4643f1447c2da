//! What the corpus says of one program, and how it is put to the explorer.

use std::fmt::{self, Debug};
use std::sync::Arc;
use std::time::Duration;

use threadcraft_explore::{Carrier, ClockPolicy, Explorer, ExplorerBuilder, FailureKind, Grain, Strategy};

/// A safety net that no search comes near: what decides is the number of schedules, which is the same everywhere.
const TIME: Duration = Duration::from_secs(600);

/// What a broken program's wrong outcome is reported with.
const CAME_TO: &str = "came to ";

type Program = Arc<dyn Fn() -> Outcome + Send + Sync>;

/// The text of what a program came to.
struct Outcome(String);

impl Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a step is, and when time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// A call is a step; time passes when nobody can run.
    Coarse,
    /// A call is a step; a deadline may pass at any point.
    AnyTime,
    /// An atomic access is a step; time passes when nobody can run.
    Fine,
}

impl Setting {
    fn explorer(self) -> ExplorerBuilder {
        let builder = Explorer::builder().carrier(Carrier::Coroutines).time_limit(TIME);
        match self {
            Self::Coarse => builder,
            Self::AnyTime => builder.clock(ClockPolicy::Anywhere),
            Self::Fine => builder.grain(Grain::Fine),
        }
    }

    /// As it stands in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Coarse => "coarse",
            Self::AnyTime => "coarse, any time",
            Self::Fine => "fine",
        }
    }
}

/// What the explorer is to say of a broken program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The name of a kind of failure.
    Failure(String),
    /// An outcome that the right twin never has.
    ComesTo(String),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failure(name) => f.write_str(name),
            Self::ComesTo(outcome) => write!(f, "comes to `{outcome}`"),
        }
    }
}

/// How much of the right twin is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it, within the explorer's own budget: it is proven right.
    Whole,
    /// So many schedules: to prove it would take too many.
    Schedules(u64),
}

/// What came of a broken program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What was found.
    pub verdict: Verdict,
    /// How many schedules it took.
    pub schedules: u64,
    /// How many preemptions the simplest failing schedule has.
    pub preemptions: u32,
}

/// What came of a right program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// How many schedules were run.
    pub schedules: u64,
    /// True if that was all.
    pub complete: bool,
}

/// A broken program, its right twin, and what is to come of both.
pub struct Entry {
    /// One or two words for the bug.
    pub name: &'static str,
    /// What is wrong.
    pub wrong: &'static str,
    /// Where the bug is described.
    pub source: &'static str,
    /// How it is explored.
    pub setting: Setting,
    /// What is to be found.
    pub verdict: Verdict,
    /// With so many preemptions, and no fewer.
    pub preemptions: u32,
    /// Within so many schedules.
    pub within: u64,
    /// How much of the right twin is run.
    pub extent: Extent,
    /// What the right twin comes to: all of these and nothing else.
    outcomes: Vec<&'static str>,
    broken: Program,
    right: Program,
}

impl Entry {
    /// A bug, and where it is described. Unless more is said: it is a deadlock that needs no preemption.
    pub(super) fn new(name: &'static str, wrong: &'static str, source: &'static str) -> Self {
        let missing: Program = Arc::new(|| unreachable!("an entry has both programs"));
        Self {
            name,
            wrong,
            source,
            setting: Setting::Coarse,
            verdict: Verdict::Failure("deadlock".to_owned()),
            preemptions: 0,
            within: 100,
            extent: Extent::Whole,
            outcomes: vec!["()"],
            broken: Arc::clone(&missing),
            right: missing,
        }
    }

    pub(super) fn broken<R: Debug>(mut self, program: impl Fn() -> R + Send + Sync + 'static) -> Self {
        self.broken = erased(program);
        self
    }

    pub(super) fn right<R: Debug>(mut self, program: impl Fn() -> R + Send + Sync + 'static) -> Self {
        self.right = erased(program);
        self
    }

    pub(super) fn fails_by(mut self, kind: &'static str) -> Self {
        self.verdict = Verdict::Failure(kind.to_owned());
        self
    }

    /// The broken program comes to `outcome`, the right one to `outcomes`.
    pub(super) fn comes_to(mut self, outcome: &'static str, outcomes: &[&'static str]) -> Self {
        self.verdict = Verdict::ComesTo(outcome.to_owned());
        self.outcomes_of_right(outcomes)
    }

    pub(super) fn outcomes_of_right(mut self, outcomes: &[&'static str]) -> Self {
        self.outcomes = outcomes.to_vec();
        self
    }

    pub(super) fn preemptions(mut self, preemptions: u32) -> Self {
        self.preemptions = preemptions;
        self
    }

    pub(super) fn within(mut self, schedules: u64) -> Self {
        self.within = schedules;
        self
    }

    pub(super) fn setting(mut self, setting: Setting) -> Self {
        self.setting = setting;
        self
    }

    pub(super) fn right_for(mut self, schedules: u64) -> Self {
        self.extent = Extent::Schedules(schedules);
        self
    }

    /// The broken program as a test would have it: a wrong outcome is a panic at the end.
    fn asserted(&self) -> impl Fn() + Send + Sync + use<> {
        let (program, outcomes) = (Arc::clone(&self.broken), self.outcomes.clone());
        move || {
            let Outcome(outcome) = program();
            assert!(outcomes.contains(&outcome.as_str()), "{CAME_TO}{outcome}");
        }
    }

    /// Explores the broken program until something is found.
    ///
    /// # Errors
    ///
    /// If nothing is found within the declared number of schedules.
    pub fn find(&self) -> Result<Found, String> {
        let report = self.setting.explorer().max_schedules(self.within).build().explore(self.asserted());
        let Some(failure) = report.failure else {
            return Err(format!("nothing is found in {} schedules: {:?}", report.schedules, report.cut));
        };
        let verdict = match &failure.kind {
            FailureKind::Panic { thread: 0, message, .. } if message.starts_with(CAME_TO) => {
                Verdict::ComesTo(message[CAME_TO.len()..].to_owned())
            }
            kind => Verdict::Failure(kind.name().to_owned()),
        };
        Ok(Found { verdict, schedules: failure.found_after, preemptions: failure.preemptions })
    }

    /// Explores the broken program with fewer preemptions than declared: true if nothing is found, and that was all.
    ///
    /// `None` if there are no fewer.
    #[must_use]
    pub fn needs_its_preemptions(&self) -> Option<bool> {
        let fewer = self.preemptions.checked_sub(1)?;
        let explorer = self.setting.explorer().strategy(Strategy::Bounded(fewer)).max_schedules(100_000);
        let report = explorer.build().explore(self.asserted());
        Some(report.failure.is_none() && report.schedules < 100_000)
    }

    /// Explores the right program as far as [`Self::extent`] says.
    ///
    /// # Errors
    ///
    /// If something goes wrong in it, or it comes to something else than it must.
    pub fn pass(&self) -> Result<Passed, String> {
        let program = Arc::clone(&self.right);
        let explorer = match self.extent {
            Extent::Whole => self.setting.explorer().strategy(Strategy::Dpor).max_schedules(100_000),
            Extent::Schedules(schedules) => self.setting.explorer().max_schedules(schedules),
        };
        let report = explorer.build().explore(move || program());
        if let Some(failure) = &report.failure {
            return Err(format!("{} on schedule {}: {:?}", failure.kind.name(), failure.schedule, failure.kind));
        }
        let seen: Vec<&str> = report.outcomes.iter().map(|(outcome, _)| outcome).collect();
        if seen != self.outcomes {
            return Err(format!("it comes to {seen:?}, and not to {:?}", self.outcomes));
        }
        Ok(Passed { schedules: report.schedules, complete: report.complete })
    }
}

impl Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("name", &self.name).field("verdict", &self.verdict).finish_non_exhaustive()
    }
}

fn erased<R: Debug>(program: impl Fn() -> R + Send + Sync + 'static) -> Program {
    Arc::new(move || Outcome(format!("{:?}", program())))
}
