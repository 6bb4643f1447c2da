//! The seam on our explorer.

use threadcraft::Thread;
use threadcraft_platform::atomic::{AtomicU32, Ordering};
use threadcraft_platform::cell::RaceCell;
use threadcraft_platform::futex;

use super::{Cell, Lock, Seam, Word};

/// Our explorer.
pub(crate) struct Ours;

impl Seam for Ours {
    type Word = AtomicU32;
    type Cell = RaceCell<u32>;
    type Lock = threadcraft::Lock<()>;
    type Thread = Thread<()>;

    fn start(body: impl FnOnce() + Send + 'static) -> Self::Thread {
        threadcraft::spawn(body)
    }

    fn join(thread: Self::Thread) {
        thread.join().expect("the thread ends well");
    }
}

impl Word for AtomicU32 {
    fn new(value: u32) -> Self {
        Self::new(value)
    }

    fn load(&self) -> u32 {
        self.load(Ordering::Acquire)
    }

    fn store(&self, value: u32) {
        self.store(value, Ordering::Release);
    }

    fn store_unordered(&self, value: u32) {
        self.store(value, Ordering::Relaxed);
    }

    fn swap(&self, value: u32) -> u32 {
        self.swap(value, Ordering::AcqRel)
    }

    fn exchange(&self, from: u32, to: u32) -> bool {
        self.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    fn add(&self, value: u32) -> u32 {
        self.fetch_add(value, Ordering::AcqRel)
    }

    fn wait(&self, expected: u32) {
        futex::wait(self, expected, None);
    }

    fn wake_one(&self) {
        futex::wake(self, 1);
    }

    fn wake_all(&self) {
        futex::wake(self, u32::MAX);
    }
}

impl Cell for RaceCell<u32> {
    fn new(value: u32) -> Self {
        Self::new(value)
    }

    fn get(&self) -> u32 {
        // SAFETY: the program orders its accesses, or the explorer stops it before this one.
        self.with(|value| unsafe { *value })
    }

    fn set(&self, value: u32) {
        // SAFETY: the same.
        self.with_mut(|cell| unsafe { *cell = value });
    }
}

impl Lock for threadcraft::Lock<()> {
    fn new() -> Self {
        Self::new(())
    }

    fn with<R>(&self, body: impl FnOnce() -> R) -> R {
        let _guard = self.lock();
        body()
    }
}
