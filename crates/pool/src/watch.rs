//! The word by which a submitter knows whether it has to call anybody.

use crossbeam_utils::CachePadded;
use threadcraft_platform::atomic::{AtomicU64, Ordering};

/// How many look for a job, how many sleep, and whether more may be started.
///
/// | bits | meaning | up | down |
/// |---|---|---|---|
/// | 0 to 30 | so many *search*: they look at all shelves before they sleep or leave | by a worker that is about to be free; with the lock, for one that is called or started | by the one that searched |
/// | 32 to 62 | so many are *asleep*, and nobody has called them | with the lock, by the one that lies down | with the lock, by who calls |
/// | 31 | it is *closed*: what a worker has put on its desk may have come too late | with the lock | never |
/// | 63 | there is *room*: one more may be started | with the lock | with the lock |
///
/// It is *enough* if somebody searches, or if nobody is asleep and there is no room: then a new job needs nobody.
///
/// All accesses are SeqCst. Whoever makes it not enough then looks at the shelves; whoever puts a job on a shelf then looks
/// here. For the inbox its lock would do: of the two that have held it the second one sees what the first one did before.
/// The worker that puts a job on its desk takes no lock: there it is the one order of all SeqCst accesses, to this word and
/// to the end of the desk, in which one of the two comes second. The same is true of who closes.
pub(crate) struct Watch(CachePadded<AtomicU64>);

const SEARCHING: u64 = 1;
const ASLEEP: u64 = 1 << 32;
const CLOSED: u64 = 1 << 31;
const ROOM: u64 = 1 << 63;

/// A value of the word.
#[derive(Clone, Copy)]
pub(crate) struct Seen(u64);

impl Seen {
    fn is_searched(self) -> bool {
        self.0 & (CLOSED - 1) != 0
    }

    fn asleep(self) -> u64 {
        (self.0 & !ROOM) / ASLEEP
    }

    /// Whether a new job needs nobody to be called or started.
    pub(crate) fn is_enough(self) -> bool {
        self.is_searched() || self.0 & !CLOSED == 0
    }

    /// Whether the pool takes no more jobs.
    pub(crate) fn is_closed(self) -> bool {
        self.0 & CLOSED != 0
    }
}

impl Watch {
    /// Nobody searches or sleeps, and there is room.
    pub(crate) fn new() -> Self {
        Self(CachePadded::new(AtomicU64::new(ROOM)))
    }

    /// The word, now.
    pub(crate) fn seen(&self) -> Seen {
        Seen(self.0.load(Ordering::SeqCst))
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
        self.0.fetch_add(SEARCHING, Ordering::SeqCst);
    }

    /// One that searched does so no more; true if it is not enough now.
    pub(crate) fn stop(&self) -> bool {
        !Seen(self.0.fetch_sub(SEARCHING, Ordering::SeqCst) - SEARCHING).is_enough()
    }

    /// One that searches is about to sleep. With the lock, here and below.
    pub(crate) fn lie_down(&self) {
        self.0.fetch_add(ASLEEP - SEARCHING, Ordering::SeqCst);
    }

    /// One that sleeps, or was about to, is to search.
    pub(crate) fn call(&self) {
        self.0.fetch_sub(ASLEEP - SEARCHING, Ordering::SeqCst);
    }

    /// All that sleep are.
    pub(crate) fn call_all(&self) {
        self.0.fetch_sub((ASLEEP - SEARCHING) * self.seen().asleep(), Ordering::SeqCst);
    }

    /// The pool takes no more jobs.
    pub(crate) fn close(&self) {
        self.0.fetch_or(CLOSED, Ordering::SeqCst);
    }

    /// There is room now, if there was none before, or the other way round.
    pub(crate) fn turn_room(&self) {
        self.0.fetch_xor(ROOM, Ordering::SeqCst);
    }
}
