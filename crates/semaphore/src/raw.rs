//! The counter and its waiters: one word, two queues.
//!
//! Newcomers may overtake those who sleep, up to a point: the waiter that was woken in vain stays first in line, and
//! after a few more such wake-ups it closes the door to newcomers until it has what it wants (the idea is from Google's
//! nsync). README.md has the protocol in steps and the proof sketch.

use core::fmt;

use threadcraft_platform::atomic::{AtomicU32, Ordering, spins};
use threadcraft_platform::futex::{self, Queue, Wait};
use threadcraft_platform::{Instant, Object, Wanted, const_unless_loom, thread};

/// The most permits that a semaphore can have available: 2²⁹ − 1.
pub const MAX_PERMITS: u32 = CALL - 1;

/// Somebody sleeps: whoever adds permits wakes one, the front if there is one.
const CALL: u32 = 1 << 29;
/// One waiter is first in line: it was woken once and found too few permits. It sleeps in the first queue, alone.
const FRONT: u32 = 1 << 30;
/// The front has waited long enough: nobody else takes permits until it is served or gives up.
const CLOSED: u32 = 1 << 31;

/// How often the front is woken in vain before it closes the door: each time lets whoever runs anyway go on without
/// a switch of threads, and delays the front by one wake-up.
const PATIENCE: u32 = 3;

/// How often a newcomer lets others go first before it sleeps.
const YIELDS: u32 = 4;

/// Permits, and threads that wait for them.
///
/// | bits of `word` | means | set by | cleared by |
/// |---|---|---|---|
/// | 0–28 | permits available | releases add | takers subtract |
/// | 29 call | some waiter may sleep without a wake-up on its way | a waiter, before each sleep; a woken taker that leaves no permit, as others may sleep | the release that wakes |
/// | 30 front | one waiter is first in line | a woken waiter with too few permits, if it is clear | that waiter, when it takes or gives up |
/// | 31 closed | only the front may take | the front, after three wake-ups in vain | with `front` |
///
/// `closed` stands only with `front`. Whoever sleeps has set `call`; whoever clears `call` wakes one, and whoever was
/// woken sets `call` again (by sleeping, or by taking the last permit) or wakes the next one. So as long as anybody
/// sleeps, `call` is set or a woken thread is about to look.
pub(crate) struct RawSemaphore {
    /// The word of the table above.
    word: AtomicU32,
    pub(crate) object: Object,
}

/// Where a thread stands in the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It has not slept.
    Newcomer,
    /// It has slept in the second queue.
    Woken,
    /// It is first in line, and was woken in vain so many times since.
    Front { in_vain: u32 },
}

impl RawSemaphore {
    const_unless_loom! {
        /// That many permits, nobody waiting.
        pub(crate) const fn new(permits: u32, kind: &'static str) -> Self {
            assert!(permits <= MAX_PERMITS, "a semaphore has at most MAX_PERMITS (536870911) permits");
            Self { word: AtomicU32::new(permits), object: Object::new(kind) }
        }
    }

    /// The same, called `name`.
    pub(crate) const fn named(mut self, name: &'static str) -> Self {
        self.object = self.object.named(name);
        self
    }

    /// What a call waits for that takes so many. Whoever waits for several shows: a single permit may be there that
    /// others do not get. So only the order of those that want one is nobody's business.
    #[inline(always)]
    pub(crate) fn wanted(&self, permits: u32) -> Wanted<'_> {
        Wanted::of(&self.word, if permits == 1 { |word| may_take(word, 1) } else { |_| true })
    }

    /// How many permits are available at this moment.
    #[inline]
    pub(crate) fn available(&self) -> u32 {
        // Relaxed: an answer that is out of date at once orders nothing.
        available_in(self.word.load(Ordering::Relaxed))
    }

    /// Takes `wanted` permits if they are there and the door is open: `Ok` is the word that it leaves, `Err` the one that
    /// it found.
    #[inline]
    pub(crate) fn try_take(&self, wanted: u32) -> Result<u32, u32> {
        // Relaxed: the exchange is what orders.
        let mut word = self.word.load(Ordering::Relaxed);
        while may_take(word, wanted) {
            // Acquire: pairs with the Release in `add`, so that what was done before a release is visible to whoever
            // takes the permit. Relaxed on failure: only a new attempt follows.
            match self.word.compare_exchange_weak(word, word - wanted, Ordering::Acquire, Ordering::Relaxed) {
                Ok(_) => return Ok(word - wanted),
                Err(changed) => word = changed,
            }
        }
        Err(word)
    }

    /// Adds permits and wakes the next waiter, who wakes the one after if permits are left: `Ok` says how many are
    /// available now. Above `limit` it adds nothing: `Err` says how many are available.
    #[inline]
    pub(crate) fn add(&self, permits: u32, limit: u32) -> Result<u32, u32> {
        // Relaxed: the exchange is what orders.
        self.add_to(self.word.load(Ordering::Relaxed), permits, limit)
    }

    /// Gives back what a taker took that left this word: the same, with a guess in the place of the first look. If
    /// nothing has happened since, it is right; else the exchange says what is.
    #[inline]
    pub(crate) fn add_after(&self, left: u32, permits: u32, limit: u32) -> Result<u32, u32> {
        // There was room for them when they were taken: a guess that is out of date cannot be the reason to refuse them.
        debug_assert!(has_room(left, permits, limit).is_ok(), "the taker found all of them within the limit");
        self.add_to(left, permits, limit)
    }

    /// Adds permits; `word` is a guess.
    #[inline]
    fn add_to(&self, mut word: u32, permits: u32, limit: u32) -> Result<u32, u32> {
        // What the exchange waits for is the sum alone: nothing has to be cleared here.
        while word & CALL == 0 {
            let available = has_room(word, permits, limit)?;
            // Release: as in `add_and_wake`. From here on the semaphore may be gone. Relaxed on failure: only a new
            // attempt follows.
            match self.word.compare_exchange_weak(word, word + permits, Ordering::Release, Ordering::Relaxed) {
                Ok(_) => return Ok(available + permits),
                Err(changed) => word = changed,
            }
        }
        self.add_and_wake(word, permits, limit)
    }

    /// The same where somebody may sleep.
    #[cold]
    fn add_and_wake(&self, mut word: u32, permits: u32, limit: u32) -> Result<u32, u32> {
        let address = &raw const self.word;
        loop {
            let available = has_room(word, permits, limit)?;
            let added = (word + permits) & !CALL;
            // Release: pairs with the Acquire of whoever takes these permits, now or after others: takers and other
            // releases are read-modify-writes, which carry it on. From here on the semaphore may be gone, as its last
            // user may free it: only its address is used. Relaxed on failure: only a new attempt follows.
            match self.word.compare_exchange_weak(word, added, Ordering::Release, Ordering::Relaxed) {
                Ok(_) => {
                    if word & CALL != 0 {
                        wake_next(address, word);
                    }
                    return Ok(available + permits);
                }
                Err(changed) => word = changed,
            }
        }
    }

    /// Waits until it has taken `wanted` permits, or until the deadline: `Some` is the word that it leaves.
    ///
    /// An explored execution that is torn down counts as served: there is nobody left to share with.
    #[cold]
    pub(crate) fn take_waiting(&self, wanted: u32, deadline: Option<Instant>) -> Option<u32> {
        for _ in 0..spins(YIELDS) {
            match self.try_take(wanted) {
                Ok(word) => return Some(word),
                // Who sleeps has waited longer.
                Err(word) if word & CALL != 0 => break,
                Err(_) => thread::yield_now(),
            }
        }
        let mut place = Place::Newcomer;
        loop {
            let asleep = match self.take_or_announce(wanted, place) {
                Turn::Taken { word } => return Some(word),
                Turn::Announced { word, place: now } => {
                    place = now;
                    word
                }
            };
            match futex::wait_in(&self.word, place.queue(), asleep, deadline) {
                // Perhaps this was the one wake-up of a release: look, whatever the clock says.
                Wait::Woken => place = place.woken(),
                Wait::TimedOut => {
                    self.give_up(place);
                    return None;
                }
                // Whoever gives back what it did not get looks for itself.
                Wait::Abandoned => return Some(CALL),
            }
        }
    }

    /// The same without a deadline, and so without giving up.
    #[cold]
    pub(crate) fn take_waiting_for_ever(&self, wanted: u32) -> u32 {
        self.take_waiting(wanted, None).expect("no deadline passes")
    }

    /// Takes the permits, or says in the word that this thread is about to sleep.
    fn take_or_announce(&self, wanted: u32, place: Place) -> Turn {
        // Relaxed: the exchanges are what orders.
        let mut word = self.word.load(Ordering::Relaxed);
        loop {
            if word & MAX_PERMITS >= wanted && (place.is_front() || word & CLOSED == 0) {
                let taken = after_taking(word, wanted, place);
                // Acquire: pairs with the Release in `add`, as in `try_take`. Relaxed on failure: a new attempt.
                match self.word.compare_exchange_weak(word, taken, Ordering::Acquire, Ordering::Relaxed) {
                    Ok(_) => {
                        // The release that woke this thread, and those since, count on it to wake the next one. If no
                        // permit is left, `call` stands again instead.
                        if place != Place::Newcomer && taken & MAX_PERMITS != 0 {
                            wake_next(&raw const self.word, taken);
                        }
                        return Turn::Taken { word: taken };
                    }
                    Err(changed) => word = changed,
                }
                continue;
            }
            let place = place.in_vain(word);
            let asleep = word | place.announcement();
            // Relaxed: it publishes nothing but the bits themselves, and the futex compares the whole word before it
            // sleeps: a release that this thread did not see makes that comparison fail.
            match self.word.compare_exchange_weak(word, asleep, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return Turn::Announced { word: asleep, place },
                Err(changed) => word = changed,
            }
        }
    }

    /// Leaves the line without permits. A wake-up that was meant for the front goes on to the next.
    fn give_up(&self, place: Place) {
        // In the second queue it left nothing: it set `call` before it slept, and a wait that ends by its deadline used
        // up no wake-up.
        if !place.is_front() {
            return;
        }
        // Relaxed, twice: the bits publish nothing; the next one reads permits with Acquire by itself.
        let mut word = self.word.load(Ordering::Relaxed);
        loop {
            // As others may sleep, the next release has to wake one; for permits that are there, this thread does.
            let left = (word & !(FRONT | CLOSED)) | CALL;
            match self.word.compare_exchange_weak(word, left, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => {
                    if left & MAX_PERMITS != 0 {
                        wake_next(&raw const self.word, left);
                    }
                    return;
                }
                Err(changed) => word = changed,
            }
        }
    }
}

/// What came of one look at the word.
enum Turn {
    /// The permits are taken, and this is left.
    Taken { word: u32 },
    /// There are too few; the word, now this, says that the thread sleeps.
    Announced { word: u32, place: Place },
}

impl Place {
    fn is_front(self) -> bool {
        matches!(self, Self::Front { .. })
    }

    /// Where it stands after it looked at this word in vain: the first that was woken for nothing becomes the front.
    fn in_vain(self, word: u32) -> Self {
        if self == Self::Woken && word & FRONT == 0 { Self::Front { in_vain: 0 } } else { self }
    }

    /// The queue to sleep in.
    fn queue(self) -> Queue {
        match self {
            Self::Front { .. } => Queue::First,
            Self::Newcomer | Self::Woken => Queue::Second,
        }
    }

    /// The bits to set before sleeping.
    fn announcement(self) -> u32 {
        match self {
            Self::Newcomer | Self::Woken => CALL,
            Self::Front { in_vain } if in_vain < PATIENCE => CALL | FRONT,
            Self::Front { .. } => CALL | FRONT | CLOSED,
        }
    }

    /// After a wake-up.
    fn woken(self) -> Self {
        match self {
            Self::Newcomer | Self::Woken => Self::Woken,
            Self::Front { in_vain } => Self::Front { in_vain: in_vain.saturating_add(1) },
        }
    }
}

/// How many permits are available where the word is this.
#[inline]
pub(crate) fn available_in(word: u32) -> u32 {
    word & MAX_PERMITS
}

/// Whether somebody who is not the front may take so many.
#[inline]
fn may_take(word: u32, wanted: u32) -> bool {
    word & CLOSED == 0 && word & MAX_PERMITS >= wanted
}

/// How many permits are available, if so many more do not go above the limit; else `Err` says how many.
#[inline]
fn has_room(word: u32, permits: u32, limit: u32) -> Result<u32, u32> {
    let available = word & MAX_PERMITS;
    if permits > limit.saturating_sub(available) { Err(available) } else { Ok(available) }
}

/// The word after a thread in this place took its permits.
fn after_taking(word: u32, wanted: u32, place: Place) -> u32 {
    let mut taken = word - wanted;
    if place.is_front() {
        taken &= !(FRONT | CLOSED);
    }
    // One that slept cannot know whether others do.
    if place != Place::Newcomer && taken & MAX_PERMITS == 0 {
        taken |= CALL;
    }
    taken
}

/// Wakes one of those who sleep, the front if `seen` says that there is one. `word` is an address: what stood there may
/// be gone.
#[inline(always)]
fn wake_next(word: *const AtomicU32, seen: u32) {
    let queue = if seen & FRONT != 0 { Queue::First } else { Queue::Second };
    futex::wake_in(word, queue, 1);
}

impl fmt::Debug for RawSemaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawSemaphore").field("permits", &self.available()).finish()
    }
}

#[cfg(all(test, not(loom)))]
#[path = "raw_tests.rs"]
mod tests;
