//! The machine: time for a loop, work of a known length, threads that stay on a core.

use std::hint::black_box;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use crossbeam_utils::CachePadded;

/// The nanoseconds of one call.
pub(crate) fn nanoseconds(times: u32, mut call: impl FnMut()) -> f64 {
    let started = Instant::now();
    for _ in 0..times {
        call();
    }
    started.elapsed().as_nanos() as f64 / f64::from(times)
}

/// Keeps the calling thread on one core. Where that is not allowed it stays where the system puts it.
pub(crate) fn stay_on(core: usize) {
    // SAFETY: a set of processors is plain bits, and all zero is the empty set.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: the number is below that of the processors, for which the set has room.
    unsafe { libc::CPU_SET(core % cores(), &mut set) };
    // SAFETY: the set outlives the call, which reads as many bytes as it has.
    let _ = unsafe { libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const set) };
}

/// The version of the C library.
pub(crate) fn c_library() -> String {
    // SAFETY: it asks for nothing.
    let version = unsafe { libc::gnu_get_libc_version() };
    // SAFETY: the text ends with NUL and lives as long as the program.
    let version = unsafe { std::ffi::CStr::from_ptr(version) };
    version.to_string_lossy().into_owned()
}

/// How often the threads of this process have lost their core so far, by sleeping or to others.
pub(crate) fn switches() -> i64 {
    // SAFETY: the result is plain bits, and all zero is one.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: there is room for the result.
    let _ = unsafe { libc::getrusage(libc::RUSAGE_SELF, &raw mut usage) };
    usage.ru_nvcsw + usage.ru_nivcsw
}

/// How many there are.
pub(crate) fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// After how many nanoseconds a core sees what another has stored.
pub(crate) fn between_cores() -> f64 {
    const TIMES: u32 = 100_000;
    // Odd: for the other core to see; even: for this one.
    let ball = CachePadded::new(AtomicU32::new(0));
    let see = |number| {
        let mut looks = 0_u32;
        // Acquire: pairs with the Release below.
        while ball.load(Ordering::Acquire) != number {
            looks += 1;
            if looks.is_multiple_of(10_000) {
                // The other may wait for this core: there is only one, or something else has the other.
                std::thread::yield_now();
            }
        }
    };
    // Release: pairs with the Acquire above.
    let show = |number| ball.store(number, Ordering::Release);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            stay_on(1);
            for time in 0..=TIMES {
                see(2 * time + 1);
                show(2 * time + 2);
            }
        });
        on_core(0, || {
            let there_and_back = |time: u32| {
                show(2 * time + 1);
                see(2 * time + 2);
            };
            // The first time waits for the other thread to start.
            there_and_back(0);
            let mut time = 0;
            let both_ways = nanoseconds(TIMES, || {
                time += 1;
                there_and_back(time);
            });
            both_ways / 2.0
        })
    })
}

/// Runs `body` on a thread of its own that stays on a core, and gives what it gives.
pub(crate) fn on_core<R: Send>(core: usize, body: impl FnOnce() -> R + Send) -> R {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            stay_on(core);
            body()
        });
        thread.join().expect("a benchmark does not panic")
    })
}

/// Computes for about so many nanoseconds, without memory.
pub(crate) struct Work {
    rounds: u32,
}

impl Work {
    /// Measures how long a round takes here.
    pub(crate) fn of(wanted: f64) -> Self {
        const TRIED: u32 = 200_000;
        let a_round = (0..5).map(|_| nanoseconds(1, || Self { rounds: TRIED }.work())).fold(f64::MAX, f64::min);
        Self { rounds: (wanted / (a_round / f64::from(TRIED))) as u32 }
    }

    #[inline]
    pub(crate) fn work(&self) {
        for round in 0..self.rounds {
            black_box(round);
        }
    }
}
