//! The futex: a table of the threads that sleep, in the order in which they came.
//!
//! Loom runs all threads of a model on one, and switches at its own operations only: what stands between two of them is
//! one step. README.md says why each function is divided into steps as it is.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::Ordering;

use loom::thread::{Thread, current, park};

use super::atomic::{AtomicU32, AtomicU64};
use super::clock;
use crate::Instant;
use crate::futex::{Queue, Wait};

/// The threads that sleep.
struct Table {
    /// Every use of the table begins with an access to this, so that loom tries them in every order.
    turn: loom::sync::atomic::AtomicU32,
    sleepers: RefCell<Vec<Sleeper>>,
}

/// A thread that sleeps.
struct Sleeper {
    key: Key,
    /// Set by the wake-up, which also takes it off the table.
    woken: Rc<Cell<bool>>,
    /// To be unparked; `None` if it does not park, having a deadline.
    parked: Option<Thread>,
}

/// A queue of a word.
type Key = (usize, Queue);

loom::lazy_static! {
    static ref TABLE: Table =
        Table { turn: loom::sync::atomic::AtomicU32::new(0), sleepers: RefCell::new(Vec::new()) };
}

/// Makes the table of this execution. Whoever makes the first word does so before others can know the word: made later,
/// the table would order those who use it after the one that happened to make it.
pub(crate) fn prepare() {
    let _: &Table = &TABLE;
}

/// Begins a use of the table: the point at which loom may let others go first.
#[track_caller]
fn table() -> &'static Table {
    let table: &'static Table = &TABLE;
    // Relaxed: a futex promises no order.
    table.turn.swap(0, Ordering::Relaxed);
    table
}

/// Sleeps while `*word == expected`.
#[track_caller]
pub(crate) fn wait(word: &AtomicU32, queue: Queue, expected: u32, deadline: Option<Instant>) -> Wait {
    wait_at(key(word, queue), || word.latest(!expected) == expected, deadline)
}

/// Sleeps while the high half of `*word` is `expected`.
#[track_caller]
pub(crate) fn wait_high(word: &AtomicU64, expected: u32, deadline: Option<Instant>) -> Wait {
    let other = u64::from(!expected) << 32;
    wait_at(high(word), || word.latest(other) >> 32 == u64::from(expected), deadline)
}

/// Sleeps if the word of this key is `unchanged`. A deadline may pass at any time after that.
#[track_caller]
fn wait_at(key: Key, unchanged: impl FnOnce() -> bool, deadline: Option<Instant>) -> Wait {
    let table = table();
    if !unchanged() {
        return Wait::Woken;
    }
    let woken = Rc::new(Cell::new(false));
    let parked = deadline.is_none().then(current);
    table.sleepers.borrow_mut().push(Sleeper { key, woken: Rc::clone(&woken), parked });
    let Some(deadline) = deadline else {
        while !woken.get() {
            park();
        }
        return Wait::Woken;
    };
    let table = self::table();
    if woken.get() {
        return Wait::Woken;
    }
    table.sleepers.borrow_mut().retain(|sleeper| !Rc::ptr_eq(&sleeper.woken, &woken));
    clock::pass_until(deadline.into());
    Wait::TimedOut
}

/// Wakes up to `count` of those that wait in this queue of `word`, which is an address and never read.
#[track_caller]
pub(crate) fn wake(word: *const AtomicU32, queue: Queue, count: u32) -> usize {
    table().wake(key(word, queue), count)
}

/// Wakes up to `count` of those that wait for the high half of `word`, which is an address and never read.
#[track_caller]
pub(crate) fn wake_high(word: *const AtomicU64, count: u32) -> usize {
    table().wake(high(word), count)
}

/// Wakes up to `wake` of those that wait at `from` and moves up to `requeue` of the others to `to`.
#[track_caller]
pub(crate) fn requeue(from: *const AtomicU32, wake: u32, to: *const AtomicU32, requeue: u32) -> (usize, usize) {
    let table = table();
    let woken = table.wake(key(from, Queue::First), wake);
    let mut moved = table.take(key(from, Queue::First), requeue);
    moved.iter_mut().for_each(|sleeper| sleeper.key = key(to, Queue::First));
    let count = moved.len();
    table.sleepers.borrow_mut().append(&mut moved);
    (woken, count)
}

impl Table {
    /// Takes up to `count` of those with this key off the table, the first comers.
    fn take(&self, key: Key, count: u32) -> Vec<Sleeper> {
        let mut left = count;
        let mut sleepers = self.sleepers.borrow_mut();
        let taken = sleepers.extract_if(.., |sleeper| {
            let taken = left > 0 && sleeper.key == key;
            left -= u32::from(taken);
            taken
        });
        taken.collect()
    }

    fn wake(&self, key: Key, count: u32) -> usize {
        let woken = self.take(key, count);
        for sleeper in &woken {
            sleeper.woken.set(true);
            if let Some(thread) = &sleeper.parked {
                thread.unpark();
            }
        }
        woken.len()
    }
}

fn key(word: *const AtomicU32, queue: Queue) -> Key {
    (word.addr(), queue)
}

/// The one queue of a word whose high half is waited for.
fn high(word: *const AtomicU64) -> Key {
    (word.addr(), Queue::First)
}
