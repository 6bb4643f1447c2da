//! What the threads of a service share: its list, and who looks at it.

extern crate alloc;

use alloc::vec::Vec;

use threadcraft_platform::Instant;
use threadcraft_platform::atomic::{AtomicU64, Ordering};
use threadcraft_thread::Thread;

use crate::list::List;

/// What the lock of a service protects.
pub(crate) struct Plan {
    pub(crate) list: List,
    /// Entries ever made.
    pub(crate) numbers: u64,
    /// A thread sleeps until then at the latest: the first entry was due then when it fell asleep.
    pub(crate) watching: Option<Instant>,
    /// Threads that were called or started, and have not looked yet.
    pub(crate) called: usize,
    /// Threads that sleep until they are called.
    pub(crate) idle: usize,
    /// Threads that have been started and have not left.
    pub(crate) living: usize,
    /// Threads ever started, for their names.
    pub(crate) started: usize,
    /// Nothing is called any more.
    pub(crate) closed: bool,
    /// Whom a shutdown waits for, by their numbers.
    pub(crate) threads: Vec<(usize, Thread<()>)>,
    /// Who they are.
    pub(crate) members: Vec<u64>,
}

impl Plan {
    pub(crate) const fn new() -> Self {
        Self {
            list: List::new(),
            numbers: 0,
            watching: None,
            called: 0,
            idle: 0,
            living: 0,
            started: 0,
            closed: false,
            threads: Vec::new(),
            members: Vec::new(),
        }
    }

    /// Whether somebody sees to the list without being called.
    pub(crate) fn is_watched(&self) -> bool {
        self.watching.is_some() || self.called > 0
    }
}

/// How many entries the list has, and how many of them are dead: cancelled, and still in it. One word, so that whoever
/// changes one of the two knows the other: of several threads that make an entry dead, the last one knows that it is the
/// last.
///
/// | bits | meaning | changed by |
/// |---|---|---|
/// | 32 to 63 | entries | the holder of the lock |
/// | 0 to 31 | dead ones | whoever has cancelled one; the holder of the lock, who takes one out |
///
/// A dead entry may be taken out before it is counted: then the lower half is one too low, and borrows from the upper one
/// until it is counted. That looks like many dead ones, which is one look too many and no more.
pub(crate) struct Counts(AtomicU64);

const ENTRY: u64 = 1 << 32;

impl Counts {
    pub(crate) fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// One more entry. True if the list is worth clearing, here and below.
    pub(crate) fn listed(&self) -> bool {
        // Relaxed, all of them: the exchanges of one word are in one order for all, and what is decided by them is done
        // with the lock.
        Self::is_cluttered(self.0.fetch_add(ENTRY, Ordering::Relaxed).wrapping_add(ENTRY))
    }

    /// An entry that is in the list, or about to be, is dead.
    pub(crate) fn died(&self) -> bool {
        Self::is_cluttered(self.0.fetch_add(1, Ordering::Relaxed).wrapping_add(1))
    }

    /// One was taken out of the list.
    pub(crate) fn taken(&self, was_dead: bool) {
        self.0.fetch_sub(ENTRY + u64::from(was_dead), Ordering::Relaxed);
    }

    /// So many dead ones were taken out.
    pub(crate) fn cleared(&self, count: u64) {
        self.0.fetch_sub(count * (ENTRY + 1), Ordering::Relaxed);
    }

    /// So many were taken out, dead or not: no more come.
    pub(crate) fn left(&self, count: u64) {
        self.0.fetch_sub(count * ENTRY, Ordering::Relaxed);
    }

    /// How many entries there are that are not dead.
    pub(crate) fn waiting(&self) -> usize {
        let counts = self.0.load(Ordering::Relaxed);
        let (listed, dead) = (counts >> 32, counts & (ENTRY - 1));
        usize::try_from(listed.saturating_sub(dead)).expect("each has an address")
    }

    /// More than half are dead: clearing costs no more than what made it necessary.
    fn is_cluttered(counts: u64) -> bool {
        2 * (counts & (ENTRY - 1)) > counts >> 32
    }
}
