//! Threads under the explorer: what others can see of a thread's life, on every interleaving.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use threadcraft::explore::{Carrier, ClockPolicy, Explorer, Report, Strategy};
use threadcraft::prelude::*;
use threadcraft::{
    ExceptArgs, JoinError, active_count, get_native_id, println, reset_except_hook, set_except_hook, yield_now,
};
use threadcraft_platform::probe;

const A_WHILE: Duration = Duration::from_millis(5);

/// The outcomes of a program: the same by the full search and by the reduced one, on both carriers, seen to the end.
#[track_caller]
fn outcomes_by(clock: ClockPolicy, program: fn() -> String) -> String {
    let mut seen = BTreeSet::new();
    for strategy in [Strategy::Full, Strategy::Dpor] {
        for carrier in [Carrier::Coroutines, Carrier::Threads] {
            let explorer = Explorer::builder().strategy(strategy).carrier(carrier).clock(clock);
            let report = explorer.max_schedules(200_000).build().explore(program);
            assert_eq!(report.failure.map(|failure| failure.kind), None, "{strategy:?} {carrier:?}");
            // Of loops without end the full search proves nothing.
            let proves =
                strategy == Strategy::Dpor || report.cut.as_deref() != Some("only some schedules were asked for");
            assert!(
                report.complete || !proves,
                "{strategy:?} {carrier:?}: {:?} after {}",
                report.cut,
                report.schedules
            );
            seen.insert(report.outcomes.to_string());
        }
    }
    assert_eq!(seen.len(), 1, "the searches differ: {seen:?}");
    seen.pop_first().expect("there is one").replace('"', "")
}

/// What is printed, by lines.
#[track_caller]
fn printed(program: fn()) -> Vec<String> {
    let by = |strategy| {
        let report = Explorer::builder().strategy(strategy).build().explore(program);
        assert_eq!(report.failure.map(|failure| failure.kind), None, "{strategy:?}");
        assert!(report.complete, "{strategy:?}: {:?}", report.cut);
        report.outcomes.to_string()
    };
    let (full, reduced) = (by(Strategy::Full), by(Strategy::Dpor));
    assert_eq!(full, reduced);
    full.split(" | ").map(str::to_owned).collect()
}

#[track_caller]
fn outcomes(program: fn() -> String) -> String {
    outcomes_by(ClockPolicy::WhenIdle, program)
}

#[track_caller]
fn failure(program: fn()) -> Option<&'static str> {
    let report: Report = threadcraft::explore(program);
    report.failure.map(|failure| failure.kind.name())
}

#[test]
fn a_thread_may_be_alive_after_its_last_operation_and_is_not_after_it_was_seen_to_have_ended() {
    let all = outcomes(|| {
        let flag = Arc::new(Shared::new(0));
        let thread = spawn({
            let flag = Arc::clone(&flag);
            move || flag.set(1)
        });
        let looks = (flag.get(), thread.is_alive(), thread.is_alive());
        let at_the_end = (thread.wait_for(Duration::MAX), thread.is_alive());
        format!("{looks:?} {at_the_end:?}")
    });
    let expected = [
        "(0, false, false)",
        "(0, true, false)",
        "(0, true, true)",
        "(1, false, false)",
        "(1, true, false)",
        "(1, true, true)",
    ];
    assert_eq!(all, expected.map(|looks| format!("{looks} (true, false)")).join(" | "));
}

#[test]
fn two_lookers_agree_that_what_has_ended_stays_ended() {
    let all = outcomes(|| {
        let thread = Arc::new(spawn(|| ()));
        let other = spawn({
            let thread = Arc::clone(&thread);
            move || thread.is_alive()
        });
        let mine = thread.is_alive();
        let other = other.join().unwrap();
        format!("{mine} {other} {}", thread.is_alive())
    });
    assert_eq!(all, "false false false | false true false | true false false | true true false | true true true");
}

#[test]
fn a_state_is_seen_in_every_stage() {
    let all = outcomes(|| {
        let event = Arc::new(Event::new());
        let mut thread = Thread::new({
            let event = Arc::clone(&event);
            move || event.wait()
        });
        assert_eq!(thread.state(), ThreadState::New);
        assert!(!thread.is_alive() && thread.ident().is_none());
        thread.start().unwrap();
        let before = thread.state();
        event.set();
        thread.wait();
        assert_eq!(thread.state(), ThreadState::Terminated);
        format!("{before:?}")
    });
    assert_eq!(all, "Blocked | Ready | Running");
}

#[test]
fn polling_until_a_thread_has_ended_comes_to_an_end() {
    let by_turns = outcomes(|| {
        let thread = spawn(yield_now);
        while thread.is_alive() {
            yield_now();
        }
        thread.join().is_ok().to_string()
    });
    assert_eq!(by_turns, "true");
    let by_spinning = outcomes(|| {
        let thread = spawn(yield_now);
        while thread.is_alive() {}
        "over".to_owned()
    });
    assert_eq!(by_spinning, "over");
    let by_the_clock = outcomes(|| {
        let thread = spawn(|| sleep(A_WHILE));
        while thread.is_alive() {
            sleep(2 * A_WHILE);
        }
        "over".to_owned()
    });
    assert_eq!(by_the_clock, "over");
}

#[test]
fn a_timed_wait_gives_up_in_virtual_time_and_any_number_may_wait() {
    let all = outcomes(|| {
        let begin = Instant::now();
        let thread = Arc::new(spawn(|| sleep(3 * A_WHILE)));
        let hasty = spawn({
            let thread = Arc::clone(&thread);
            move || thread.wait_for(A_WHILE)
        });
        let patient = spawn({
            let thread = Arc::clone(&thread);
            move || thread.wait()
        });
        let waits = (thread.wait_for(Duration::ZERO), thread.wait_for(2 * A_WHILE), hasty.join().unwrap());
        patient.join().unwrap();
        format!("{waits:?} {} {:?}", thread.wait_for(A_WHILE), begin.elapsed())
    });
    assert_eq!(all, "(false, false, false) true 15ms");
}

#[test]
fn a_timed_join_gives_the_thread_back_and_may_time_out_at_any_moment() {
    fn program() -> String {
        let thread = spawn(|| Shared::new(7).get());
        match thread.join_for(A_WHILE) {
            Ok(value) => format!("{value}"),
            Err(JoinError::TimedOut(thread)) => format!("late {}", thread.join().unwrap()),
            Err(error) => error.to_string(),
        }
    }
    assert_eq!(outcomes(program), "7");
    assert_eq!(outcomes_by(ClockPolicy::Anywhere, program), "7 | late 7");
}

#[test]
fn a_wait_may_time_out_between_the_last_operation_and_the_end() {
    let all = outcomes_by(ClockPolicy::Anywhere, || {
        let flag = Arc::new(Shared::new(0));
        let thread = spawn({
            let flag = Arc::clone(&flag);
            move || flag.set(1)
        });
        format!("{} {}", flag.get(), thread.wait_for(A_WHILE))
    });
    assert_eq!(all, "0 false | 0 true | 1 false | 1 true");
}

#[test]
fn threads_are_listed_from_their_start_to_their_end() {
    let all = outcomes(|| {
        let mut worker = Thread::new(|| ()).name("worker");
        let before = active_count();
        worker.start().unwrap();
        let names: Vec<_> = enumerate().iter().map(|thread| thread.name().unwrap_or("main").to_owned()).collect();
        worker.join().unwrap();
        format!("{before} {} {}", names.join("+"), active_count())
    });
    assert_eq!(all, "1 main 1 | 1 main+worker 1");
    let nested = outcomes(|| {
        let outer = spawn(|| drop(spawn(|| ()).join()));
        let seen = active_count();
        outer.join().unwrap();
        seen.to_string()
    });
    assert_eq!(nested, "1 | 2 | 3");
}

#[test]
fn a_thread_knows_itself_and_main() {
    let all = outcomes(|| {
        let mut thread = Thread::new(|| (current(), main_thread(), get_ident(), get_native_id())).name("P0");
        thread.start().unwrap();
        let (ident, native) = (thread.ident(), thread.native_id());
        let seen = thread.join().unwrap();
        assert_eq!((Some(seen.2), Some(seen.3)), (ident, native));
        assert_eq!((seen.0.ident(), seen.0.name(), seen.1), (ident, Some("P0"), current()));
        assert_ne!(ident, current().ident());
        "itself".to_owned()
    });
    assert_eq!(all, "itself");
}

/// Counts how many of it were dropped, in an execution.
struct Counted(Arc<Shared<u32>>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

#[test]
fn a_local_is_one_value_a_thread_and_gone_when_the_thread_has_ended() {
    static NUMBER: Local<Cell<u32>> = Local::with_init(|| Cell::new(0));
    static KEPT: Local<Counted> = Local::new();
    let all = outcomes(|| {
        let dropped = Arc::new(Shared::new(0));
        let raise = |by: u32| {
            let dropped = Arc::clone(&dropped);
            move || {
                KEPT.set(Counted(dropped));
                NUMBER.with(|number| number.set(number.get() + by));
                yield_now();
                NUMBER.with(|number| number.set(number.get() + by));
                NUMBER.with(Cell::get)
            }
        };
        let one = spawn(raise(1));
        let two = spawn(raise(10));
        let here = NUMBER.with(Cell::get);
        let values = (one.join().unwrap(), two.join().unwrap(), here);
        format!("{values:?} {}", (1..=2).contains(&dropped.get()))
    });
    assert_eq!(all, "(2, 20, 0) true");
}

#[test]
fn a_scope_waits_for_threads_that_borrow() {
    let all = outcomes(|| {
        let total = Shared::new(0);
        scope(|scope| {
            scope.spawn(|| total.set(total.get() + 1));
            scope.spawn(|| total.set(total.get() + 1));
        });
        total.get().to_string()
    });
    assert_eq!(all, "1 | 2");
}

/// What a thread borrows, to notice that it was used after its end.
struct Borrowed {
    alive: AtomicU32,
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        self.alive.store(0, Ordering::Relaxed);
    }
}

/// Uses what it borrows when it is unwound.
struct Last<'borrowed>(&'borrowed Borrowed, &'static AtomicU32);

impl Drop for Last<'_> {
    fn drop(&mut self) {
        self.1.fetch_add(u32::from(self.0.alive.load(Ordering::Relaxed) != 77), Ordering::Relaxed);
    }
}

#[test]
fn an_execution_that_fails_unwinds_those_that_borrow_before_what_they_borrow_from() {
    static USED_LATE: AtomicU32 = AtomicU32::new(0);
    static UNWOUND: AtomicU32 = AtomicU32::new(0);
    type Body = fn(&Event);
    // A deadlock, an endless loop, and a panic in the scope itself, each with a thread that waits and one that never ran.
    let endings: [Body; 3] = [
        |event| event.wait(),
        |_| loop {
            yield_now()
        },
        |_| panic!("in the scope"),
    ];
    for ending in endings {
        for carrier in [Carrier::Coroutines, Carrier::Threads] {
            let explorer = Explorer::builder().carrier(carrier).max_schedules(200).max_steps(200).build();
            let report = explorer.explore(move || {
                let (event, borrowed) = (Event::new(), Borrowed { alive: AtomicU32::new(77) });
                scope(|scope| {
                    for _ in 0..2 {
                        scope.spawn(|| {
                            let _last = Last(&borrowed, &USED_LATE);
                            UNWOUND.fetch_add(1, Ordering::Relaxed);
                            event.wait();
                        });
                    }
                    ending(&event);
                });
            });
            assert!(report.failure.is_some());
        }
    }
    assert!(UNWOUND.load(Ordering::Relaxed) > 0);
    assert_eq!(USED_LATE.load(Ordering::Relaxed), 0, "a thread used what its scope had dropped");
}

#[test]
fn the_program_ends_without_its_daemons_wherever_they_are() {
    let all = printed(|| {
        let mut daemon = Thread::new(|| {
            println!("one");
            println!("two");
            Event::new().wait();
        })
        .daemon(true);
        daemon.start().unwrap();
        assert!(daemon.is_daemon());
        println!("main");
    });
    assert_eq!(all, ["main", "main / one", "main / one / two", "one / main", "one / main / two", "one / two / main"]);
}

#[test]
fn the_program_waits_for_a_thread_that_a_daemon_or_a_thread_starts_late() {
    assert_eq!(printed(|| drop(spawn(|| drop(spawn(|| println!("late")))))), ["late"]);
    let by_a_daemon = printed(|| {
        let mut daemon = Thread::new(|| {
            let mut worker = Thread::new(|| println!("worker")).daemon(false);
            worker.start().unwrap();
            let inherits = Thread::new(|| ());
            assert!(inherits.is_daemon());
        })
        .daemon(true);
        daemon.start().unwrap();
    });
    assert_eq!(by_a_daemon, ["", "worker"]);
}

#[test]
fn a_custom_except_hook_takes_note_of_a_panic_and_lasts_for_the_execution() {
    let told = outcomes(|| {
        let told = Arc::new(Shared::new(0));
        set_except_hook({
            let told = Arc::clone(&told);
            move |end: &ExceptArgs<'_>| {
                assert_eq!(end.panic().message(), "untold");
                told.set(told.get() + 1);
            }
        });
        let thread = spawn(|| panic!("untold"));
        thread.wait();
        told.get().to_string()
    });
    assert_eq!(told, "1");
    assert_eq!(failure(|| drop(spawn(|| panic!("untold")))), Some("panic"), "no hook is left of the last execution");
    assert_eq!(
        failure(|| {
            set_except_hook(|_| panic!("the hook itself"));
            drop(spawn(|| panic!("untold")));
        }),
        Some("panic")
    );
    assert_eq!(
        failure(|| {
            set_except_hook(|_| ()).restore();
            set_except_hook(|_| ());
            reset_except_hook();
            drop(spawn(|| panic!("untold")));
        }),
        Some("panic")
    );
}

#[test]
fn a_probe_in_a_local_s_destructor_is_a_step_of_its_thread() {
    struct Probes;
    impl Drop for Probes {
        fn drop(&mut self) {
            probe("dropped", 1);
        }
    }
    static VALUE: Local<Probes> = Local::new();
    for carrier in [Carrier::Coroutines, Carrier::Threads] {
        let mut seen = BTreeSet::new();
        let report = Explorer::builder().carrier(carrier).build().visit(
            || {
                VALUE.set(Probes);
                spawn(|| VALUE.set(Probes)).join().unwrap();
            },
            |execution| {
                seen.insert(execution.probes.iter().map(|probe| probe.thread).collect::<Vec<_>>());
            },
        );
        assert_eq!(report.failure.map(|failure| failure.kind), None);
        assert_eq!(seen, BTreeSet::from([vec![1, 0]]));
    }
}
