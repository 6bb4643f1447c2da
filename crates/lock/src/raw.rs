//! The lock without data: one word, a compare-and-swap to take it, a swap to give it back.
//!
//! The algorithm is the futex mutex of Drepper, "Futexes Are Tricky" (2011), third version, with one more state for the
//! fair release. Whoever arrives may overtake those who sleep: throughput over order. README.md has the proof sketch.

use core::fmt;
use core::time::Duration;

use lock_api::{GuardSend, RawMutex, RawMutexFair, RawMutexTimed};
use threadcraft_platform::atomic::{AtomicU32, Ordering, spins};
use threadcraft_platform::futex::{self, Wait};
use threadcraft_platform::object::misuse;
use threadcraft_platform::{Instant, Object, call, const_unless_loom, thread};

/// Nobody holds the lock.
const FREE: u32 = 0;
/// Somebody holds it, and nobody sleeps.
const HELD: u32 = 1;
/// Somebody holds it, and others may sleep: whoever releases it wakes one.
const CONTENDED: u32 = 2;
/// A fair release gave it to those who have waited: newcomers leave it to them, for a while.
const GRANTED: u32 = 3;

/// How often a newcomer lets others go first before it sleeps. Longer spinning gains on an idle machine and loses on a
/// loaded one; a yield is the form of waiting that helps the holder, where it runs on the same core.
const YIELDS: u32 = 4;

/// How long newcomers leave a granted lock to those who have waited. None of them may be left, as they can give up: so
/// this is a limit, and far above the microseconds that a woken thread needs.
const GRANT: Duration = Duration::from_millis(1);

/// A mutual-exclusion lock without data, for [`lock_api`].
///
/// | `state` | means | may become |
/// |---|---|---|
/// | 0 free | nobody holds it; whoever slept was woken | held, contended |
/// | 1 held | one thread holds it, nobody sleeps | free, contended |
/// | 2 contended | one thread holds it, others may sleep | free + one wake, granted + one wake |
/// | 3 granted | nobody holds it; somebody who slept was woken to take it | contended |
///
/// Only the holder leaves `held` and `contended` for `free` or `granted`. Anybody may turn `held` into `contended`, and
/// must do so before sleeping. A thread that has slept takes the lock into `contended`, not `held`: it cannot know
/// whether others sleep. So 2 may stand where nobody sleeps, at the cost of one wake-up of nobody, and 1 never stands
/// where somebody does.
///
/// ```
/// use lock_api::Mutex;
/// use threadcraft_lock::RawLock;
///
/// static HITS: Mutex<RawLock, u32> = Mutex::new(0);
/// *HITS.lock() += 1;
/// assert_eq!(*HITS.lock(), 1);
/// ```
pub struct RawLock {
    /// The state of the table above.
    state: AtomicU32,
    pub(crate) object: Object,
}

impl RawLock {
    const_unless_loom! {
        /// A free lock.
        #[must_use]
        pub const fn new() -> Self {
            Self { state: AtomicU32::new(FREE), object: Object::new("lock") }
        }
    }

    /// From free to held, if it is free.
    #[inline(always)]
    #[track_caller]
    fn take_if_free(&self) -> bool {
        // Acquire: pairs with the Release of every release (`unlock`, `unlock_fair`), so that what the last holder did
        // is visible. Relaxed on failure: nothing is read that the lock protects.
        self.state.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// From free or granted to held, without waiting: a try does not stand back, as nobody may be left to take a
    /// granted lock and a try cannot wait to find out.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn take_if_possible(&self) -> bool {
        self.take_if_free() || self.take_if_granted()
    }

    /// From granted to contended, if it is granted.
    #[cold]
    #[track_caller]
    fn take_if_granted(&self) -> bool {
        // Relaxed load: it only avoids a write in vain. Acquire: pairs with the Release in `unlock_fair`. Relaxed on
        // failure: nothing is read that the lock protects.
        self.state.load(Ordering::Relaxed) == GRANTED
            && self.state.compare_exchange(GRANTED, CONTENDED, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// From held to free, with a wake-up if somebody may sleep. Only for the holder.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn release(&self) {
        let word = &raw const self.state;
        // Release: pairs with the Acquire of whoever takes the lock next. From here on the lock may be gone: the next
        // holder may free it. Only its address is used.
        match self.state.swap(FREE, Ordering::Release) {
            CONTENDED => wake_one(word),
            // The caller broke its promise to hold the lock; this is nothing but under the explorer.
            FREE => misuse(&self.object, "is unlocked, and nobody holds it"),
            _ => {}
        }
    }

    /// From held to free, or from contended to granted with a wake-up. Only for the holder.
    #[track_caller]
    pub(crate) fn release_fairly(&self) {
        let word = &raw const self.state;
        // Release: pairs with the Acquire of whoever takes the lock next. Relaxed on failure: it says `contended`, and
        // stays so until this thread, the holder, changes it.
        if self.state.compare_exchange(HELD, FREE, Ordering::Release, Ordering::Relaxed).is_ok() {
            return;
        }
        // `contended` may stand where nobody sleeps; a lock that is granted to nobody makes newcomers wait. So ask.
        if futex::wake(word, 1) == 0 {
            return self.release();
        }
        // Release: as above. From here on only the address is used. The thread that was woken may have found the lock
        // still held, and sleep again: hence the second wake-up.
        self.state.store(GRANTED, Ordering::Release);
        wake_one(word);
    }

    /// Whether somebody holds it at this moment.
    #[inline]
    #[track_caller]
    pub(crate) fn look(&self) -> bool {
        // Relaxed: an answer that is out of date at once orders nothing.
        matches!(self.state.load(Ordering::Relaxed), HELD | CONTENDED)
    }

    /// Runs `prepare`, releases the lock, and wakes `sleeper`.
    ///
    /// # Safety
    ///
    /// As for [`RawMutex::unlock`]: the caller holds the lock.
    #[inline]
    #[track_caller]
    pub(crate) unsafe fn unlock_and_wake(&self, prepare: impl FnOnce(), sleeper: Sleeper) {
        let unlock = || {
            prepare();
            self.release();
            sleeper.wake();
        };
        call(&self.object, "unlock", None, unlock, |(), done| done.released());
    }

    /// Waits for the lock until `deadline`; false if it passed.
    ///
    /// An explored execution that is torn down counts as acquired: there is nobody left to exclude.
    #[cold]
    #[track_caller]
    fn lock_contended(&self, deadline: Option<Instant>) -> bool {
        if self.lock_yielding() {
            return true;
        }
        if self.stand_back(deadline) == Wait::Abandoned {
            return true;
        }
        loop {
            // Acquire: pairs with the Release of every release. Setting `contended` before each sleep, also when it
            // acquires, keeps the promise that 1 never stands where somebody sleeps.
            let before = self.state.swap(CONTENDED, Ordering::Acquire);
            if before == FREE || before == GRANTED {
                return true;
            }
            match futex::wait(&self.state, CONTENDED, deadline) {
                // This may have used up the one wake-up of a release: try again, whatever the clock says.
                Wait::Woken => {}
                // `contended` stays: others may sleep, and if not, one wake-up of nobody is all it costs.
                Wait::TimedOut => return false,
                Wait::Abandoned => return true,
            }
        }
    }

    /// Lets others go first a few times, as long as nobody sleeps: who sleeps has waited longer.
    #[track_caller]
    fn lock_yielding(&self) -> bool {
        for _ in 0..spins(YIELDS) {
            // Relaxed: a hint; taking it is what orders.
            match self.state.load(Ordering::Relaxed) {
                FREE if self.take_if_free() => return true,
                FREE | HELD => thread::yield_now(),
                _ => return false,
            }
        }
        false
    }

    /// Leaves a granted lock to those who have waited. Whoever takes it makes it contended, so that this thread is
    /// woken in its turn.
    #[track_caller]
    fn stand_back(&self, deadline: Option<Instant>) -> Wait {
        // Relaxed: a hint; losing it costs fairness only.
        if self.state.load(Ordering::Relaxed) != GRANTED {
            return Wait::Woken;
        }
        let patience = Instant::after(GRANT);
        let until = match (deadline, patience) {
            (Some(deadline), Some(patience)) => Some(deadline.min(patience)),
            (deadline, patience) => deadline.or(patience),
        };
        futex::wait(&self.state, GRANTED, until)
    }

    /// Takes the lock, waiting until the deadline that `deadline` computes: only one that has to wait looks at the
    /// clock.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn lock_until(&self, deadline: impl FnOnce() -> Option<Instant>) -> bool {
        self.take_if_free() || self.lock_contended(deadline())
    }
}

// SAFETY:
// - exclusion: only the thread that moved `state` out of `free` or `granted` gets a guard, and only a holder moves it
//   back there;
// - acquiring is an Acquire read-modify-write of a word that releasing writes with Release;
// - the guard has no state: forgetting it leaves the lock held, and the lock may be moved or dropped then;
// - only the teardown of an explored execution unwinds out of an operation, before the operation takes the lock.
unsafe impl RawMutex for RawLock {
    #[cfg(not(loom))]
    const INIT: Self = Self::new();
    #[cfg(loom)]
    const INIT: Self = Self { state: AtomicU32::OF_NO_MODEL, object: Object::new("lock") };

    /// A guard may be sent: any thread may release the lock.
    type Guard = GuardSend;

    #[inline]
    #[track_caller]
    fn lock(&self) -> GuardSend {
        let take = || {
            self.lock_until(|| None);
        };
        call(&self.object, "lock", None, take, |(), done| done.acquired());
        GuardSend::new()
    }

    #[inline]
    #[track_caller]
    fn try_lock(&self) -> Option<GuardSend> {
        call(&self.object, "try_lock", None, || self.take_if_possible(), tried).then(GuardSend::new)
    }

    #[inline]
    #[track_caller]
    unsafe fn unlock(&self, _guard: GuardSend) {
        // SAFETY:
        // - the caller holds the lock.
        unsafe { self.unlock_and_wake(|| (), Sleeper::NOBODY) };
    }

    #[inline]
    #[track_caller]
    fn is_locked(&self) -> bool {
        call(
            &self.object,
            "is_locked",
            None,
            || self.look(),
            |&locked, done| {
                done.read();
                done.result(&locked);
            },
        )
    }
}

// SAFETY:
// - as for `RawMutex`: a fair release moves `state` out of `held` or `contended` once, with Release.
unsafe impl RawMutexFair for RawLock {
    #[track_caller]
    unsafe fn unlock_fair(&self, _guard: GuardSend) {
        call(&self.object, "unlock_fair", None, || self.release_fairly(), |(), done| done.released());
    }

    #[inline]
    #[track_caller]
    unsafe fn bump(&self, guard: &mut GuardSend) {
        // Relaxed: a hint; a thread that begins to wait now has not waited long.
        if self.state.load(Ordering::Relaxed) != CONTENDED {
            return;
        }
        // SAFETY:
        // - the caller holds the lock, and holds it again below; the guards have no state.
        unsafe { self.unlock_fair(GuardSend::new()) };
        *guard = self.lock();
    }
}

// SAFETY:
// - as for `RawMutex`: the timed forms take the lock in the same way or not at all.
unsafe impl RawMutexTimed for RawLock {
    type Duration = Duration;
    type Instant = Instant;

    #[inline]
    #[track_caller]
    fn try_lock_for(&self, timeout: Duration) -> Option<GuardSend> {
        let take = || match timeout.is_zero() {
            true => self.take_if_possible(),
            false => self.lock_until(|| Instant::after(timeout)),
        };
        call(&self.object, "try_lock_for", Some(&Shown(timeout)), take, tried).then(GuardSend::new)
    }

    #[inline]
    #[track_caller]
    fn try_lock_until(&self, deadline: Instant) -> Option<GuardSend> {
        let take = || self.take_if_possible() || self.lock_contended(Some(deadline));
        call(&self.object, "try_lock_until", None, take, tried).then(GuardSend::new)
    }
}

/// Somebody who sleeps at a futex of its own, and is to be woken when the lock is released: an address, or nobody.
#[derive(Clone, Copy)]
pub(crate) struct Sleeper(usize);

impl Sleeper {
    /// There is nobody to be woken.
    pub(crate) const NOBODY: Self = Self(0);

    /// Who sleeps there.
    #[inline]
    pub(crate) fn at(word: *const AtomicU32) -> Self {
        Self(word.addr())
    }

    /// Wakes it, if there is somebody.
    #[inline(always)]
    #[track_caller]
    pub(crate) fn wake(self) {
        if self.0 != 0 {
            wake_one(core::ptr::without_provenance(self.0));
        }
    }
}

/// What a try means for the timeline.
pub(crate) fn tried(&taken: &bool, done: &mut threadcraft_platform::object::Done<'_>) {
    if taken {
        done.acquired();
    } else {
        done.refused();
    }
}

/// Wakes one of those who sleep. `word` is an address: what stood there may be gone.
#[cold]
#[track_caller]
fn wake_one(word: *const AtomicU32) {
    futex::wake(word, 1);
}

/// A duration as the timeline shows it.
pub(crate) struct Shown(pub(crate) Duration);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Debug for RawLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Relaxed: as in `is_locked`.
        let state = match self.state.load(Ordering::Relaxed) {
            FREE => "free",
            HELD => "held",
            CONTENDED => "contended",
            _ => "granted",
        };
        f.debug_struct("RawLock").field("state", &format_args!("{state}")).finish()
    }
}

impl Default for RawLock {
    fn default() -> Self {
        Self::new()
    }
}
