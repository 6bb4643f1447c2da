//! The word by which a submitter knows whether it has to call anybody.

use crossbeam_utils::CachePadded;
use threadcraft_platform::atomic::{AtomicU64, Ordering};

/// How many look for a job, how many sleep, and whether more may be started.
///
/// | bits | meaning | up | down |
/// |---|---|---|---|
/// | 0 to 30 | so many *search*: they look at all shelves before they sleep or leave | by a worker that is about to be free; with the lock, for one that is called or started | by the one that searched |
/// | 32 to 62 | so many are *asleep*, and nobody has called them | with the lock, by the one that lies down | with the lock, by who calls |
/// | 63 | there is *room*: one more may be started | with the lock | with the lock |
///
/// It is *enough* if somebody searches, or if nobody is asleep and there is no room: then a new job needs nobody.
///
/// All accesses are Relaxed. Whoever makes it not enough then looks at the shelves, each with its lock; whoever puts a job
/// on a shelf then looks here. Of the two that have held that lock, the second one sees what the first one did before.
pub(crate) struct Watch(CachePadded<AtomicU64>);

const SEARCHING: u64 = 1;
const ASLEEP: u64 = 1 << 32;
const ROOM: u64 = 1 << 63;

/// A value of the word.
#[derive(Clone, Copy)]
struct Seen(u64);

impl Seen {
    fn is_searched(self) -> bool {
        self.0 & (ASLEEP - 1) != 0
    }

    fn asleep(self) -> u64 {
        (self.0 & !ROOM) / ASLEEP
    }

    fn is_enough(self) -> bool {
        self.is_searched() || self.0 == 0
    }
}

impl Watch {
    /// Nobody searches or sleeps, and there is room.
    pub(crate) fn new() -> Self {
        Self(CachePadded::new(AtomicU64::new(ROOM)))
    }

    fn seen(&self) -> Seen {
        Seen(self.0.load(Ordering::Relaxed))
    }

    /// Whether a new job needs nobody to be called or started.
    pub(crate) fn is_enough(&self) -> bool {
        self.seen().is_enough()
    }

    /// Whether somebody searches.
    pub(crate) fn is_searched(&self) -> bool {
        self.seen().is_searched()
    }

    /// Whether anybody can be called.
    pub(crate) fn is_slept(&self) -> bool {
        self.seen().asleep() > 0
    }

    /// One more searches.
    pub(crate) fn seek(&self) {
        self.0.fetch_add(SEARCHING, Ordering::Relaxed);
    }

    /// One that searched does so no more; true if it is not enough now.
    pub(crate) fn stop(&self) -> bool {
        !Seen(self.0.fetch_sub(SEARCHING, Ordering::Relaxed) - SEARCHING).is_enough()
    }

    /// One that searches is about to sleep. With the lock, here and below.
    pub(crate) fn lie_down(&self) {
        self.0.fetch_add(ASLEEP - SEARCHING, Ordering::Relaxed);
    }

    /// One that sleeps, or was about to, is to search.
    pub(crate) fn call(&self) {
        self.0.fetch_sub(ASLEEP - SEARCHING, Ordering::Relaxed);
    }

    /// All that sleep are.
    pub(crate) fn call_all(&self) {
        self.0.fetch_sub((ASLEEP - SEARCHING) * self.seen().asleep(), Ordering::Relaxed);
    }

    /// There is room now, if there was none before, or the other way round.
    pub(crate) fn turn_room(&self) {
        self.0.fetch_xor(ROOM, Ordering::Relaxed);
    }
}
