//! What a check reports, seen on small programs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use threadcraft::{Event, Lock, Shared, probe, sleep, spawn, work};
use threadcraft_explore::Execution;
use threadcraft_explore::check::{CheckReport, Part, PartKind};

use crate::protocol::Request;
use crate::{Check, Goal, Program, facts};

/// Two threads raise a counter in two steps each; main says how far it came.
fn racy() {
    let counter = Arc::new(Shared::new(0).named("counter"));
    let raisers = [(); 2].map(|()| {
        let counter = Arc::clone(&counter);
        spawn(move || counter.set(counter.get() + 1))
    });
    for raiser in raisers {
        raiser.join().expect("raised");
    }
    threadcraft::println!("counter = {}", counter.get());
}

/// Two threads that say when they are in and when they are out, with nothing between them.
fn meeting() {
    let enter = || {
        probe("inside", 1);
        probe("inside", -1);
    };
    let (one, other) = (spawn(enter), spawn(enter));
    one.join().expect("went");
    other.join().expect("went");
}

fn report(schedule: Option<&str>, check: impl FnOnce(&mut Check)) -> CheckReport {
    asked(schedule, None, None, check)
}

/// What is reported if this is asked: a schedule, played on a program, of which of several.
pub(super) fn asked(
    schedule: Option<&str>,
    play: Option<&str>,
    title: Option<&str>,
    check: impl FnOnce(&mut Check),
) -> CheckReport {
    let request = serde_json::json!({
        "token": "t", "fd": 3, "schedule": schedule, "saved": "v1:b", "play": play, "title": title,
    });
    let text = request.to_string();
    let request: Request = serde_json::from_str(&text).expect("a request");
    let mut all = Check::new(&request);
    check(&mut all);
    all.into_report("test", request.token)
}

/// The part of a check that has one.
pub(super) fn only_part(check: impl FnOnce(&mut Check)) -> Part {
    let mut report = report(None, check);
    assert_eq!((report.token.as_str(), report.exercise.as_str(), report.parts.len()), ("t", "test", 1));
    report.parts.remove(0)
}

fn broken_by(schedule: &str) -> CheckReport {
    report(None, |check| {
        check.break_it(racy, schedule, Goal::outcome_other_than("counter = 2"));
        check.explore(Program::new("every schedule", racy).outcomes());
    })
}

#[test]
fn a_schedule_that_breaks_the_program_opens_the_way_to_the_next_part() {
    let report = broken_by("abcbc");
    let [broken, explored] = &report.parts[..] else { panic!("two parts: {report:?}") };
    assert_eq!((broken.kind, explored.kind), (PartKind::Break, PartKind::Explore));
    assert!(broken.claims[0].holds && broken.claims.len() == 1, "{:?}", broken.claims);
    assert_eq!(broken.examples[0].outcome, "counter = 1");
    assert_eq!(explored.snapshot.as_ref().expect("compared").contents, "counter = 1\ncounter = 2");
}

#[test]
fn each_outcome_is_shown_by_the_simplest_execution_that_ends_in_it() {
    let part = only_part(|check| check.explore(Program::new("every schedule", racy).outcomes()));
    let shown = part.examples.iter().map(|example| {
        assert_eq!(example.trace.outcome.as_ref(), Some(&example.outcome), "its execution ends in it");
        (example.outcome.as_str(), example.preemptions)
    });
    assert_eq!(shown.collect::<Vec<_>>(), [("counter = 2", 0), ("counter = 1", 1)], "the simplest first");
}

#[test]
fn until_the_program_is_broken_nothing_else_is_run_and_the_report_says_so() {
    static RUN: AtomicBool = AtomicBool::new(false);
    let part = only_part(|check| {
        check.break_it(racy, "ab2", Goal::outcome_other_than("counter = 2"));
        // Relaxed: only this thread and those it waits for touch it.
        check.explore(Program::new("every schedule", || RUN.store(true, Ordering::Relaxed)));
    });
    // Relaxed: as above.
    assert!(!RUN.load(Ordering::Relaxed));
    assert_eq!(part.claims[0].verdict, "not-broken");
    assert!(part.claims[0].seen.contains("`counter = 2`"), "{}", part.claims[0].seen);
    assert!(part.claims[1].text.contains("every schedule"), "{}", part.claims[1].text);
    assert_eq!(part.examples[0].trace.steps.len(), 9, "what the schedule does is shown: {:?}", part.examples[0].trace);
}

#[test]
fn an_empty_schedule_is_not_broken_and_is_called_empty() {
    let report = broken_by(" ");
    assert_eq!(report.parts[0].claims[0].verdict, "not-broken");
    assert!(report.parts[0].claims[0].seen.contains("empty"), "{:?}", report.parts[0].claims);
}

#[test]
fn a_schedule_that_cannot_be_read_or_followed_is_a_bad_schedule() {
    for (schedule, why) in [("ABCBC", "small"), ("abdbd", "letter 3"), ("aa", "letter 2")] {
        let report = broken_by(schedule);
        let [part] = &report.parts[..] else { panic!("one part: {report:?}") };
        assert_eq!(part.claims[0].verdict, "bad-schedule", "{schedule}");
        assert!(part.claims[0].seen.contains(why), "{schedule}: {}", part.claims[0].seen);
    }
}

/// Two threads take two locks in opposite orders; each says when it has passed.
fn opposite() {
    let locks = Arc::new((Lock::new(()), Lock::new(())));
    let one = spawn({
        let locks = Arc::clone(&locks);
        move || {
            drop((locks.0.lock(), locks.1.lock()));
            threadcraft::println!("passed");
        }
    });
    let other = spawn(move || {
        drop((locks.1.lock(), locks.0.lock()));
        threadcraft::println!("passed");
    });
    one.join().expect("passed");
    other.join().expect("passed");
}

#[test]
fn a_deadlock_goal_is_reached_by_a_deadlock_only() {
    let holds = |schedule: &str| {
        let part = only_part(|check| check.break_it(opposite, schedule, Goal::deadlock()));
        (part.claims[0].holds, part.report.failure.map(|failure| failure.kind.name()))
    };
    assert_eq!(holds("abc"), (true, Some("deadlock")));
    assert_eq!(holds("ab2"), (false, None));
}

#[test]
fn a_happening_goal_is_reached_where_it_happens() {
    let claim = |schedule: &str| {
        let goal = Goal::happens("two are inside", |execution| facts::highest(execution, "inside") == 2);
        only_part(|check| check.break_it(meeting, schedule, goal)).claims.remove(0)
    };
    assert!(claim("abc").holds);
    let missed = claim("ab2c2");
    assert_eq!((missed.holds, missed.seen.as_str()), (false, "it does not happen that two are inside"));
}

#[test]
fn a_claim_for_every_schedule_is_refuted_by_the_simplest_execution_against_it() {
    let part = only_part(|check| {
        check.explore(
            Program::new("every schedule", racy)
                .every_schedule("two are started", |execution| facts::started(execution).len() == 2)
                .main_ends_with("counter = 2"),
        );
    });
    let [started, ends] = &part.claims[..] else { panic!("two claims: {part:?}") };
    assert!(started.holds && started.refuted_by.is_none());
    assert_eq!((ends.holds, ends.verdict.as_str(), ends.seen.as_str()), (false, "property", "it is `counter = 1`"));
    let refuted_by = ends.refuted_by.as_ref().expect("one execution does");
    assert_eq!((refuted_by.preemptions, refuted_by.kind.name()), (1, "property"));
    assert_eq!(refuted_by.trace.outcome.as_deref(), Some("counter = 1"));
}

#[test]
fn an_execution_that_failed_speaks_neither_for_nor_against_a_claim() {
    let part = only_part(|check| {
        check.explore(
            Program::new("every schedule", opposite)
                .every_schedule("both pass", |execution| execution.printed.len() == 2)
                .some_schedule("nobody passes", |execution| execution.printed.is_empty()),
        );
    });
    assert_eq!(part.report.failure.expect("they can meet").kind.name(), "deadlock");
    let [both_pass] = &part.claims[..] else { panic!("the other is not decided: {:?}", part.claims) };
    assert!(both_pass.holds, "it is the deadlock that is wrong: {}", both_pass.seen);
}

#[test]
fn main_speaks_last_if_it_has_waited_for_all_who_print() {
    let holds = |run: fn()| only_part(|check| check.explore(Program::new("p", run).main_speaks_last())).claims[0].holds;
    assert!(holds(racy));
    assert!(!holds(|| {
        let _late = spawn(|| threadcraft::println!("late"));
        threadcraft::println!("over");
    }));
    assert!(!holds(|| spawn(|| ()).join().expect("it ended")));
}

#[test]
fn a_claim_for_some_schedule_holds_if_one_shows_it() {
    let part = only_part(|check| {
        check.explore(
            Program::new("every schedule", meeting)
                .some_schedule("two meet", |execution| facts::highest(execution, "inside") == 2)
                .some_schedule("three meet", |execution| facts::highest(execution, "inside") == 3),
        );
    });
    let [two, three] = &part.claims[..] else { panic!("two claims: {part:?}") };
    assert!(two.holds);
    assert!(!three.holds && three.seen.contains("none of the"), "{}", three.seen);
}

#[test]
fn threads_that_are_joined_before_the_next_is_started_are_never_alive_at_once() {
    fn in_turn() {
        spawn(|| probe("here", 1)).join().expect("passed");
        spawn(|| probe("here", 1)).join().expect("passed");
    }
    let at_once = |run: fn()| {
        let part = only_part(|check| check.explore(Program::new("every schedule", run).threads(2).alive_at_once(2)));
        assert!(part.claims[0].holds, "two threads: {:?}", part.claims);
        part.claims[1].holds
    };
    assert!(at_once(meeting));
    assert!(!at_once(in_turn));
}

#[test]
fn what_is_only_printed_is_not_shared() {
    fn printed() {
        spawn(|| drop(Lock::new(0).lock())).join().expect("passed");
        threadcraft::println!("counter = 2");
    }
    fn shared_by_others() {
        let lock = Arc::new(Lock::new(0));
        let others = [(); 2].map(|()| {
            let lock = Arc::clone(&lock);
            spawn(move || *lock.lock() += 1)
        });
        for other in others {
            other.join().expect("passed");
        }
    }
    let shares = |run: fn(), count| {
        let part = only_part(|check| check.explore(Program::new("every schedule", run).shares_with_main(count)));
        part.claims[0].holds
    };
    assert!(shares(racy, 2));
    assert!(!shares(racy, 3));
    assert!(!shares(printed, 1));
    assert!(!shares(shared_by_others, 1), "main has no part in it");
}

#[test]
fn what_a_thread_holds_is_counted_object_by_object_while_it_is_held() {
    let holds = |run: fn(), count| {
        let most = move |execution: &Execution| facts::most_held(execution, 0) == count;
        let program = Program::new("every schedule", run).every_schedule("so many at once", most);
        only_part(|check| check.explore(program)).claims[0].holds
    };
    assert!(holds(
        || {
            let (one, other) = (Lock::new(()), Lock::new(()));
            let _both = (one.lock(), other.lock());
        },
        2
    ));
    assert!(holds(
        || {
            let (one, other) = (Lock::new(()), Lock::new(()));
            drop(one.lock());
            drop(one.lock());
            drop(other.lock());
        },
        1
    ));
}

#[test]
fn a_program_that_does_nothing_fails_whatever_is_claimed_of_it() {
    let part = only_part(|check| check.explore(Program::new("every schedule", || ()).output()));
    assert_eq!(part.report.failure.expect("nothing was recorded").kind.name(), "nothing-recorded");
}

#[test]
fn what_a_program_returns_is_its_outcome_unless_the_check_says_otherwise() {
    let contents =
        |program: Program| only_part(|check| check.explore(program.outcomes())).snapshot.expect("compared").contents;
    let seven = || {
        threadcraft::println!("a line");
        7
    };
    assert_eq!(contents(Program::new("returned", seven)), "7");
    let lines = |execution: &Execution| format!("{} line", execution.printed.len());
    assert_eq!(contents(Program::new("said", seven).outcome_is(lines)), "1 line");
}

#[test]
fn one_schedule_is_shown_of_the_learners_program_and_not_judged() {
    let report = report(Some("abcbc"), |check| {
        check.break_it(meeting, "", Goal::deadlock());
        check.explore(Program::new("every schedule", racy).threads(7).outcomes());
        check.explore(Program::new("another", meeting));
    });
    let [part] = &report.parts[..] else { panic!("one part: {report:?}") };
    assert_eq!((part.kind, part.snapshot.as_ref()), (PartKind::Replay, None));
    assert_eq!(part.examples[0].outcome, "counter = 1");
    assert!(part.claims.iter().all(|claim| claim.holds), "{:?}", part.claims);
}

#[test]
fn where_there_is_only_a_program_to_break_that_one_is_shown() {
    let report = report(Some("abc"), |check| check.break_it(meeting, "", Goal::deadlock()));
    assert_eq!(report.parts[0].kind, PartKind::Replay);
    assert_eq!(report.parts[0].report.schedules, 1);
}

/// A check of both kinds, played on one of its programs.
fn played(schedule: &str, program: &str) -> Part {
    let mut report = asked(Some(schedule), Some(program), None, |check| {
        check.break_it(racy, "never looked at", Goal::outcome_other_than("counter = 2"));
        check.explore(Program::new("every schedule", racy).threads(3).alive_at_once(9).outcomes());
        check.explore(Program::new("another", meeting));
    });
    assert_eq!(report.parts.len(), 1, "{report:?}");
    report.parts.remove(0)
}

#[test]
fn the_given_program_is_played_towards_its_goal() {
    let part = played("ab", "given");
    let standing = &part.played.as_ref().expect("it was asked for").standing;
    assert_eq!((part.kind, standing.taken.to_string().as_str(), standing.rows), (PartKind::Break, "ab", 2));
    assert!(!part.claims[0].holds && part.claims[0].seen.contains("`counter = 2`"), "{:?}", part.claims);
    assert!(played("abc", "given").claims[0].holds, "what is left goes wrong by itself");
    assert!(!played("", "given").claims[0].seen.contains("SCHEDULE"), "nobody looks at the file");
    assert_eq!(played("abq", "given").claims[0].verdict, "bad-schedule");
}

#[test]
fn the_learners_program_is_played_against_all_that_one_schedule_can_refute() {
    let part = played("abcbc", "yours");
    let claims: Vec<_> = part.claims.iter().map(|claim| (claim.text.as_str(), claim.holds)).collect();
    let starts = "the program starts 3 threads of its own";
    assert_eq!(claims, [("the schedule can be followed", true), (starts, false)], "nothing of other schedules");
    let snapshot = part.snapshot.expect("compared");
    assert_eq!((snapshot.name.as_str(), snapshot.contents.as_str()), ("outcomes", "counter = 1"));
    assert!(part.played.is_some());
}

#[test]
fn without_a_program_to_break_there_is_nothing_given_to_play() {
    let report = asked(Some("a"), Some("given"), None, |check| check.explore(Program::new("p", racy)));
    assert!(report.parts.is_empty());
}

/// A thread that sleeps twice, with a lock and without, and one that asks an event again and again.
fn slow_and_impatient() {
    let (desk, open) = (Arc::new(Lock::new(())), Arc::new(Event::new()));
    let slow = spawn({
        let (desk, open) = (Arc::clone(&desk), Arc::clone(&open));
        move || {
            sleep(Duration::from_millis(1));
            let _desk = desk.lock();
            sleep(Duration::from_millis(1));
            open.set();
        }
    });
    let impatient = spawn(move || {
        while !open.is_set() {
            sleep(Duration::from_millis(1));
        }
    });
    slow.join().expect("it woke");
    impatient.join().expect("it was told");
}

#[test]
fn who_sleeps_with_a_lock_and_who_polls_is_seen() {
    let part = only_part(|check| {
        check.explore(
            Program::new("every schedule", slow_and_impatient)
                .every_schedule("b is slow", |execution| facts::is_slow_while_holding(execution, 1))
                .every_schedule("b does not poll", |execution| !facts::polls(execution, 1))
                .every_schedule("c holds nothing", |execution| !facts::is_slow_while_holding(execution, 2))
                .some_schedule("c polls, and is named", |execution| {
                    facts::nobody_polls(execution) == Err("thread c asks again and again".to_owned())
                }),
        );
    });
    assert!(part.claims.iter().all(|claim| claim.holds), "{:?}", part.claims);
    let early = only_part(|check| {
        check.explore(Program::new("every schedule", racy).every_schedule("nobody polls", facts::nobody_polls));
    });
    assert!(early.claims[0].holds, "each reads once: {:?}", early.claims);
}

#[test]
fn cores_and_the_grain_are_the_check_s_to_choose() {
    let two_jobs = || {
        let jobs = [(); 2].map(|()| spawn(|| work(Duration::from_millis(10))));
        jobs.into_iter().for_each(|job| job.join().expect("worked"));
    };
    let took = |cores: usize, millis: u64| {
        let part = only_part(|check| {
            let claim = move |execution: &Execution| execution.elapsed == Duration::from_millis(millis);
            check.explore(Program::new("every schedule", two_jobs).cores(cores).every_schedule("it takes", claim));
        });
        part.claims[0].holds
    };
    assert!(took(1, 20) && took(2, 10) && !took(1, 10));
    // In fine grain what happens inside a call that must wait is seen, too: there are more orders.
    let two_lock = || {
        let desk = Arc::new(Lock::new(()));
        let both = [(); 2].map(|()| {
            let desk = Arc::clone(&desk);
            spawn(move || drop(desk.lock()))
        });
        both.into_iter().for_each(|one| one.join().expect("it had the desk"));
    };
    let orders = |program: Program| {
        let part = only_part(|check| check.explore(program.outcomes()));
        (part.report.schedules, part.report.complete)
    };
    let (coarse, proven) = orders(Program::new("every schedule", two_lock));
    let (fine, proven_too) = orders(Program::new("every schedule", two_lock).fine_grain());
    assert!(fine > coarse && proven && proven_too, "{fine} orders and {coarse}");
}
