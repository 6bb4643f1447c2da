//! A course or a state file that is not as it should be, and runners that are killed or interrupted at any moment.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod cli;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use cli::{Ended, Sandbox, processes};

const RIGHT: &str = "use threadcraft::prelude::*;\npub fn main() { println!(\"ok\"); }\n";

/// A sandbox in which the exercise `one` has passed.
fn passed(name: &str) -> Sandbox {
    let sandbox = Sandbox::with_course(name, &[("one", RIGHT)]);
    assert_eq!(sandbox.xtask(&["verify"]).code, Some(0));
    sandbox
}

/// True if the runner still knows that `one` has passed.
fn knows(sandbox: &Sandbox) -> bool {
    sandbox.xtask(&["progress"]).stdout.contains("1 of 1 passed")
}

#[test]
fn an_unknown_key_in_the_course_is_told_with_its_line() {
    let sandbox = Sandbox::with_course("bad-key", &[("one", RIGHT)]);
    let list = sandbox.root.join("exercises/course.toml");
    let text = fs::read_to_string(&list).expect("written");
    fs::write(&list, text.replace("stars = 1", "stars = 1\ncolour = \"red\"")).expect("written");
    let ended = sandbox.xtask(&["verify"]);
    assert!(ended.code == Some(2) && ended.stderr.contains("unknown field `colour`"), "{}", ended.stderr);
    let line = 1 + fs::read_to_string(&list)
        .expect("written")
        .lines()
        .position(|line| line.starts_with("colour"))
        .expect("it is there");
    assert!(ended.stderr.contains(&format!("course.toml:{line}")), "line {line}: {}", ended.stderr);
}

#[test]
fn a_file_of_the_course_that_is_missing_is_told_by_its_path() {
    let sandbox = Sandbox::with_course("bad-missing", &[("one", RIGHT)]);
    fs::remove_file(sandbox.root.join("exercises/01_bad/one/check.rs")).expect("it is there");
    let ended = sandbox.xtask(&["verify"]);
    assert!(
        ended.code == Some(2) && ended.stderr.contains("exercises/01_bad/one/check.rs is missing"),
        "{}",
        ended.stderr
    );
    fs::remove_file(sandbox.root.join("exercises/course.toml")).expect("it is there");
    let ended = sandbox.xtask(&["list"]);
    assert!(ended.code == Some(2) && ended.stderr.contains("exercises/course.toml: "), "{}", ended.stderr);
}

#[test]
fn a_state_file_with_the_line_ends_of_windows_is_read() {
    let sandbox = passed("state-crlf");
    let text = sandbox.read("progress.toml").replace('\n', "\r\n");
    sandbox.write("progress.toml", &text);
    assert!(knows(&sandbox));
    assert_eq!(sandbox.xtask(&["hint", "one"]).stderr, "");
}

#[test]
fn a_state_file_that_may_not_be_written_is_replaced_or_it_is_said() {
    let sandbox = passed("state-read-only");
    let file = sandbox.work.join("progress.toml");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).expect("set");
    let ended = sandbox.xtask(&["hint", "one"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let hints = sandbox.read("progress.toml").contains("hints = 1");
    assert!(hints || ended.stderr.contains("could not be saved"), "{}", ended.stderr);
    assert!(knows(&sandbox));
}

#[test]
fn on_a_full_disk_the_old_state_stays_whole_and_it_is_said() {
    let sandbox = passed("state-disk-full");
    let before = sandbox.read("progress.toml");
    let mut command = sandbox.command(&["hint", "one"]);
    let nothing_more = || {
        let limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY:
        // * the call touches no memory; a write beyond the limit then fails instead of killing.
        unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
        // SAFETY:
        // * `limit` is a valid `rlimit` for the length of the call.
        match unsafe { libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit) } {
            0 => Ok(()),
            _ => Err(std::io::Error::last_os_error()),
        }
    };
    // SAFETY:
    // * between fork and exec the closure only makes system calls.
    unsafe { command.pre_exec(nothing_more) };
    // To pipes: the limit is for files.
    let ended = Ended::of(command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().expect("it runs"));
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.contains("where to look") && ended.stderr.contains("could not be saved"), "{}", ended.stderr);
    assert_eq!(sandbox.read("progress.toml"), before);
    let left = fs::read_dir(&sandbox.work).expect("the folder").flatten();
    assert!(!left.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with(".progress")));
}

#[test]
fn killed_at_any_moment_it_leaves_all_files_whole_and_the_next_run_goes_on() {
    let sandbox = passed("killed-anywhere");
    let started = Instant::now();
    sandbox.xtask(&["verify", "--no-cache"]);
    let whole = started.elapsed();
    const MOMENTS: u32 = 10;
    for moment in 0..MOMENTS {
        let mut command = sandbox.command(&["verify", "--no-cache"]);
        let mut runner = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
        // Not to wait for anything, but to be somewhere else each time.
        std::thread::sleep(whole * moment / MOMENTS);
        // It may have come to its end.
        let _ = runner.kill();
        runner.wait().expect("it ends");
        assert!(knows(&sandbox), "killed after {moment} tenths of {whole:?}");
        assert_eq!(sandbox.read("01_bad/one.rs"), RIGHT);
    }
    assert_eq!(sandbox.xtask(&["verify", "--no-cache"]).code, Some(0));
    wait_for("nothing of it runs", || processes("killed-anywhere").is_empty());
}

#[test]
fn interrupted_while_it_compiles_it_ends_the_compiler_and_says_so() {
    let sandbox = Sandbox::with_course("interrupted-compile", &[("one", RIGHT)]);
    // A place of its own, where everything is still to be compiled.
    let target = sandbox.root.join("own-target");
    let mut command = sandbox.command(&["verify"]);
    command.env("THREADCRAFT_TARGET", &target).stdout(Stdio::piped()).stderr(Stdio::piped());
    let runner = command.spawn().expect("it runs");
    let word = target.display().to_string();
    let compilers = || processes(&word).into_iter().filter(|line| line.contains("--crate-name")).count();
    wait_for("a compiler runs", || compilers() > 0);
    let pid = i32::try_from(runner.id()).expect("a pid");
    // SAFETY:
    // * a signal to a child that is not reaped touches no memory.
    assert_eq!(unsafe { libc::kill(pid, libc::SIGINT) }, 0);
    let ended = Ended::of(runner.wait_with_output().expect("it ends"));
    assert!(ended.code == Some(130) && ended.stdout.contains("interrupted"), "{ended:?}");
    wait_for("no compiler is left", || compilers() == 0);
}

fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(120);
    while !holds() {
        assert!(Instant::now() < until, "in vain: {what}");
        std::thread::yield_now();
    }
}
