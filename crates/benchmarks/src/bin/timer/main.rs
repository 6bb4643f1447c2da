//! The group `timer`: ours beside tokio's timers and its queue of delays, the system's timerfd, and Python's timers.
//!
//! What Python does is a function of `python_timer.py`, by the name under which [`Python::compare`] asks for it.

mod timerfd;

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use threadcraft::{Timer, TimerService};
use threadcraft_benchmarks::{Contender, Python, Target, interleaved, judged, median};
use tokio::runtime::Runtime;
use tokio_util::time::DelayQueue;

/// What Python does.
const SCRIPT: &str = include_str!("../../../python_timer.py");

const ROUNDS: usize = 21;
const TIMERS: u64 = 100_000;
const LATENESS: usize = 51;
const DELAY: Duration = Duration::from_millis(10);

/// What a queue of delays holds: as ours, a function.
type Function = Box<dyn FnOnce() + Send>;

fn main() {
    let python = Python::run(SCRIPT);
    let mut table = judged::table();
    for (what, name, is_cancel, target) in
        [("schedule 100k", "schedule", false, 1.0), ("cancel 100k", "cancel", true, 1.2)]
    {
        eprintln!("{what}");
        let runtime = runtime();
        let contenders = vec![
            Contender::new("ours", || pick(ours(), is_cancel)),
            Contender::new("tokio-util DelayQueue", || pick(delay_queue(&runtime), is_cancel)),
            Contender::new("tokio, a task each", || pick(tasks(&runtime), is_cancel)),
        ];
        let figures = interleaved(ROUNDS, contenders);
        let target_of = |peer: &str| if peer.ends_with("DelayQueue") { Target::AtMost(target) } else { Target::None };
        judged::compare(&mut table, what, " ns", &figures, None, target_of);
        judged::compare_python(&python, " ns", &mut table, what, &figures, None, name);
    }
    eprintln!("lateness");
    let runtime = runtime();
    let contenders = vec![
        Contender::new("ours", || lateness(call_ours)),
        Contender::new("timerfd", || lateness(timerfd::wait)),
        Contender::new("tokio sleep", || lateness(|due| sleep_tokio(&runtime, due))),
    ];
    let figures = interleaved(ROUNDS, contenders);
    let target = |peer: &str| if peer == "timerfd" { Target::AtMost(1.0) } else { Target::None };
    judged::compare(&mut table, "lateness of 10 ms", " µs", &figures, None, target);
    judged::compare_python(&python, " µs", &mut table, "lateness of 10 ms", &figures, None, "lateness");
    println!(
        "{ROUNDS} rounds of {TIMERS} timers with delays from one to two hours, in an order of their own, nanoseconds a timer; \
         medians of {LATENESS} single timers, microseconds from when they are due to the first statement of what they \
         call. None was early.\n\n{}\n\n{table}",
        judged::LEGEND
    );
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().expect("it starts")
}

fn pick((schedule, cancel): (f64, f64), is_cancel: bool) -> f64 {
    if is_cancel { cancel } else { schedule }
}

/// The delays: the same for all, and as random as they come.
fn delays() -> impl Iterator<Item = Duration> {
    let mut dice = 0x9e37_79b9_7f4a_7c15_u64;
    (0..TIMERS).map(move |_| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        Duration::from_secs(3600) + Duration::from_micros(dice % 3_600_000_000)
    })
}

/// The nanoseconds of each timer.
fn each<R>(body: impl FnOnce() -> R) -> (R, f64) {
    let started = Instant::now();
    let result = black_box(body());
    (result, started.elapsed().as_nanos() as f64 / TIMERS as f64)
}

/// What a function holds, so that there is something to drop.
fn function(counter: &Arc<AtomicU64>, number: u64) -> impl FnOnce() + Send + use<> {
    let counter = Arc::clone(counter);
    move || {
        counter.fetch_add(number, Ordering::Relaxed);
    }
}

fn ours() -> (f64, f64) {
    let (service, counter) = (TimerService::new(), Arc::new(AtomicU64::new(0)));
    let (timers, schedule) = each(|| {
        let mut timers = Vec::with_capacity(TIMERS as usize);
        timers.extend((0..).zip(delays()).map(|(number, delay)| service.after(delay, function(&counter, number))));
        timers
    });
    let (cancelled, cancel) = each(|| timers.iter().filter(|timer| timer.cancel()).count());
    assert_eq!((cancelled as u64, Arc::strong_count(&counter)), (TIMERS, 1));
    (schedule, cancel)
}

fn delay_queue(runtime: &Runtime) -> (f64, f64) {
    let _inside = runtime.enter();
    let (mut queue, counter) = (DelayQueue::<Function>::new(), Arc::new(AtomicU64::new(0)));
    let (keys, schedule) = each(|| {
        let mut keys = Vec::with_capacity(TIMERS as usize);
        keys.extend(
            (0..).zip(delays()).map(|(number, delay)| queue.insert(Box::new(function(&counter, number)), delay)),
        );
        keys
    });
    let ((), cancel) = each(|| keys.iter().for_each(|key| drop(queue.remove(key))));
    assert_eq!(Arc::strong_count(&counter), 1);
    (schedule, cancel)
}

fn tasks(runtime: &Runtime) -> (f64, f64) {
    let counter = Arc::new(AtomicU64::new(0));
    runtime.block_on(async {
        let started = Instant::now();
        let tasks: Vec<_> = (0..)
            .zip(delays())
            .map(|(number, delay)| {
                let function = function(&counter, number);
                tokio::spawn(async move {
                    tokio::time::sleep(delay).await;
                    function();
                })
            })
            .collect();
        // Each registers its timer when it runs for the first time.
        tokio::task::yield_now().await;
        let schedule = started.elapsed().as_nanos() as f64 / TIMERS as f64;
        let started = Instant::now();
        tasks.iter().for_each(tokio::task::JoinHandle::abort);
        for task in tasks {
            assert!(task.await.is_err());
        }
        (schedule, started.elapsed().as_nanos() as f64 / TIMERS as f64)
    })
}

/// The median microseconds by which what `call` returns is later than it was due.
fn lateness(call: impl Fn(Instant) -> Instant) -> f64 {
    let late: Vec<f64> = (0..LATENESS)
        .map(|_| {
            let due = Instant::now() + DELAY;
            let called = call(due);
            assert!(called >= due, "it was early");
            (called - due).as_nanos() as f64 / 1000.0
        })
        .collect();
    median(&late)
}

fn call_ours(due: Instant) -> Instant {
    let (sender, called) = mpsc::sync_channel(1);
    Timer::after(due.saturating_duration_since(Instant::now()), move || {
        sender.send(Instant::now()).expect("somebody waits");
    });
    called.recv().expect("it is called")
}

fn sleep_tokio(runtime: &Runtime, due: Instant) -> Instant {
    runtime.block_on(async {
        tokio::time::sleep_until(due.into()).await;
        Instant::now()
    })
}
