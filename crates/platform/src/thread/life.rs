//! What is known of a thread for as long as anybody asks: who it is, and where it stands.

#[cfg(not(loom))]
use core::sync::atomic::AtomicU32;
use core::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::cell::Cell;
use std::sync::Arc;

#[cfg(loom)]
use crate::atomic::AtomicU32;
use crate::futex::{Queue, Wait};
use crate::{Instant, backend};

/// Where a thread stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Started; nothing of it has run.
    Ready,
    /// It runs, or could.
    Running,
    /// It waits, in a futex of this crate, for a thread or for the clock.
    Blocked,
    /// It came to its end.
    Ended,
}

/// It has not ended, and nobody sleeps until it has.
const LIVES: u32 = 0;
/// It has not ended, and somebody may sleep until it has.
const AWAITED: u32 = 1;
/// It has ended.
const OVER: u32 = 2;

/// One thread, of the machine or of an explored program: who it is, and where it stands.
///
/// | `end` | means | set by |
/// |---|---|---|
/// | 0 | it has not ended, nobody sleeps | |
/// | 1 | it has not ended, somebody may sleep | who waits, before sleeping |
/// | 2 | it has ended | the thread, as its last act; never changed again |
///
/// `stage` says what it does meanwhile: a [`Stage`] as a number, written by the thread alone.
#[derive(Debug)]
pub struct Life {
    name: Option<String>,
    id: u64,
    daemon: bool,
    /// Whoever waits for all waits for it last.
    last: bool,
    /// Its index, if it is explored.
    explored: Option<usize>,
    /// The system's number; 0 before it runs.
    native_id: AtomicU64,
    stage: AtomicU8,
    end: AtomicU32,
}

impl Life {
    /// A thread that is about to be started.
    pub(super) fn new(name: Option<String>, id: u64, daemon: bool) -> Self {
        Self {
            name,
            id,
            daemon,
            last: false,
            explored: None,
            native_id: AtomicU64::new(0),
            stage: AtomicU8::new(Stage::Ready as u8),
            end: AtomicU32::new(LIVES),
        }
    }

    /// The same, and waited for after all others, or not.
    pub(super) fn waited_for_last(mut self, last: bool) -> Self {
        self.last = last;
        self
    }

    /// See [`waited_for_last`](Self::waited_for_last).
    #[cfg(all(any(unix, windows), not(loom)))]
    pub(super) fn is_last(&self) -> bool {
        self.last
    }

    /// A thread that runs already: main, or one that somebody else started.
    pub(super) fn running(name: Option<String>, id: u64, daemon: bool, native_id: u64) -> Self {
        let life = Self::new(name, id, daemon);
        // Relaxed, both: nobody else knows of it yet.
        life.native_id.store(native_id, Ordering::Relaxed);
        life.stage.store(Stage::Running as u8, Ordering::Relaxed);
        life
    }

    /// An explored thread.
    #[cfg(feature = "explore")]
    pub(super) fn explored(index: usize, name: Option<String>, daemon: bool) -> Self {
        Self { explored: Some(index), ..Self::new(name, super::explored_id(index), daemon) }
    }

    #[cfg(feature = "explore")]
    pub(super) fn index(&self) -> Option<usize> {
        self.explored
    }

    /// Its name, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// A number that no other thread of the process has, ever had or will have; never 0.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The number that the system has for it; none before it runs. An explored thread has its place in the order of
    /// starting, from 1.
    #[must_use]
    pub fn native_id(&self) -> Option<u64> {
        if let Some(index) = self.explored {
            return Some(index as u64 + 1);
        }
        // Relaxed: a number, which orders nothing.
        Some(self.native_id.load(Ordering::Relaxed)).filter(|&id| id != 0)
    }

    /// True if the program does not wait for its end.
    #[must_use]
    pub fn is_daemon(&self) -> bool {
        self.daemon
    }

    /// True for the thread that calls.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.id == super::current_id()
    }

    /// Where it stands; explored, a step called `verb`, of which `shown` is the result. If it has ended, all that it did
    /// is visible.
    #[track_caller]
    #[must_use]
    pub fn stage(&self, verb: &'static str, shown: impl FnOnce(Stage) -> String) -> Stage {
        #[cfg(feature = "explore")]
        if let Some(index) = self.explored {
            return crate::explored::look_at(index, verb, shown);
        }
        let _ = (verb, shown);
        // Acquire: pairs with the Release in `finish`.
        if self.end.load(Ordering::Acquire) == OVER {
            return Stage::Ended;
        }
        // Relaxed: an answer that is out of date at once orders nothing.
        match self.stage.load(Ordering::Relaxed) {
            stage if stage == Stage::Ready as u8 => Stage::Ready,
            stage if stage == Stage::Blocked as u8 => Stage::Blocked,
            _ => Stage::Running,
        }
    }

    /// Waits for its end, until `deadline` at the latest (`None`: for ever): true if it has ended, and all that it did is
    /// visible. Any number of threads may wait.
    #[track_caller]
    pub fn wait(&self, deadline: Option<Instant>) -> bool {
        #[cfg(feature = "explore")]
        if let Some(index) = self.explored {
            return crate::explored::join(index, deadline);
        }
        let _blocked = blocked();
        loop {
            // Acquire, also where it fails: pairs with the Release in `finish`. AWAITED publishes nothing.
            if self.end.compare_exchange(LIVES, AWAITED, Ordering::Acquire, Ordering::Acquire) == Err(OVER) {
                return true;
            }
            if backend::futex::wait(&self.end, Queue::First, AWAITED, deadline) == Wait::TimedOut {
                // Acquire: as above.
                return self.end.load(Ordering::Acquire) == OVER;
            }
        }
    }

    /// Returns when it has ended, whatever happens: for threads that borrow from the caller. An explored execution that is
    /// over is unwound thread by thread; this one comes first.
    pub fn see_out(&self) {
        #[cfg(feature = "explore")]
        if let Some(index) = self.explored {
            return crate::explored::see_out(index);
        }
        self.wait(None);
    }

    /// The thread itself begins to run here.
    pub(super) fn begin(self: &Arc<Self>) {
        // Relaxed, both: what they say orders nothing.
        self.native_id.store(super::native_id(), Ordering::Relaxed);
        self.stage.store(Stage::Running as u8, Ordering::Relaxed);
        // Loom's threads share a thread of the system.
        if cfg!(not(loom)) {
            STAGE.set(&raw const self.stage);
        }
    }

    /// The thread itself is over, but for what the system does: its last act here.
    pub(super) fn finish(&self) {
        STAGE.set(core::ptr::null());
        // Release: pairs with the Acquire of those that look or wait.
        if self.end.swap(OVER, Ordering::Release) == AWAITED {
            backend::futex::wake(&raw const self.end, Queue::First, u32::MAX);
        }
    }
}

thread_local! {
    /// The stage of the thread that runs here; null for one that nobody asks about.
    static STAGE: Cell<*const AtomicU8> = const { Cell::new(core::ptr::null()) };
}

/// Says that the running thread waits, for as long as the result lives.
#[inline]
pub(crate) fn blocked() -> Waits {
    set_stage(Stage::Blocked);
    Waits
}

/// See [`blocked`].
pub(crate) struct Waits;

impl Drop for Waits {
    #[inline]
    fn drop(&mut self) {
        set_stage(Stage::Running);
    }
}

#[inline]
fn set_stage(stage: Stage) {
    let word = STAGE.get();
    // SAFETY:
    // - the pointer is null, or set by `begin` of this thread's life, which lives until after `finish` has reset it;
    // - the word is atomic, so others may read it meanwhile.
    if let Some(word) = unsafe { word.as_ref() } {
        // Relaxed: as in `stage`.
        word.store(stage as u8, Ordering::Relaxed);
    }
}
