//! The condition without its public interface: a queue of waiters that the user's own lock guards. README.md has the
//! protocol and the proof sketch.

use core::fmt;
use core::ptr;

use crossbeam_utils::atomic::AtomicCell;
use threadcraft_lock::lock_api::RawMutex;
use threadcraft_lock::{LockGuard, RawLock};
use threadcraft_platform::atomic::{AtomicPtr, Ordering};
#[cfg(loom)]
use threadcraft_platform::cell::RaceCell as QueueCell;
use threadcraft_platform::object::{Done, Name};
use threadcraft_platform::{Instant, Object, call, const_unless_loom, is_explored};

use crate::waiters::{Left, Queue, Waiter};

/// The cell of the queue. Loom checks its uses. The explorer cannot: a checked cell must not outlive an execution, and a
/// condition may be a static.
#[cfg(not(loom))]
struct QueueCell<T>(core::cell::UnsafeCell<T>);

#[cfg(not(loom))]
impl<T> QueueCell<T> {
    const fn new(queue: T) -> Self {
        Self(core::cell::UnsafeCell::new(queue))
    }

    fn with_mut<R>(&self, body: impl FnOnce(*mut T) -> R) -> R {
        body(self.0.get())
    }
}

/// A queue, and the lock that guards it.
pub(crate) struct RawCondition {
    /// The lock whose holder may use `queue`.
    ///
    /// | `lock` | means | may become |
    /// |---|---|---|
    /// | null | nobody waits; `queue` means nothing | a lock, by the holder of that lock, who waits |
    /// | a lock | somebody waits with that lock | null, by the holder of that lock who empties the queue |
    lock: AtomicPtr<RawLock>,
    queue: QueueCell<Queue>,
    /// What that lock is called, for the message of a panic. Takes no space without the feature `explore`.
    lock_name: AtomicCell<Name>,
    pub(crate) object: Object,
}

// SAFETY:
// - the queue is used by the holder of the lock alone;
// - the nodes in it belong to threads that wait, and are made to be shared under that lock.
unsafe impl Send for RawCondition {}
// SAFETY:
// - as above.
unsafe impl Sync for RawCondition {}

impl RawCondition {
    const_unless_loom! {
        pub(crate) const fn new() -> Self {
            Self {
                lock: AtomicPtr::new(ptr::null_mut()),
                queue: QueueCell::new(Queue::new()),
                lock_name: AtomicCell::new(Name::none()),
                object: Object::new("condition"),
            }
        }
    }

    /// Whether anybody waits at this moment.
    pub(crate) fn is_waited_for(&self) -> bool {
        // Relaxed: an answer that is out of date at once orders nothing.
        !self.lock.load(Ordering::Relaxed).is_null()
    }

    /// Takes up to `count` waiters from the queue, to be woken after the release; returns how many.
    #[inline(always)]
    pub(crate) fn notify<T: ?Sized>(&self, guard: &mut LockGuard<'_, T>, count: usize) -> usize {
        // Relaxed: whoever waits with this lock was bound to it before its release, which this guard's taking has seen.
        let bound = self.lock.load(Ordering::Relaxed);
        if bound.is_null() { 0 } else { self.notify_waiters(guard, count, bound) }
    }

    #[cold]
    fn notify_waiters<T: ?Sized>(&self, guard: &mut LockGuard<'_, T>, count: usize, bound: *mut RawLock) -> usize {
        if !ptr::eq(bound, LockGuard::raw(guard)) {
            self.two_locks(LockGuard::raw(guard), LockGuard::name(guard), bound);
        }
        let take = |queue: &mut Queue| {
            // SAFETY:
            // - the queue is that of the lock that the guard holds.
            unsafe { queue.notify(guard, count) }
        };
        // SAFETY:
        // - the condition is bound to the lock that the guard holds.
        unsafe { self.with_queue(take) }
    }

    /// The one way to wait; true if it was notified.
    #[track_caller]
    pub(crate) fn wait<T: ?Sized>(
        &self,
        guard: &mut LockGuard<'_, T>,
        verb: &'static str,
        argument: Option<&dyn fmt::Display>,
        deadline: Option<Instant>,
    ) -> bool {
        let raw = LockGuard::raw(guard);
        let waiter = Waiter::new();
        let waiting = Waiting { condition: self, waiter: &waiter };
        let name = LockGuard::name(guard);
        // SAFETY:
        // - `relock` takes the lock again before anybody can use the guard, also when the explorer unwinds the thread.
        unsafe { LockGuard::release(guard, || self.enter(raw, name, &waiter)) };
        let relock = Relock(raw);
        call(&self.object, verb, argument, || waiter.sleep(deadline), slept);
        relock.now();
        // Only now, with the lock held, is it certain whether it was notified: the clock may have come first, and the
        // notification after it.
        waiting.end(guard)
    }

    /// Takes a place at the end of the queue.
    fn enter(&self, lock: &RawLock, name: Name, waiter: &Waiter) {
        let mine = ptr::from_ref(lock).cast_mut();
        // Acquire: pairs with the Release in `with_queue`, so that whoever emptied the queue has done with it. Relaxed
        // on failure: if it is this lock, its taking has shown what was done under it; if not, nothing is used.
        let is_new = match self.lock.compare_exchange(ptr::null_mut(), mine, Ordering::Acquire, Ordering::Relaxed) {
            Ok(_) => {
                self.lock_name.store(name);
                true
            }
            Err(bound) if bound == mine => false,
            Err(bound) => self.two_locks(mine, name, bound),
        };
        self.queue.with_mut(|queue| {
            // SAFETY:
            // - the condition is bound to the lock that the caller holds, so nobody else uses the queue.
            let queue = unsafe { &mut *queue };
            if is_new {
                // What stands there means nothing, and may be of an explored execution that did not come to its end.
                *queue = Queue::new();
            }
            // SAFETY:
            // - as above; the waiter leaves before it ends: `Waiting` sees to that.
            unsafe { queue.push(waiter) };
        });
    }

    /// Uses the queue, and frees the condition for other locks if nobody is left in it.
    ///
    /// # Safety
    ///
    /// The caller holds the lock that the condition is bound to, and `body` does not come back here.
    unsafe fn with_queue<R>(&self, body: impl FnOnce(&mut Queue) -> R) -> R {
        let (result, was_emptied) = self.queue.with_mut(|queue| {
            // SAFETY:
            // - the queue is used by the holder of that lock alone, which the caller is, and by `body` alone meanwhile.
            let queue = unsafe { &mut *queue };
            let was_empty = queue.is_empty();
            (body(queue), !was_empty && queue.is_empty())
        });
        if was_emptied {
            // Release: pairs with the Acquire in `enter`. From here on the queue may be another lock's.
            self.lock.store(ptr::null_mut(), Ordering::Release);
        }
        result
    }

    /// A bug of the program: the queue would have two guards.
    #[cold]
    fn two_locks(&self, mine: *const RawLock, name: Name, bound: *const RawLock) -> ! {
        let bound = LockIdentity { name: self.lock_name.load().get(), lock: bound };
        let mine = LockIdentity { name: name.get(), lock: mine };
        let condition = self.object.name().map_or_else(String::new, |name| format!(" `{name}`"));
        panic!("condition{condition} is used with two locks: with {mine} while threads wait with {bound}")
    }
}

/// A thread that waits; it is taken out of its list at the end, however that comes.
struct Waiting<'wait> {
    condition: &'wait RawCondition,
    waiter: &'wait Waiter,
}

impl Waiting<'_> {
    /// The end, with the lock held; true if the waiter was notified.
    fn end<T: ?Sized>(self, guard: &mut LockGuard<'_, T>) -> bool {
        let left = self.leave();
        core::mem::forget(self);
        // SAFETY:
        // - the guard holds the lock, and held it when the waiter left.
        unsafe { left.pass_on(guard) }
    }

    /// Leaves the list that the waiter is in.
    fn leave(&self) -> Left {
        // SAFETY:
        // - the caller holds the lock.
        if unsafe { self.waiter.is_queued() } {
            let remove = |queue: &mut Queue| {
                // SAFETY:
                // - the caller holds the lock, and the waiter is in this queue.
                unsafe { queue.remove(self.waiter) };
            };
            // SAFETY:
            // - as the waiter is still in the queue, the condition is bound to the lock, which the caller holds.
            unsafe { self.condition.with_queue(remove) };
            return Left::Unnotified;
        }
        // The queue is left alone: it may be another lock's by now.
        // SAFETY:
        // - the caller holds the lock.
        unsafe { self.waiter.leave_chain() }
    }
}

/// Only an explored execution that is over unwinds from waiting: its threads run one at a time then, with or without
/// the lock.
impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Takes a lock again at the end of the scope, however it is left.
struct Relock<'lock>(&'lock RawLock);

impl Relock<'_> {
    /// Takes it now, at the caller's line.
    #[track_caller]
    fn now(self) {
        self.0.lock();
        core::mem::forget(self);
    }
}

impl Drop for Relock<'_> {
    fn drop(&mut self) {
        self.0.lock();
    }
}

/// A lock in the message of a panic.
struct LockIdentity {
    name: Option<&'static str>,
    lock: *const RawLock,
}

impl fmt::Display for LockIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name {
            Some(name) => write!(f, "the lock `{name}`"),
            // What an explored program comes to must not depend on an address.
            None if is_explored() => write!(f, "a lock without a name"),
            None => write!(f, "the lock at {:p}", self.lock),
        }
    }
}

/// What the end of a wait means for the timeline.
fn slept(&called: &bool, done: &mut Done<'_>) {
    if called {
        done.read();
    } else {
        done.refused();
    }
}
