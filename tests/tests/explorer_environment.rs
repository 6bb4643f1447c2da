//! What the environment has a say in: `check` with a schedule, a budget or a share in a variable. Each is set for a process
//! of its own, which runs one test of this file.

use std::process::Command;

use threadcraft_explore::{Explorer, FailureKind, Schedule, check};
use threadcraft_platform::Shared;
use threadcraft_tests::toy::spawn;

/// Two threads that add one in two steps. What they lose is no failure: the outcome shows it.
fn two_add() -> u32 {
    let total = std::sync::Arc::new(Shared::new(0));
    let add = |total: &Shared<u32>| total.set(total.get() + 1);
    let other = std::sync::Arc::clone(&total);
    let thread = spawn(move || add(&other));
    add(&total);
    thread.join();
    total.get()
}

#[test]
#[ignore = "runs in a process of its own, by the tests below"]
fn child_without_failure() {
    let report = check(two_add);
    println!("{} schedules, {}, shard {:?}, cut {:?}", report.schedules, report.outcomes, report.shard, report.cut);
}

#[test]
#[ignore = "runs in a process of its own, by the tests below"]
fn child_with_failure() {
    let _report = check(|| assert_eq!(two_add(), 2, "an update is lost"));
}

/// Runs one of these with a variable set: whether it passed, and what it wrote.
fn with(name: &str, value: &str, child: &str) -> (bool, String) {
    let mut command = Command::new(std::env::current_exe().expect("a test has a path"));
    for variable in ["THREADCRAFT_SCHEDULE", "THREADCRAFT_BUDGET", "THREADCRAFT_SHARD"] {
        command.env_remove(variable);
    }
    let output = command.env(name, value).args(["--exact", child, "--include-ignored", "--nocapture"]).output();
    let output = output.expect("it can be started");
    let text = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    (output.status.success(), text)
}

#[test]
fn a_schedule_is_run_alone() {
    let (passed, text) = with("THREADCRAFT_SCHEDULE", "a2b2a", "child_with_failure");
    assert!(!passed && text.contains("error[panic]") && text.contains("an update is lost"), "{text}");
    assert!(text.contains("schedule 1 of the search") && text.contains("THREADCRAFT_SCHEDULE=a2b"), "{text}");
    let (passed, text) = with("THREADCRAFT_SCHEDULE", "a3b", "child_with_failure");
    assert!(passed, "nothing is lost on it: {text}");
    let (passed, text) = with("THREADCRAFT_SCHEDULE", "a2b2a", "child_without_failure");
    assert!(passed && text.contains("1 schedules, 1, "), "{text}");
    assert!(text.contains("THREADCRAFT_SCHEDULE is set, so its schedule alone was run"), "{text}");
}

#[test]
fn a_schedule_of_other_code_is_told_from_a_verdict() {
    // A third thread; a thread that waits for the join alone; more steps than there are.
    for (schedule, why) in [
        ("abc", "at step 3, the schedule says c, which can not run then; possible: a, b"),
        ("a9", "at step 4, the schedule says a, which can not run then; possible: b"),
        ("a3b2a9", "it has 14 steps, and the program ends after 7"),
    ] {
        let (passed, text) = with("THREADCRAFT_SCHEDULE", schedule, "child_without_failure");
        let says = format!("THREADCRAFT_SCHEDULE='{schedule}' does not fit this program: ");
        assert!(!passed && text.contains(&says) && text.contains(why), "{schedule}: {text}");
        assert!(text.contains("made from other code") && text.contains("Unset the variable"), "{text}");
    }
}

#[test]
fn a_saved_schedule_is_followed_as_far_as_it_fits() {
    // The second thread took more steps when the schedule was made, and there was a third.
    let old: Schedule = "a2b5c2".parse().expect("a schedule");
    let explorer = Explorer::builder().max_schedules(2).minimise(false).saved(old).build();
    let report = explorer.explore(|| assert_eq!(two_add(), 2));
    assert!(matches!(report.failure.map(|failure| failure.kind), Some(FailureKind::Panic { .. })));
    assert_eq!(report.schedules, 2, "the default schedule, then the saved one");
}

#[test]
fn a_budget_and_a_share_are_those_of_the_variables() {
    let (passed, text) = with("THREADCRAFT_BUDGET", "3", "child_without_failure");
    assert!(passed && text.contains("3 schedules") && text.contains("the budget of 3 schedules was used"), "{text}");
    let (passed, text) = with("THREADCRAFT_BUDGET", "0s", "child_without_failure");
    assert!(passed && text.contains("the time limit of 0ns was reached"), "{text}");
    let (passed, text) = with("THREADCRAFT_SHARD", "2/2", "child_without_failure");
    assert!(passed && text.contains("index: 2") && text.contains("count: 2"), "{text}");
}

#[test]
fn a_variable_that_cannot_be_read_is_told_with_what_it_says() {
    for (name, value) in
        [("THREADCRAFT_SCHEDULE", "a2?"), ("THREADCRAFT_BUDGET", "plenty"), ("THREADCRAFT_SHARD", "3/2")]
    {
        let (passed, text) = with(name, value, "child_without_failure");
        assert!(!passed && text.contains(&format!("{name}={value}: ")), "{text}");
    }
}
