//! Which steps of an execution happen before which, and which pairs race.

use crate::engine::ready::Ready;
use crate::engine::step::{Dependence, StepRecord};
use crate::report::Effect;

/// The happens-before order of the steps of one execution.
pub(crate) struct Order {
    /// For each step and each thread, how many of the thread's steps happen before or are that step.
    clocks: Vec<Vec<u32>>,
    /// For each step, the how-manieth of its thread it is, from 1.
    ordinals: Vec<u32>,
    /// For each step, what is ordered before it for reasons that cannot be reversed.
    fixed: Vec<Vec<u32>>,
}

/// Two dependent steps of different threads that could happen in the other order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Race {
    pub(super) earlier: usize,
    pub(super) later: usize,
}

impl Order {
    /// The order of these steps.
    pub(crate) fn of(steps: &[StepRecord]) -> Self {
        let threads = steps.iter().map(|step| step.choice.thread + 1).max().unwrap_or(0);
        let threads =
            threads.max(steps.iter().flat_map(|step| &step.spawns).map(|thread| thread + 1).max().unwrap_or(0));
        let mut order = Self { clocks: Vec::new(), ordinals: Vec::new(), fixed: Vec::new() };
        // What the next step of each thread comes after.
        let mut before = vec![vec![0u32; threads]; threads];
        let mut taken = vec![0u32; threads];
        let mut last_of: Vec<Option<usize>> = vec![None; threads];
        let mut everything = vec![0u32; threads];
        let mut objects = Objects::default();
        for (index, step) in steps.iter().enumerate() {
            let thread = step.choice.thread;
            let mut clock = before[thread].clone();
            if step.clock_jump {
                // Nobody could run before the clock jumped: all that was before stays before. A deadline that passes
                // while others can run is a choice like any other, and might have been made earlier.
                for pending in &mut before {
                    join(pending, &everything);
                }
                join(&mut clock, &everything);
            }
            if let Some(last) = step.joins.and_then(|joined| last_of[joined]) {
                join(&mut clock, &order.clocks[last]);
            }
            order.fixed.push(clock.clone());
            for access in &step.accesses {
                for earlier in objects.conflicts(access.object as usize, access.write) {
                    join(&mut clock, &order.clocks[earlier]);
                }
            }
            taken[thread] += 1;
            clock[thread] = taken[thread];
            for access in &step.accesses {
                objects.note(access.object as usize, access.write, index);
            }
            for &enabled in step.enables.iter().chain(&step.spawns) {
                join(&mut before[enabled], &clock);
            }
            before[thread].clone_from(&clock);
            join(&mut everything, &clock);
            last_of[thread] = Some(index);
            order.ordinals.push(taken[thread]);
            order.clocks.push(clock);
        }
        order
    }

    /// How many threads there are.
    pub(crate) fn threads(&self) -> usize {
        self.clocks.first().map_or(0, Vec::len)
    }

    /// True if the step can be the next of its thread where so many steps of each thread are done: all that happens
    /// before it is among them.
    pub(crate) fn comes_next(&self, step: usize, done: &[u32]) -> bool {
        // Of its own thread, the clock counts the step itself.
        let mut missing = self.clocks[step].iter().zip(done).filter(|(before, done)| before > done);
        missing.next().is_some() && missing.next().is_none()
    }

    /// True if the thread of the step can run there, be it with another step than this one.
    pub(crate) fn is_able(&self, step: usize, done: &[u32]) -> bool {
        self.fixed[step].iter().zip(done).all(|(before, done)| before <= done)
    }

    /// True if the step `earlier` happens before `later`.
    fn happens_before(&self, steps: &[StepRecord], earlier: usize, later: usize) -> bool {
        self.clocks[later][steps[earlier].choice.thread] >= self.ordinals[earlier]
    }

    /// The threads that can go first to bring about the other order of a race: those whose first step, among the
    /// steps after the earlier one that do not depend on it and the later one, depends on none of these.
    pub(super) fn initials(&self, steps: &[StepRecord], race: Race) -> Vec<usize> {
        let free = (race.earlier + 1..race.later).filter(|&step| !self.happens_before(steps, race.earlier, step));
        let kept: Vec<usize> = free.chain([race.later]).collect();
        let mut initials = Vec::new();
        let mut seen = Vec::new();
        for (position, &step) in kept.iter().enumerate() {
            let thread = steps[step].choice.thread;
            if seen.contains(&thread) {
                continue;
            }
            seen.push(thread);
            if !kept[..position].iter().any(|&earlier| self.happens_before(steps, earlier, step)) {
                initials.push(thread);
            }
        }
        initials
    }
}

/// All races of an execution; with `lazy`, of one in which no call that waits for a word is tried where it would only
/// queue up.
pub(super) fn races(steps: &[StepRecord], order: &Order, lazy: bool) -> Vec<Race> {
    let mut races = Vec::new();
    let mut objects = Objects::default();
    let mut history = History::default();
    let mut candidates: Vec<usize> = Vec::new();
    for (later, step) in steps.iter().enumerate() {
        candidates.clear();
        match step.ready.filter(|_| lazy) {
            Some(ready) => history.rivals(steps, later, ready, &mut candidates),
            None => {
                for access in &step.accesses {
                    candidates.extend(objects.conflicts(access.object as usize, access.write));
                }
            }
        }
        candidates.sort_unstable_by(|left, right| right.cmp(left));
        candidates.dedup();
        // From the latest to the earliest, so that what lies in between is known when a pair is looked at.
        let mut known = order.fixed[later].clone();
        for &earlier in &candidates {
            let thread = steps[earlier].choice.thread;
            if thread != step.choice.thread && known[thread] < order.ordinals[earlier] {
                races.push(Race { earlier, later });
            }
            join(&mut known, &order.clocks[earlier]);
        }
        for access in &step.accesses {
            objects.note(access.object as usize, access.write, later);
            history.note(access, later);
        }
    }
    races
}

/// For each object, who touched it: the step, whether it wrote, and the value before, where there is one.
#[derive(Default)]
struct History(Vec<Vec<(usize, bool, u64)>>);

impl History {
    fn note(&mut self, access: &Dependence, step: usize) {
        let object = access.object as usize;
        if self.0.len() <= object {
            self.0.resize_with(object + 1, Vec::new);
        }
        self.0[object].push((step, access.write, access.before));
    }

    /// The steps that a call that waits for a word depends on directly, and that could have come after it. It could not
    /// have gone before those that found the word at a value that does not let it go on, so it does not race with them,
    /// but with what had brought the word there. Where it came in vain, the order of those that did so counts as well.
    fn rivals(&self, steps: &[StepRecord], later: usize, ready: Ready, rivals: &mut Vec<usize>) {
        let blocks = |step: usize| steps[step].effect == Effect::Blocks;
        let of_word = self.0.get(ready.word).map_or(&[][..], Vec::as_slice);
        let now = steps[later].accesses.iter().find(|access| access.object as usize == ready.word);
        let value_before = |step: usize| {
            let next = of_word.partition_point(|&(other, ..)| other < step);
            of_word.get(next).map(|&(.., before)| before).or(now.map(|access| access.before))
        };
        let could_go = |step: usize| value_before(step).is_none_or(|value| ready.admits(value));
        for access in &steps[later].accesses {
            let touched = self.0.get(access.object as usize).map_or(&[][..], Vec::as_slice);
            for &(step, wrote, _) in touched.iter().rev() {
                if !(wrote || access.write) || !(could_go(step) || blocks(step) && blocks(later)) {
                    continue;
                }
                rivals.push(step);
                if wrote {
                    break;
                }
            }
        }
    }
}

/// For each object, the last write and the reads since.
#[derive(Default)]
struct Objects(Vec<(Option<usize>, Vec<usize>)>);

impl Objects {
    fn entry(&mut self, object: usize) -> &mut (Option<usize>, Vec<usize>) {
        if self.0.len() <= object {
            self.0.resize_with(object + 1, Default::default);
        }
        &mut self.0[object]
    }

    /// The steps that an access depends on directly.
    fn conflicts(&mut self, object: usize, write: bool) -> Vec<usize> {
        let (last_write, reads) = self.entry(object);
        let reads = if write { reads.as_slice() } else { &[] };
        last_write.iter().chain(reads).copied().collect()
    }

    fn note(&mut self, object: usize, write: bool, step: usize) {
        let (last_write, reads) = self.entry(object);
        if write {
            *last_write = Some(step);
            reads.clear();
        } else {
            reads.push(step);
        }
    }
}

fn join(mine: &mut [u32], theirs: &[u32]) {
    for (one, other) in mine.iter_mut().zip(theirs) {
        *one = (*one).max(*other);
    }
}
