//! Small primitives on the seam, right ones: what the programs are made of.

use crate::seam::{Seam, Word};

/// The futex mutex of Drepper, "Futexes Are Tricky" (2011): 0 free, 1 held, 2 held and perhaps waited for.
pub(crate) struct Mutex<S: Seam> {
    state: S::Word,
}

impl<S: Seam> Mutex<S> {
    pub(crate) fn new() -> Self {
        Self { state: S::Word::new(0) }
    }

    pub(crate) fn lock(&self) {
        if !self.state.exchange(0, 1) {
            while self.state.swap(2) != 0 {
                self.state.wait(2);
            }
        }
    }

    /// The mutant of `lock` that forgets, once woken, that others may sleep, too.
    pub(crate) fn lock_forgetting_sleepers(&self) {
        while !self.state.exchange(0, 1) {
            if self.state.exchange(1, 2) || self.state.load() == 2 {
                self.state.wait(2);
            }
        }
    }

    pub(crate) fn unlock(&self) {
        if self.state.swap(0) == 2 {
            self.state.wake_one();
        }
    }

    pub(crate) fn with<R>(&self, body: impl FnOnce() -> R) -> R {
        self.lock();
        let result = body();
        self.unlock();
        result
    }
}

/// A condition variable that counts its notifications.
pub(crate) struct Condition<S: Seam> {
    notified: S::Word,
}

impl<S: Seam> Condition<S> {
    pub(crate) fn new() -> Self {
        Self { notified: S::Word::new(0) }
    }

    /// Gives the mutex back, waits, and takes it again.
    pub(crate) fn wait(&self, mutex: &Mutex<S>) {
        let before = self.notified.load();
        mutex.unlock();
        self.notified.wait(before);
        mutex.lock();
    }

    pub(crate) fn notify_one(&self) {
        self.notified.add(1);
        self.notified.wake_one();
    }

    pub(crate) fn notify_all(&self) {
        self.notified.add(1);
        self.notified.wake_all();
    }
}

/// A semaphore that wakes at each release.
pub(crate) struct Semaphore<S: Seam> {
    permits: S::Word,
}

impl<S: Seam> Semaphore<S> {
    pub(crate) fn new(permits: u32) -> Self {
        Self { permits: S::Word::new(permits) }
    }

    pub(crate) fn acquire(&self) {
        loop {
            let permits = self.permits.load();
            if permits == 0 {
                self.permits.wait(0);
            } else if self.permits.exchange(permits, permits - 1) {
                return;
            }
        }
    }

    /// The mutant of `acquire` that takes a permit in two steps.
    pub(crate) fn acquire_in_two_steps(&self) {
        loop {
            let permits = self.permits.load();
            if permits > 0 {
                self.permits.store(permits - 1);
                return;
            }
            self.permits.wait(0);
        }
    }

    pub(crate) fn release(&self) {
        self.permits.add(1);
        self.permits.wake_one();
    }
}

/// A barrier that can be used again: who arrived, and which time it is.
pub(crate) struct Barrier<S: Seam> {
    parties: u32,
    arrived: S::Word,
    phase: S::Word,
}

impl<S: Seam> Barrier<S> {
    pub(crate) fn new(parties: u32) -> Self {
        Self { parties, arrived: S::Word::new(0), phase: S::Word::new(0) }
    }

    pub(crate) fn wait(&self) {
        let phase = self.phase.load();
        if self.arrived.add(1) + 1 == self.parties {
            self.arrived.store(0);
            self.phase.add(1);
            self.phase.wake_all();
        } else {
            while self.phase.load() == phase {
                self.phase.wait(phase);
            }
        }
    }

    /// The mutant of `wait` that knows the end of a phase by the count alone.
    pub(crate) fn wait_without_phase(&self) {
        let arrived = self.arrived.add(1) + 1;
        if arrived == self.parties {
            self.arrived.store(0);
            self.arrived.wake_all();
            return;
        }
        loop {
            let arrived = self.arrived.load();
            if arrived == 0 {
                return;
            }
            self.arrived.wait(arrived);
        }
    }
}
