//! The examples of the umbrella, each run natively and on its interleavings, smaller: all of them where that can be had.

use std::time::Duration;

use threadcraft::explore::Explorer;

/// How many schedules a program gets that is too large for all of them.
const BUDGET: u64 = 3_000;

#[path = "../../crates/threadcraft/examples/counter.rs"]
#[expect(dead_code, reason = "its main is for the command line")]
mod counter;
#[path = "../../crates/threadcraft/examples/logger.rs"]
#[expect(dead_code, reason = "its main is for the command line")]
mod logger;
#[path = "../../crates/threadcraft/examples/philosophers.rs"]
#[expect(dead_code, reason = "its main is for the command line")]
mod philosophers;
#[path = "../../crates/threadcraft/examples/pipeline.rs"]
#[expect(dead_code, reason = "its main is for the command line")]
mod pipeline;
#[path = "../../crates/threadcraft/examples/print.rs"]
#[expect(dead_code, reason = "its main is for the command line")]
mod print;
#[path = "../../crates/threadcraft/examples/scraper.rs"]
#[expect(dead_code, reason = "its main is for the command line")]
mod scraper;
#[path = "../../crates/threadcraft/examples/squares.rs"]
#[expect(dead_code, reason = "its main is for the command line")]
mod squares;
#[path = "../../crates/threadcraft/examples/timer.rs"]
#[expect(dead_code, reason = "its main is for the command line")]
mod timer;

/// Runs it on its interleavings, which are to come to this; says how far that went.
#[track_caller]
fn explored<R: std::fmt::Debug>(name: &str, outcomes: &str, program: impl Fn() -> R + Send + Sync + 'static) -> bool {
    let report = Explorer::builder().max_schedules(BUDGET).build().explore(program);
    assert_eq!(report.failure, None, "{name}");
    let far = if report.complete { "all interleavings" } else { "the budget used" };
    eprintln!("{name}: {far}, {} schedules", report.schedules);
    assert_eq!(report.outcomes.to_string(), outcomes, "{name}");
    report.complete
}

#[track_caller]
fn proven<R: std::fmt::Debug>(name: &str, outcomes: &str, program: impl Fn() -> R + Send + Sync + 'static) {
    assert!(explored(name, outcomes, program), "{name} is small enough for all interleavings");
}

const TICK: Duration = Duration::from_millis(2);

#[test]
fn a_counter_with_a_lock() {
    assert_eq!(counter::run(4, 1000), 4000);
    proven("counter", "4", || counter::run(2, 2));
}

#[test]
fn a_logger_that_loses_nothing() {
    assert_eq!(logger::run(&["one", "two"]), 2);
    let report = Explorer::builder().max_schedules(BUDGET).build().explore(|| logger::run(&["one", "two"]));
    assert_eq!(report.failure, None);
    assert!(report.outcomes.iter().all(|(outcome, _)| outcome.contains('2')), "{}", report.outcomes);
}

#[test]
fn philosophers_who_all_eat() {
    assert_eq!(philosophers::run(5, 20), 100);
    proven("philosophers", "3", || philosophers::run(3, 1));
}

#[test]
fn a_pipeline_in_order() {
    assert_eq!(pipeline::run(50, 3, Duration::ZERO), (0..50).collect::<Vec<_>>());
    proven("pipeline", "[0, 1]", || pipeline::run(2, 1, TICK));
}

#[test]
fn two_threads_that_print() {
    print::run("12", "ab", Duration::ZERO);
    let report = Explorer::builder().max_schedules(BUDGET).build().explore(|| print::run("1", "a", TICK));
    assert_eq!(report.failure, None);
}

#[test]
fn tasks_of_which_one_fails() {
    assert_eq!(scraper::run(3, 5, TICK), (4, 1));
    proven("scraper", "(1, 1)", || scraper::run(2, 2, TICK));
}

#[test]
fn squares_in_order() {
    assert_eq!(squares::run(3, 100), (1..=100).map(|n| n * n).collect::<Vec<_>>());
    proven("squares", "[1, 4]", || squares::run(2, 2));
}

#[test]
fn a_bell_and_a_cancelled_tea() {
    assert_eq!(timer::run(TICK), (true, true));
    proven("timer", "(true, true)", || timer::run(TICK));
}
