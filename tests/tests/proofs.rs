//! What is proven of each primitive, and how far, as a table: every search below runs, and says what it ran.
//!
//! `cargo test -p threadcraft-tests --release --test proofs -- --include-ignored --nocapture` prints it; it is part of
//! `cargo xtask ci --nightly`. `THREADCRAFT_PROOFS` with the name of a primitive leaves the others out.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use threadcraft::{
    Barrier, BoundedSemaphore, Condition, Event, Queue, RLock, RawLock, Semaphore, Shutdown, TimerService,
};
use threadcraft_explore::{ClockPolicy, Explorer, Grain, Report, Strategy};
use threadcraft_tests::model::{queue, rounds, timer, verdict};
use threadcraft_tests::mutants::barrier::{self, MutantBarrier};
use threadcraft_tests::mutants::condition::{self, MutantCondition};
use threadcraft_tests::mutants::event::{self, MutantEvent};
use threadcraft_tests::mutants::lock::{self, MutantLock};
use threadcraft_tests::mutants::rlock::{self, MutantRLock};
use threadcraft_tests::mutants::semaphore::{self, MutantSemaphore};
use threadcraft_tests::races;

/// How much of two threads with two rounds is run to the end, deadlines passing anywhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum TwoRounds {
    /// All, if no wait returns for no reason and no exchange fails for none.
    Undisturbed,
    /// All, with one such disturbance in each execution.
    Whole,
}

/// A primitive, and the program that it is searched with: of so many threads and rounds.
struct Subject {
    name: &'static str,
    explore: fn(&Explorer, usize, usize) -> Report,
    outcomes: fn(usize, usize) -> Vec<String>,
    two_rounds: TwoRounds,
}

/// The program of a subject.
macro_rules! explored {
    ($($program:tt)*) => {
        |explorer, threads, rounds| explorer.explore(move || $($program)*(threads, rounds))
    };
}

fn product(threads: usize, rounds: usize) -> Vec<String> {
    vec![(threads * rounds).to_string()]
}

/// What the program checks holds.
fn holds(_: usize, _: usize) -> Vec<String> {
    vec!["true".to_owned()]
}

fn one_each_round(threads: usize, rounds: usize) -> Vec<String> {
    vec![format!("{:?}", vec![rounds; threads])]
}

/// All have passed equally often.
fn equally_often(threads: usize, rounds: usize) -> Vec<String> {
    (0..=rounds).map(|passed| format!("{:?}", vec![passed; threads])).collect()
}

#[rustfmt::skip]
const SUBJECTS: [Subject; 13] = {
    use TwoRounds::{Undisturbed, Whole};
    [
        Subject { name: "Lock", explore: explored!(rounds::lock::<RawLock>), outcomes: holds, two_rounds: Whole },
        Subject { name: "RLock", explore: explored!(rounds::rlock::<RLock<()>>), outcomes: holds, two_rounds: Undisturbed },
        Subject { name: "Semaphore", explore: explored!(rounds::semaphore::<Semaphore>), outcomes: holds, two_rounds: Whole },
        Subject { name: "BoundedSemaphore", explore: explored!(rounds::semaphore::<BoundedSemaphore>), outcomes: holds, two_rounds: Whole },
        Subject { name: "Event", explore: explored!(rounds::event::<Event>), outcomes: product, two_rounds: Whole },
        Subject { name: "Event for all", explore: explored!(rounds::broadcast::<Event>), outcomes: one_each_round, two_rounds: Whole },
        Subject { name: "Condition, in turns", explore: explored!(rounds::in_turns::<Condition>), outcomes: product, two_rounds: Undisturbed },
        Subject { name: "Condition, one notifies", explore: explored!(rounds::announced::<Condition>), outcomes: holds, two_rounds: Undisturbed },
        Subject { name: "Condition, each notifies", explore: explored!(rounds::by_turns_heard::<Condition>), outcomes: holds, two_rounds: Whole },
        Subject { name: "Condition, side by side", explore: explored!(rounds::side_by_side::<Condition>), outcomes: holds, two_rounds: Undisturbed },
        Subject { name: "Monitor, in turns", explore: explored!(rounds::monitor), outcomes: product, two_rounds: Undisturbed },
        Subject { name: "Monitor, each notifies", explore: explored!(rounds::monitor_heard), outcomes: holds, two_rounds: Whole },
        Subject { name: "Barrier", explore: explored!(rounds::barrier::<Barrier>), outcomes: equally_often, two_rounds: Whole },
    ]
};

/// A search. The grain is fine in all: each atomic access is a step.
#[derive(Clone, Copy)]
struct Row {
    threads: usize,
    rounds: usize,
    /// How many returns for no reason and weak failures an execution may have.
    rare: u32,
    clock: ClockPolicy,
    strategy: Strategy,
    budget: u64,
    /// Subjects of which at least so much can be run are to be run to the end.
    whole_from: Option<TwoRounds>,
}

const ONE_ROUND: Row = Row {
    threads: 2,
    rounds: 1,
    rare: 1,
    clock: ClockPolicy::Anywhere,
    strategy: Strategy::Dpor,
    budget: 1_000_000,
    whole_from: Some(TwoRounds::Undisturbed),
};

/// Beyond what can be run to the end.
const fn more(threads: usize, strategy: Strategy, budget: u64) -> Row {
    Row { threads, strategy, budget, whole_from: None, ..ONE_ROUND }
}

/// The budget of a search that is not to come to its end.
const CUT: u64 = 200_000;

const ROWS: [Row; 10] = [
    ONE_ROUND,
    Row { rounds: 2, rare: 0, budget: 3_000_000, ..ONE_ROUND },
    Row { rounds: 2, budget: 3_000_000, whole_from: Some(TwoRounds::Whole), ..ONE_ROUND },
    more(3, Strategy::Bounded(2), CUT),
    more(3, Strategy::Dpor, CUT),
    more(4, Strategy::Bounded(2), CUT),
    more(5, Strategy::Random, 50_000),
    more(5, Strategy::Pct(3), 50_000),
    more(8, Strategy::Random, 20_000),
    more(8, Strategy::Pct(3), 20_000),
];

impl Row {
    fn explorer(&self) -> Explorer {
        let explorer = Explorer::builder().grain(Grain::Fine).clock(self.clock).rare(self.rare);
        // The budget alone ends a search, so that the table is the same everywhere.
        explorer.strategy(self.strategy).max_schedules(self.budget).time_limit(Duration::MAX).build()
    }

    /// How far the search came.
    fn extent(&self, report: &Report) -> String {
        match self.strategy {
            _ if report.complete => "complete".to_owned(),
            Strategy::Bounded(most) if report.schedules < self.budget => format!("all with ≤ {most} preemptions"),
            _ => "bounded by the budget".to_owned(),
        }
    }

    /// Runs the search; comes to its line of the table, and to what is wrong.
    fn run(&self, subject: &Subject) -> (String, Option<String>) {
        let to_be_whole = self.whole_from.is_some_and(|least| subject.two_rounds >= least);
        let budget = if to_be_whole { self.budget } else { self.budget.min(CUT) };
        let Self { threads, rounds, rare, clock, strategy, .. } = self;
        let row = Self { budget, ..*self };
        let report = (subject.explore)(&row.explorer(), *threads, *rounds);
        let (extent, executions) = (row.extent(&report), report.schedules);
        let search = format!("| {} | {threads} | {rounds} | fine | {clock:?} | {rare} | {strategy:?}", subject.name);
        let line = format!("{search} | {budget} | {executions} | {extent} |");
        let expected = (subject.outcomes)(*threads, *rounds);
        let found = verdict(&report, &expected.iter().map(String::as_str).collect::<Vec<_>>());
        let fault = if found != "right" {
            format!("{found}; outcomes {}", report.outcomes)
        } else if to_be_whole && !report.complete {
            format!("not run to the end: {:?}", report.cut)
        } else if report.complete && report.outcomes.iter().count() != expected.len() {
            format!("comes to {} alone, not to all of {expected:?}", report.outcomes)
        } else {
            return (line, None);
        };
        (line, Some(format!("{search}: {fault}")))
    }
}

#[test]
#[ignore = "it takes minutes: cargo xtask ci --nightly"]
fn every_primitive_is_right_as_far_as_the_table_says() {
    let only = std::env::var("THREADCRAFT_PROOFS").ok();
    let subjects = SUBJECTS.iter().filter(|subject| only.as_deref().is_none_or(|name| subject.name.starts_with(name)));
    let searches: Vec<(&Subject, &Row)> =
        subjects.flat_map(|subject| ROWS.iter().map(move |row| (subject, row))).collect();
    println!("| primitive | threads | rounds | grain | clock | disturbances | search | budget | executions | extent |");
    println!("|---|--:|--:|---|---|--:|---|--:|--:|---|");
    // As many at a time as there are processors; each line is printed when those before it are.
    let (next, done) = (Mutex::new(0..searches.len()), Mutex::new((0, BTreeMap::new(), Vec::new())));
    let work = || {
        while let Some(index) = { next.lock().expect("nothing panics with it").next() } {
            let (subject, row) = searches[index];
            let (line, fault) = row.run(subject);
            let mut done = done.lock().expect("nothing panics with it");
            let (printed, lines, faults) = &mut *done;
            lines.insert(index, line);
            faults.extend(fault);
            while let Some(line) = lines.remove(printed) {
                println!("{line}");
                *printed += 1;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let (_, _, faults) = done.into_inner().expect("nothing panics with it");
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// A race of two threads, in the smallest program that has it.
struct Race {
    name: &'static str,
    clock: ClockPolicy,
    explore: fn(&Explorer) -> Report,
    outcomes: &'static [&'static str],
}

/// A program without parameters.
macro_rules! race {
    ($name:literal, $clock:ident, $outcomes:expr, $program:expr) => {
        Race {
            name: $name,
            clock: ClockPolicy::$clock,
            explore: |explorer| explorer.explore($program),
            outcomes: &$outcomes,
        }
    };
}

#[rustfmt::skip]
const RACES: [Race; 15] = [
    race!("pool: cancel, run", WhenIdle, ["(false, true, 0)", "(true, false, 1)"], || races::lone_cancel(true)),
    race!("pool: end, wait", WhenIdle, ["1"], || races::lone_wait(true)),
    race!("pool: end, callback, drop", WhenIdle, ["(1, 0)"], || races::lone_end(true)),
    race!("pool: run, drop", WhenIdle, ["(true, 1, 0)"], races::lone_drop),
    race!("pool: desk, take from it", WhenIdle, ["(1, 1, [1, 1])", "(2, 0, [1, 1])"], || races::lone_desk(1, true)),
    race!("pool: desk, look at it", WhenIdle, ["(2, 0, [1, 1])"], || races::lone_desk(1, false)),
    race!("pool: submit, sleep", WhenIdle, ["[1]"], || races::lone_sleepers(1)),
    race!("pool: shutdown, sleep", WhenIdle, [""], races::lone_end_of_a_sleeper),
    race!("pool: shutdown, last job", WhenIdle, ["(true, 1)"], || races::lone_last_job(Shutdown::NoWait)),
    race!("timer: call, join", Anywhere, ["(1, true)"], timer::joined::<TimerService>),
    race!("timer: cancel, call", WhenIdle, ["(false, 1)", "(true, 0)"], timer::cancel_against_fire::<TimerService>),
    race!("timer: shutdown, call", WhenIdle, ["(0, 0)", "(1, 0)"], timer::shutdown_against_fire::<TimerService>),
    race!("queue: shutdown, get", WhenIdle, ["None"], || queue::shutdown_against_get::<Queue<u32>>(0, false)),
    race!("queue: last item, get", WhenIdle, ["Some(0)"], || queue::shutdown_against_get::<Queue<u32>>(1, false)),
    race!("queue: immediate, get", WhenIdle, ["None", "Some(0)"], || queue::shutdown_against_get::<Queue<u32>>(1, true)),
];

impl Race {
    /// Runs all its interleavings, prints its line, and returns what is wrong.
    fn run(&self) -> Option<String> {
        let Self { name, clock, explore, outcomes } = self;
        let row = Row { clock: *clock, budget: 2_000_000, ..ONE_ROUND };
        let report = explore(&row.explorer());
        let search = format!("| {name} | 2 | 1 | fine | {clock:?} | {} | {:?}", row.rare, row.strategy);
        println!("{search} | {} | {} | {} |", row.budget, report.schedules, row.extent(&report));
        let found: Vec<&str> = report.outcomes.iter().map(|(outcome, _)| outcome).collect();
        let is_proven = report.complete && report.failure.is_none() && found == *outcomes;
        (!is_proven).then(|| format!("{search}: {}; {found:?}; {:?}", verdict(&report, outcomes), report.cut))
    }
}

#[test]
#[ignore = "it takes minutes: cargo xtask ci --nightly"]
fn the_races_of_pools_timers_and_queues_are_run_to_the_end() {
    println!("| race | threads | rounds | grain | clock | disturbances | search | budget | executions | extent |");
    println!("|---|--:|--:|---|---|--:|---|--:|--:|---|");
    let faults: Vec<String> = RACES.iter().filter_map(Race::run).collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// The first of the searches to find anything, with a small budget, comes to this verdict.
#[track_caller]
fn caught(
    right_verdict: &str,
    expected: fn(usize, usize) -> Vec<String>,
    explore: fn(&Explorer, usize, usize) -> Report,
) {
    let quick = ROWS.iter().map(|row| Row { budget: 5_000, ..*row });
    let found = quick.map(|row| {
        let expected = expected(row.threads, row.rounds);
        verdict(
            &explore(&row.explorer(), row.threads, row.rounds),
            &expected.iter().map(String::as_str).collect::<Vec<_>>(),
        )
    });
    assert_eq!(found.into_iter().find(|&found| found != "right"), Some(right_verdict));
}

/// One test for each: `name: verdict, outcomes, program`.
macro_rules! caught {
    ($($name:ident: $verdict:literal, $expected:expr, $program:expr;)*) => {
        $(
            #[test]
            fn $name() {
                caught($verdict, $expected, explored!($program));
            }
        )*
    };
}

caught! {
    a_lock_that_swallows_a_wake_up: "deadlock", holds, rounds::lock::<MutantLock<lock::SwallowsWakeUp>>;
    a_lock_that_forgets_who_sleeps: "deadlock", holds, rounds::lock::<MutantLock<lock::ForgetsSleepers>>;
    an_rlock_owned_in_vain: "deadlock", holds, rounds::rlock::<MutantRLock<rlock::OwnsInVain>>;
    a_semaphore_that_publishes_nothing: "data-race", holds,
        rounds::semaphore::<MutantSemaphore<semaphore::RelaxedRelease>>;
    an_event_slept_over: "deadlock", product, rounds::event::<MutantEvent<event::SleepsOverTheSet>>;
    an_event_for_one: "deadlock", one_each_round, rounds::broadcast::<MutantEvent<event::WakesOne>>;
    a_condition_that_forgets_the_next: "deadlock", product,
        rounds::in_turns::<MutantCondition<condition::ForgetsTheNext>>;
    a_condition_that_queues_too_late: "data-race", product,
        rounds::in_turns::<MutantCondition<condition::QueuesAfterRelease>>;
    a_condition_that_swallows_a_notification: "outcome", holds,
        rounds::announced::<MutantCondition<condition::SwallowsNotification>>;
    a_condition_that_wakes_for_no_reason: "outcome", holds,
        rounds::by_turns_heard::<MutantCondition<condition::GoesOnForNoReason>>;
    a_condition_that_keeps_who_gave_up: "outcome", holds,
        rounds::side_by_side::<MutantCondition<condition::StaysInTheQueue>>;
    a_barrier_that_is_given_up_blindly: "outcome", equally_often,
        rounds::barrier::<MutantBarrier<barrier::GivesUpBlindly>>;
}
