//! The locks, as their users meet them, and one of them with nobody else there.

use std::cell::UnsafeCell;
use std::hint::black_box;
use std::sync::atomic::{AtomicU32, Ordering};

use threadcraft_benchmarks::{Contender, Python, Target, interleaved, judged};

use crate::machine::{nanoseconds, on_core};

/// A counter under a lock.
pub(crate) trait Mutual: Sync {
    /// Its name in tables.
    const NAME: &'static str;

    /// A counter at 0.
    fn new() -> Self;

    /// Runs `body` with the lock held.
    fn with<R>(&self, body: impl FnOnce(&mut u64) -> R) -> R;
}

impl Mutual for threadcraft::Lock<u64> {
    const NAME: &'static str = "ours";

    fn new() -> Self {
        Self::new(0)
    }

    #[inline]
    fn with<R>(&self, body: impl FnOnce(&mut u64) -> R) -> R {
        body(&mut self.lock())
    }
}

impl Mutual for std::sync::Mutex<u64> {
    const NAME: &'static str = "std";

    fn new() -> Self {
        Self::new(0)
    }

    #[inline]
    fn with<R>(&self, body: impl FnOnce(&mut u64) -> R) -> R {
        body(&mut self.lock().expect("nobody panics with it"))
    }
}

impl Mutual for parking_lot::Mutex<u64> {
    const NAME: &'static str = "parking_lot";

    fn new() -> Self {
        Self::new(0)
    }

    #[inline]
    fn with<R>(&self, body: impl FnOnce(&mut u64) -> R) -> R {
        body(&mut self.lock())
    }
}

impl Mutual for usync::Mutex<u64> {
    const NAME: &'static str = "usync";

    fn new() -> Self {
        Self::new(0)
    }

    #[inline]
    fn with<R>(&self, body: impl FnOnce(&mut u64) -> R) -> R {
        body(&mut self.lock())
    }
}

/// The C library's mutex.
pub(crate) struct Glibc {
    mutex: UnsafeCell<libc::pthread_mutex_t>,
    value: UnsafeCell<u64>,
}

// SAFETY:
// - the mutex is made for use by several threads, and does not move, as it is only used behind a reference;
// - the value is only used by whoever holds the mutex.
unsafe impl Sync for Glibc {}

impl Mutual for Glibc {
    const NAME: &'static str = "glibc";

    fn new() -> Self {
        Self { mutex: UnsafeCell::new(libc::PTHREAD_MUTEX_INITIALIZER), value: UnsafeCell::new(0) }
    }

    #[inline]
    fn with<R>(&self, body: impl FnOnce(&mut u64) -> R) -> R {
        // SAFETY: it is initialised, and this thread does not hold it: no body of ours takes it again.
        unsafe { libc::pthread_mutex_lock(self.mutex.get()) };
        // SAFETY: this thread holds the mutex, so nobody else has a reference.
        let result = body(unsafe { &mut *self.value.get() });
        // SAFETY: this thread holds it.
        unsafe { libc::pthread_mutex_unlock(self.mutex.get()) };
        result
    }
}

/// The least that a lock does that can sleep: one exchange in, one operation out, and nobody is ever woken. If it swaps,
/// the word has room for nothing but who holds it. If it subtracts, what else stands there survives, such as how many
/// have waited for so long that they come next.
struct Floor<const SWAPS: bool> {
    state: AtomicU32,
    value: UnsafeCell<u64>,
}

// SAFETY: it is used by one thread alone, here.
unsafe impl<const SWAPS: bool> Sync for Floor<SWAPS> {}

impl<const SWAPS: bool> Mutual for Floor<SWAPS> {
    const NAME: &'static str = if SWAPS { "CAS + swap" } else { "CAS + subtraction" };

    fn new() -> Self {
        Self { state: AtomicU32::new(0), value: UnsafeCell::new(0) }
    }

    #[inline]
    fn with<R>(&self, body: impl FnOnce(&mut u64) -> R) -> R {
        // Acquire and Release, as a lock needs them, though nobody is on the other side.
        while self.state.compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed).is_err() {}
        // SAFETY: the state says that this thread is the only one here.
        let result = body(unsafe { &mut *self.value.get() });
        let before =
            if SWAPS { self.state.swap(0, Ordering::Release) } else { self.state.fetch_sub(1, Ordering::Release) };
        if before != 1 {
            cold();
        }
        result
    }
}

/// Where a lock would wake somebody.
#[cold]
pub(crate) fn cold() {
    black_box(());
}

/// Many short ones: what interrupts the machine spoils only some.
const ROUNDS: usize = 301;
const PAIRS: u32 = 50_000;

fn pair<M: Mutual + 'static>() -> Contender<'static> {
    let lock = M::new();
    Contender::new(M::NAME, move || nanoseconds(PAIRS, || black_box(&lock).with(|value| *value += 1)))
}

/// Prints the table.
pub(crate) fn print(python: &Python) {
    eprintln!("Lock, uncontended");
    let figures = on_core(0, || {
        interleaved(
            ROUNDS,
            vec![
                pair::<threadcraft::Lock<u64>>(),
                pair::<std::sync::Mutex<u64>>(),
                pair::<parking_lot::Mutex<u64>>(),
                pair::<usync::Mutex<u64>>(),
                pair::<Glibc>(),
                pair::<Floor<true>>(),
                pair::<Floor<false>>(),
            ],
        )
    });
    let target = |peer: &str| match peer {
        "std" | "parking_lot" => Target::AtMost(1.0),
        "CAS + swap" => Target::AtMost(1.16),
        _ => Target::None,
    };
    let mut table = judged::table();
    let floor = Some(Floor::<false>::NAME);
    judged::compare(&mut table, "lock, add one, unlock", " ns", &figures, floor, target);
    judged::compare_python(python, " ns", &mut table, "lock, unlock", &figures, None, "lock");
    println!(
        "### Lock, uncontended\n\n{ROUNDS} rounds of {PAIRS}. The floor is a compare-and-swap and a subtraction: a lock \
         whose word also counts those who come next cannot be released by a swap, which is what std does.\n\n{table}"
    );
}
