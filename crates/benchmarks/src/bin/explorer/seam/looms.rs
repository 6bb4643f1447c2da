//! The seam on loom.

use loom::cell::UnsafeCell;
use loom::sync::atomic::{AtomicU32, Ordering};
use loom::sync::{Condvar, Mutex};
use loom::thread::{self, JoinHandle};

use super::{Cell, Lock, Seam, Word};

/// The explorer loom.
pub(crate) struct Loom;

/// A word, and those that wait for it.
pub(crate) struct Waited {
    value: AtomicU32,
    queue: Mutex<()>,
    woken: Condvar,
}

impl Seam for Loom {
    type Word = Waited;
    type Cell = Checked;
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

/// Loom's cell; it does not say that threads may share it, as its own checks are what makes that sound.
pub(crate) struct Checked(UnsafeCell<u32>);

// SAFETY: loom runs one thread at a time, and stops the program at an access that nothing orders.
unsafe impl Sync for Checked {}

impl Cell for Checked {
    fn new(value: u32) -> Self {
        Self(UnsafeCell::new(value))
    }

    fn get(&self) -> u32 {
        // SAFETY: the program orders its accesses, or loom stops it before this one.
        self.0.with(|value| unsafe { *value })
    }

    fn set(&self, value: u32) {
        // SAFETY: the same.
        self.0.with_mut(|cell| unsafe { *cell = value });
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
