//! The work with the features of a pool left out: no states but the end of a job, no cancels, no panics that are caught, no
//! metrics, no end. Where nothing less is known, that is the floor.

use std::cell::UnsafeCell;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::contenders::Runs;

/// The system call.
fn futex(word: &AtomicU32, operation: libc::c_int, value: u32) {
    let operation = operation | libc::FUTEX_PRIVATE_FLAG;
    // SAFETY:
    // - the word outlives the call;
    // - without a timeout the call uses no other memory.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), operation, value, std::ptr::null::<libc::timespec>()) };
}

/// A word that one thread waits at and another sets: 0, 1 when it is waited for, 2 when it is set.
#[derive(Default)]
struct Flag(AtomicU32);

impl Flag {
    fn set(&self) {
        // Release: pairs with the Acquire in `wait`.
        if self.0.swap(2, Ordering::Release) == 1 {
            futex(&self.0, libc::FUTEX_WAKE, 1);
        }
    }

    fn wait(&self) {
        // Acquire, both: pair with the Release in `set`.
        while self.0.load(Ordering::Acquire) != 2 {
            if self.0.compare_exchange(0, 1, Ordering::Acquire, Ordering::Acquire) != Err(2) {
                futex(&self.0, libc::FUTEX_WAIT, 1);
            }
        }
    }
}

/// A result: one allocation, with the flag that says that it is there.
pub(crate) struct Slot<T> {
    flag: Flag,
    value: UnsafeCell<Option<T>>,
}

// SAFETY:
// - the value is written before the flag is set, by one thread, and taken afterwards, by one.
unsafe impl<T: Send> Sync for Slot<T> {}

impl<T: Send + 'static> Slot<T> {
    fn new() -> Arc<Self> {
        Arc::new(Self { flag: Flag::default(), value: UnsafeCell::new(None) })
    }

    /// One that a job fills, which is run so.
    fn filled_by(job: impl FnOnce() -> T + Send + 'static, run: impl FnOnce(Job)) -> Arc<Self> {
        let slot = Self::new();
        let own = Arc::clone(&slot);
        run(Box::new(move || own.fill(job())));
        slot
    }

    fn fill(&self, value: T) {
        // SAFETY:
        // - the flag is not set yet, and one thread fills it.
        unsafe { *self.value.get() = Some(value) };
        self.flag.set();
    }

    fn take(&self) -> T {
        self.flag.wait();
        // SAFETY:
        // - the flag is set, and one thread takes it.
        unsafe { (*self.value.get()).take() }.expect("it is taken once")
    }
}

type Job = Box<dyn FnOnce() + Send>;

/// A queue behind a lock, of boxed jobs, and threads that look for some and let others go first when there are none.
pub(crate) struct BareQueue(Arc<Shared>);

#[derive(Default)]
struct Shared {
    jobs: Mutex<VecDeque<Job>>,
    len: AtomicUsize,
    ended: AtomicBool,
}

impl Shared {
    fn jobs(&self) -> MutexGuard<'_, VecDeque<Job>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, job: Job) {
        let mut jobs = self.jobs();
        jobs.push_back(job);
        // Relaxed: a hint, and the lock orders.
        self.len.store(jobs.len(), Ordering::Relaxed);
    }

    fn work(&self) {
        // Relaxed, all: hints, and the lock orders.
        while !self.ended.load(Ordering::Relaxed) {
            if self.len.load(Ordering::Relaxed) == 0 {
                thread::yield_now();
                continue;
            }
            let mut jobs = self.jobs();
            let share = jobs.len().div_ceil(2).min(48);
            let taken: Vec<Job> = jobs.drain(..share).collect();
            self.len.store(jobs.len(), Ordering::Relaxed);
            drop(jobs);
            taken.into_iter().for_each(|job| job());
        }
    }
}

impl Drop for BareQueue {
    fn drop(&mut self) {
        self.0.ended.store(true, Ordering::Relaxed);
    }
}

impl Runs for BareQueue {
    const NAME: &'static str = "a bare queue";
    type Job<T: Send + 'static> = Arc<Slot<T>>;
    fn new(workers: usize) -> Self {
        let shared = Arc::new(Shared::default());
        for _ in 0..workers {
            let shared = Arc::clone(&shared);
            thread::spawn(move || shared.work());
        }
        Self(shared)
    }
    fn run(&self, job: impl FnOnce() + Send + 'static) {
        self.0.put(Box::new(job));
    }
    fn submit<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Arc<Slot<T>> {
        Slot::filled_by(job, |job| self.0.put(job))
    }
    fn get<T: Send + 'static>(slot: Arc<Slot<T>>) -> T {
        slot.take()
    }
}

/// Two words at which one thread waits for a job, and the other for its result.
pub(crate) struct RawFutexes(Arc<Exchange>);

#[derive(Default)]
struct Exchange {
    /// 0, 1 when there is a job, 2 at the end.
    word: AtomicU32,
    job: Mutex<Option<Job>>,
}

impl Exchange {
    fn job(&self) -> MutexGuard<'_, Option<Job>> {
        self.job.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, job: Job) {
        *self.job() = Some(job);
        self.say(1);
    }

    fn say(&self, word: u32) {
        // Release: pairs with the Acquire in `work`.
        self.word.store(word, Ordering::Release);
        futex(&self.word, libc::FUTEX_WAKE, 1);
    }

    fn work(&self) {
        loop {
            // Acquire: pairs with the Release in `say`.
            match self.word.swap(0, Ordering::Acquire) {
                0 => futex(&self.word, libc::FUTEX_WAIT, 0),
                1 => self.job().take().expect("there is one")(),
                _ => return,
            }
        }
    }
}

impl Drop for RawFutexes {
    fn drop(&mut self) {
        self.0.say(2);
    }
}

impl Runs for RawFutexes {
    const NAME: &'static str = "raw futexes";
    type Job<T: Send + 'static> = Arc<Slot<T>>;
    fn new(_workers: usize) -> Self {
        let exchange = Arc::new(Exchange::default());
        let own = Arc::clone(&exchange);
        thread::spawn(move || own.work());
        Self(exchange)
    }
    fn run(&self, job: impl FnOnce() + Send + 'static) {
        self.0.put(Box::new(job));
    }
    fn submit<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Arc<Slot<T>> {
        Slot::filled_by(job, |job| self.0.put(job))
    }
    fn get<T: Send + 'static>(slot: Arc<Slot<T>>) -> T {
        slot.take()
    }
}

/// Has so many threads apply the function to chunks of what an iterator gives: the iterator is the caller's, so all items
/// come from one thread to another.
pub(crate) fn map_in_chunks(
    threads: usize,
    items: std::ops::Range<u64>,
    size: usize,
    function: fn(u64) -> u64,
) -> Vec<u64> {
    let mut values = vec![0; items.clone().count()];
    let chunks = Mutex::new(VecDeque::new());
    let ended = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    // Before the look: what was there when it ended is seen.
                    let is_last_look = ended.load(Ordering::Acquire);
                    let next = chunks.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                    match next {
                        Some((items, places)) => apply(items, places, function),
                        None if is_last_look => return,
                        None => thread::yield_now(),
                    }
                }
            });
        }
        let mut items = items;
        for places in values.chunks_mut(size) {
            let chunk: Vec<u64> = items.by_ref().take(size).collect();
            chunks.lock().unwrap_or_else(PoisonError::into_inner).push_back((chunk, places));
        }
        // Release: pairs with the Acquire above.
        ended.store(true, Ordering::Release);
    });
    values
}

fn apply(items: Vec<u64>, places: &mut [u64], function: fn(u64) -> u64) {
    for (place, item) in places.iter_mut().zip(items) {
        *place = function(item);
    }
}
