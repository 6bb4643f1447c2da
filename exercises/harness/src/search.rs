//! From a program to its part of the report: one search that answers all claims, or one given schedule.

use std::time::Duration;

use threadcraft_explore::check::{Example, Part, PartKind, Snapshot};
use threadcraft_explore::report::{Outcomes, Seen};
use threadcraft_explore::schedule::Schedule;
use threadcraft_explore::{Execution, Explorer, ExplorerBuilder, Replayed};

use crate::compare::{self, Compare, Outcome};
use crate::program::{Program, Settings};
use crate::run::Run;

/// A report shows at most so many outcomes with their executions.
const MAX_EXAMPLES: usize = 8;

/// How long a thread may compute between two steps. The exercises' own do so for microseconds.
const HANG_LIMIT: Duration = Duration::from_secs(1);

/// Explores a program: all its claims, its snapshot and its examples out of one search.
pub(crate) fn explore(program: Program, saved: Option<&Schedule>) -> Part {
    let Program { title, run, mut claims, compare, outcome, max_schedules, settings } = program;
    let mut builder = settings.of(explorer_by(outcome_of(&run, compare, outcome))).max_schedules(max_schedules);
    if let Some(saved) = saved {
        builder = builder.saved(saved.clone());
    }
    let explorer = builder.build();

    let report = run.visit(&explorer, |execution| {
        for claim in &mut claims {
            claim.observe(execution);
        }
    });
    let shorten = |schedule: &Schedule, stays: &(dyn Fn(&Execution) -> bool + Sync)| {
        run.simplify(&explorer, schedule, |execution| execution.failure.is_none() && stays(execution))
    };
    let examples = examples(&report.outcomes, |schedule, outcome| {
        shorten(schedule, &|execution| execution.outcome.as_deref() == Some(outcome))
    });
    let claims = claims
        .into_iter()
        .filter_map(|claim| {
            claim.conclude(&report, |schedule, test| shorten(schedule, &|execution| test(execution).is_err()))
        })
        .collect();
    let snapshot = compare.snapshot().map(|(name, verdict)| Snapshot {
        name: name.to_owned(),
        contents: compare.contents(report.outcomes.iter().map(|(outcome, _)| outcome)),
        verdict: verdict.to_owned(),
    });
    Part { title, kind: PartKind::Explore, report, claims, snapshot, examples, played: None }
}

/// Runs a program on one schedule.
pub(crate) fn run_on(single: Single<'_>, schedule: &Schedule) -> Replayed {
    let explorer = single.settings.of(explorer_by(single.outcome)).build();
    if single.played { single.run.replay_to(&explorer, schedule) } else { single.run.replay(&explorer, schedule) }
}

/// A program that is run on one schedule.
pub(crate) struct Single<'run> {
    /// The program.
    pub(crate) run: &'run Run,
    /// How its outcome is told, `None` meaning as the explorer does.
    pub(crate) outcome: Option<Box<Outcome>>,
    /// How it is run.
    pub(crate) settings: Settings,
    /// Whether it is to be seen how it stands after the last letter.
    pub(crate) played: bool,
}

impl<'run> Single<'run> {
    /// A program whose outcome is what most have, and for which no deadline passes early.
    pub(crate) fn new(run: &'run Run) -> Self {
        let outcome = outcome_of(run, Compare::Nothing, None);
        Self { run, outcome, settings: Settings::default(), played: false }
    }

    /// To be played.
    pub(crate) fn played(self) -> Self {
        Self { played: true, ..self }
    }
}

/// The one execution of a part that was not searched for, if it came to its end.
pub(crate) fn only_example(replayed: Replayed) -> Vec<Example> {
    let outcome = replayed.execution.outcome.clone();
    outcome.map(|outcome| example(&outcome, 1, replayed)).into_iter().collect()
}

/// How the outcome of an execution is told, `None` meaning as the explorer does.
pub(crate) fn outcome_of(run: &Run, compare: Compare, chosen: Option<Box<Outcome>>) -> Option<Box<Outcome>> {
    match compare {
        Compare::Output => Some(Box::new(compare::transcript)),
        Compare::Outcomes | Compare::Nothing => chosen.or_else(|| compare::default_outcome(run)),
    }
}

/// What all explorers of a check have in common. The process runs nothing but the check, so a thread that the explorer
/// does not know can only be the exercise's own.
pub(crate) fn explorer_by(outcome: Option<Box<Outcome>>) -> ExplorerBuilder {
    let builder = Explorer::builder().exclusive(true).hang_limit(HANG_LIMIT);
    match outcome {
        Some(outcome) => builder.outcome_by(outcome),
        None => builder,
    }
}

/// An execution for each of the simplest outcomes, the simplest first: the first wrong one is what a learner is shown.
fn examples(outcomes: &Outcomes, shorten: impl Fn(&Schedule, &str) -> Replayed) -> Vec<Example> {
    let mut seen: Vec<(&str, &Seen)> = outcomes.iter().collect();
    seen.sort_by_key(|(_, seen)| (seen.preemptions, seen.schedule.len()));
    seen.truncate(MAX_EXAMPLES);
    let shortest = |(outcome, seen): (&str, &Seen)| example(outcome, seen.times, shorten(&seen.schedule, outcome));
    let mut examples: Vec<Example> = seen.into_iter().map(shortest).collect();
    examples.sort_by_key(|example| (example.preemptions, example.trace.steps.len()));
    examples
}

fn example(outcome: &str, times: u64, shown: Replayed) -> Example {
    let Replayed { execution, trace, .. } = shown;
    let Execution { schedule, preemptions, .. } = execution;
    Example { outcome: outcome.to_owned(), times, schedule, preemptions, trace }
}
