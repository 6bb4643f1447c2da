//! The course as a learner meets it, through the real runner: a fresh start, the solutions, the proofs of each check.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod cli;

use std::fs;

use cli::{Sandbox, repository};

/// By exercise: the verdict of its starter, as the course declares it.
fn declared() -> Vec<(String, String)> {
    let list = fs::read_to_string(repository().join("exercises/course.toml")).expect("the list");
    let value = |key: &str| -> Vec<String> {
        let lines = list.lines().filter_map(move |line| line.strip_prefix(key)?.trim().strip_prefix('='));
        lines.map(|value| value.trim().trim_matches('"').to_owned()).collect()
    };
    value("name").into_iter().zip(value("starter")).collect()
}

#[test]
fn a_fresh_start_is_to_do_and_each_starter_gets_its_declared_verdict() {
    let sandbox = Sandbox::new("fresh");
    let result = sandbox.verify_json(&[]);
    assert_eq!(result["code"], 0, "a fresh start is no failure");
    for (name, verdict) in declared() {
        let exercise = &result["by_name"][&name];
        assert_eq!(exercise["verdict"], verdict, "{name}: {}", exercise["diagnosis"]);
        assert_eq!(exercise["standing"], "to-do", "{name}");
    }
    let strict = sandbox.xtask(&["verify", "--strict"]);
    assert_eq!(strict.code, Some(1));
    let first = declared().swap_remove(0).0;
    assert!(strict.stdout.contains(&format!("exercises/01_threads/{first}/task.md")), "{}", strict.stdout);
    assert!(!strict.stdout.contains('\u{1b}'), "no colours in a pipe");
    let again = sandbox.verify_json(&[]);
    assert!(again["exercises"].as_array().expect("a list").iter().all(|exercise| exercise["unchanged"] == true));
}

#[test]
fn an_edited_file_that_fails_is_a_failure_and_its_solution_passes_and_is_remembered() {
    let sandbox = Sandbox::new("edited");
    sandbox.xtask(&["list"]);
    assert!(!sandbox.work.exists(), "a list makes nothing");
    sandbox.xtask(&["hint", "lock"]);
    let starter = sandbox.read("02_races/lock.rs");
    sandbox.write("02_races/lock.rs", &format!("{starter}\n// edited\n"));
    assert_eq!(sandbox.xtask(&["verify", "02_races"]).code, Some(1));
    let solution = fs::read_to_string(repository().join("exercises/02_races/lock/solution.rs")).expect("a solution");
    sandbox.write("02_races/lock.rs", &solution);
    let passed = sandbox.xtask(&["verify", "lock"]);
    assert_eq!(passed.code, Some(0), "{}{}", passed.stdout, passed.stderr);
    assert!(sandbox.read("progress.toml").contains("passed = true"));
    assert_eq!(sandbox.xtask(&["solution", "lock"]).code, Some(0), "earned");
}

#[test]
fn the_answer_to_a_breaking_part_is_not_given_away() {
    let sandbox = Sandbox::new("secret");
    let result = sandbox.verify_json(&["lost_update", "two_locks", "philosophers"]);
    for (name, exercise) in result["by_name"].as_object().expect("exercises") {
        assert_eq!(exercise["verdict"], "not-broken", "{name}");
        for part in exercise["report"]["parts"].as_array().expect("parts") {
            assert_eq!(part["kind"], "break", "{name}: what comes after the unsolved part shows the answer");
        }
    }
}

#[test]
fn a_schedule_is_shown_step_by_step() {
    let sandbox = Sandbox::new("schedule");
    let shown = sandbox.xtask(&["verify", "lost_update", "--schedule", "abcbc"]);
    assert!(shown.stdout.contains("counter"), "{}{}", shown.stdout, shown.stderr);
    let wrong = sandbox.xtask(&["verify", "lost_update", "--schedule", "b?"]);
    assert!(wrong.code == Some(2) && wrong.stderr.contains("character 2"), "{}", wrong.stderr);
    let impossible = sandbox.xtask(&["verify", "lost_update", "--schedule", "zzz"]);
    assert!(impossible.code == Some(1) && impossible.stdout.contains("bad-schedule"), "{}", impossible.stdout);
}

#[test]
fn every_solution_passes_and_says_what_was_checked() {
    let sandbox = Sandbox::new("solutions");
    let ended = sandbox.xtask(&["verify", "--solutions"]);
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    for (name, _) in declared() {
        let line = ended.stdout.lines().find(|line| line.contains(&format!(" {name} "))).expect(&name);
        let checked = ["interleavings", "schedules", "your schedule"].iter().any(|checked| line.contains(checked));
        assert!(line.contains("passed") && checked, "{line}");
    }
    assert!(!sandbox.work.exists(), "the learner's folder is none of its business");
}

#[test]
fn the_same_deadlock_is_shown_with_the_same_text_every_time() {
    let sandbox = Sandbox::new("same-text");
    sandbox.xtask(&["hint", "philosophers"]);
    let wrong = repository().join("exercises/03_deadlock/philosophers/wrong/right_first.rs");
    fs::copy(wrong, sandbox.work.join("03_deadlock/philosophers.rs")).expect("copied");
    let show = || sandbox.xtask(&["verify", "philosophers", "--no-cache"]).stdout;
    let first = show();
    assert!(first.contains("deadlock"), "{first}");
    (0..3).for_each(|_| assert_eq!(show(), first));
}
