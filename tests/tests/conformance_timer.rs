//! What CPython's tests ask of a timer, and what PEERS ask of intervals and services: on ours, and the first part on a
//! plain thread that waits for a condition with a limit, which is what Python's is.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::time::{Duration, Instant};

use threadcraft::prelude::*;
use threadcraft_tests::eventually::{eventually, for_a_while};

/// Short enough to be waited for.
const SOON: Duration = Duration::from_millis(30);
/// Nobody waits for this.
const HOUR: Duration = Duration::from_secs(3600);

/// A timer, as far as Python has it.
trait Calls: Send + Sync + 'static {
    fn after(delay: Duration, function: impl FnOnce() + Send + 'static) -> Self;
    fn cancel(&self);
    fn is_alive(&self) -> bool;
    fn join(&self);
}

impl Calls for Timer {
    fn after(delay: Duration, function: impl FnOnce() + Send + 'static) -> Self {
        Self::after(delay, function)
    }
    fn cancel(&self) {
        self.cancel();
    }
    fn is_alive(&self) -> bool {
        self.is_alive()
    }
    fn join(&self) {
        self.join();
    }
}

/// A thread for each timer.
struct Plain {
    finished: Arc<(Mutex<bool>, Condvar)>,
    thread: Mutex<Option<std::thread::JoinHandle<()>>>,
}

impl Calls for Plain {
    fn after(delay: Duration, function: impl FnOnce() + Send + 'static) -> Self {
        let finished = Arc::new((Mutex::new(false), Condvar::new()));
        let thread = std::thread::spawn({
            let finished = Arc::clone(&finished);
            move || {
                let (lock, changed) = &*finished;
                let waited = changed.wait_timeout_while(lock.lock().unwrap(), delay, |finished| !*finished);
                let (mut cancelled, _) = waited.unwrap();
                if !std::mem::replace(&mut *cancelled, true) {
                    drop(cancelled);
                    function();
                }
            }
        });
        Self { finished, thread: Mutex::new(Some(thread)) }
    }
    fn cancel(&self) {
        *self.finished.0.lock().unwrap() = true;
        self.finished.1.notify_all();
    }
    fn is_alive(&self) -> bool {
        self.thread.lock().unwrap().as_ref().is_some_and(|thread| !thread.is_finished())
    }
    fn join(&self) {
        if let Some(thread) = self.thread.lock().unwrap().take() {
            thread.join().unwrap();
        }
    }
}

/// What Python's timers do, for this implementation.
macro_rules! of_python {
    ($module:ident, $timer:ty) => {
        mod $module {
            use super::*;

            #[test]
            fn it_is_called_once_and_never_early() {
                let (begin, (times, called)) = (Instant::now(), mpsc::channel());
                let timer = <$timer as Calls>::after(SOON, move || times.send(begin.elapsed()).unwrap());
                assert!(timer.is_alive());
                timer.join();
                assert!(!timer.is_alive());
                let called: Vec<Duration> = called.iter().collect();
                assert!(called.len() == 1 && called[0] >= SOON, "{called:?}");
            }

            #[test]
            fn one_that_is_cancelled_is_never_called_and_can_be_joined() {
                let called = Arc::new(AtomicBool::new(false));
                let timer = <$timer as Calls>::after(HOUR, {
                    let called = Arc::clone(&called);
                    move || called.store(true, Ordering::SeqCst)
                });
                timer.cancel();
                timer.join();
                assert!(!timer.is_alive() && !called.load(Ordering::SeqCst));
                assert_eq!(Arc::strong_count(&called), 1, "its function is gone");
            }

            #[test]
            fn a_cancel_after_the_call_does_nothing() {
                let calls = Arc::new(AtomicUsize::new(0));
                let timer = <$timer as Calls>::after(Duration::ZERO, {
                    let calls = Arc::clone(&calls);
                    move || {
                        calls.fetch_add(1, Ordering::SeqCst);
                    }
                });
                timer.join();
                timer.cancel();
                assert_eq!(calls.load(Ordering::SeqCst), 1);
            }

            #[test]
            fn dropping_it_does_not_cancel_it() {
                let (called, calls) = mpsc::channel();
                drop(<$timer as Calls>::after(SOON, move || called.send(()).unwrap()));
                assert_eq!(calls.recv(), Ok(()));
            }

            #[test]
            fn timers_share_nothing() {
                let (called, calls) = mpsc::channel();
                let timers: Vec<_> = (0..20)
                    .map(|number| {
                        let called = called.clone();
                        <$timer as Calls>::after(SOON, move || called.send(number).unwrap())
                    })
                    .collect();
                timers.iter().step_by(2).for_each(Calls::cancel);
                timers.iter().for_each(Calls::join);
                drop((called, timers));
                let mut calls: Vec<i32> = calls.iter().collect();
                calls.sort_unstable();
                assert_eq!(calls, (1..20).step_by(2).collect::<Vec<_>>());
            }

            #[test]
            fn one_that_blocks_makes_no_other_late() {
                let open = Arc::new((Mutex::new(false), Condvar::new()));
                let blocked: Vec<_> = (0..10)
                    .map(|_| {
                        let open = Arc::clone(&open);
                        <$timer as Calls>::after(Duration::ZERO, move || {
                            drop(open.1.wait_while(open.0.lock().unwrap(), |open| !*open).unwrap());
                        })
                    })
                    .collect();
                <$timer as Calls>::after(SOON, || ()).join();
                assert!(blocked.iter().all(Calls::is_alive));
                *open.0.lock().unwrap() = true;
                open.1.notify_all();
                blocked.iter().for_each(Calls::join);
            }
        }
    };
}

of_python!(ours, Timer);
of_python!(reference, Plain);

mod ours_timer {
    use super::*;

    #[test]
    fn a_second_start_is_an_error() {
        let timer = Timer::new(HOUR, || ());
        assert!(!timer.is_alive());
        assert!(timer.start().is_ok());
        assert_eq!(
            timer.start().unwrap_err().to_string(),
            "the timer was started before: a timer fires once, make another one"
        );
        assert!(timer.cancel() && timer.cancel() && timer.is_cancelled());
        assert!(timer.start().is_ok(), "one that is cancelled stays so, as Python's");
        assert!(!timer.is_alive());
    }

    #[test]
    fn one_that_is_cancelled_before_the_start_is_never_called() {
        let timer = Timer::new(Duration::ZERO, || panic!("it is cancelled"));
        assert!(timer.cancel());
        timer.start().unwrap();
        timer.join();
        assert!(timer.is_cancelled());
    }

    #[test]
    fn a_cancel_while_it_is_called_is_false() {
        let (inside, entered) = mpsc::channel();
        let (open, opened) = mpsc::channel::<()>();
        let timer = Timer::after(Duration::ZERO, move || {
            inside.send(()).unwrap();
            let _ = opened.recv();
        });
        entered.recv().unwrap();
        assert!(!timer.cancel() && timer.is_alive() && !timer.is_cancelled());
        assert!(!timer.join_for(Duration::from_millis(5)));
        drop(open);
        assert!(timer.join_for(HOUR));
        assert!(!timer.cancel(), "it was called");
    }

    #[test]
    fn the_largest_delay_is_accepted_and_waits_for_ever() {
        let held = Arc::new(());
        for delay in [Duration::MAX, Duration::from_secs(u64::MAX / 4)] {
            let kept = Arc::clone(&held);
            let timer = Timer::after(delay, move || drop(kept));
            assert!(timer.is_alive() && !timer.join_for(Duration::from_millis(1)));
            assert!(timer.cancel());
        }
        assert_eq!(Arc::strong_count(&held), 1);
    }

    #[test]
    fn a_guard_cancels_it() {
        let held = Arc::new(());
        let kept = Arc::clone(&held);
        drop(Timer::after(HOUR, move || drop(kept)).cancel_on_drop());
        assert_eq!(Arc::strong_count(&held), 1);
    }

    #[test]
    fn joining_one_that_was_not_started_is_an_error() {
        let timer = Timer::new(HOUR, || ());
        let joined = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| timer.join()));
        assert!(joined.is_err());
    }

    #[test]
    fn one_that_panics_is_reported_and_the_next_is_called() {
        let (heard, hears) = mpsc::channel();
        let heard = Mutex::new(heard);
        let before = set_except_hook(move |end| {
            let _ = heard.lock().unwrap().send(end.panic().message().to_owned());
        });
        Timer::after(Duration::ZERO, || std::panic::resume_unwind(Box::new("on purpose"))).join();
        before.restore();
        assert!(hears.iter().any(|message| message == "on purpose"));
        Timer::after(Duration::ZERO, || ()).join();
    }

    #[test]
    fn a_function_may_start_and_cancel_timers() {
        let (called, calls) = mpsc::channel();
        let outer = Timer::after(Duration::ZERO, move || {
            assert!(Timer::after(HOUR, || ()).cancel());
            Timer::after(Duration::ZERO, move || called.send(()).unwrap());
        });
        outer.join();
        assert_eq!(calls.recv(), Ok(()));
    }

    #[test]
    fn debug_says_how_far_it_is() {
        let timer = Timer::new(HOUR, || ());
        assert_eq!(format!("{timer:?}"), "Timer { delay: 3600s, state: new }");
        timer.start().unwrap();
        timer.cancel();
        assert_eq!(format!("{timer:?}"), "Timer { delay: 3600s, state: cancelled }");
    }
}

mod ours_interval {
    use super::*;

    #[test]
    fn it_does_not_drift() {
        let (period, begin) = (Duration::from_millis(5), Instant::now());
        let (ticks, clock) = mpsc::channel();
        let interval = Interval::every(period, move || ticks.send(begin.elapsed()).unwrap_or(()));
        let times: Vec<Duration> = clock.iter().take(40).collect();
        interval.cancel();
        for (number, time) in (1..).zip(&times) {
            assert!(*time >= period * number, "call {number} at {time:?}");
        }
    }

    #[test]
    fn none_is_called_after_a_cancel_that_was_true() {
        let calls = Arc::new(AtomicUsize::new(0));
        let interval = Interval::every(Duration::from_micros(50), {
            let calls = Arc::clone(&calls);
            move || {
                calls.fetch_add(1, Ordering::SeqCst);
            }
        });
        eventually("it is called", || calls.load(Ordering::SeqCst) > 10);
        if !interval.cancel() {
            interval.join();
        }
        assert_eq!(Arc::strong_count(&calls), 1, "its function is gone");
        let last = calls.load(Ordering::SeqCst);
        for_a_while("it is over", || calls.load(Ordering::SeqCst) == last);
        assert!(!interval.is_alive());
    }

    #[test]
    fn one_that_panics_goes_on() {
        let before = set_except_hook(|_| ());
        let calls = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&calls);
        let interval = Interval::every(Duration::from_micros(50), move || {
            if count.fetch_add(1, Ordering::SeqCst) < 3 {
                std::panic::resume_unwind(Box::new("on purpose"));
            }
        });
        eventually("it goes on", || calls.load(Ordering::SeqCst) > 5);
        interval.cancel();
        interval.join();
        before.restore();
    }

    #[test]
    fn one_can_cancel_itself() {
        let slot = Arc::new(Mutex::new(None::<Arc<Interval>>));
        let mut slot_is_taken = slot.lock().unwrap();
        let own = Arc::clone(&slot);
        let interval = Arc::new(Interval::every(Duration::from_micros(50), move || {
            let interval = own.lock().unwrap().take().expect("it is called once");
            assert!(!interval.cancel(), "this call is the last one");
        }));
        *slot_is_taken = Some(Arc::clone(&interval));
        drop(slot_is_taken);
        interval.join();
    }

    #[test]
    #[should_panic(expected = "an interval of zero")]
    fn a_period_of_zero_is_refused() {
        let _ = Interval::every(Duration::ZERO, || ());
    }

    #[test]
    fn the_largest_period_is_accepted() {
        let interval = Interval::every(Duration::MAX, || ());
        assert!(interval.is_alive() && interval.cancel());
    }
}

mod ours_service {
    use super::*;

    #[test]
    fn a_shutdown_cancels_what_waits_and_waits_for_what_runs() {
        let (service, held) = (TimerService::new(), Arc::new(AtomicUsize::new(0)));
        let (inside, entered) = mpsc::channel();
        let running = service.after(Duration::ZERO, {
            let held = Arc::clone(&held);
            move || {
                inside.send(()).unwrap();
                std::thread::yield_now();
                held.fetch_add(1, Ordering::SeqCst);
            }
        });
        entered.recv().unwrap();
        let kept = Arc::clone(&held);
        let waiting = service.after(HOUR, move || drop(kept));
        let never = service.after(Duration::MAX, || ());
        let kept = Arc::clone(&held);
        let interval = service.every(HOUR, move || drop(Arc::clone(&kept)));
        service.shutdown();
        assert_eq!(held.load(Ordering::SeqCst), 1);
        assert!(!running.is_cancelled() && waiting.is_cancelled() && never.is_cancelled() && !interval.is_alive());
        assert_eq!((Arc::strong_count(&held), service.len()), (1, 0));
        waiting.join();
        interval.join();
    }

    #[test]
    fn what_comes_after_a_shutdown_is_cancelled_at_once() {
        let service = TimerService::new();
        service.shutdown();
        service.shutdown();
        let held = Arc::new(());
        let kept = Arc::clone(&held);
        assert!(service.after(Duration::ZERO, move || drop(kept)).is_cancelled());
        assert!(!service.every(HOUR, || ()).is_alive());
        assert_eq!(Arc::strong_count(&held), 1);
    }

    #[test]
    fn a_time_that_has_passed_is_now() {
        let service = TimerService::new();
        let past = Instant::now();
        service.at(past, || ()).join();
        service.at(past + SOON, move || assert!(past.elapsed() >= SOON)).join();
    }

    #[test]
    fn a_function_may_shut_its_own_service_down() {
        let service = Arc::new(TimerService::new());
        let own = Arc::clone(&service);
        let timer = service.after(Duration::ZERO, move || own.shutdown());
        timer.join();
        assert!(service.after(Duration::ZERO, || ()).is_cancelled());
    }

    #[test]
    fn a_service_may_be_dropped_by_its_own_function() {
        let service = Arc::new(TimerService::new());
        let own = Arc::clone(&service);
        let timer = service.after(SOON, move || drop(own));
        drop(service);
        timer.join();
        assert!(!timer.is_cancelled());
    }

    #[test]
    fn len_counts_what_waits() {
        let service = TimerService::new();
        let timers = [HOUR, Duration::MAX].map(|delay| service.after(delay, || ()));
        let interval = service.every(HOUR, || ());
        assert_eq!((service.len(), service.is_empty()), (3, false));
        assert!(timers[0].cancel());
        assert_eq!(service.len(), 2);
        assert!(interval.cancel() && timers[1].cancel());
        assert!(service.is_empty());
        assert_eq!(format!("{service:?}"), "TimerService { waiting: 0 }");
    }
}
