//! What the runner keeps, and what happens when it is hurt: nothing is ever lost, and it is always said.

mod cli;

use std::fs;
use std::io::Read as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use cli::{Ended, Sandbox, endless, processes};

const RIGHT: &str = "use threadcraft::prelude::*;\npub fn main() { println!(\"ok\"); }\n";

/// A number of seconds that no other process sleeps for, not even that of another run of these tests.
fn unlikely(seconds: u32) -> String {
    format!("{seconds}.0{}", std::process::id())
}

fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < until, "in vain: {what}");
        std::thread::yield_now();
    }
}

#[test]
fn hints_come_one_rung_at_a_time_and_are_remembered() {
    let sandbox = Sandbox::new("hints");
    let shown = |sandbox: &Sandbox, arguments: &[&str]| {
        let ended = sandbox.xtask(arguments);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        ["where to look", "the idea", "the tool"].map(|rung| ended.stdout.lines().any(|line| line == rung))
    };
    assert_eq!(shown(&sandbox, &["hint", "lost_update"]), [true, false, false]);
    assert_eq!(shown(&sandbox, &["hint", "10"]), [true, true, false]);
    assert_eq!(shown(&sandbox, &["hint", "lost_update"]), [true, true, true]);
    assert_eq!(shown(&sandbox, &["hint", "lost_update"]), [true, true, true]);
    assert_eq!(shown(&sandbox, &["hint", "spawn", "--all"]), [true, true, true]);
}

#[test]
fn a_reset_keeps_a_copy_and_says_where() {
    let sandbox = Sandbox::new("reset");
    sandbox.xtask(&["hint", "spawn"]);
    let start = sandbox.read("01_threads/spawn.rs");
    sandbox.write("01_threads/spawn.rs", "// mine\n");
    let ended = sandbox.xtask(&["reset", "spawn"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.contains(".kept/01_threads/spawn.1.rs"), "{}", ended.stdout);
    assert_eq!(sandbox.read(".kept/01_threads/spawn.1.rs"), "// mine\n");
    assert_eq!(sandbox.read("01_threads/spawn.rs"), start);
}

#[test]
fn a_solution_is_shown_only_when_it_was_earned_or_given_up() {
    let sandbox = Sandbox::new("solution");
    let refused = sandbox.xtask(&["solution", "lock"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stdout.contains("--give-up") && !refused.stdout.contains("fn main"), "{}", refused.stdout);
    let shown = sandbox.xtask(&["solution", "lock", "--give-up"]);
    assert!(shown.code == Some(0) && shown.stdout.contains("pub fn main()"), "{}", shown.stdout);
    let again = sandbox.xtask(&["solution", "lock"]);
    assert_eq!(again.code, Some(0), "it is remembered");
    assert!(sandbox.read("progress.toml").contains("gave_up = true"));
}

#[test]
fn an_unknown_name_is_a_usage_error_that_guesses() {
    let ended = Sandbox::new("usage").xtask(&["verify", "philosofers"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("did you mean `philosophers`?"), "{}", ended.stderr);
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let sandbox = Sandbox::new("pipe");
    let mut command = sandbox.command(&["list", "--format", "json"]);
    let mut runner = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    drop(runner.stdout.take());
    let mut said = String::new();
    runner.stderr.take().expect("piped").read_to_string(&mut said).expect("UTF-8");
    runner.wait().expect("it ends");
    assert_eq!(said, "");
}

#[test]
fn a_broken_course_is_told_with_all_its_faults_and_nothing_is_checked() {
    let sandbox = Sandbox::with_course("broken-course", &[("one", RIGHT), ("two", RIGHT)]);
    let list = sandbox.root.join("exercises/course.toml");
    let text = fs::read_to_string(&list).expect("written");
    fs::write(&list, text.replace("\"two\"", "\"one\"").replace("stars = 1", "stars = 9")).expect("written");
    let ended = sandbox.xtask(&["verify"]);
    assert_eq!(ended.code, Some(2));
    for fault in ["course.toml:9: stars", "course.toml:15: the name `one` is taken", "course.toml:17: stars"] {
        assert!(ended.stderr.contains(fault), "no `{fault}` in\n{}", ended.stderr);
    }
    fs::write(&list, "version = ").expect("written");
    let ended = sandbox.xtask(&["list"]);
    assert!(ended.code == Some(2) && ended.stderr.contains("exercises/course.toml:1: "), "{}", ended.stderr);
}

#[test]
fn a_damaged_progress_file_is_kept_said_and_rebuilt() {
    let sandbox = Sandbox::with_course("damaged", &[("one", RIGHT)]);
    sandbox.write("progress.toml", "version = 1\n[exercise.one\npassed = true");
    let ended = sandbox.xtask(&["verify"]);
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stderr.contains("progress.toml.damaged-1"), "{}", ended.stderr);
    assert!(sandbox.read("progress.toml.damaged-1").contains("[exercise.one\n"));
    assert!(sandbox.read("progress.toml").contains("passed = true"), "rebuilt by what was checked");
}

#[test]
fn a_progress_file_of_a_newer_version_is_left_alone() {
    let sandbox = Sandbox::with_course("newer", &[("one", RIGHT)]);
    sandbox.write("progress.toml", "version = 99\nmore = true\n");
    let ended = sandbox.xtask(&["verify", "one"]);
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stderr.contains("version 99"), "{}", ended.stderr);
    assert_eq!(sandbox.read("progress.toml"), "version = 99\nmore = true\n");
}

#[test]
fn a_program_that_was_once_right_and_fails_now_is_a_failure_also_without_names() {
    let sandbox = Sandbox::with_course("once-right", &[("one", RIGHT)]);
    assert_eq!(sandbox.xtask(&["verify"]).code, Some(0));
    // Back at the start, but it had passed.
    fs::copy(sandbox.root.join("exercises/01_bad/one/starter.rs"), sandbox.work.join("01_bad/one.rs")).expect("copied");
    assert_eq!(sandbox.xtask(&["verify"]).code, Some(1));
}

#[test]
fn two_runners_at_once_agree_and_lose_nothing() {
    let programs: Vec<(String, &str)> = (0..4).map(|number| (format!("p{number}"), RIGHT)).collect();
    let programs: Vec<(&str, &str)> = programs.iter().map(|(name, program)| (name.as_str(), *program)).collect();
    let sandbox = Sandbox::with_course("two-runners", &programs);
    let halves = [["verify", "p0", "p1"], ["verify", "p2", "p3"]];
    let runners = halves
        .map(|half| sandbox.command(&half).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs"));
    for runner in runners {
        let ended = Ended::of(runner.wait_with_output().expect("it ends"));
        assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    }
    assert_eq!(sandbox.read("progress.toml").matches("passed = true").count(), 4);
}

#[test]
fn learners_who_share_a_target_folder_do_not_get_each_other_s_verdicts() {
    let right = Sandbox::with_course("neighbour-right", &[("one", RIGHT)]);
    let wrong = Sandbox::with_course("neighbour-wrong", &[("one", "pub fn main() {}\n")]);
    for _ in 0..2 {
        assert_eq!(right.verify_json(&["--no-cache"])["by_name"]["one"]["verdict"], "passed");
        assert_eq!(wrong.verify_json(&["--no-cache"])["by_name"]["one"]["verdict"], "nothing-recorded");
    }
}

#[test]
fn an_interruption_ends_everything_and_is_said() {
    let sandbox = Sandbox::with_course("interrupted", &[("one", &endless(&unlikely(88)))]);
    let mut command = sandbox.command(&["verify", "--time-limit", "300"]);
    let mut runner = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    wait_for("the program begins", || !processes(&unlikely(88)).is_empty());
    let pid = i32::try_from(runner.id()).expect("a pid");
    // SAFETY:
    // * a signal to a child that is not reaped touches no memory.
    assert_eq!(unsafe { libc::kill(pid, libc::SIGINT) }, 0);
    let mut said = String::new();
    runner.stdout.take().expect("piped").read_to_string(&mut said).expect("UTF-8");
    assert_eq!(runner.wait().expect("it ends").code(), Some(130), "{said}");
    assert!(said.contains("interrupted"), "{said}");
    assert_eq!(processes(&unlikely(88)), Vec::<String>::new());
    assert_eq!(processes("cli/interrupted"), Vec::<String>::new());
}

#[test]
fn a_runner_that_is_killed_leaves_no_program_running_and_all_files_whole() {
    let sandbox = Sandbox::with_course("killed", &[("right", RIGHT), ("endless", &endless(&unlikely(99)))]);
    let mut command = sandbox.command(&["verify", "--time-limit", "300"]);
    let mut runner = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
    wait_for("the program begins", || !processes(&unlikely(99)).is_empty());
    runner.kill().expect("it runs");
    runner.wait().expect("it ends");
    let left = || processes("killed").into_iter().filter(|line| line.contains("/run/")).collect::<Vec<_>>();
    wait_for("the kernel ends the program", || left().is_empty());
    assert!(sandbox.read("progress.toml").starts_with("# Written by"));
    // A later run is none the worse for it.
    assert_eq!(sandbox.xtask(&["verify", "right"]).code, Some(0));
    for line in processes(&unlikely(99)) {
        let pid: i32 = line.split(':').next().and_then(|pid| pid.parse().ok()).expect("a pid");
        // SAFETY:
        // * a signal to a process of this test (it has its unlikely argument) touches no memory.
        unsafe { libc::kill(pid, libc::SIGKILL) };
    }
}

#[test]
fn what_is_saved_by_moving_an_older_file_is_checked_anew() {
    let sandbox = Sandbox::with_course("older-file", &[("one", "pub fn main() {}\n")]);
    let older = sandbox.root.join("older.rs");
    fs::write(&older, RIGHT).expect("written");
    let hour_ago = std::time::SystemTime::now() - Duration::from_secs(3600);
    fs::File::options().write(true).open(&older).and_then(|file| file.set_modified(hour_ago)).expect("its time is set");
    assert_eq!(sandbox.verify_json(&[])["by_name"]["one"]["verdict"], "nothing-recorded");
    fs::rename(&older, sandbox.work.join("01_bad/one.rs")).expect("moved");
    assert_eq!(sandbox.verify_json(&[])["by_name"]["one"]["verdict"], "passed");
}
