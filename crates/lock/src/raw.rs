//! The lock without data: one word, a compare-and-swap to take it, a subtraction to give it back.
//!
//! The algorithm is the futex mutex of Drepper, "Futexes Are Tricky" (2011), third version, with one more state for the
//! fair release, and with a count of those who have waited long. Whoever arrives may overtake those who sleep, as
//! throughput wants it, but not for ever: who was woken often enough in vain is counted, and a release with anybody
//! counted reserves the lock for them. README.md has the protocol and the proof sketch; how to wait is in `waiting.rs`.

use core::fmt;
use core::time::Duration;

use lock_api::{GuardSend, RawMutex, RawMutexFair, RawMutexTimed};
use threadcraft_platform::atomic::{AtomicU32, Ordering};
use threadcraft_platform::futex::{self, Queue};
use threadcraft_platform::object::misuse;
use threadcraft_platform::{Instant, Object, Wanted, call, call_when, const_unless_loom};

/// Nobody holds the lock.
pub(crate) const FREE: u32 = 0;
/// Somebody holds it, and nobody sleeps.
pub(crate) const HELD: u32 = 1;
/// Somebody holds it, and others may sleep: whoever releases it wakes one.
pub(crate) const CONTENDED: u32 = 2;
/// A fair release gave it to those who have waited: newcomers leave it to them, for a while.
pub(crate) const GRANTED: u32 = 3;

/// The bits that hold one of the four above.
pub(crate) const HOLD: u32 = 3;
/// One long waiter; the bits above `HOLD` count them.
pub(crate) const LONG_WAITER: u32 = HOLD + 1;

/// A mutual-exclusion lock without data, for [`lock_api`].
///
/// The lowest two bits of `state` say who has the lock, the others count the *long waiters*, who were woken in vain as
/// often as they could bear it.
///
/// | `state` | long waiters | means | may become |
/// |---|---|---|---|
/// | 0 free | none | nobody holds it; whoever slept was woken | held, contended |
/// | 1 held | none | one thread holds it, nobody sleeps | free, contended |
/// | 2 contended | none | one thread holds it, others may sleep | free + one wake, granted + one wake |
/// | 3 granted | none | nobody holds it; somebody who slept was woken to take it | contended |
/// | 2 contended | some | one thread holds it, and long waiters come next | reserved + one wake of a long waiter |
/// | 1 held | some | the same, and its holder is about to release it | reserved + one wake of a long waiter, contended |
/// | 0 reserved | some | nobody holds it; a long waiter was woken, or is awake, to take it | contended, one long waiter fewer |
///
/// Only the holder leaves `held` and `contended` for `free`, `granted` or `reserved`. Anybody may turn `held` into
/// `contended`, and must do so before sleeping. A thread that has slept takes the lock into `contended`, not `held`: it
/// cannot know whether others sleep. So 2 may stand where nobody sleeps, at the cost of one wake-up of nobody. And 1 stands
/// where somebody does only while the holder releases the lock in two steps: it has seen 2, and wakes one in the end.
///
/// The count is exact: a long waiter adds itself while the lock is held or reserved, and takes itself off when it takes
/// the lock or gives up. Giving up is for a lock that is held; a reserved one it takes, whatever its clock says.
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
    pub(crate) state: AtomicU32,
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

    /// From free to held; else says what stands there.
    #[inline(always)]
    pub(crate) fn take_if_free(&self) -> Result<(), u32> {
        // Acquire: pairs with the Release of every release (`unlock`, `unlock_fair`), so that what the last holder did
        // is visible. Relaxed on failure: nothing is read that the lock protects.
        self.state.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).map(drop)
    }

    /// From free or granted to held, without waiting: a try does not stand back from a granted lock, as nobody may be
    /// left to take it and a try cannot wait to find out. A reserved lock has somebody who comes for it.
    #[inline(always)]
    pub(crate) fn take_if_possible(&self) -> bool {
        match self.take_if_free() {
            Ok(()) => true,
            Err(GRANTED) => self.take_granted(),
            Err(_) => false,
        }
    }

    /// From granted to contended, if it still is.
    #[cold]
    fn take_granted(&self) -> bool {
        // Acquire: pairs with the Release in `unlock_fair`. Relaxed on failure: nothing is read that the lock protects.
        self.state.compare_exchange(GRANTED, CONTENDED, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// From held to free, or to reserved if there are long waiters, with a wake-up if somebody may sleep. Only for the
    /// holder.
    #[inline(always)]
    pub(crate) fn release(&self) {
        // One less: from held to free. From contended to `held`, by which nothing is released yet: whoever comes may turn
        // it back, and whoever counts long waiters does.
        // Release: pairs with the Acquire of whoever takes the lock next.
        // What stood there is not looked at any further: so the processor need not give it out.
        if self.state.fetch_sub(1, Ordering::Release) != HELD {
            self.release_contended();
        }
    }

    /// The same where somebody may sleep: the word is contended, or that less one.
    #[cold]
    fn release_contended(&self) {
        let word = &raw const self.state;
        // Release: pairs with the Acquire of whoever takes the lock next. The count stays, whoever comes or gives up at
        // the same time. From here on the lock may be gone: the next holder may free it. Only its address is used.
        match self.state.fetch_and(!HOLD, Ordering::Release) {
            // One less than free: the caller broke its promise to hold the lock; this is nothing but under the explorer.
            before if before & HOLD == GRANTED => misuse(&self.object, "is unlocked, and nobody holds it"),
            FREE..LONG_WAITER => wake_one(word, Queue::First),
            _ => wake_one(word, Queue::Second),
        }
    }

    /// From held to free, or from contended to granted with a wake-up. Only for the holder.
    pub(crate) fn release_fairly(&self) {
        let word = &raw const self.state;
        // Release: pairs with the Acquire of whoever takes the lock next. Relaxed on failure: the release is to come.
        if self.state.compare_exchange(HELD, FREE, Ordering::Release, Ordering::Relaxed).is_ok() {
            return;
        }
        // Long waiters come before those who have only slept: any release is fair to them. And `contended` may stand
        // where nobody sleeps; a lock that is granted to nobody makes newcomers wait. So ask.
        // Relaxed: the exchange below finds out if it changed.
        if self.state.load(Ordering::Relaxed) != CONTENDED || futex::wake(word, 1) == 0 {
            return self.release_contended();
        }
        // Release: pairs with the Acquire of whoever takes the lock next. Relaxed on failure: a thread has become a long
        // waiter just now, and the release is to come.
        if self.state.compare_exchange(CONTENDED, GRANTED, Ordering::Release, Ordering::Relaxed).is_err() {
            return self.release_contended();
        }
        // From here on only the address is used. The thread that was woken may have found the lock still held, and sleep
        // again: hence the second wake-up.
        wake_one(word, Queue::First);
    }

    /// Whether a try would fail at this moment: somebody holds it, or it is reserved.
    #[inline]
    pub(crate) fn look(&self) -> bool {
        // Relaxed: an answer that is out of date at once orders nothing.
        !matches!(self.state.load(Ordering::Relaxed), FREE | GRANTED)
    }

    /// Runs `prepare`, releases the lock, and wakes `sleepers`.
    ///
    /// # Safety
    ///
    /// As for [`RawMutex::unlock`]: the caller holds the lock.
    #[inline]
    #[track_caller]
    pub(crate) unsafe fn unlock_and_wake(&self, prepare: impl FnOnce(), sleepers: Sleepers) {
        let unlock = || {
            prepare();
            self.release();
            sleepers.wake();
        };
        call(&self.object, "unlock", None, unlock, |(), done| done.released());
    }

    /// What a call waits for that takes it.
    #[inline(always)]
    pub(crate) fn wanted(&self) -> Wanted<'_> {
        Wanted::of(&self.state, is_for_newcomers)
    }

    /// Takes the lock, waiting until the deadline that `deadline` computes: only one that has to wait looks at the
    /// clock.
    #[inline(always)]
    pub(crate) fn lock_until(&self, deadline: impl FnOnce() -> Option<Instant>) -> bool {
        match self.take_if_free() {
            Ok(()) => true,
            Err(seen) => self.lock_contended(seen, deadline()),
        }
    }
}

/// Whether a newcomer need not wait for a release: nobody holds the lock. Where it is granted, it waits for a while only.
fn is_for_newcomers(state: u32) -> bool {
    matches!(state, FREE | GRANTED)
}

// SAFETY:
// - exclusion: only the thread that moved `state` out of `free`, `granted` or `reserved` gets a guard, and only a holder
//   moves it back there;
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
        call_when(&self.object, "lock", None, self.wanted(), take, |(), done| done.acquired());
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
        unsafe { self.unlock_and_wake(|| (), Sleepers::NOBODY) };
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
        let take = || self.take_if_possible() || self.lock_until(|| Some(deadline));
        call(&self.object, "try_lock_until", None, take, tried).then(GuardSend::new)
    }
}

/// Those who sleep at futexes of their own, and are to be woken when the lock is released: addresses, of which the first
/// are used, or zeroes.
#[derive(Clone, Copy)]
pub(crate) struct Sleepers([usize; 2]);

impl Sleepers {
    /// There is nobody to be woken.
    pub(crate) const NOBODY: Self = Self([0; 2]);

    /// Adds who sleeps there. If there is no room, the one who was added first is woken now.
    #[inline]
    pub(crate) fn add(&mut self, word: *const AtomicU32) {
        // Exposed: the wake-up makes a pointer of it again, by which Miri finds who sleeps there.
        let word = word.expose_provenance();
        self.0 = match self.0 {
            [0, _] => [word, 0],
            [first, 0] => [first, word],
            [first, second] => {
                wake_one(core::ptr::with_exposed_provenance(first), Queue::First);
                [second, word]
            }
        };
    }

    /// Wakes them, if there is somebody.
    #[inline(always)]
    pub(crate) fn wake(self) {
        let [first, second] = self.0;
        if first == 0 {
            return;
        }
        wake_one(core::ptr::with_exposed_provenance(first), Queue::First);
        if second != 0 {
            wake_one(core::ptr::with_exposed_provenance(second), Queue::First);
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
#[inline(always)]
fn wake_one(word: *const AtomicU32, queue: Queue) {
    futex::wake_in(word, queue, 1);
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
            GRANTED => "granted",
            state if state & HOLD == FREE => "reserved",
            _ => "contended",
        };
        f.debug_struct("RawLock").field("state", &format_args!("{state}")).finish()
    }
}

impl Default for RawLock {
    fn default() -> Self {
        Self::new()
    }
}
