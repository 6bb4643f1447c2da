//! Makes a failing schedule as simple as possible: fewest preemptions, then fewest steps.
//!
//! Greedy at first: leave out one run of steps of one thread, or let two neighbouring runs change places, replay, keep
//! what still fails and is simpler (Zeller and Hildebrandt 2002, for schedules). Then the steps that are left are put
//! into their easiest order ([`crate::reorder`]). At last a bounded search looks whether fewer preemptions would do with
//! other steps, which neither can tell.

use crate::engine::Ended;
use crate::execution::Execution;
use crate::reorder;
use crate::schedule::{Choice, Schedule};
use crate::search::Search;
use crate::strategy::{Bounded, Replay, Shard, Strategy};

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
    for bound in 0..best.preemptions.min(BOUNDS) {
        if let Some(better) = within(search, bound, holds) {
            let better = greedy(search, better, holds);
            best = reordered(search, better, holds);
            break;
        }
    }
    best
}

/// What is simpler comes first.
fn weight(execution: &Execution) -> (u32, usize, usize) {
    let runs = runs(execution.full_schedule.choices()).len();
    (execution.preemptions, execution.full_schedule.len(), runs)
}

/// The first failing execution with at most `bound` preemptions.
fn within(search: &mut Search<'_>, bound: u32, holds: &dyn Fn(&Execution) -> bool) -> Option<Execution> {
    let mut strategy: Box<dyn Strategy> = Box::new(Bounded::new(bound, Shard::WHOLE));
    let mut steps = 0;
    while steps < SEARCH_STEPS && strategy.begin() {
        let ended = search.execute(&mut strategy);
        strategy.ended(&ended.state.steps);
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
            let ended = replayed(search, Replay::lenient(Schedule::new(candidate)));
            steps += ended.state.steps.len();
            let execution = search.execution(&ended);
            if holds(&execution) && weight(&execution) < weight(&best) {
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
    let ended = replayed(search, Replay::lenient(Schedule::new(choices)));
    let execution = search.execution(&ended);
    if holds(&execution) && weight(&execution) < weight(&best) { greedy(search, execution, holds) } else { best }
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
    without.chain(swapped)
}

/// The maximal pieces that one thread took in a row.
fn runs(choices: &[Choice]) -> Vec<&[Choice]> {
    choices.chunk_by(|left, right| left.thread == right.thread).collect()
}
