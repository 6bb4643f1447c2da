//! The runner at a terminal, and what comes meanwhile: colours, few columns, a key that interrupts, a save.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod cli;
#[expect(dead_code, reason = "each test file uses a part of it")]
#[path = "cli/pty.rs"]
mod pty;

use std::process::Stdio;
use std::time::{Duration, Instant};

use cli::{Ended, Sandbox, endless, processes};
use pty::Pty;
use serde_json::Value;

const RIGHT: &str = "use threadcraft::prelude::*;\npub fn main() { println!(\"ok\"); }\n";

const DEADLOCK: &str = "use threadcraft::prelude::*;\nstatic LEFT: Lock<()> = Lock::new(()).named(\"left\");\n\
    static RIGHT: Lock<()> = Lock::new(()).named(\"right\");\npub fn main() {\n    let other = spawn(|| {\n        \
    let _right = RIGHT.lock();\n        let _left = LEFT.lock();\n    });\n    let _left = LEFT.lock();\n    \
    let _right = RIGHT.lock();\n    other.join().unwrap();\n}\n";

const RED: &str = "\u{1b}[31m";

fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(120);
    while !holds() {
        assert!(Instant::now() < until, "in vain: {what}");
        std::thread::yield_now();
    }
}

/// What a command writes to a terminal of so many columns, codes and all, and its exit code.
fn at_terminal(
    sandbox: &Sandbox,
    arguments: &[&str],
    columns: u16,
    variables: &[(&str, &str)],
) -> (String, Option<i32>) {
    let mut command = sandbox.command(arguments);
    command.envs(variables.iter().copied());
    let pty = Pty::spawn(command, 40, columns);
    // It says what comes next at its end.
    pty.until("it has ended", |screen| screen.contents().replace('\n', "").contains("stuck?"));
    let written = pty.written();
    (written, pty.ended().code())
}

#[test]
fn colours_are_for_terminals_and_no_color_is_obeyed() {
    let sandbox = Sandbox::with_course("terminal-colours", &[("deadlock", DEADLOCK)]);
    let (colored, code) = at_terminal(&sandbox, &["verify", "deadlock"], 100, &[]);
    assert!(colored.contains(RED) && code == Some(1), "{colored}");
    let (plain, _) = at_terminal(&sandbox, &["verify", "deadlock"], 100, &[("NO_COLOR", "1")]);
    assert!(plain.contains("error[deadlock]") && !plain.contains(RED), "{plain}");
    let piped = sandbox.xtask(&["verify", "deadlock"]);
    assert!(!piped.stdout.contains('\u{1b}') && !piped.stderr.contains('\u{1b}'));
}

#[test]
fn twenty_columns_are_enough() {
    let sandbox = Sandbox::with_course("terminal-narrow", &[("deadlock", DEADLOCK)]);
    let (written, code) = at_terminal(&sandbox, &["verify", "deadlock"], 20, &[("NO_COLOR", "1")]);
    assert_eq!(code, Some(1));
    let timeline = written.split("error[").nth(1).expect("a diagnosis");
    let timeline = timeline.split("replay").next().expect("something");
    for words in ["deadlock", "left", "right", "cycle"] {
        assert!(timeline.contains(words), "no `{words}` in\n{timeline}");
    }
    // What can be broken is; a path or a line of the source is not.
    let table: Vec<&str> =
        timeline.lines().map(|line| line.trim_end()).filter(|line| line.contains('│') || line.contains('⏸')).collect();
    assert!(table.len() > 2, "{timeline}");
    for line in table {
        assert!(unicode_width::UnicodeWidthStr::width(line) <= 20, "{line:?} in\n{timeline}");
    }
}

#[test]
fn a_key_interrupts_and_the_terminal_is_as_it_was() {
    let word = format!("81.0{}", std::process::id());
    let sandbox = Sandbox::with_course("terminal-interrupt", &[("one", &endless(&word))]);
    let mut pty = Pty::spawn(sandbox.command(&["verify", "--time-limit", "300"]), 24, 80);
    wait_for("the program begins", || !processes(&word).is_empty());
    pty.keys("\u{3}");
    pty.shows(&["interrupted"]);
    assert_eq!(pty.ended().code(), Some(130));
    assert_eq!(processes(&word), Vec::<String>::new());
}

#[test]
fn a_save_while_it_compiles_gets_the_verdict_of_the_newest_version() {
    // The old version takes long to compile.
    let old = "#[warn(long_running_const_eval)]\nconst LONG: u64 = { let mut i = 0; while i < 6_000_000 { i += 1; } i };\n\
               pub fn main() { println!(\"old {LONG}\"); }\n";
    let sandbox = Sandbox::with_course("saved_meanwhile", &[("saved_meanwhile_one", old)]);
    let mut command = sandbox.command(&["verify", "--format", "json"]);
    let runner = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    wait_for("it is compiled", || !processes("--crate-name saved_meanwhile_one").is_empty());
    sandbox.write("01_bad/saved_meanwhile_one.rs", RIGHT);
    let ended = Ended::of(runner.wait_with_output().expect("it ends"));
    let document: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    assert_eq!(document["exercises"][0]["verdict"], "passed", "{}", ended.stdout);
}
