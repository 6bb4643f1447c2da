//! The front door: what to explore, how long, and by which strategy.

use std::fmt;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use crate::budget::Budget;
use crate::engine::{Program, drive};
use crate::execution::Execution;
use crate::report::{Failure, Report, Trace};
use crate::schedule::Schedule;
use crate::search::Search;
use crate::{Shard, Standing};

/// Makes an execution into the text of its outcome.
pub(crate) type OutcomeBy = Arc<dyn Fn(&Execution) -> String + Send + Sync>;

/// How large a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grain {
    /// One call of a primitive is one step, which only blocking divides: for programs.
    #[default]
    Coarse,
    /// One access to an atomic is one step: for testing primitives themselves.
    Fine,
}

/// When virtual time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClockPolicy {
    /// Only when nobody can run: computing takes no time.
    #[default]
    WhenIdle,
    /// A deadline may pass at any point: computing may take any time.
    Anywhere,
}

/// What the explored threads run on. The schedules and verdicts are the same on both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// A thread of the system for each: real stacks and thread-locals, and a turn that does not end is noticed. For
    /// programs.
    Threads,
    /// A coroutine for each, all on one thread: about ten times faster. Thread-locals of `std` are shared by all, a
    /// turn that does not end hangs, and stacks are as large as [`ExplorerBuilder::coroutine_stack`] says. For testing
    /// primitives.
    Coroutines,
}

/// Which executions to run, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Strategy {
    /// A little of each: the saved schedule, random choice, lockstep, random priorities, few preemptions, then all:
    /// finds simple failures soon and proves small programs right.
    #[default]
    Standard,
    /// Round-robin with shares of one to four steps.
    Lockstep,
    /// Uniformly random choice.
    Random,
    /// Random priorities that change at random steps, once less than this depth (probabilistic concurrency testing).
    Pct(u32),
    /// Everything with at most so many preemptions.
    Bounded(u32),
    /// Everything, once for each order of steps that depend on each other.
    Dpor,
    /// Everything, by plain depth-first search.
    Full,
}

/// What a load may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum MemoryModel {
    /// The last store: steps happen in one order for all threads. Orderings that are too weak are found as data races on
    /// what they were to protect, not as old values.
    #[default]
    Sequential,
}

/// What an exploration is told.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) grain: Grain,
    pub(crate) clock: ClockPolicy,
    pub(crate) strategy: Strategy,
    pub(crate) carrier: Option<Carrier>,
    pub(crate) coroutine_stack: usize,
    pub(crate) budget: Budget,
    pub(crate) shard: Shard,
    pub(crate) cores: usize,
    pub(crate) max_steps: usize,
    pub(crate) hang_limit: Duration,
    pub(crate) exclusive: bool,
    pub(crate) seed: u64,
    /// How many spurious returns and weak failures one execution may have, in fine grain.
    pub(crate) rare: u32,
    pub(crate) saved: Option<Schedule>,
    pub(crate) minimise: bool,
    pub(crate) outcome_by: Option<OutcomeBy>,
    /// Keep what only a reader needs: arguments, results, values.
    pub(crate) tracing: bool,
    /// After so many steps it is noted how the program stands.
    pub(crate) stand_after: Option<usize>,
}

impl Settings {
    /// What the explored threads run on.
    pub(crate) fn carrier(&self) -> Carrier {
        self.carrier.unwrap_or(match self.grain {
            Grain::Coarse => Carrier::Threads,
            Grain::Fine => Carrier::Coroutines,
        })
    }

    /// Whether a wait may return for no reason.
    pub(crate) fn spurious(&self) -> bool {
        self.grain == Grain::Fine && self.rare > 0
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            grain: Grain::Coarse,
            clock: ClockPolicy::WhenIdle,
            strategy: Strategy::Standard,
            carrier: None,
            coroutine_stack: 256 * 1024,
            budget: Budget::default(),
            shard: Shard::WHOLE,
            cores: 4,
            max_steps: 10_000,
            hang_limit: Duration::from_secs(2),
            exclusive: false,
            seed: 0x7468_7265_6164,
            rare: 1,
            saved: None,
            minimise: true,
            outcome_by: None,
            tracing: false,
            stand_after: None,
        }
    }
}

/// Explores programs; made by [`Explorer::builder`].
///
/// ```
/// use threadcraft_explore::{Explorer, Grain};
///
/// let explorer = Explorer::builder().grain(Grain::Fine).max_schedules(1_000).build();
/// # let _ = explorer;
/// ```
#[derive(Clone, Default)]
pub struct Explorer {
    settings: Settings,
}

impl Debug for Explorer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { grain, clock, strategy, budget, max_steps, .. } = &self.settings;
        f.debug_struct("Explorer")
            .field("grain", grain)
            .field("clock", clock)
            .field("strategy", strategy)
            .field("budget", budget)
            .field("max_steps", max_steps)
            .finish_non_exhaustive()
    }
}

/// One execution that was asked for, with everything that happened in it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Replayed {
    /// What claims see of it.
    pub execution: Execution,
    /// Every step.
    pub trace: Trace,
    /// What went wrong, if anything did.
    pub failure: Option<Failure>,
    /// How the program stood after the steps of the schedule, if [`Explorer::replay_to`] was asked.
    pub standing: Option<Standing>,
}

impl Explorer {
    /// An explorer with the default settings, to be changed.
    pub fn builder() -> ExplorerBuilder {
        ExplorerBuilder { settings: Settings::default() }
    }

    /// The same explorer with what the environment says in place of its own settings.
    pub(crate) fn told(mut self, budget: Option<Budget>, shard: Option<Shard>) -> Self {
        self.settings.budget = budget.unwrap_or(self.settings.budget);
        self.settings.shard = shard.unwrap_or(self.settings.shard);
        self
    }

    /// Explores a program: runs it on every interleaving that matters, within the budget, until something goes wrong.
    ///
    /// What goes wrong is in the report; this function itself never panics for it.
    pub fn explore<R: Debug>(&self, program: impl Fn() -> R + Send + Sync + 'static) -> Report {
        let program = compile(program);
        drive(&self.settings, move || Search::new(&self.settings, &program).run(None))
    }

    /// The same, and shows each execution to `visitor`.
    pub fn visit<R: Debug>(
        &self,
        program: impl Fn() -> R + Send + Sync + 'static,
        mut visitor: impl FnMut(&Execution) + Send,
    ) -> Report {
        let program = compile(program);
        drive(&self.settings, move || Search::new(&self.settings, &program).run(Some(&mut visitor)))
    }

    /// Runs the program once, on this schedule and by the default rule after its end.
    ///
    /// A schedule that cannot be followed gives [`FailureKind::Diverged`](crate::report::FailureKind::Diverged).
    pub fn replay<R: Debug>(&self, schedule: &Schedule, program: impl Fn() -> R + Send + Sync + 'static) -> Replayed {
        let program = compile(program);
        drive(&self.settings, move || Search::new(&self.settings, &program).replay(schedule))
    }

    /// The same, and notes how the program stands when the last step of the schedule has been taken: who can go on, who
    /// waits for whom, and what each thread would do next. What follows by the default rule is in the trace, too.
    ///
    /// To play the scheduler is to ask this again with one step more; to take a step back, with one less.
    pub fn replay_to<R: Debug>(
        &self,
        schedule: &Schedule,
        program: impl Fn() -> R + Send + Sync + 'static,
    ) -> Replayed {
        let program = compile(program);
        let settings = Settings { stand_after: Some(schedule.len()), ..self.settings.clone() };
        drive(&settings, || Search::new(&settings, &program).replay(schedule))
    }

    /// Finds a schedule as simple as possible, fewest preemptions first, on which `holds` is true of the execution, as
    /// it is on this one, and runs the program on it.
    pub fn simplify<R: Debug>(
        &self,
        schedule: &Schedule,
        program: impl Fn() -> R + Send + Sync + 'static,
        holds: impl Fn(&Execution) -> bool + Send,
    ) -> Replayed {
        let program = compile(program);
        drive(&self.settings, move || Search::new(&self.settings, &program).simplify(schedule, &holds))
    }
}

/// A program whose result is the text of its outcome; `()` says nothing.
fn compile<R: Debug>(program: impl Fn() -> R + Send + Sync + 'static) -> Program {
    let silent = std::any::type_name::<R>() == std::any::type_name::<()>();
    Arc::new(move || {
        let result = program();
        (!silent).then(|| format!("{result:?}"))
    })
}

/// Changes the settings of an [`Explorer`].
#[derive(Clone)]
#[must_use = "nothing is explored before `build` and `explore`"]
pub struct ExplorerBuilder {
    settings: Settings,
}

impl ExplorerBuilder {
    /// How much the search may cost: a number of schedules, a time, or both.
    pub fn budget(mut self, budget: impl Into<Budget>) -> Self {
        self.settings.budget = budget.into();
        self
    }

    /// At most so many executions (default 20 000).
    pub fn max_schedules(mut self, schedules: u64) -> Self {
        self.settings.budget.schedules = schedules;
        self
    }

    /// At most so much time (default one minute). The same machine may get further on another day: prefer
    /// [`max_schedules`](Self::max_schedules) where verdicts must be equal.
    pub fn time_limit(mut self, time: Duration) -> Self {
        self.settings.budget.time = time;
        self
    }

    /// One share of the search, for several machines that divide it: the `index`th of `count`, from 1. All shares
    /// together see what the whole sees; [`Report::merge`] puts their reports together.
    ///
    /// # Panics
    ///
    /// If there is no such share.
    pub fn shard(mut self, index: u32, count: u32) -> Self {
        let Some(shard) = Shard::new(index, count) else {
            panic!("there is no share {index} of {count}: shares are counted from 1 to their number")
        };
        self.settings.shard = shard;
        self
    }

    /// What a load may see; there is one model so far.
    pub fn memory_model(self, model: MemoryModel) -> Self {
        match model {
            MemoryModel::Sequential => self,
        }
    }

    /// How many processors the explored program has for `work` (default 4, at least 1).
    pub fn cores(mut self, cores: usize) -> Self {
        self.settings.cores = cores.max(1);
        self
    }

    /// At most so many steps in one execution (default 10 000); more is a failure.
    pub fn max_steps(mut self, steps: usize) -> Self {
        self.settings.max_steps = steps.max(1);
        self
    }

    /// How large a step is.
    pub fn grain(mut self, grain: Grain) -> Self {
        self.settings.grain = grain;
        self
    }

    /// When virtual time passes.
    pub fn clock(mut self, clock: ClockPolicy) -> Self {
        self.settings.clock = clock;
        self
    }

    /// Which executions to run.
    pub fn strategy(mut self, strategy: Strategy) -> Self {
        self.settings.strategy = strategy;
        self
    }

    /// What the explored threads run on. Unless it is said, coarse grain runs on threads, as programs need them, and
    /// fine grain on coroutines, as it has many executions.
    pub fn carrier(mut self, carrier: Carrier) -> Self {
        self.settings.carrier = Some(carrier);
        self
    }

    /// How many bytes a coroutine's stack has (default 256 KiB); a thread that asks for more gets more. Beyond it lies
    /// a guard page: an overflow is a segmentation fault.
    pub fn coroutine_stack(mut self, bytes: usize) -> Self {
        self.settings.coroutine_stack = bytes;
        self
    }

    /// The seed of random choices (always the same unless given).
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// How many spurious returns and weak compare-exchange failures one execution may have, in fine grain (default 1).
    pub fn rare(mut self, count: u32) -> Self {
        self.settings.rare = count;
        self
    }

    /// The whole process belongs to this exploration: any thread that it does not know and that uses a primitive is a
    /// failure. Without it only the use of an object of the explored program is.
    pub fn exclusive(mut self, exclusive: bool) -> Self {
        self.settings.exclusive = exclusive;
        self
    }

    /// How long one thread may keep its turn (default two seconds): longer means that it loops or waits for something
    /// foreign. Where the whole [process belongs to the exploration](Self::exclusive), what a busy machine keeps it waiting
    /// is not counted.
    pub fn hang_limit(mut self, limit: Duration) -> Self {
        // An hour is for ever, and can be added to the clock.
        self.settings.hang_limit = limit.min(Duration::from_secs(3600));
        self
    }

    /// A schedule that failed before, to be tried first. The program may have changed since: it is followed as far as it
    /// fits, and where it asks for what cannot happen any more, the default rule chooses.
    pub fn saved(mut self, schedule: Schedule) -> Self {
        self.settings.saved = Some(schedule);
        self
    }

    /// Whether a failing schedule is made as simple as possible before it is reported (default yes). Without it the
    /// report comes sooner, and shows the schedule that was met.
    pub fn minimise(mut self, minimise: bool) -> Self {
        self.settings.minimise = minimise;
        self
    }

    /// What counts as the outcome of an execution. By default it is what the program returns, or, if that is `()`,
    /// what it prints.
    pub fn outcome_by(mut self, outcome: impl Fn(&Execution) -> String + Send + Sync + 'static) -> Self {
        self.settings.outcome_by = Some(Arc::new(outcome));
        self
    }

    /// An explorer with these settings.
    pub fn build(self) -> Explorer {
        Explorer { settings: self.settings }
    }
}

impl Debug for ExplorerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ExplorerBuilder").field(&Explorer { settings: self.settings.clone() }).finish()
    }
}
