//! The course's authors, through the real runner: a new exercise, what is missing of it, and what is declared and does
//! not happen.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod cli;

use std::fs;

use cli::{Ended, Sandbox};

/// The word that marks what is to be written; in two pieces, as tidy looks for it.
const MARK: &str = concat!("TO", "DO");

/// A course with a new exercise in it, whose snapshots are accepted.
fn with_new_exercise(name: &str) -> Sandbox {
    let sandbox = Sandbox::with_course(name, &[("other", "pub fn main() {}\n")]);
    let made = sandbox.xtask(&["new-exercise", "counter", "--chapter", "01_bad", "--kind", "S"]);
    assert_eq!(made.code, Some(0), "{}{}", made.stdout, made.stderr);
    sandbox
}

fn edit(sandbox: &Sandbox, file: &str, from: &str, to: &str) {
    let path = sandbox.root.join("exercises").join(file);
    let text = fs::read_to_string(&path).expect("it is there");
    assert!(text.contains(from), "{file}: {text}");
    fs::write(path, text.replace(from, to)).expect("written");
}

/// The faults but for what is still to be written.
fn faults(ended: &Ended) -> Vec<&str> {
    let lines = ended.stdout.lines().filter_map(|line| line.strip_prefix("✗ exercises/"));
    lines.filter(|line| !line.contains(MARK) && !line.contains("name the concepts")).collect()
}

#[test]
fn a_new_exercise_lacks_only_what_a_person_must_write_and_accept() {
    let sandbox = with_new_exercise("new-exercise");
    let before = sandbox.xtask(&["check-course", "counter"]);
    assert_eq!(before.code, Some(1));
    let unseen = faults(&before);
    assert!(unseen.iter().any(|fault| fault.contains("nobody has accepted what is shown of it")), "{unseen:?}");
    assert!(before.stdout.contains("outcomes.snap is missing"), "{}", before.stdout);
    let accepted = sandbox.xtask(&["snapshot", "counter", "--accept"]);
    assert_eq!(accepted.code, Some(0), "{}{}", accepted.stdout, accepted.stderr);
    let after = sandbox.xtask(&["check-course", "counter", "--deletions"]);
    assert_eq!((after.code, faults(&after)), (Some(1), Vec::new()), "{}{}", after.stdout, after.stderr);
    let counted = "1 exercises: 1 starters, 1 solutions, 1 right, 2 wrong, 2 empty; ";
    assert!(after.stdout.contains(counted), "{}", after.stdout);
    for file in ["task.md:3: ", "hints.md:3: ", "after.md:3: ", "check.rs:1: "] {
        assert!(after.stdout.contains(&format!("counter/{file}`{MARK}`")), "{file}: {}", after.stdout);
    }
    assert!(after.stdout.contains("deletions: 2 tried, 2 rejected"), "{}", after.stdout);
}

#[test]
fn what_is_declared_and_does_not_happen_is_told_with_its_line_all_at_once() {
    let sandbox = with_new_exercise("declared");
    sandbox.xtask(&["snapshot", "counter", "--accept"]);
    edit(&sandbox, "course.toml", "\"each_step.rs\" = \"wrong-outcomes\"", "\"each_step.rs\" = \"deadlock\"");
    // A near miss that is right, a right solution that is not, and a check that an empty main passes.
    let folder = sandbox.root.join("exercises/01_bad/counter");
    fs::copy(folder.join("right/semaphore.rs"), folder.join("wrong/in_turn.rs")).expect("copied");
    fs::copy(folder.join("wrong/each_step.rs"), folder.join("right/another.rs")).expect("copied");
    let ended = sandbox.xtask(&["check-course", "counter"]);
    let told = faults(&ended);
    for expected in [
        "course.toml:23: counter: each_step.rs is declared to get `deadlock`, and gets `wrong-outcomes`: ",
        "course.toml:24: counter: in_turn.rs is declared to get `property`, and passes: the check misses the mistake",
        "01_bad/counter/right/another.rs: it must pass, and gets `wrong-outcomes`",
        "01_bad/counter/right/another.rs:1: begin with `//! Right: …`",
    ] {
        assert!(told.iter().any(|fault| fault.starts_with(expected)), "no `{expected}` in {told:#?}");
    }
    assert!(ended.code == Some(1) && ended.stdout.contains("error[wrong-outcomes]"), "{}", ended.stdout);
}

#[test]
fn a_message_that_has_changed_and_a_statement_that_nobody_misses_are_faults() {
    let sandbox = with_new_exercise("deletions");
    edit(
        &sandbox,
        "01_bad/counter/solution.rs",
        "    println!(\"total",
        "    drop(total.lock());\n    println!(\"total",
    );
    sandbox.xtask(&["snapshot", "counter", "--accept"]);
    edit(&sandbox, "01_bad/counter/wrong/each_step.snap", "error[wrong-outcomes]", "error[other]");
    let ended = sandbox.xtask(&["check-course", "counter", "--deletions"]);
    let [spare, message] = faults(&ended)[..] else { panic!("two: {}", ended.stdout) };
    assert!(spare.contains("solution.rs:20: the check passes without `drop(total.lock());`"), "{spare}");
    assert!(message.contains("wrong/each_step.rs: it is shown otherwise than accepted"), "{message}");
    assert!(
        ended.stdout.contains("-error[other]") && ended.stdout.contains("+error[wrong-outcomes]"),
        "the difference"
    );
    let list = sandbox.root.join("exercises/course.toml");
    let text = fs::read_to_string(&list).expect("the list");
    let spare = "\n[chapter.exercise.spare]\n\"drop(total.lock());\" = \"it shows that nobody has the lock\"\n";
    fs::write(&list, format!("{text}{spare}")).expect("written");
    let recorded = sandbox.xtask(&["check-course", "counter", "--deletions"]);
    assert!(recorded.stdout.contains("1 spared for a reason") && faults(&recorded).len() == 1, "{}", recorded.stdout);
}

#[test]
fn a_course_that_cannot_be_read_is_told_with_its_line() {
    let sandbox = with_new_exercise("unreadable");
    edit(&sandbox, "course.toml", "stars = 1\nconcepts", "starz = 1\nconcepts");
    let ended = sandbox.xtask(&["check-course"]);
    assert!(
        ended.code == Some(1) && ended.stdout.contains("exercises/course.toml:"),
        "{}{}",
        ended.stdout,
        ended.stderr
    );
    assert!(ended.stdout.contains("unknown field `starz`"), "{}", ended.stdout);
}
