//! Makes a failing schedule as simple as possible: fewest preemptions, then fewest steps.
//!
//! Greedy at first: leave out one run of steps of one thread, or let two neighbouring runs change places, replay, keep
//! what still fails and is simpler (Zeller and Hildebrandt 2002, for schedules). Then the steps that are left are put
//! into their easiest order ([`crate::reorder`]). At last a bounded search looks whether as many preemptions or
//! fewer would do with other steps, which neither can tell.

use crate::Shard;
use crate::engine::Ended;
use crate::execution::Execution;
use crate::reorder;
use crate::report::FailureKind;
use crate::schedule::{Choice, Schedule};
use crate::search::Search;
use crate::strategy::{Bounded, Replay, Strategy};

/// How many steps the replays of the greedy part may take together.
const GREEDY_STEPS: usize = 20_000;

/// How many steps the search for fewer preemptions may take together, for each bound.
const SEARCH_STEPS: usize = 40_000;

/// The bounds that are searched: what needs more preemptions is not found in so few steps.
const BOUNDS: u32 = 3;

/// The simplest execution that was found of which `holds` is true.
pub(crate) fn simplest(search: &mut Search<'_>, found: Execution, holds: &dyn Fn(&Execution) -> bool) -> Execution {
    let best = greedy(search, found, holds);
    let mut best = reordered(search, best, holds);
    for bound in 0..=best.preemptions.min(BOUNDS) {
        if let Some(other) = within(search, bound, holds) {
            let other = greedy(search, other, holds);
            let other = reordered(search, other, holds);
            if simpler(&other, &best) {
                best = other;
            }
            break;
        }
    }
    best
}

/// Of what goes on for ever, and not after a few preemptions, what begins to repeat soonest. Else: fewer preemptions,
/// fewer steps, fewer switches, the preemptions as early as may be; then the earlier threads first, so
/// that of threads that are alike the same ones are shown however the failure was found.
fn simpler(one: &Execution, other: &Execution) -> bool {
    let size = |execution: &Execution| {
        let repeated = execution.failure.as_ref().and_then(FailureKind::repeated).map_or(0, |part| part.end);
        (execution.preemptions > BOUNDS, repeated, execution.preemptions, execution.full_schedule.len())
    };
    let (runs_of_one, runs_of_other) = (runs(one.full_schedule.choices()), runs(other.full_schedule.choices()));
    let threads = |runs: &[&[Choice]]| runs.iter().map(|run| run[0].thread).collect::<Vec<_>>();
    let lengths = |runs: &[&[Choice]]| runs.iter().map(|run| run.len()).collect::<Vec<_>>();
    let order = size(one)
        .cmp(&size(other))
        .then_with(|| runs_of_one.len().cmp(&runs_of_other.len()))
        .then_with(|| one.interruptions.cmp(&other.interruptions))
        .then_with(|| threads(&runs_of_one).cmp(&threads(&runs_of_other)))
        .then_with(|| lengths(&runs_of_one).cmp(&lengths(&runs_of_other)));
    order.is_lt()
}

/// The first failing execution with at most `bound` preemptions.
fn within(search: &mut Search<'_>, bound: u32, holds: &dyn Fn(&Execution) -> bool) -> Option<Execution> {
    let mut strategy: Box<dyn Strategy> = Box::new(Bounded::new(bound, Shard::WHOLE));
    let mut steps = 0;
    while steps < SEARCH_STEPS && strategy.begin() {
        let ended = search.execute(&mut strategy);
        strategy.ended(&ended.state.steps, &ended.state.objects);
        steps += ended.state.steps.len();
        let execution = search.execution(&ended);
        if holds(&execution) {
            return Some(execution);
        }
    }
    None
}

/// Local changes for as long as one of them helps.
fn greedy(search: &mut Search<'_>, found: Execution, holds: &dyn Fn(&Execution) -> bool) -> Execution {
    let mut best = found;
    let mut steps = 0;
    'again: loop {
        let choices = best.full_schedule.choices().to_vec();
        for candidate in candidates(&choices) {
            if steps >= GREEDY_STEPS {
                return best;
            }
            let ended = replayed(search, Replay::polite(Schedule::new(candidate)));
            steps += ended.state.steps.len();
            let execution = search.execution(&ended);
            if holds(&execution) && simpler(&execution, &best) {
                best = execution;
                continue 'again;
            }
        }
        return best;
    }
}

/// The same steps in their easiest order, and what that makes superfluous left out.
fn reordered(search: &mut Search<'_>, best: Execution, holds: &dyn Fn(&Execution) -> bool) -> Execution {
    let steps = replayed(search, Replay::strict(best.full_schedule.clone())).state.steps;
    let Some(choices) = reorder::easiest(&steps) else { return best };
    let ended = replayed(search, Replay::polite(Schedule::new(choices)));
    let execution = search.execution(&ended);
    if holds(&execution) && simpler(&execution, &best) { greedy(search, execution, holds) } else { best }
}

/// One execution on a schedule.
fn replayed(search: &mut Search<'_>, replay: Replay) -> Ended {
    let mut strategy: Box<dyn Strategy> = Box::new(replay);
    strategy.begin();
    search.execute(&mut strategy)
}

/// The schedules that are one change away, made one at a time: a long schedule has many.
fn candidates(choices: &[Choice]) -> impl Iterator<Item = Vec<Choice>> {
    let pieces = runs(choices);
    let others = pieces.clone();
    let without = (0..pieces.len()).map(move |left_out| {
        let kept = pieces.iter().enumerate().filter(|&(index, _)| index != left_out);
        kept.flat_map(|(_, run)| run.iter().copied()).collect()
    });
    let swapped = (1..others.len()).map(move |index| {
        let mut swapped = others.clone();
        swapped.swap(index - 1, index);
        swapped.concat()
    });
    without.chain(swapped).chain(earlier(choices)).chain(later(choices))
}

/// The schedules in which a thread is interrupted one step later: if it blocks there, nobody has to interrupt it. Its
/// next run stays as long, for the step that it then takes to go on.
fn later(choices: &[Choice]) -> impl Iterator<Item = Vec<Choice>> {
    let pieces = runs(choices);
    let last = pieces.len().saturating_sub(1);
    (0..last).map(move |index| {
        let run = pieces[index];
        [&pieces[..=index].concat(), &run[..1], &pieces[index + 1..].concat()].concat()
    })
}

/// The schedules in which a thread is interrupted earlier: the end of one of its runs, half of it or one step, comes with
/// its next.
fn earlier(choices: &[Choice]) -> impl Iterator<Item = Vec<Choice>> {
    let pieces = runs(choices);
    let count = pieces.len();
    let ends = move |index: usize| {
        let run = pieces[index];
        let next = (index + 1..pieces.len()).find(|&later| pieces[later][0].thread == run[0].thread)?;
        let mut lengths = vec![run.len() / 2, 1];
        lengths.dedup();
        lengths.retain(|&moved| moved > 0 && moved < run.len());
        let pieces = pieces.clone();
        Some(lengths.into_iter().map(move |moved| {
            let (stays, goes) = run.split_at(run.len() - moved);
            let between = pieces[index + 1..next].concat();
            [&pieces[..index].concat(), stays, &between, goes, &pieces[next..].concat()].concat()
        }))
    };
    (0..count).filter_map(ends).flatten()
}

/// The maximal pieces that one thread took in a row.
fn runs(choices: &[Choice]) -> Vec<&[Choice]> {
    choices.chunk_by(|left, right| left.thread == right.thread).collect()
}
