//! The re-entrant lock without data: a plain lock, and who holds it how often.
//!
//! The owner is known by a number that is never used again. An address in its place, such as a thread-local's, comes
//! back when a thread has ended: another one would then own what that one leaked.

use threadcraft_platform::atomic::{AtomicU64, Ordering};
#[cfg(loom)]
use threadcraft_platform::cell::RaceCell as DepthCell;
use threadcraft_platform::{Instant, Object, Wanted, const_unless_loom, thread};

use crate::raw::RawLock;

/// The cell of the depth: no atomic, so that a compiler that sees a section whole need not write it. Loom checks its uses.
/// The explorer cannot: a checked cell must not outlive an execution, and a lock may be a static.
#[cfg(not(loom))]
struct DepthCell<T>(core::cell::UnsafeCell<T>);

#[cfg(not(loom))]
impl<T> DepthCell<T> {
    const fn new(depth: T) -> Self {
        Self(core::cell::UnsafeCell::new(depth))
    }

    #[inline(always)]
    fn with_mut<R>(&self, body: impl FnOnce(*mut T) -> R) -> R {
        body(self.0.get())
    }
}

/// Nobody's number.
const NOBODY: u64 = 0;

/// A lock that its owner may take again.
///
/// | `lock` | `owner` | `depth` | means |
/// |---|---|---|---|
/// | free | 0 | 0 | nobody holds it |
/// | held | 0 | 0 | it was just taken, or is about to be released |
/// | held | a thread | 1 or more | that thread holds it so many times |
///
/// Whoever holds `lock` changes the other two, and nobody else. A thread that finds its own number has written it, and
/// not yet taken it back: nobody else writes it, and a thread sees its own writes in their order. So that look needs no
/// ordering, and a thread that is not the owner may find anything but its own number.
pub(crate) struct RawReentrantLock {
    owner: AtomicU64,
    lock: RawLock,
    /// For the owner alone.
    depth: DepthCell<u32>,
    pub(crate) object: Object,
}

// SAFETY:
// - the depth is used by the owner alone, and the lock orders one owner after the other.
unsafe impl Sync for RawReentrantLock {}

impl RawReentrantLock {
    const_unless_loom! {
        pub(crate) const fn new() -> Self {
            let (owner, depth) = (AtomicU64::new(NOBODY), DepthCell::new(0));
            Self { owner, lock: RawLock::new(), depth, object: Object::new("rlock") }
        }
    }

    /// Takes it once more if this thread owns it, else as `take` says; false if that failed.
    #[inline(always)]
    fn enter(&self, take: impl FnOnce(&RawLock) -> bool) -> bool {
        let me = thread::current_id();
        // Relaxed: as the table says.
        if self.owner.load(Ordering::Relaxed) == me {
            // SAFETY:
            // - this thread is the owner.
            let depth = unsafe { self.change_depth(|depth| depth.saturating_add(1)) };
            if depth == u32::MAX {
                too_deep(depth);
            }
            return true;
        }
        if !take(&self.lock) {
            return false;
        }
        // Relaxed: it is for this thread alone.
        self.owner.store(me, Ordering::Relaxed);
        // SAFETY:
        // - this thread is the owner.
        unsafe { self.change_depth(|_| 1) };
        true
    }

    /// Changes the depth, and returns what it was.
    ///
    /// # Safety
    ///
    /// The running thread is the owner.
    #[inline(always)]
    unsafe fn change_depth(&self, change: impl FnOnce(u32) -> u32) -> u32 {
        self.depth.with_mut(|depth| {
            // SAFETY:
            // - only the owner uses it, which the caller is.
            let depth = unsafe { &mut *depth };
            let before = *depth;
            *depth = change(before);
            before
        })
    }

    /// Takes it, waiting until the deadline that `deadline` computes: only one that has to wait looks at the clock.
    #[inline(always)]
    pub(crate) fn lock_until(&self, deadline: impl FnOnce() -> Option<Instant>) -> bool {
        self.enter(|lock| lock.lock_until(deadline))
    }

    /// What a call waits for that takes it.
    #[inline(always)]
    pub(crate) fn wanted(&self) -> Wanted<'_> {
        self.lock.wanted().unless(&self.owner, thread::current_id)
    }

    /// Takes it if that is possible now.
    #[inline(always)]
    pub(crate) fn take_if_possible(&self) -> bool {
        self.enter(RawLock::take_if_possible)
    }

    /// Gives it back once. Only for the owner.
    #[inline(always)]
    pub(crate) fn leave(&self, release: impl FnOnce(&RawLock)) {
        // SAFETY:
        // - the caller is the owner.
        if unsafe { self.change_depth(|depth| depth - 1) } == 1 {
            // Relaxed: the release below comes after it. Later than that, the next owner's number would be wiped out.
            self.owner.store(NOBODY, Ordering::Relaxed);
            // From here on the lock may be gone.
            release(&self.lock);
        }
    }

    /// How often the running thread holds it: 0 if it is not the owner.
    #[inline]
    pub(crate) fn depth(&self) -> u32 {
        // Relaxed: as in `enter`.
        if self.owner.load(Ordering::Relaxed) != thread::current_id() {
            return 0;
        }
        // SAFETY:
        // - this thread is the owner.
        unsafe { self.change_depth(|depth| depth) }
    }

    /// Whether anybody holds it at this moment.
    #[inline]
    pub(crate) fn is_locked(&self) -> bool {
        self.lock.look()
    }
}

#[cold]
fn too_deep(depth: u32) -> ! {
    panic!("its owner holds an RLock {depth} times, and cannot take it once more: recursion without end?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recursion_without_end_is_a_panic_that_leaves_the_lock_as_it_is() {
        let lock = RawReentrantLock::new();
        assert!(lock.take_if_possible());
        // SAFETY:
        // - this thread has just taken it.
        unsafe { lock.change_depth(|_| u32::MAX - 1) };
        assert!(lock.lock_until(|| None));
        for take in [|lock: &RawReentrantLock| lock.lock_until(|| None), RawReentrantLock::take_if_possible] {
            let taken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| take(&lock)));
            let payload = taken.expect_err("one too many");
            let message = payload.downcast_ref::<String>().expect("a text with a value");
            assert!(message.contains("holds an RLock 4294967295 times"), "{message}");
        }
        assert_eq!(lock.depth(), u32::MAX);
        // SAFETY:
        // - this thread is still the owner.
        unsafe { lock.change_depth(|_| 1) };
        lock.leave(RawLock::release);
        assert!(!lock.is_locked() && lock.depth() == 0);
    }
}
