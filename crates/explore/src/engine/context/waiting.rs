//! Waiting and waking: the futex and the clock.

use std::time::Duration;

use super::{Context, object_of};
use crate::engine::core::{Flow, torn};
use crate::engine::mutex::MutexGuard;
use crate::engine::queue::{Queue, QueueAt};
use crate::engine::state::{Blocked, BlockedOn, Object, Pending, Place, State, Status, Wait, Yielded, builtin};
use crate::engine::tag::Tag;
use crate::explorer::{ClockPolicy, Grain};
use crate::report::Effect;

impl Context {
    /// Sleeps at a futex while `unchanged` says that the word, whose tag this is, has the expected value.
    pub fn futex_wait(
        &self,
        word: &Tag,
        second: bool,
        unchanged: impl FnOnce() -> bool,
        deadline: Option<Duration>,
        place: Place,
    ) -> Wait {
        let fine = self.core.settings.grain == Grain::Fine;
        let (queue, object) = self.queue_of(word, second);
        let pending = || Pending {
            object: Some(object),
            kind: "futex",
            verb: "futex_wait",
            place: Some(place),
            ..Pending::default()
        };
        if (fine || self.depth.get() == 0) && self.core.turn(self.me, pending(), None) == Flow::Torn {
            return Wait::Abandoned;
        }
        let mut state = self.core.state.lock();
        if state.stop.is_some() {
            drop(state);
            torn();
            return Wait::Abandoned;
        }
        let word = object_of(&mut state, word);
        state.touch(word, false);
        // Outside a call, who waits at the queue waits for the word.
        state.objects[object].part_of.get_or_insert(word);
        state.objects[word].shown |= self.depth.get() == 0;
        if !unchanged() {
            return Wait::Woken;
        }
        if let Some(deadline) = deadline {
            state.step().touch(builtin::CLOCK, false);
            if deadline <= state.now {
                return Wait::TimedOut;
            }
            if self.core.settings.clock == ClockPolicy::Anywhere {
                state.waited_with_deadline(word);
            }
        }
        // Only who comes to wait changes the queue.
        state.step().touch(object, true);
        state.step().effect = Effect::Blocks;
        state.queues[queue].waiters.push(self.me);
        let resumes = match state.threads[self.me].calls.first().filter(|_| !fine) {
            Some(call) => Pending {
                object: Some(call.object),
                kind: call.kind,
                verb: call.verb,
                argument: call.argument.clone(),
                place: Some(call.place),
                ..Pending::default()
            },
            None => pending(),
        };
        drop(state);
        let blocked = Blocked { on: BlockedOn::Futex(queue), deadline };
        if self.core.turn(self.me, resumes, Some(blocked)) == Flow::Torn {
            return Wait::Abandoned;
        }
        let mut state = self.core.state.lock();
        state.threads[self.me].woken_by.take().unwrap_or(Wait::Woken)
    }

    /// Wakes up to `count` of those that wait there, in the order of their arrival.
    pub fn futex_wake(&self, at: QueueAt, count: usize, place: Place) -> usize {
        let (queue, object) = self.queue_at(at);
        let Some(mut state) = self.futex_step("futex_wake", object, place) else { return 0 };
        let woken = wake_first(&mut state, queue, count);
        // To find nobody changes nothing.
        state.touch(object, woken > 0);
        if woken == 0 && state.step().verb == "futex_wake" {
            state.step().effect = Effect::Reads;
        }
        woken
    }

    /// Wakes up to `wake` of those that wait at `from`, and moves up to `requeue` others to `to`.
    pub fn futex_requeue(
        &self,
        from: QueueAt,
        wake: usize,
        to: QueueAt,
        requeue: usize,
        place: Place,
    ) -> (usize, usize) {
        let ((queue, object), (to, target)) = (self.queue_at(from), self.queue_at(to));
        let Some(mut state) = self.futex_step("futex_requeue", object, place) else { return (0, 0) };
        let woken = wake_first(&mut state, queue, wake);
        let waiters = &mut state.queues[queue].waiters;
        let moved: Vec<usize> = waiters.drain(..requeue.min(waiters.len())).collect();
        for &waiter in &moved {
            if let Status::Blocked(blocked) = &mut state.threads[waiter].status {
                blocked.on = BlockedOn::Futex(to);
            }
        }
        state.queues[to].waiters.extend(&moved);
        state.touch(object, woken + moved.len() > 0);
        if !moved.is_empty() {
            state.step().touch(target, true);
        }
        (woken, moved.len())
    }

    /// The part that waking and requeueing share: a step in fine grain. `None` if the execution is over.
    fn futex_step(&self, verb: &'static str, object: usize, place: Place) -> Option<MutexGuard<'_, State>> {
        let mut state = self.core.state.lock();
        if self.core.settings.grain == Grain::Fine || self.depth.get() == 0 {
            let pending =
                Pending { object: Some(object), kind: "futex", verb, place: Some(place), ..Pending::default() };
            state = self.core.turn_of(state, self.me, pending, None)?;
        }
        (state.stop.is_none() && !state.steps.is_empty()).then_some(state)
    }

    /// Lets virtual time pass.
    pub fn sleep(&self, duration: Duration, place: Place) {
        let deadline = self.now().checked_add(duration);
        let argument = self.words(|| format!("{duration:?}"));
        let pending = Pending { kind: "thread", verb: "sleep", argument, place: Some(place), ..Pending::default() };
        // The result does not matter: either way there is nothing more to do.
        let _ = self.core.turn(self.me, pending, Some(Blocked { on: BlockedOn::Sleep, deadline }));
    }

    /// Computes for so long on one of the processors that the program has: the one that is free first, in the order of
    /// asking.
    pub fn work(&self, duration: Duration, place: Place) {
        let deadline = {
            let mut state = self.core.state.lock();
            let cores = self.core.settings.cores;
            state.busy_until.resize(cores, Duration::ZERO);
            if state.threads.len() > cores && !state.steps.is_empty() {
                state.touch(builtin::CORES, true);
            }
            let now = state.now;
            let free_first = state.busy_until.iter_mut().min().expect("there is at least one processor");
            // Beyond the end of the clock is for ever.
            let done = now.max(*free_first).checked_add(duration);
            *free_first = done.unwrap_or(Duration::MAX);
            done
        };
        let argument = self.words(|| format!("{duration:?}"));
        let pending = Pending { kind: "thread", verb: "work", argument, place: Some(place), ..Pending::default() };
        let _ = self.core.turn(self.me, pending, Some(Blocked { on: BlockedOn::Sleep, deadline }));
    }

    /// The time since the start of the execution.
    pub fn now(&self) -> Duration {
        let mut state = self.core.state.lock();
        if !state.steps.is_empty() {
            state.step().touch(builtin::CLOCK, false);
        }
        state.now
    }

    /// Lets others go first.
    pub fn yield_now(&self, place: Place) {
        if self.depth.get() == 0 || self.core.settings.grain == Grain::Fine {
            let pending = Pending { kind: "thread", verb: "yield_now", place: Some(place), ..Pending::default() };
            if self.core.turn(self.me, pending, None) == Flow::Torn {
                return;
            }
        }
        self.core.state.lock().threads[self.me].yielded = Some(Yielded::Step);
    }

    /// The number of a word's queue, and the object that stands for it.
    fn queue_of(&self, word: &Tag, second: bool) -> (usize, usize) {
        let mut state = self.core.state.lock();
        let at = QueueAt { tag: std::ptr::from_ref(word).addr(), second };
        let word = object_of(&mut state, word);
        state.stands_at(word, at.tag);
        self.queue(&mut state, Some(word), at)
    }

    /// The same for the word that stands at an address, or stood there: nothing is read, as it may be gone. Memory that is
    /// used again is a matter of chance, so of several words that stood there it is the one that this thread used last.
    fn queue_at(&self, at: QueueAt) -> (usize, usize) {
        let mut state = self.core.state.lock();
        let stood_there = |word: &usize| state.addresses.get(*word) == Some(&at.tag);
        let newest = state.addresses.iter().rposition(|&address| address == at.tag);
        let is_only = newest.is_none_or(|newest| !state.addresses[..newest].contains(&at.tag));
        let word = if is_only {
            newest
        } else {
            let mine = state.steps.iter().rev().filter(|step| step.choice.thread == self.me);
            let mut used = mine.flat_map(|step| step.accesses.iter().rev().map(|access| access.object as usize));
            used.find(stood_there).or(newest)
        };
        self.queue(&mut state, word, at)
    }

    /// A queue by its word, if that is known, else by the address; made at its first use.
    #[inline]
    fn queue(&self, state: &mut State, word: Option<usize>, at: QueueAt) -> (usize, usize) {
        let is_it = |queue: &Queue| match (queue.word, word) {
            (Some(one), Some(other)) => one == other && queue.at.second == at.second,
            (None, _) => queue.at == at,
            (Some(_), None) => false,
        };
        if let Some(found) = state.queues.iter().position(is_it) {
            let queue = &mut state.queues[found];
            queue.word = queue.word.or(word);
            return (found, queue.object);
        }
        let object = state.objects.len();
        state.objects.push(Object::new("futex", None));
        state.objects[object].part_of = state.threads[self.me].calls.first().map(|call| call.object);
        state.queues.push(Queue { word, at, object, waiters: Vec::new() });
        (state.queues.len() - 1, object)
    }
}

/// The first so many that wait at this queue can run again, as of the step that is being taken. How many they are.
#[inline]
fn wake_first(state: &mut State, queue: usize, count: usize) -> usize {
    let waiting = state.queues[queue].waiters.len();
    let count = count.min(waiting);
    for _ in 0..count {
        let waiter = state.queues[queue].waiters.remove(0);
        let thread = &mut state.threads[waiter];
        thread.status = Status::Runnable;
        thread.woken_by = Some(Wait::Woken);
        state.step().enables.push(waiter);
    }
    count
}
