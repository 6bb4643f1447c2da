//! `watch` and `play` as people use them: in a terminal, key by key.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod cli;
#[path = "cli/pty.rs"]
mod pty;

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::Stdio;
use std::time::{Duration, Instant};

use cli::{Sandbox, endless, processes, repository};
use pty::Pty;

const RIGHT: &str = "use threadcraft::prelude::*;\npub fn main() { println!(\"ok\"); }\n";

const CTRL_C: &str = "\u{3}";

fn watch(sandbox: &Sandbox, arguments: &[&str]) -> Pty {
    Pty::spawn(sandbox.command(&[&["watch"], arguments].concat()), 50, 110)
}

fn solution(exercise: &str) -> String {
    let file = repository().join("exercises").join(exercise).join("solution.rs");
    fs::read_to_string(file).expect("the solution")
}

fn terminate(watch: &Pty) {
    // SAFETY:
    // * `kill` touches no memory, and the process is ours and not reaped.
    assert_eq!(unsafe { libc::kill(watch.pid(), libc::SIGTERM) }, 0);
}

fn wait_for(what: &str, holds: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(120);
    while !holds() {
        assert!(Instant::now() < until, "in vain: {what}");
        std::thread::yield_now();
    }
}

#[test]
fn a_session_from_a_fresh_start_to_ctrl_c() {
    let sandbox = Sandbox::new("watch_session");
    let mut watch = watch(&sandbox, &[]);
    watch.shows(&["1 · spawn", "0 of ", "✗ property", "exercises/01_threads/spawn/task.md"]);
    watch.keys("h");
    watch.shows(&["where to look", "2 more hints"]);
    sandbox.write("01_threads/spawn.rs", &solution("01_threads/spawn"));
    watch.shows(&["✓ passed", "1 of ", "next: "]);

    watch.keys("l");
    watch.shows(&["✓  1 spawn", "Enter go there"]);
    watch.keys("\u{1b}");
    go_to(&mut watch, "send");
    watch.shows(&["✗ compile-error", "error[E0277]"]);
    sandbox.write("01_threads/send.rs", &solution("01_threads/send"));
    watch.shows(&["✓ passed", "2 of "]);

    go_to(&mut watch, "lost_update");
    watch.shows(&["✗ not-broken", "SCHEDULE is still empty"]);
    watch.keys("y");
    watch.shows(&["play · lost_update", "goal: on your schedule", "▶ can begin", "spawn(b, c)"]);
    watch.keys("abb");
    watch.shows(&["schedule: ab2", "■ has ended"]);
    watch.keys("\u{1b}[D");
    watch.shows(&["schedule: ab ", "counter.set(1)"]);
    watch.keys("?");
    watch.shows(&["finding it is the exercise"]);
    watch.keys("c");
    watch.shows(&["schedule: abc ", "✓ reached"]);
    watch.keys("\r");
    watch.shows(&["saved: SCHEDULE is \"abc\""]);
    watch.keys("\u{1b}");
    watch.shows(&["✗ wrong-outcomes", "counter = 1"]);
    sandbox.write("02_races/lost_update.rs", &solution("02_races/lost_update"));
    watch.shows(&["✓ passed", "3 of "]);

    // A state file that somebody broke is said and put aside, and nothing of it is lost.
    sandbox.write("progress.toml", "version = \n");
    watch.keys("h");
    watch.shows(&["was damaged", "where to look"]);
    watch.keys(CTRL_C);
    assert_eq!(watch.ended().code(), Some(130));
    assert_eq!(sandbox.read("02_races/lost_update.rs"), solution("02_races/lost_update"));
}

/// Through the list, wherever the exercise stands in it.
fn go_to(watch: &mut Pty, exercise: &str) {
    watch.keys("l\u{1b}[H");
    for _ in 0..position(exercise) {
        watch.keys("\u{1b}[B");
    }
    watch.keys("\r");
    watch.until(exercise, |screen| screen.contents().lines().next().is_some_and(|line| line.contains(exercise)));
}

/// How many exercises stand before this one.
fn position(exercise: &str) -> usize {
    let list = fs::read_to_string(repository().join("exercises/course.toml")).expect("the list");
    let mut names = list.lines().filter_map(|line| line.strip_prefix("name = \""));
    names.position(|name| name.trim_end_matches('"') == exercise).expect("it is in the course")
}

#[test]
fn a_save_during_a_check_shows_the_verdict_of_the_newest_version_and_keys_work_meanwhile() {
    let word = format!("7301.0{}", std::process::id());
    let sandbox = Sandbox::with_course("watch_newest", &[("slow", &endless(&word))]);
    let mut watch = watch(&sandbox, &[]);
    watch.wait_for("the program begins", || !processes(&word).is_empty());
    watch.shows(&["… checking"]);
    watch.keys("t");
    watch.shows(&["a task", "… checking"]);
    sandbox.write("01_bad/slow.rs", RIGHT);
    watch.shows(&["✓ passed", "The law of it."]);
    assert!(!watch.written().contains("timeout"), "the old version was not waited for");
    assert_eq!(processes(&word), Vec::<String>::new(), "nothing of it is left");
    watch.keys("q");
    assert_eq!(watch.ended().code(), Some(0));
}

#[test]
fn a_signal_ends_it_in_the_middle_of_a_check_and_gives_the_terminal_back() {
    let word = format!("7302.0{}", std::process::id());
    let sandbox = Sandbox::with_course("watch_signal", &[("slow", &endless(&word))]);
    let mut watch = watch(&sandbox, &[]);
    watch.wait_for("the program begins", || !processes(&word).is_empty());
    terminate(&watch);
    assert_eq!(watch.ended().code(), Some(130));
    assert_eq!(processes(&word), Vec::<String>::new());
}

#[test]
fn a_terminal_that_goes_away_ends_it_and_what_it_checks() {
    let word = format!("7303.0{}", std::process::id());
    let sandbox = Sandbox::with_course("watch_hung_up", &[("slow", &endless(&word))]);
    let begun = || wait_for("the program begins", || !processes(&word).is_empty());
    let mut outliving = sandbox.command(&["watch"]);
    let told_to_outlive_it = || {
        // SAFETY:
        // * the call touches no memory, and to ignore a signal needs no handler.
        unsafe { libc::signal(libc::SIGHUP, libc::SIG_IGN) };
        Ok(())
    };
    // SAFETY:
    // * between fork and exec it calls `signal` alone, which is async-signal-safe.
    unsafe { outliving.pre_exec(told_to_outlive_it) };
    let status = pty::hung_up(outliving, "… checking", begun);
    assert_eq!(status.signal(), Some(libc::SIGHUP));
    wait_for("nothing of it is left", || processes(&word).is_empty());
}

#[test]
fn ctrl_c_ends_play_and_the_line_mode_and_the_terminal_is_as_it_was() {
    let sandbox = Sandbox::with_course("watch_ctrl_c", &[("one", RIGHT)]);
    let mut play = Pty::spawn(sandbox.command(&["play", "one"]), 30, 100);
    play.shows(&["play · one"]);
    play.keys(CTRL_C);
    assert_eq!(play.ended().code(), Some(130));
    let mut lines = watch(&sandbox, &["--plain"]);
    lines.shows(&["✓ passed"]);
    lines.keys(CTRL_C);
    assert_eq!(lines.ended().code(), Some(130));
}

/// Takes about two seconds, step by step, and is wrong.
const TWO_SECONDS: &str = "use threadcraft::prelude::*;\npub fn main() {\n\
    for turn in 0..20 { let begun = std::time::Instant::now();\n\
    while begun.elapsed() < std::time::Duration::from_millis(100) {} println!(\"{turn}\"); } }\n";

#[test]
fn a_save_during_a_two_second_check_shows_the_newest_of_many_versions() {
    let sandbox = Sandbox::with_course("watch_two_seconds", &[("slow", TWO_SECONDS)]);
    let mut watch = watch(&sandbox, &[]);
    watch.shows(&["… checking, 1."]);
    // Three versions, one right after the other: the last one counts.
    for version in [TWO_SECONDS, "pub fn main() {}\n", RIGHT] {
        sandbox.write("01_bad/slow.rs", version);
    }
    watch.shows(&["✓ passed", "The law of it."]);
    assert!(!watch.written().contains("wrong-outcomes"), "an older version was shown");
    watch.keys("q");
    assert_eq!(watch.ended().code(), Some(0));
}

#[test]
fn a_file_is_put_back_and_given_back_skipped_and_opened_in_the_editor() {
    let sandbox = Sandbox::with_course("watch_keys", &[("one", RIGHT), ("two", "pub fn main() {}\n")]);
    fs::write(sandbox.root.join("right.rs"), RIGHT).expect("written");
    let editor = format!("cp {} {{file}}", sandbox.root.join("right.rs").display());
    let mut watch = watch(&sandbox, &["--edit-cmd", &editor]);
    watch.shows(&["0 · one", "✓ passed"]);
    watch.keys("r");
    watch.shows(&["`r` again"]);
    watch.keys("r");
    watch.shows(&["✗ nothing-recorded", ".kept"]);
    watch.keys("u");
    watch.shows(&["✓ passed"]);
    assert_eq!(sandbox.read("01_bad/one.rs"), RIGHT);
    watch.keys("n");
    watch.shows(&["1 · two", "✗ nothing-recorded"]);
    watch.keys("n");
    watch.shows(&["this is the last exercise"]);
    watch.keys("o");
    watch.shows(&["`o` again gives it up"]);
    watch.keys("e");
    watch.shows(&["✓ passed", "2 of 2 passed"]);
    watch.keys("o");
    watch.shows(&["println!(\"ok\");"]);
    watch.keys("p");
    watch.shows(&["0 · one"]);
    watch.keys("q");
    assert_eq!(watch.ended().code(), Some(0));
}

#[test]
fn the_failing_schedule_of_the_learners_program_is_stepped_through() {
    let sandbox = Sandbox::new("play_failing");
    let mut play = Pty::spawn(sandbox.command(&["play", "lock"]), 50, 110);
    play.shows(&["play · lock · your program", "goal: it goes wrong", "step 0 of"]);
    play.keys("?");
    play.keys("\u{1b}[C");
    play.shows(&["schedule: a ", "step 1 of"]);
    play.keys("\u{1b}[F");
    play.shows(&["✓ reached", "which must not be"]);
    play.keys("\u{1b}[H");
    play.shows(&["(nothing played)"]);
    play.keys("\r");
    play.shows(&["a schedule is saved where it breaks"]);
    play.keys("\t");
    play.shows(&["gives you no program to break"]);
    play.keys("\u{1b}");
    assert_eq!(play.ended().code(), Some(0));
}

#[test]
fn places_are_links_where_the_terminal_knows_them_and_saves_are_found_by_looking_too() {
    let sandbox = Sandbox::with_course("watch_links", &[("one", "pub fn main() {}\n")]);
    let mut command = sandbox.command(&["watch", "--poll"]);
    command.env("FORCE_HYPERLINK", "1");
    let mut watch = Pty::spawn(command, 30, 100);
    watch.shows(&["✗ nothing-recorded", "saves are looked for", "exercises/work/01_bad/one.rs"]);
    sandbox.write("01_bad/one.rs", RIGHT);
    watch.shows(&["✓ passed"]);
    assert!(watch.written().contains("\u{1b}]8;;file:///"), "a link");
    watch.keys(CTRL_C);
    assert_eq!(watch.ended().code(), Some(130));
}

#[test]
fn a_small_terminal_is_written_line_by_line() {
    let sandbox = Sandbox::with_course("watch_small", &[("one", "pub fn main() {}\n")]);
    let mut watch = Pty::spawn(sandbox.command(&["watch"]), 10, 36);
    watch.shows(&["use those instead of the"]);
    assert!(watch.written().contains("✗ nothing-recorded"), "{}", watch.written());
    assert!(!watch.written().contains("\u{1b}[?1049h"), "the screen is not taken");
    watch.keys("q\r");
    assert_eq!(watch.ended().code(), Some(0));
}

#[test]
fn without_a_terminal_verdicts_are_lines_and_lines_are_keys() {
    let sandbox = Sandbox::with_course("watch_lines", &[("one", "pub fn main() {}\n")]);
    let mut command = sandbox.command(&["watch"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("xtask runs");
    let mut keys = child.stdin.take().expect("it is piped");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines().map_while(Result::ok);
    let mut until = |text: &str| {
        let found = lines.by_ref().inspect(|line| assert!(!line.contains('\u{1b}'), "{line:?}"));
        assert!(found.into_iter().any(|line| line.contains(text)), "in vain: {text}");
    };
    until("✗ nothing-recorded");
    writeln!(keys, "h").expect("somebody reads");
    until("where to look");
    sandbox.write("01_bad/one.rs", RIGHT);
    until("✓ passed");
    writeln!(keys, "q").expect("somebody reads");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}
