//! The search: strategies in their order, until something goes wrong, all is seen, or the budget is used.

use std::sync::Arc;
use std::time::Instant;

use crate::Shard;
use crate::engine::state::State;
use crate::engine::step::{START, StepRecord};
use crate::engine::{Ended, Program, execute, record, standing};
use crate::execution::Execution;
use crate::explorer::{Replayed, Settings, Strategy};
use crate::minimise;
use crate::report::{Failure, FailureKind, Outcomes, Report};
use crate::schedule::{Choice, Schedule};
use crate::strategy::{self, Bounded, Divide as _, Dpor, Lockstep, Pct, Random, Replay};

/// How many random executions the standard search begins with: most failures of learners' programs show in these.
const FIRST_RANDOM: u64 = 12;

/// How many executions with random priorities follow.
const FIRST_PCT: u64 = 12;

/// How many random executions of each kind it runs in all.
const RANDOM_EXECUTIONS: u64 = 1_000;

/// The depth of bugs that random priorities are set for.
const PCT_DEPTH: u32 = 3;

/// How many rounds of a livelock are enough to see that it is one.
const ENDLESS_ROUNDS: usize = 8;

/// One search of one program.
pub(crate) struct Search<'program> {
    settings: Arc<Settings>,
    program: &'program Program,
    began: Instant,
    executions: u64,
    outcomes: Outcomes,
    cut: Option<String>,
    /// An execution that is over, whose memory the next one uses.
    over: Option<State>,
    /// Nobody was seen to look at who waits.
    lazy: bool,
    /// What the default schedule did, until it is seen whether it does so again.
    first: Option<Fingerprint>,
}

/// Sees each execution of a search.
pub(crate) type Visitor<'visitor> = &'visitor mut dyn FnMut(&Execution);

/// How a phase of the search ended.
enum Phase {
    /// It ran what it had to run; true if nothing is left to be seen at all.
    Done(bool),
    /// The budget is used.
    Exhausted,
    /// Something went wrong in this execution.
    Failed(Box<Execution>),
}

impl<'program> Search<'program> {
    pub(crate) fn new(settings: &Settings, program: &'program Program) -> Self {
        Self {
            settings: Arc::new(settings.clone()),
            program,
            began: Instant::now(),
            executions: 0,
            outcomes: Outcomes::default(),
            cut: None,
            over: None,
            lazy: true,
            first: None,
        }
    }

    /// Runs all phases.
    pub(crate) fn run(mut self, mut visitor: Option<Visitor<'_>>) -> Report {
        match self.search(&mut visitor) {
            Ok(complete) => self.report(complete, None),
            Err(execution) => {
                let execution = self.fair(*execution, &mut visitor);
                self.failed(execution)
            }
        }
    }

    /// True if nothing is left to be seen; the execution in which something went wrong, if it did.
    fn search(&mut self, visitor: &mut Option<Visitor<'_>>) -> Result<bool, Box<Execution>> {
        self.first_run(visitor)?;
        if let Some(schedule) = self.settings.saved.clone() {
            let mut saved: Box<dyn strategy::Strategy> = Box::new(Replay::lenient(schedule));
            if let Phase::Failed(execution) = self.phase(&mut saved, 1, visitor) {
                return Err(execution);
            }
        }
        let (mut strategies, turns) = plan(&self.settings, self.lazy);
        for (turn, &(index, most)) in turns.iter().enumerate() {
            // What fails at once is found before; what does not is worth another look at whether it repeats itself.
            if turn == 1 || turns.len() == 1 {
                self.repeats()?;
            }
            match self.phase(&mut strategies[index], most, visitor) {
                Phase::Done(true) => return Ok(true),
                Phase::Done(false) => {}
                Phase::Exhausted => return Ok(false),
                Phase::Failed(execution) => return Err(execution),
            }
        }
        self.cut.get_or_insert_with(|| "only some schedules were asked for".to_owned());
        Ok(false)
    }

    /// Of a program without end, an unfair schedule shows nothing but that it has none, and a random one anything. In
    /// lockstep, where all get their turns, it shows who gets nowhere.
    fn fair(&mut self, found: Execution, visitor: &mut Option<Visitor<'_>>) -> Execution {
        let endless = found.failure.as_ref().is_some_and(is_endless);
        if self.settings.strategy != Strategy::Standard || !endless {
            return found;
        }
        let mut lockstep: Box<dyn strategy::Strategy> = Box::new(Lockstep::new());
        match self.phase(&mut lockstep, Lockstep::EXECUTIONS, visitor) {
            Phase::Failed(execution) if execution.failure.as_ref().is_some_and(is_endless) => *execution,
            _ => found,
        }
    }

    /// Runs the default schedule.
    fn first_run(&mut self, visitor: &mut Option<Visitor<'_>>) -> Result<(), Box<Execution>> {
        let ended = self.run_default();
        let mut execution = self.execution(&ended);
        let quiet = ended.state.steps.iter().all(|step| step.verb == START && step.accesses.len() <= 2);
        if quiet && ended.failure.is_none() && ended.state.threads.len() == 1 {
            execution.failure = Some(FailureKind::NothingRecorded);
        }
        self.lazy = !ended.state.steps.iter().any(|step| step.reveals);
        self.first = Some(fingerprint(&ended));
        if execution.failure.is_none() {
            self.over = Some(ended.state);
            return Ok(());
        }
        if let Some(visitor) = visitor {
            visitor(&execution);
        }
        Err(Box::new(execution))
    }

    /// Runs the default schedule for the second time, if it was not: a program that does not repeat itself cannot be
    /// searched.
    fn repeats(&mut self) -> Result<(), Box<Execution>> {
        let Some(first) = self.first.take() else { return Ok(()) };
        let ended = self.run_default();
        let mut execution = self.execution(&ended);
        if ended.stuck || matches!(ended.failure, Some(FailureKind::Foreign { .. })) {
            return Err(Box::new(execution));
        }
        let second = fingerprint(&ended);
        if first == second {
            return Ok(());
        }
        execution.failure = Some(FailureKind::Uncontrolled { what: difference(&first, &second) });
        Err(Box::new(execution))
    }

    fn run_default(&mut self) -> Ended {
        self.execute(&mut (Box::new(Replay::lenient(Schedule::default())) as _))
    }

    /// Runs one strategy, for `most` executions; it can be gone on with later.
    fn phase(
        &mut self,
        strategy: &mut Box<dyn strategy::Strategy>,
        most: u64,
        visitor: &mut Option<Visitor<'_>>,
    ) -> Phase {
        let end = self.executions.saturating_add(most);
        while self.executions < end {
            if self.executions >= self.settings.budget.schedules {
                self.cut = Some(format!("the budget of {} schedules was used", self.settings.budget.schedules));
                return Phase::Exhausted;
            }
            if !strategy.begin() {
                return Phase::Done(strategy.exhausted());
            }
            if self.began.elapsed() >= self.settings.budget.time {
                self.cut = Some(format!("the time limit of {:?} was reached", self.settings.budget.time));
                return Phase::Exhausted;
            }
            let ended = self.execute(strategy);
            strategy.ended(&ended.state.steps, &ended.state.objects);
            if let Some(cut) = strategy.cut().or(ended.state.cut.filter(|_| !ended.redundant)) {
                self.cut.get_or_insert_with(|| cut.to_owned());
            }
            if ended.redundant {
                continue;
            }
            if let Some(failed) = self.look_at(&ended, visitor) {
                return Phase::Failed(failed);
            }
            self.over = Some(ended.state);
        }
        Phase::Done(false)
    }

    /// Shows an execution to the visitor and notes its outcome; what failed is given back.
    fn look_at(&mut self, ended: &Ended, visitor: &mut Option<Visitor<'_>>) -> Option<Box<Execution>> {
        let state = &ended.state;
        if ended.failure.is_none() && visitor.is_none() && self.settings.outcome_by.is_none() {
            // The whole picture costs more than to run a small program: nobody asked for it.
            let outcome = record::outcome(state);
            self.outcomes.add(&outcome, state.preemptions, || record::schedule(state));
            return None;
        }
        let execution = self.execution(ended);
        if let Some(visitor) = visitor {
            visitor(&execution);
        }
        if let Some(outcome) = &execution.outcome {
            self.outcomes.add(outcome, execution.preemptions, || execution.schedule.clone());
        }
        execution.failure.is_some().then(|| Box::new(execution))
    }

    /// Runs one execution; the strategy goes into it and comes back.
    pub(crate) fn execute(&mut self, strategy: &mut Box<dyn strategy::Strategy>) -> Ended {
        self.executions += 1;
        let taken = std::mem::replace(strategy, strategy::nothing());
        let mut ended = execute(&self.settings, self.program, taken, self.over.take());
        *strategy = std::mem::replace(&mut ended.state.strategy, strategy::nothing());
        ended
    }

    /// What claims see of an execution.
    pub(crate) fn execution(&self, ended: &Ended) -> Execution {
        record::execution(ended, self.settings.outcome_by.as_ref())
    }

    /// Runs the schedule once with everything recorded.
    pub(crate) fn replay(mut self, schedule: &Schedule) -> Replayed {
        self.traced(Box::new(Replay::strict(schedule.clone())), 1)
    }

    /// One execution with everything recorded.
    fn traced(&mut self, mut strategy: Box<dyn strategy::Strategy>, found_after: u64) -> Replayed {
        let mut settings = (*self.settings).clone();
        settings.tracing = true;
        let untraced = std::mem::replace(&mut self.settings, Arc::new(settings));
        strategy.begin();
        let ended = self.execute(&mut strategy);
        self.settings = untraced;
        let execution = self.execution(&ended);
        let failure = record::failure(&ended, &execution, found_after);
        let trace = record::trace(&ended, execution.outcome.clone());
        let standing = standing::finished(&ended.state, &trace);
        Replayed { execution, trace, failure, standing }
    }

    /// The simplest execution of which `holds` is true, with everything recorded.
    pub(crate) fn simplify(mut self, schedule: &Schedule, holds: &dyn Fn(&Execution) -> bool) -> Replayed {
        let full = self.traced(Box::new(Replay::strict(schedule.clone())), 1).execution;
        self.simplest(full, holds, 1)
    }

    fn simplest(&mut self, found: Execution, holds: &dyn Fn(&Execution) -> bool, found_after: u64) -> Replayed {
        let simplest = minimise::simplest(self, found, holds);
        self.traced(Box::new(Replay::strict(simplest.full_schedule)), found_after)
    }

    /// The report of a search that found a failing execution.
    fn failed(mut self, execution: Execution) -> Report {
        let found_after = self.executions;
        let repeated = if is_repeatable(&execution) { self.repeats() } else { Ok(()) };
        let execution = repeated.err().map_or(execution, |unlike| *unlike);
        let failure = self.shown(execution, found_after);
        self.executions = found_after;
        self.cut = Some("the search stops at the first failure".to_owned());
        self.report(false, failure)
    }

    /// What is told of a failing execution: where possible, of the simplest that fails like it.
    fn shown(&mut self, execution: Execution, found_after: u64) -> Option<Failure> {
        let kind = execution.failure.clone()?;
        let nothing = crate::report::Trace::default();
        let mut failure = Failure::new(kind, nothing, execution.schedule.clone(), execution.preemptions, found_after);
        if !is_repeatable(&execution) {
            return Some(failure);
        }
        if is_endless(&failure.kind) {
            // Only with the values recorded can a pattern be told from a program that gets on.
            let replay = Box::new(Replay::strict(execution.full_schedule.clone()));
            failure = self.traced(replay, found_after).failure.unwrap_or(failure);
            if matches!(failure.kind, FailureKind::StepLimit { .. }) {
                return Some(failure);
            }
        }
        self.shorten_endless(&failure.kind);
        let name = failure.kind.name();
        let same = |other: &Execution| other.failure.as_ref().is_some_and(|kind| kind.name() == name);
        let shown = if self.settings.minimise {
            self.simplest(execution, &same, found_after)
        } else {
            self.traced(Box::new(Replay::strict(execution.full_schedule)), found_after)
        };
        match shown.failure.filter(|shown| shown.kind.name() == name) {
            Some(shown) => Some(shown),
            None => {
                let what = "the failing schedule did not fail again in the same way".to_owned();
                failure.kind = FailureKind::Uncontrolled { what };
                Some(failure)
            }
        }
    }

    /// A livelock goes on for ever: to simplify it, a few rounds of it are enough.
    fn shorten_endless(&mut self, kind: &FailureKind) {
        if let FailureKind::Livelock { from, period } | FailureKind::Starvation { from, period, .. } = kind {
            let mut settings = (*self.settings).clone();
            settings.max_steps = settings.max_steps.min(from + ENDLESS_ROUNDS * period.max(&20));
            self.settings = Arc::new(settings);
        }
    }

    fn report(self, complete: bool, failure: Option<Failure>) -> Report {
        let complete = complete && self.cut.is_none();
        let cut = if complete { None } else { self.cut };
        let mut report = Report::empty("");
        report.outcomes = self.outcomes;
        report.schedules = self.executions;
        report.complete = complete;
        report.cut = cut;
        report.failure = failure;
        report.shard = Some(self.settings.shard).filter(|&shard| shard != Shard::WHOLE);
        report
    }
}

/// One strategy, to be run for at most so many executions before the next has its turn.
type Turn = (usize, u64);

/// The strategies of a search, and in which order they have their turns.
///
/// The standard search begins with a few executions of each kind that finds failures soon; what they find is simplified
/// afterwards. Then few preemptions, which find most of the rest, and a proof, which is tried for a while before
/// larger bounds, as a small program then never needs these, and gone on with at the end.
fn plan(settings: &Settings, lazy: bool) -> (Vec<Box<dyn strategy::Strategy>>, Vec<Turn>) {
    let shard = settings.shard;
    let seed = shard.seed(settings.seed);
    let bounded = |bound| -> Box<dyn strategy::Strategy> { Box::new(Bounded::new(bound, shard)) };
    let all = |strategy: Box<dyn strategy::Strategy>| (vec![strategy], vec![(0, u64::MAX)]);
    match settings.strategy {
        Strategy::Standard => {}
        Strategy::Lockstep => return all(Box::new(Lockstep::new())),
        Strategy::Random => return all(Box::new(Random::new(seed))),
        Strategy::Pct(depth) => return all(Box::new(Pct::new(seed, depth))),
        Strategy::Bounded(bound) => return all(bounded(bound)),
        Strategy::Dpor => return all(Box::new(Dpor::new(shard, lazy))),
        Strategy::Full => return all(Box::new(Bounded::full(shard))),
    }
    let strategies: Vec<Box<dyn strategy::Strategy>> = vec![
        Box::new(Random::new(seed)),
        Box::new(Lockstep::new()),
        Box::new(Pct::new(seed, PCT_DEPTH)),
        bounded(1),
        Box::new(Dpor::new(shard, lazy)),
        bounded(2),
        bounded(3),
    ];
    let share = settings.budget.schedules / 10;
    let random = RANDOM_EXECUTIONS.min(share);
    let lockstep = if shard.is_first() { Lockstep::EXECUTIONS } else { 0 };
    let turns = vec![
        (0, FIRST_RANDOM),
        (1, lockstep),
        (2, FIRST_PCT),
        (3, share),
        (4, share),
        (0, random),
        (2, random),
        (5, share),
        (6, share),
        (4, u64::MAX),
    ];
    (strategies, turns)
}

/// True if the same schedule must fail again in the same way.
fn is_repeatable(execution: &Execution) -> bool {
    !matches!(
        execution.failure,
        Some(
            FailureKind::Stuck { .. }
                | FailureKind::Foreign { .. }
                | FailureKind::Uncontrolled { .. }
                | FailureKind::NothingRecorded
        )
    )
}

/// True for what is found at the limit of steps.
fn is_endless(kind: &FailureKind) -> bool {
    kind.repeated().is_some() || matches!(kind, FailureKind::StepLimit { .. })
}

/// Choice, kind, verb, object and place of a step.
type StepPrint = (Choice, &'static str, &'static str, Option<usize>, Option<(u32, u32)>);

/// What must be equal when one schedule is run twice.
#[derive(PartialEq)]
struct Fingerprint {
    steps: Vec<StepPrint>,
    printed: Vec<crate::report::Printed>,
    returned: Option<String>,
    failed: Option<&'static str>,
}

fn fingerprint(ended: &Ended) -> Fingerprint {
    let place = |step: &StepRecord| step.place.map(|place| (place.line(), place.column()));
    let steps = ended.state.steps.iter().map(|step| (step.choice, step.kind, step.verb, step.object, place(step)));
    Fingerprint {
        steps: steps.collect(),
        printed: ended.state.printed.clone(),
        returned: ended.state.returned.clone(),
        failed: ended.failure.as_ref().map(FailureKind::name),
    }
}

/// What differs between two runs of one schedule.
fn difference(first: &Fingerprint, second: &Fingerprint) -> String {
    let step = first.steps.iter().zip(&second.steps).position(|(one, other)| one != other);
    if let Some(step) = step {
        let name = |print: &Fingerprint| format!("`{}` of a {}", print.steps[step].2, print.steps[step].1);
        return format!("step {} was {} at first and {} later", step + 1, name(first), name(second));
    }
    if first.steps.len() != second.steps.len() {
        return format!("there were {} steps at first and {} later", first.steps.len(), second.steps.len());
    }
    if first.printed != second.printed {
        return "what was printed".to_owned();
    }
    if first.returned != second.returned { "the result".to_owned() } else { "how it failed".to_owned() }
}
