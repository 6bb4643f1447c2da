//! Those who wait: nodes on their own stacks, linked into lists.
//!
//! A node is in one list at a time: the queue of a condition, or, once it is notified, a chain of threads that wake each
//! other. Both are guarded by the lock of the condition: all functions here are for its holder alone. Only
//! the word of a node is used without the lock.

use core::ptr::NonNull;

use threadcraft_lock::LockGuard;
use threadcraft_platform::Instant;
use threadcraft_platform::atomic::{AtomicU32, Ordering};
use threadcraft_platform::cell::RaceCell;
use threadcraft_platform::const_unless_loom;
use threadcraft_platform::futex::{self, Wait};

/// The waiter sleeps, or is about to.
const ASLEEP: u32 = 0;
/// It is to go on: it is one of the first of its chain, and is woken with the release of the lock.
const CALLED: u32 = 1;

/// How many of a chain are called at a time: the guard has room for their addresses. README.md says why two.
const AT_A_TIME: usize = 2;

/// A thread that waits, on its own stack.
///
/// | `word` | `place` | means | may become |
/// |---|---|---|---|
/// | asleep | nowhere | not begun to wait, or done | asleep, queued |
/// | asleep | queued | waits to be notified | asleep, chained · called, called · asleep, nowhere (gives up) |
/// | asleep | chained | was notified, and is called by one of those before it | called, called · asleep, nowhere (its deadline came first) |
/// | called | called | was notified, is one of the first of its chain, and is woken by the next release | called, nowhere |
pub(crate) struct Waiter {
    /// The futex. Only the holder of the lock changes it, and only from asleep to called.
    word: AtomicU32,
    links: RaceCell<Links>,
}

/// Where a waiter is, and who is before and after it.
#[derive(Clone, Copy)]
struct Links {
    place: Place,
    next: Option<NonNull<Waiter>>,
    previous: Option<NonNull<Waiter>>,
}

/// In which list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Nowhere,
    Queued,
    /// In a chain, and not yet called.
    Chained,
    /// In a chain, and called.
    Called,
}

impl Waiter {
    const_unless_loom! {
        pub(crate) const fn new() -> Self {
            let links = Links { place: Place::Nowhere, next: None, previous: None };
            Self { word: AtomicU32::new(ASLEEP), links: RaceCell::new(links) }
        }
    }

    /// Sleeps until it is called: true, or until the deadline. Without the lock.
    ///
    /// An explored execution that is torn down counts as a call: there is nothing left to wait for.
    pub(crate) fn sleep(&self, deadline: Option<Instant>) -> bool {
        // Relaxed: being called publishes nothing. What it means is looked at under the lock.
        while self.word.load(Ordering::Relaxed) == ASLEEP {
            match futex::wait(&self.word, ASLEEP, deadline) {
                Wait::Woken => {}
                Wait::TimedOut => return false,
                Wait::Abandoned => return true,
            }
        }
        true
    }

    /// Whether it is still in the queue: nobody has notified it.
    ///
    /// # Safety
    ///
    /// The caller holds the lock.
    pub(crate) unsafe fn is_queued(&self) -> bool {
        // SAFETY:
        // - the caller holds the lock.
        unsafe { self.links() }.place == Place::Queued
    }

    /// Leaves its chain, if it is in one.
    ///
    /// # Safety
    ///
    /// The caller holds the lock.
    pub(crate) unsafe fn leave_chain(&self) -> Left {
        // SAFETY:
        // - the caller holds the lock.
        let links = unsafe { self.unlink() };
        match links.place {
            Place::Nowhere | Place::Queued => Left::Unnotified,
            // Those who were called see to it that the next ones are.
            Place::Chained => Left::Notified { heir: None },
            // SAFETY:
            // - the caller holds the lock, and who is in a chain lives.
            Place::Called => Left::Notified { heir: unsafe { first_uncalled(links.next) } },
        }
    }

    /// Takes it out from between its neighbours, and returns what its links were.
    ///
    /// # Safety
    ///
    /// The caller holds the lock.
    unsafe fn unlink(&self) -> Links {
        // SAFETY:
        // - the caller holds the lock.
        let links = unsafe { self.links() };
        if let Some(previous) = links.previous {
            // SAFETY:
            // - the caller holds the lock, and who is in a list lives.
            unsafe { update(previous, |before| before.next = links.next) };
        }
        if let Some(next) = links.next {
            // SAFETY:
            // - as above.
            unsafe { update(next, |after| after.previous = links.previous) };
        }
        // SAFETY:
        // - the caller holds the lock.
        unsafe { self.relink(|links| links.place = Place::Nowhere) };
        links
    }

    /// The links, copied.
    ///
    /// # Safety
    ///
    /// The caller holds the lock.
    unsafe fn links(&self) -> Links {
        // SAFETY:
        // - links are written by the holder of the lock alone, which the caller is.
        self.links.with(|links| unsafe { *links })
    }

    /// Changes the links.
    ///
    /// # Safety
    ///
    /// The caller holds the lock; `change` uses no other links.
    unsafe fn relink(&self, change: impl FnOnce(&mut Links)) {
        // SAFETY:
        // - links are used by the holder of the lock alone, which the caller is, and by `change` alone meanwhile.
        self.links.with_mut(|links| change(unsafe { &mut *links }));
    }

    /// Calls one of a chain: it will be woken with the release of the lock that `guard` holds.
    ///
    /// # Safety
    ///
    /// `guard` holds the lock of the list that it is in.
    unsafe fn call<T: ?Sized>(&self, guard: &mut LockGuard<'_, T>) {
        // SAFETY:
        // - the guard holds the lock.
        unsafe { self.relink(|links| links.place = Place::Called) };
        // Relaxed: as in `sleep`. It comes before the wake-up, which the futex orders with the sleeper's look.
        self.word.store(CALLED, Ordering::Relaxed);
        LockGuard::wake_after_release(guard, &raw const self.word);
    }
}

/// The queue of a condition: first come, first notified.
#[derive(Clone, Copy)]
pub(crate) struct Queue {
    first: Option<NonNull<Waiter>>,
    last: Option<NonNull<Waiter>>,
}

impl Queue {
    pub(crate) const fn new() -> Self {
        Self { first: None, last: None }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Adds a waiter at the end.
    ///
    /// # Safety
    ///
    /// The caller holds the lock; `waiter` is in no list, and lives until it has left.
    pub(crate) unsafe fn push(&mut self, waiter: &Waiter) {
        let node = NonNull::from(waiter);
        let previous = self.last.replace(node);
        match previous {
            // SAFETY:
            // - the caller holds the lock, and who is in the queue lives.
            Some(previous) => unsafe { update(previous, |links| links.next = Some(node)) },
            None => self.first = Some(node),
        }
        // SAFETY:
        // - the caller holds the lock.
        unsafe { waiter.relink(|links| *links = Links { place: Place::Queued, next: None, previous }) };
    }

    /// Takes up to `count` waiters from the front, as one chain, and has its first ones woken with the release of the
    /// lock. Returns how many they are.
    ///
    /// # Safety
    ///
    /// `guard` holds the lock of this queue.
    pub(crate) unsafe fn notify<T: ?Sized>(&mut self, guard: &mut LockGuard<'_, T>, count: usize) -> usize {
        let Some(first) = self.first else { return 0 };
        let (mut taken, mut last, mut rest) = (0, first, Some(first));
        while let Some(node) = rest.filter(|_| taken < count) {
            // SAFETY:
            // - the caller holds the lock, and who is in the queue lives.
            unsafe { update(node, |links| links.place = Place::Chained) };
            if taken < AT_A_TIME {
                // SAFETY:
                // - as above: without the lock, which the guard holds, no waiter leaves.
                let waiter = unsafe { node.as_ref() };
                // SAFETY:
                // - as above.
                unsafe { waiter.call(guard) };
            }
            // SAFETY:
            // - as above.
            rest = unsafe { read(node) }.next;
            last = node;
            taken += 1;
        }
        if taken == 0 {
            return 0;
        }
        self.first = rest;
        match rest {
            // SAFETY:
            // - as above.
            Some(rest) => unsafe { update(rest, |links| links.previous = None) },
            None => self.last = None,
        }
        // SAFETY:
        // - as above.
        unsafe { update(last, |links| links.next = None) };
        taken
    }

    /// Takes a waiter out.
    ///
    /// # Safety
    ///
    /// The caller holds the lock; the waiter is in this queue.
    pub(crate) unsafe fn remove(&mut self, waiter: &Waiter) {
        // SAFETY:
        // - the caller holds the lock.
        let links = unsafe { waiter.unlink() };
        if links.previous.is_none() {
            self.first = links.next;
        }
        if links.next.is_none() {
            self.last = links.previous;
        }
    }
}

/// How a waiter has left.
pub(crate) enum Left {
    /// Nobody notified it.
    Unnotified,
    /// It was notified, and has to wake this one with its release of the lock.
    Notified { heir: Option<NonNull<Waiter>> },
}

impl Left {
    /// Passes the wake-up on; true if the waiter was notified.
    ///
    /// # Safety
    ///
    /// `guard` has held the lock since the waiter left.
    pub(crate) unsafe fn pass_on<T: ?Sized>(self, guard: &mut LockGuard<'_, T>) -> bool {
        let Self::Notified { heir } = self else { return false };
        if let Some(heir) = heir {
            // SAFETY:
            // - without the lock, which the guard holds, no waiter leaves: who is in the chain lives.
            let heir = unsafe { heir.as_ref() };
            // SAFETY:
            // - the guard holds the lock.
            unsafe { heir.call(guard) };
        }
        true
    }
}

/// The first from `node` on in its chain that is not yet called.
///
/// # Safety
///
/// The caller holds the lock.
unsafe fn first_uncalled(mut node: Option<NonNull<Waiter>>) -> Option<NonNull<Waiter>> {
    while let Some(at) = node {
        // SAFETY:
        // - the caller holds the lock, and who is in a chain lives.
        let links = unsafe { read(at) };
        if links.place == Place::Chained {
            break;
        }
        node = links.next;
    }
    node
}

/// The links of a waiter in a list.
///
/// # Safety
///
/// The caller holds the lock; the waiter lives.
unsafe fn read(node: NonNull<Waiter>) -> Links {
    // SAFETY:
    // - the waiter lives, and is shared by all who have its address.
    let waiter = unsafe { node.as_ref() };
    // SAFETY:
    // - the caller holds the lock.
    unsafe { waiter.links() }
}

/// Changes the links of a waiter in a list.
///
/// # Safety
///
/// The caller holds the lock; the waiter lives; `change` uses no other links.
unsafe fn update(node: NonNull<Waiter>, change: impl FnOnce(&mut Links)) {
    // SAFETY:
    // - the waiter lives, and is shared by all who have its address.
    let waiter = unsafe { node.as_ref() };
    // SAFETY:
    // - the caller holds the lock.
    unsafe { waiter.relink(change) };
}

#[cfg(all(test, not(loom)))]
#[path = "waiters_tests.rs"]
mod tests;
