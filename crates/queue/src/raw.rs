//! What all queues share: items and counts under one lock, and three conditions. README.md has the protocol in steps and
//! the proof sketch.

use core::fmt;
use core::time::Duration;

use threadcraft_condition::Condition;
use threadcraft_lock::{Lock, LockGuard};
use threadcraft_platform::atomic::spins;
use threadcraft_platform::{Instant, Object, const_unless_loom, thread};

use crate::error::{GetError, PutError, TaskDoneError};
use crate::store::Store;

/// A queue whose store decides the order.
pub(crate) struct RawQueue<S> {
    state: Lock<State<S>>,
    /// An item was put, or the queue was shut down.
    not_empty: Condition,
    /// An item was taken from a full queue, or the queue was shut down.
    not_full: Condition,
    /// No task is unfinished.
    all_done: Condition,
    /// At most so many items.
    capacity: usize,
    pub(crate) object: Object,
}

/// What the lock protects.
///
/// | changes | by | who is notified |
/// |---|---|---|
/// | one item more, one unfinished task more | a put | one at `not_empty` |
/// | one item less | a get | one at `not_full` |
/// | one unfinished task less | `task_done` | all at `all_done`, if it was the last |
/// | shut down; if at once, no items, and their tasks are no longer unfinished | `shutdown` | all at `not_empty` and `not_full`, and at `all_done` if no task is unfinished |
struct State<S> {
    items: S,
    /// Items put whose task nobody has said to be done.
    unfinished: usize,
    /// Never false again.
    shut_down: bool,
}

/// How often a thread lets others go first before it sleeps: on a busy queue what it waits for comes soon.
const YIELDS: u32 = 4;

/// How long a call waits.
pub(crate) enum Limit {
    Now,
    At(Instant),
    Never,
}

impl Limit {
    /// Zero means not at all; beyond what the clock can count means for ever.
    pub(crate) fn after(timeout: Duration) -> Self {
        match timeout.is_zero() {
            true => Self::Now,
            false => Instant::after(timeout).map_or(Self::Never, Self::At),
        }
    }
}

type Guard<'lock, S> = LockGuard<'lock, State<S>>;

impl<S: Store> RawQueue<S> {
    const_unless_loom! {
        pub(crate) const fn new(capacity: usize) -> Self {
            assert!(capacity > 0, "a queue of capacity 0 could never hold an item; `unbounded()` makes one without a limit");
            // With names, lest the explorer number the program's own locks from 2 on.
            Self {
                state: Lock::new(State { items: S::EMPTY, unfinished: 0, shut_down: false }).named("items"),
                not_empty: Condition::new().named("not empty"),
                not_full: Condition::new().named("not full"),
                all_done: Condition::new().named("all done"),
                capacity,
                object: Object::new("queue"),
            }
        }
    }

    /// Adds an item, once there is room; `Ok` says how many there are then. Only who has to wait asks for the limit.
    #[inline]
    #[track_caller]
    pub(crate) fn put(&self, item: S::Item, limit: impl FnOnce() -> Limit) -> Result<usize, PutError<S::Item>> {
        let mut state = self.state.lock();
        if state.items.len() >= self.capacity && !state.shut_down {
            self.wait(&mut state, &self.not_full, limit(), |state| {
                state.items.len() >= self.capacity && !state.shut_down
            });
        }
        if state.shut_down {
            return Err(PutError::ShutDown(item));
        }
        if state.items.len() >= self.capacity {
            return Err(PutError::Full(item));
        }
        state.unfinished += 1;
        // It wakes when the lock is released. Before the push: if a comparison panics there, the item is in.
        self.not_empty.notify_one(&mut state);
        state.items.push(item);
        Ok(state.items.len())
    }

    /// Takes the next item, once there is one; `Ok` says also how many are left. Only who has to wait asks for the limit.
    #[inline]
    #[track_caller]
    pub(crate) fn get(&self, limit: impl FnOnce() -> Limit) -> Result<(S::Item, usize), GetError> {
        let mut state = self.state.lock();
        if state.items.len() == 0 && !state.shut_down {
            self.wait(&mut state, &self.not_empty, limit(), |state| state.items.len() == 0 && !state.shut_down);
        }
        let pass_on = PassOn { not_empty: &self.not_empty, state: &mut state };
        let taken = pass_on.state.items.pop();
        core::mem::forget(pass_on);
        match taken {
            Some(item) => {
                self.not_full.notify_one(&mut state);
                Ok((item, state.items.len()))
            }
            None if state.shut_down => Err(GetError::ShutDown),
            None => Err(GetError::Empty),
        }
    }

    /// Counts a task as done; `Ok` says how many are unfinished.
    #[inline]
    #[track_caller]
    pub(crate) fn task_done(&self) -> Result<usize, TaskDoneError> {
        let mut state = self.state.lock();
        let unfinished = state.unfinished.checked_sub(1).ok_or(TaskDoneError { _private: () })?;
        state.unfinished = unfinished;
        if unfinished == 0 {
            self.all_done.notify_all(&mut state);
        }
        Ok(unfinished)
    }

    /// Waits until no task is unfinished; false if that was not so in time.
    #[track_caller]
    pub(crate) fn join(&self, limit: impl FnOnce() -> Limit) -> bool {
        let mut state = self.state.lock();
        if state.unfinished > 0 {
            self.wait(&mut state, &self.all_done, limit(), |state| state.unfinished > 0);
        }
        state.unfinished == 0
    }

    /// Lets no item in any more, and drops those that are in if `immediate`.
    #[track_caller]
    pub(crate) fn shutdown(&self, immediate: bool) {
        let mut state = self.state.lock();
        state.shut_down = true;
        let mut dropped = S::EMPTY;
        if immediate {
            dropped = core::mem::replace(&mut state.items, S::EMPTY);
            // There may be fewer: a task may be done before its item is taken.
            state.unfinished = state.unfinished.saturating_sub(dropped.len());
            if state.unfinished == 0 {
                self.all_done.notify_all(&mut state);
            }
        }
        self.not_empty.notify_all(&mut state);
        self.not_full.notify_all(&mut state);
        drop(state);
        // Without the lock: what is dropped may use the queue.
        drop(dropped);
    }

    #[track_caller]
    pub(crate) fn len(&self) -> usize {
        self.state.lock().items.len()
    }

    #[track_caller]
    pub(crate) fn is_shut_down(&self) -> bool {
        self.state.lock().shut_down
    }

    /// `None` for a queue without a limit.
    pub(crate) fn capacity(&self) -> Option<usize> {
        (self.capacity != usize::MAX).then_some(self.capacity)
    }

    /// Waits for `changed` for as long as `unmet`, until the limit.
    #[cold]
    #[track_caller]
    fn wait(&self, state: &mut Guard<'_, S>, changed: &Condition, limit: Limit, unmet: impl Fn(&mut State<S>) -> bool) {
        let deadline = match limit {
            Limit::Now => return,
            Limit::At(deadline) => Some(deadline),
            Limit::Never => None,
        };
        for _ in 0..spins(YIELDS) {
            LockGuard::unlocked(state, thread::yield_now);
            if !unmet(state) {
                return;
            }
        }
        match deadline {
            Some(deadline) => drop(changed.wait_while_until(state, |state| unmet(state), deadline)),
            None => changed.wait_while(state, |state| unmet(state)),
        }
    }

    /// For `Debug`: without waiting.
    pub(crate) fn show(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct(name);
        if let Some(name) = self.object.name() {
            shown.field("name", &name);
        }
        match self.state.try_lock() {
            Some(state) => shown.field("len", &state.items.len()).field("shut_down", &state.shut_down),
            None => shown.field("len", &format_args!("<locked>")),
        };
        if let Some(capacity) = self.capacity() {
            shown.field("capacity", &capacity);
        }
        shown.finish()
    }
}

/// Notifies another getter if the one that has the lock unwinds from a comparison that panics: it may have used up a
/// notification, and the item is still in.
struct PassOn<'get, 'lock, S> {
    not_empty: &'get Condition,
    state: &'get mut Guard<'lock, S>,
}

impl<S> Drop for PassOn<'_, '_, S> {
    fn drop(&mut self) {
        self.not_empty.notify_one(self.state);
    }
}
