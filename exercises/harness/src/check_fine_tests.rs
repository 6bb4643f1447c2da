//! What a check says of programs in fine grain, and of one program among several.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::atomic::{AtomicU32, Ordering, spin_loop};
use threadcraft::{futex, sleep, spawn};

use super::tests::{asked, only_part};
use crate::{Check, Program, facts};

/// Whether a waiter has found the number set, if it looks once.
fn looks_once() -> bool {
    let number = Arc::new(AtomicU32::new(0));
    let setter = spawn({
        let number = Arc::clone(&number);
        move || number.store(1, Ordering::Release)
    });
    let found = number.load(Ordering::Acquire) == 1;
    setter.join().expect("it is set");
    found
}

/// Main makes a thread wait for a millisecond; it waits so.
fn kept_waiting(wait: fn(&AtomicU32)) {
    let number = Arc::new(AtomicU32::new(0));
    let waiter = spawn({
        let number = Arc::clone(&number);
        move || {
            while number.load(Ordering::Acquire) == 0 {
                wait(&number);
            }
        }
    });
    sleep(Duration::from_millis(1));
    number.store(1, Ordering::Release);
    futex::wake(&raw const *number, 1);
    waiter.join().expect("it has waited");
}

#[test]
fn every_outcome_that_is_named_must_happen_and_no_other() {
    let held = |outcomes: &'static [&'static str]| -> Vec<bool> {
        let program = Program::new("it looks", looks_once).fine_grain().comes_to("it is set, or not yet", outcomes);
        only_part(|check| check.explore(program)).claims.iter().map(|claim| claim.holds).collect()
    };
    assert_eq!(held(&["false", "true"]), [true; 3]);
    assert_eq!(held(&["true"]), [false], "it may be too early");
    assert_eq!(held(&["false", "true", "perhaps"]), [true, true, true, false]);
}

#[test]
fn who_waits_sleeps_or_does_not() {
    let says = |wait: fn(&AtomicU32)| {
        let program = Program::new("one waits", move || kept_waiting(wait)).fine_grain();
        let part = only_part(|check| check.explore(program.every_schedule("it sleeps", facts::who_waits_sleeps)));
        (part.claims[0].holds, part.claims[0].seen.clone())
    };
    assert_eq!(says(|number| _ = futex::wait(number, 0, None)), (true, String::new()));
    let pauses = (false, "who waits pauses, and looks again".to_owned());
    assert_eq!(says(|_| spin_loop()), pauses);
    assert_eq!(says(|_| sleep(Duration::from_micros(400))), pauses);
}

#[test]
fn an_undisturbed_program_has_fewer_schedules() {
    let sleeps = || kept_waiting(|number| _ = futex::wait(number, 0, None));
    let schedules = |program: Program| only_part(|check| check.explore(program)).report.schedules;
    let disturbed = schedules(Program::new("one waits", sleeps).fine_grain());
    let undisturbed = schedules(Program::new("one waits", sleeps).fine_grain().undisturbed());
    assert!(undisturbed < disturbed, "{undisturbed} and {disturbed}");
}

#[test]
fn of_several_programs_the_one_that_is_named_is_replayed_and_else_the_first() {
    let check = |check: &mut Check| {
        check.explore(Program::new("the first", || 1));
        check.explore(Program::new("it looks", looks_once).fine_grain());
    };
    let outcome = |title: Option<&str>, play: Option<&str>| {
        let report = asked(Some("ab"), play, title, check);
        assert_eq!(report.parts.len(), 1);
        report.parts[0].examples.first().map(|example| example.outcome.clone())
    };
    for play in [None, Some("yours")] {
        assert_eq!(outcome(Some("it looks"), play).as_deref(), Some("true"), "{play:?}, in fine grain");
    }
    let report = asked(Some(""), None, Some("gone"), check);
    assert_eq!(report.parts[0].examples[0].outcome, "1", "an old title");
}
