//! The seam on shuttle.

use std::cell::UnsafeCell;

use shuttle::sync::atomic::{AtomicU32, Ordering};
use shuttle::sync::{Condvar, Mutex};
use shuttle::thread::{self, JoinHandle};

use super::{Cell, Lock, Seam, Word};

/// The explorer shuttle.
pub(crate) struct Shuttle;

/// A word, and those that wait for it.
pub(crate) struct Waited {
    value: AtomicU32,
    queue: Mutex<()>,
    woken: Condvar,
}

impl Seam for Shuttle {
    type Word = Waited;
    type Cell = Unchecked;
    type Lock = Mutex<()>;
    type Thread = JoinHandle<()>;

    fn start(body: impl FnOnce() + Send + 'static) -> Self::Thread {
        thread::spawn(body)
    }

    fn join(thread: Self::Thread) {
        thread.join().expect("the thread ends well");
    }
}

impl Word for Waited {
    fn new(value: u32) -> Self {
        Self { value: AtomicU32::new(value), queue: Mutex::new(()), woken: Condvar::new() }
    }

    fn load(&self) -> u32 {
        self.value.load(Ordering::Acquire)
    }

    fn store(&self, value: u32) {
        self.value.store(value, Ordering::Release);
    }

    fn store_unordered(&self, value: u32) {
        self.value.store(value, Ordering::Relaxed);
    }

    fn swap(&self, value: u32) -> u32 {
        self.value.swap(value, Ordering::AcqRel)
    }

    fn exchange(&self, from: u32, to: u32) -> bool {
        self.value.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    fn add(&self, value: u32) -> u32 {
        self.value.fetch_add(value, Ordering::AcqRel)
    }

    fn wait(&self, expected: u32) {
        let queue = self.queue.lock().expect("nobody panics with it");
        if self.value.load(Ordering::Acquire) == expected {
            drop(self.woken.wait(queue).expect("nobody panics with it"));
        }
    }

    fn wake_one(&self) {
        let _queue = self.queue.lock().expect("nobody panics with it");
        self.woken.notify_one();
    }

    fn wake_all(&self) {
        let _queue = self.queue.lock().expect("nobody panics with it");
        self.woken.notify_all();
    }
}

/// Shuttle does not look at plain memory.
pub(crate) struct Unchecked(UnsafeCell<u32>);

// SAFETY: shuttle runs one thread at a time, all on one of the system's, and switches only at its own operations.
unsafe impl Sync for Unchecked {}

impl Cell for Unchecked {
    fn new(value: u32) -> Self {
        Self(UnsafeCell::new(value))
    }

    fn get(&self) -> u32 {
        // SAFETY: nobody else runs now.
        unsafe { *self.0.get() }
    }

    fn set(&self, value: u32) {
        // SAFETY: nobody else runs now.
        unsafe { *self.0.get() = value };
    }
}

impl Lock for Mutex<()> {
    fn new() -> Self {
        Self::new(())
    }

    fn with<R>(&self, body: impl FnOnce() -> R) -> R {
        let _guard = self.lock().expect("nobody panics with it");
        body()
    }
}
