//! Programs for timers. Time is virtual: a second takes none.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::atomic::{AtomicU32, Ordering};
use threadcraft::{Event, Instant, Timer, TimerService, sleep};

use super::Unprotected;

/// A timer service, as far as these programs need it.
pub trait Service: Send + Sync + 'static {
    /// What is held of a timer.
    type Timer: Fires;
    /// One with nothing on its list.
    fn new() -> Self;
    /// Has the function called so much later.
    fn after(&self, delay: Duration, function: impl FnOnce() + Send + 'static) -> Self::Timer;
    /// Cancels what waits, waits for what runs, and for the threads.
    fn shut_down(&self);
}

/// A timer that was started.
pub trait Fires: Send + Sync + 'static {
    /// Cancels it, if it has not been called.
    fn cancel(&self) -> bool;
}

/// Timers that can be waited for.
pub trait Joins: Fires {
    /// Waits until it was called or cancelled.
    fn join(&self);
}

impl Service for TimerService {
    type Timer = Timer;
    fn new() -> Self {
        Self::new()
    }
    #[track_caller]
    fn after(&self, delay: Duration, function: impl FnOnce() + Send + 'static) -> Timer {
        self.after(delay, function)
    }
    #[track_caller]
    fn shut_down(&self) {
        self.shutdown();
    }
}

impl Fires for Timer {
    #[track_caller]
    fn cancel(&self) -> bool {
        self.cancel()
    }
}

impl Joins for Timer {
    #[track_caller]
    fn join(&self) {
        self.join();
    }
}

/// The delay of the timers here.
pub const SECOND: Duration = Duration::from_secs(1);

/// A function that counts its calls, and the count.
fn counted() -> (impl FnOnce() + Send + 'static, Arc<AtomicU32>) {
    let calls = Arc::new(AtomicU32::new(0));
    let mine = Arc::clone(&calls);
    // Relaxed, here and below: time has passed since, and nothing else is looked at.
    (move || _ = mine.fetch_add(1, Ordering::Relaxed), calls)
}

/// A timer of a second that is left alone. Comes to how often it was called just before, and just after.
pub fn left_alone<S: Service>() -> [u32; 2] {
    let (service, (function, calls)) = (S::new(), counted());
    let _timer = service.after(SECOND, function);
    sleep(SECOND / 2);
    let before = calls.load(Ordering::Relaxed);
    sleep(SECOND);
    let after = calls.load(Ordering::Relaxed);
    service.shut_down();
    [before, after]
}

/// A timer that is cancelled so much after it was started. Comes to whether it was, and how often it was called.
pub fn cancelled_after<S: Service>(time: Duration) -> (bool, u32) {
    let (service, (function, calls)) = (S::new(), counted());
    let timer = service.after(SECOND, function);
    sleep(time);
    let cancelled = timer.cancel();
    sleep(2 * SECOND);
    let calls = calls.load(Ordering::Relaxed);
    service.shut_down();
    (cancelled, calls)
}

/// What a timer did is there when it was waited for. Comes to what it wrote, and how many seconds that took: one, or no
/// less.
pub fn joined<S: Service<Timer: Joins>>() -> (u32, bool) {
    let (service, number, begin) = (S::new(), Arc::new(Unprotected::new()), Instant::now());
    let timer = service.after(SECOND, {
        let number = Arc::clone(&number);
        move || number.add_one()
    });
    timer.join();
    // Before anything else that could order it.
    let written = number.get();
    let on_time = begin.elapsed() >= SECOND;
    service.shut_down();
    (written, on_time)
}

/// A timer that is due at once, and cancelled. Comes to whether it was, and whether it was called: one or the other.
pub fn cancel_against_fire<S: Service<Timer: Joins>>() -> (bool, u32) {
    let (service, number) = (S::new(), Arc::new(Unprotected::new()));
    let timer = service.after(Duration::ZERO, {
        let number = Arc::clone(&number);
        move || number.add_one()
    });
    let cancelled = timer.cancel();
    timer.join();
    let called = number.get();
    service.shut_down();
    (cancelled, called)
}

/// A timer that is due at once, and the end of its service. Comes to how often it was called, and how many of its
/// functions are left: none.
pub fn shutdown_against_fire<S: Service<Timer: Joins>>() -> (u32, usize) {
    let (service, number) = (S::new(), Arc::new(Unprotected::new()));
    let timer = service.after(Duration::ZERO, {
        let number = Arc::clone(&number);
        move || number.add_one()
    });
    service.shut_down();
    timer.join();
    (number.get(), Arc::strong_count(&number) - 1)
}

/// A timer that is due before one that is waited for already. Comes to after how many seconds each was called.
pub fn an_earlier_one<S: Service<Timer: Joins>>() -> [u64; 2] {
    let (service, begin) = (S::new(), Instant::now());
    let times = [10, 1].map(|seconds| {
        let time = Arc::new(Unprotected::new());
        let timer = service.after(Duration::from_secs(seconds), {
            let time = Arc::clone(&time);
            move || (0..begin.elapsed().as_secs()).for_each(|_| time.add_one())
        });
        (timer, time)
    });
    let seconds = times.map(|(timer, time)| {
        timer.join();
        time.get().into()
    });
    service.shut_down();
    seconds
}

/// A timer whose function waits for what the next one does. Comes to its end.
pub fn one_that_blocks<S: Service<Timer: Joins>>() -> bool {
    let (service, done) = (S::new(), Arc::new(Event::new()));
    let first = service.after(SECOND, {
        let done = Arc::clone(&done);
        move || done.wait()
    });
    let second = service.after(2 * SECOND, {
        let done = Arc::clone(&done);
        move || done.set()
    });
    first.join();
    second.join();
    service.shut_down();
    done.is_set()
}

/// The only timer is cancelled, and its service ends. Comes to whether it was cancelled, how many of its functions were
/// left after that, and how many hours the end took: none.
pub fn the_last_is_cancelled<S: Service<Timer: Joins>>() -> (bool, usize, u64) {
    let (service, held, begin) = (S::new(), Arc::new(()), Instant::now());
    let timer = service.after(3600 * SECOND, {
        let held = Arc::clone(&held);
        move || drop(held)
    });
    let cancelled = timer.cancel();
    let left = Arc::strong_count(&held) - 1;
    service.shut_down();
    (cancelled, left, begin.elapsed().as_secs() / 3600)
}
