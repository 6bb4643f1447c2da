//! The learner's way through the course by commands: start, next, skip, reset, undo, progress, and the shell's help.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod cli;

use std::process::Command;

use cli::Sandbox;

const RIGHT: &str = "use threadcraft::prelude::*;\npub fn main() { println!(\"ok\"); }\n";

/// Runs a command that must succeed, and gives what it prints.
fn says(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let ended = sandbox.xtask(arguments);
    assert_eq!(ended.code, Some(0), "{arguments:?}: {}{}", ended.stdout, ended.stderr);
    ended.stdout
}

/// The path of the file that a command tells the learner to edit.
fn file(text: &str) -> String {
    let line = text.lines().find_map(|line| line.trim().strip_prefix("file ")).unwrap_or_else(|| panic!("{text}"));
    line.trim().to_owned()
}

#[test]
fn start_next_and_skip_lead_through_the_course_and_it_is_remembered() {
    let sandbox = Sandbox::with_course("way", &[("a", "pub fn main() {}\n"), ("b", RIGHT), ("c", "\n")]);
    let first = says(&sandbox, &["start"]);
    assert!(file(&first).ends_with("01_bad/a.rs") && first.contains("a task"), "{first}");
    assert!(file(&says(&sandbox, &["start", "b"])).ends_with("b.rs"));
    assert!(file(&says(&sandbox, &["next"])).ends_with("b.rs"), "it is still to do");
    says(&sandbox, &["verify", "b"]);
    assert!(file(&says(&sandbox, &["next"])).ends_with("c.rs"), "b is passed");
    assert!(file(&says(&sandbox, &["skip"])).ends_with("a.rs"), "around the course");
    let list = says(&sandbox, &["list"]);
    assert!(list.lines().any(|line| line.contains(" c ") && line.contains("skipped")), "{list}");
    let progress = says(&sandbox, &["progress"]);
    assert!(progress.contains("1 of 3 passed, 1 of 3 points") && progress.contains("1 skipped"), "{progress}");
    assert!(progress.contains("cargo xtask start a"), "{progress}");
}

#[test]
fn a_reset_of_the_whole_course_is_taken_back_by_one_undo() {
    let sandbox = Sandbox::with_course("reset-all", &[("a", RIGHT), ("b", RIGHT)]);
    says(&sandbox, &["verify"]);
    let said = says(&sandbox, &["reset", "--all"]);
    assert!(said.contains(".kept/01_bad/a.1.rs") && said.contains("cargo xtask undo"), "{said}");
    assert_eq!(sandbox.read("01_bad/a.rs"), "pub fn main() {}\n");
    assert!(says(&sandbox, &["progress"]).contains("0 of 2 passed"));
    assert_eq!(sandbox.xtask(&["verify"]).code, Some(0), "what was reset is to do, and no failure");
    says(&sandbox, &["undo"]);
    assert_eq!((sandbox.read("01_bad/a.rs").as_str(), sandbox.read("01_bad/b.rs").as_str()), (RIGHT, RIGHT));
    assert!(says(&sandbox, &["progress"]).contains("2 of 2 passed"));
    let fresh = Sandbox::with_course("nothing-to-undo", &[("a", RIGHT)]);
    assert_eq!(fresh.xtask(&["undo"]).code, Some(1));
}

#[test]
fn a_reset_without_a_name_is_a_usage_error_and_changes_nothing() {
    let sandbox = Sandbox::with_course("reset-none", &[("a", RIGHT)]);
    let ended = sandbox.xtask(&["reset"]);
    assert!(ended.code == Some(2) && ended.stderr.contains("--all"), "{}", ended.stderr);
    assert_eq!(sandbox.xtask(&["reset", "--all", "a"]).code, Some(2), "all or some");
    assert_eq!(sandbox.read("01_bad/a.rs"), RIGHT);
}

#[test]
fn commands_without_a_name_mean_the_exercise_to_do() {
    let sandbox = Sandbox::with_course("no-name", &[("a", RIGHT), ("b", "\n")]);
    says(&sandbox, &["verify", "a"]);
    assert!(says(&sandbox, &["hint"]).contains("1 · b"));
    assert!(sandbox.xtask(&["solution"]).stdout.contains("1 · b"));
    sandbox.write("01_bad/b.rs", RIGHT);
    says(&sandbox, &["verify"]);
    assert!(says(&sandbox, &["next"]).contains("everything is passed"));
    let ended = sandbox.xtask(&["hint"]);
    assert!(ended.code == Some(2) && ended.stderr.contains("everything is passed"), "{}", ended.stderr);
}

#[test]
fn a_damaged_state_file_is_rebuilt_from_its_copy_and_nothing_is_lost() {
    let sandbox = Sandbox::with_course("state-copy", &[("a", RIGHT), ("b", "\n")]);
    says(&sandbox, &["verify", "a"]);
    says(&sandbox, &["hint", "b"]);
    let before = sandbox.read("progress.toml");
    for damage in ["", "\u{0}garbage", "version = 1\r\n[exercise"] {
        sandbox.write("progress.toml", damage);
        let ended = sandbox.xtask(&["progress"]);
        assert!(ended.stdout.contains("1 of 2 passed") && ended.stdout.contains("1 hint seen"), "{}", ended.stdout);
        assert!(ended.stderr.contains("rebuilt from the copy"), "{}", ended.stderr);
        assert_eq!(sandbox.read("progress.toml"), before);
        assert_eq!(sandbox.xtask(&["progress"]).stderr, "", "it is said once");
    }
}

#[test]
fn completions_complete_commands_options_and_the_names_of_exercises() {
    let sandbox = Sandbox::with_course("completions", &[("lost_update", RIGHT), ("lock", RIGHT)]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = says(&sandbox, &["completions", shell]);
        assert!(script.contains("undo") && script.contains("cargo xtask"), "{shell}");
    }
    assert_eq!(sandbox.xtask(&["completions", "tcsh"]).code, Some(2));
    let script = sandbox.root.join("completions.bash");
    std::fs::write(&script, says(&sandbox, &["completions", "bash"])).expect("written");
    let Ok(bash) = Command::new("bash").arg("--version").output() else { return };
    assert!(bash.status.success());
    let complete = |words: &str, last: &str| {
        let count = words.split_whitespace().count();
        let program = format!(
            "source {}; COMP_WORDS=({words} '{last}'); COMP_CWORD={count}; _xtask xtask '{last}' ''; echo ${{COMPREPLY[@]}}",
            script.display()
        );
        let output = Command::new("bash").args(["-c", &program]).output().expect("bash runs");
        String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
    };
    assert_eq!(complete("xtask hint", "lo"), "lost_update lock");
    assert_eq!(complete("xtask", "und"), "undo");
    assert_eq!(complete("xtask reset", "--a"), "--all");
}
