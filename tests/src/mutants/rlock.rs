//! Broken re-entrant locks, around the right plain one: its own mutants are in `lock`.

use std::time::Duration;

use threadcraft_lock::RawLock;
use threadcraft_platform::atomic::{AtomicU32, AtomicU64, Ordering};
use threadcraft_platform::thread;

use crate::model::lock::{RawLocking, TimedLocking};
use crate::model::rlock::Reentrant;

const NOBODY: u64 = 0;

/// The decisions of a re-entrant lock; the defaults are right.
pub trait Choices: Send + Sync + 'static {
    /// Each thread has a number of its own.
    const NUMBERS_THREADS: bool = true;
    /// The owner is written once the lock is taken, not before.
    const OWNS_AFTER_TAKING: bool = true;
    /// The last release wipes the owner out.
    const WIPES_THE_OWNER: bool = true;
    /// It does so before the lock is released.
    const WIPES_BEFORE_RELEASE: bool = true;
    /// As many releases as takings make it free.
    const COUNTS: bool = true;
    /// A thread that gives up has not become the owner.
    const GIVES_UP_CLEANLY: bool = true;
}

/// A re-entrant lock with these decisions, around this plain one.
#[derive(Debug)]
pub struct MutantRLock<C, L = RawLock> {
    lock: L,
    owner: AtomicU64,
    depth: AtomicU32,
    choices: std::marker::PhantomData<C>,
}

// Every ordering here is Relaxed, as in the right one: the plain lock orders what has to be.
impl<C: Choices, L: RawLocking> MutantRLock<C, L> {
    fn me() -> u64 {
        if C::NUMBERS_THREADS { thread::current_id() } else { 1 }
    }

    fn enter(&self, take: impl FnOnce(&L) -> bool) -> bool {
        if self.owner.load(Ordering::Relaxed) == Self::me() {
            self.depth.fetch_add(1, Ordering::Relaxed);
            return true;
        }
        if !C::OWNS_AFTER_TAKING {
            self.owner.store(Self::me(), Ordering::Relaxed);
        }
        let taken = take(&self.lock);
        if taken || !C::GIVES_UP_CLEANLY {
            self.owner.store(Self::me(), Ordering::Relaxed);
        }
        if taken {
            self.depth.store(1, Ordering::Relaxed);
        }
        taken
    }

    fn leave(&self) {
        if self.depth.fetch_sub(1, Ordering::Relaxed) > 1 && C::COUNTS {
            return;
        }
        if C::WIPES_THE_OWNER && C::WIPES_BEFORE_RELEASE {
            self.owner.store(NOBODY, Ordering::Relaxed);
        }
        // It is held, but for the mutants that release it too early, which is their bug; the lock is only a word.
        self.lock.unlock();
        if C::WIPES_THE_OWNER && !C::WIPES_BEFORE_RELEASE {
            self.owner.store(NOBODY, Ordering::Relaxed);
        }
    }
}

impl<C: Choices, L: TimedLocking> Reentrant for MutantRLock<C, L> {
    fn new() -> Self {
        Self {
            lock: L::new(),
            owner: AtomicU64::new(NOBODY),
            depth: AtomicU32::new(0),
            choices: std::marker::PhantomData,
        }
    }

    fn with(&self, body: impl FnOnce()) {
        self.enter(|lock| {
            lock.lock();
            true
        });
        body();
        self.leave();
    }

    fn with_for(&self, timeout: Duration, body: impl FnOnce()) -> bool {
        let taken = self.enter(|lock| lock.lock_for(timeout));
        if taken {
            body();
            self.leave();
        }
        taken
    }
}

/// Right in everything.
#[derive(Debug)]
pub struct Faithful;
impl Choices for Faithful {}

/// Two threads have one number, as with the address of a thread-local that comes back: both own the lock.
#[derive(Debug)]
pub struct SharedNumbers;
impl Choices for SharedNumbers {
    const NUMBERS_THREADS: bool = false;
}

/// One that waits overwrites the owner, who then waits for itself.
#[derive(Debug)]
pub struct OwnsBeforeTaking;
impl Choices for OwnsBeforeTaking {
    const OWNS_AFTER_TAKING: bool = false;
}

/// Whoever held it last goes in again while another holds it.
#[derive(Debug)]
pub struct KeepsTheOwner;
impl Choices for KeepsTheOwner {
    const WIPES_THE_OWNER: bool = false;
}

/// The next owner is wiped out, and waits for itself.
#[derive(Debug)]
pub struct WipesAfterRelease;
impl Choices for WipesAfterRelease {
    const WIPES_BEFORE_RELEASE: bool = false;
}

/// The first release makes it free, whatever the depth.
#[derive(Debug)]
pub struct FreesAtOnce;
impl Choices for FreesAtOnce {
    const COUNTS: bool = false;
}

/// One that gave up takes itself for the owner.
#[derive(Debug)]
pub struct OwnsInVain;
impl Choices for OwnsInVain {
    const GIVES_UP_CLEANLY: bool = false;
}
