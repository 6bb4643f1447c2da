//! `play` without a terminal: how a program stands after a schedule, and what is written into the learner's file.

#[expect(dead_code, reason = "other tests use the rest")]
mod cli;

use cli::{Ended, Sandbox, repository};

const FILE: &str = "02_races/lost_update.rs";

fn play(sandbox: &Sandbox, arguments: &[&str]) -> Ended {
    sandbox.xtask(&[&["play"], arguments].concat())
}

#[test]
fn a_schedule_shows_each_threads_next_step_and_what_it_means_for_the_goal() {
    let sandbox = Sandbox::new("play_shown");
    let ended = play(&sandbox, &["lost_update", "--schedule", "ab"]);
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    let expected = [
        "the program as it was given",
        "it does not end with `counter = 2`",
        "not reached: as it stands, it ends well",
        "schedule: ab   step 2 of",
        "⏸ waits for thread b",
        "▶ can go on",
        "▶ can begin",
        "counter.set(1)",
        "counter = 0",
        "--schedule ab…",
    ];
    for text in expected {
        assert!(ended.stdout.contains(text), "{text}\n{}", ended.stdout);
    }
}

#[test]
fn a_deadlock_shows_who_waits_for_what_that_who_holds() {
    let ended = play(&Sandbox::new("play_deadlock"), &["philosophers", "--schedule", "abcdbcd"]);
    assert!(ended.code == Some(0) && ended.stdout.contains("✓ reached: it ends in a deadlock"), "{}", ended.stdout);
    for text in ["fork0 is held by P0", "⏸ waits for fork0,", "held by P0"] {
        assert!(ended.stdout.contains(text), "{text}\n{}", ended.stdout);
    }
}

#[test]
fn only_a_schedule_that_reaches_the_goal_is_saved_and_the_exercise_takes_it() {
    let sandbox = Sandbox::new("play_saved");
    let refused = play(&sandbox, &["lost_update", "--schedule", "ab2", "--save"]);
    assert_eq!(refused.code, Some(1), "{}", refused.stdout);
    let start = sandbox.read(FILE);
    assert!(start.contains("SCHEDULE: &str = \"\";"), "{start}");
    let saved = play(&sandbox, &["lost_update", "--schedule", "abc", "--save"]);
    assert_eq!(saved.code, Some(0), "{}{}", saved.stdout, saved.stderr);
    assert_eq!(sandbox.read(FILE), start.replace("SCHEDULE: &str = \"\"", "SCHEDULE: &str = \"abc\""));
    assert_eq!(sandbox.read(".kept/02_races/lost_update.1.rs"), start);
    let verdict = &sandbox.verify_json(&["lost_update"])["by_name"]["lost_update"]["verdict"];
    assert_eq!(verdict, "wrong-outcomes", "it is broken, and not mended yet");
}

#[test]
fn the_learners_own_program_is_played_too_and_can_go_wrong() {
    let sandbox = Sandbox::new("play_own");
    play(&sandbox, &["lock", "--schedule", "a"]);
    let ended = play(&sandbox, &["lock", "--schedule", ""]);
    assert!(ended.stdout.contains("your program") && ended.stdout.contains("it goes wrong"), "{}", ended.stdout);
    sandbox.write("02_races/lock.rs", "use threadcraft::prelude::*;\npub fn main() { panic!(\"no\") }\n");
    let ended = play(&sandbox, &["lock", "--schedule", ""]);
    assert!(ended.stdout.contains("✓ reached") && ended.stdout.contains("ends in a panic"), "{}", ended.stdout);
}

#[test]
fn what_cannot_be_played_is_said() {
    let sandbox = Sandbox::new("play_refused");
    for (arguments, why) in [
        (&["spawn", "--program", "given"][..], "no program to break"),
        (&["lost_update", "--schedule", "abd"], "cannot be followed at letter 3"),
        (&["lost_update", "--schedule", "A"], "character 1"),
        (&["send", "--schedule", "a"], "cannot be played"),
    ] {
        let ended = play(&sandbox, arguments);
        assert_eq!(ended.code, Some(2), "{arguments:?}: {}{}", ended.stdout, ended.stderr);
        assert!(ended.stderr.contains(why), "{arguments:?}: {}", ended.stderr);
    }
}

#[test]
fn an_exercise_that_is_only_broken_is_played_also_when_its_line_is_written() {
    let sandbox = Sandbox::new("play_again");
    let saved = play(&sandbox, &["two_inside", "--schedule", "abcbbc", "--save"]);
    assert_eq!(saved.code, Some(0), "{}{}", saved.stdout, saved.stderr);
    let again = play(&sandbox, &["two_inside", "--schedule", "abc"]);
    assert!(again.stdout.contains("the program as it was given"), "{}{}", again.stdout, again.stderr);
    let refused = play(&sandbox, &["two_inside", "--program", "yours"]);
    assert!(refused.code == Some(2) && refused.stderr.contains("has one program"), "{}", refused.stderr);
}

#[test]
fn of_several_programs_the_one_that_went_wrong_is_replayed_and_played_as_it_was_checked() {
    let sandbox = Sandbox::new("play_part");
    sandbox.xtask(&["start", "build_lock"]);
    let wrong = repository().join("exercises/07_build_it/build_lock/wrong/takes_the_call_along.rs");
    sandbox.write("07_build_it/build_lock.rs", &std::fs::read_to_string(wrong).expect("a near miss"));
    let verdict = sandbox.xtask(&["verify", "build_lock"]).stdout;
    let replay = verdict.lines().find_map(|line| line.split_once("--schedule ")).expect("a schedule").1;
    let schedule = replay.trim().trim_matches('\'');
    let shown = sandbox.xtask(&["verify", "build_lock", "--schedule", schedule]).stdout;
    assert!(shown.contains("error[deadlock]") && shown.contains("futex_wait"), "{shown}");
    let ended = play(&sandbox, &["build_lock", "--schedule", schedule]);
    assert!(ended.stdout.contains("and it ends in a deadlock"), "{}{}", ended.stdout, ended.stderr);
}
