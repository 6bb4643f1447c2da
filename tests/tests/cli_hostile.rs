//! Programs that go for what judges them, or for what is around: nothing of it is harmed, nothing is believed that
//! they say, and nothing of them is left. `xtask/THREATS.md` is the page to this file.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod cli;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use cli::{Ended, Sandbox, processes};
use serde_json::Value;

const RIGHT: &str = "use threadcraft::prelude::*;\npub fn main() { println!(\"ok\"); }\n";

/// Programs that would pass if they did nothing besides; `ROOT` stands for the repository.
const ATTACKS: &[(&str, &str)] = &[
    ("changes_snapshot", "let _ = std::fs::write(\"ROOT/exercises/01_bad/right/outcomes.snap\", \"x\");"),
    ("deletes_snapshot", "let _ = std::fs::remove_file(\"ROOT/exercises/01_bad/right/outcomes.snap\");"),
    (
        "changes_check",
        "let _ = std::fs::write(\"ROOT/exercises/01_bad/right/check.rs\", \"pub fn check(_: &mut ()) {}\");",
    ),
    ("renames_course", "let _ = std::fs::rename(\"ROOT/exercises/course.toml\", \"ROOT/exercises/gone.toml\");"),
    ("adds_to_course", "let _ = std::fs::create_dir(\"ROOT/exercises/01_bad/mine\");"),
    ("deletes_own_source", "let _ = std::fs::remove_file(\"ROOT/exercises/work/01_bad/deletes_own_source.rs\");"),
    ("deletes_all_work", "let _ = std::fs::remove_dir_all(\"ROOT/exercises/work\");"),
    ("changes_progress", "let _ = std::fs::write(\"ROOT/exercises/work/progress.toml\", \"version = 1\");"),
    ("writes_outside", "let _ = std::fs::write(\"ROOT/outside\", \"x\");"),
    (
        "writes_by_a_shell",
        "let _ = std::process::Command::new(\"sh\").args([\"-c\", \"echo x > ROOT/outside\"]).status();",
    ),
    (
        "writes_inside",
        "std::fs::write(\"mine\", \"x\").unwrap(); assert_eq!(std::fs::read(\"mine\").unwrap(), b\"x\");",
    ),
];

/// Programs that meddle with the report, its pipe, or the process, and the verdict of each.
const LIARS: &[(&str, &str, &str)] = &[
    (
        "forged_report",
        "no-report",
        "for fd in 3..64 { let _ = std::fs::write(format!(\"/proc/self/fd/{fd}\"), \
         \"{\\\"version\\\":1,\\\"token\\\":\\\"t\\\",\\\"exercise\\\":\\\"forged_report\\\",\\\"parts\\\":[]}\"); }",
    ),
    (
        "forged_and_gone",
        "no-report",
        "for fd in 3..64 { let _ = std::fs::write(format!(\"/proc/self/fd/{fd}\"), \
         \"{\\\"version\\\":1,\\\"token\\\":\\\"t\\\",\\\"exercise\\\":\\\"forged_and_gone\\\",\\\"parts\\\":[]}\"); } std::process::exit(0);",
    ),
    (
        "closes_descriptors",
        "compile-error",
        "use std::os::fd::{FromRawFd, OwnedFd}; for fd in 3..64 { drop(un\
         safe { OwnedFd::from_raw_fd(fd) }); }",
    ),
    (
        "becomes_another",
        "exited",
        "use std::os::unix::process::CommandExt; panic!(\"{}\", std::process::Command::new(\"true\").exec());",
    ),
    (
        "fills_descriptors",
        "passed",
        "let mut files = Vec::new(); while let Ok(file) = std::fs::File::open(\"/dev/null\") { files.push(file); } \
         assert!(files.len() < 2000);",
    ),
    (
        "kills_the_runner",
        "passed",
        "let _ = std::process::Command::new(\"sh\").args([\"-c\", \"kill -9 $(ps -o ppid= -p $PPID)\"]).status();",
    ),
    (
        "endless_file",
        "output-flood",
        "use std::io::Write; let mut f = std::fs::File::create(\"big\").unwrap(); loop { f.write_all(&[1; 1 << 16]).unwrap(); }",
    ),
    (
        "endless_threads",
        "process-flood",
        "loop { std::thread::Builder::new().stack_size(16 << 10).spawn(|| std::thread::sleep(std::time::Duration::from_secs(60))).unwrap(); }",
    ),
    ("endless_own_threads", "out-of-memory", "let mut all = Vec::new(); loop { all.push(spawn(|| ())); }"),
    (
        "endless_processes",
        "process-flood",
        "loop { let _ = std::process::Command::new(\"sleep\").arg(\"78.0421\").spawn(); }",
    ),
];

fn program(body: &str, root: &Path) -> String {
    let body = body.replace("ROOT", &root.display().to_string());
    format!("use threadcraft::prelude::*;\npub fn main() {{ attack(); println!(\"ok\"); }}\nfn attack() {{ {body} }}\n")
}

/// A course of a right program and these; their texts need to know where it lies.
fn sandbox(name: &str, programs: &[(&str, &str)]) -> Sandbox {
    let mut all = vec![("right", RIGHT)];
    all.extend(programs.iter().map(|&(name, _)| (name, RIGHT)));
    let sandbox = Sandbox::with_course(name, &all);
    for (name, body) in programs {
        sandbox.write(&format!("01_bad/{name}.rs"), &program(body, &sandbox.root));
    }
    // The first use makes the package and the state file.
    sandbox.xtask(&["verify", "right"]);
    sandbox
}

/// All files of the course and the learner with their contents, but for what the runner itself writes.
fn files(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut folders = vec![root.to_path_buf()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("readable")) {
            if entry.file_type().expect("a type").is_dir() {
                folders.push(entry.path());
            } else if entry.file_type().expect("a type").is_file() && entry.file_name() != "progress.toml" {
                files.push((entry.path(), fs::read(entry.path()).expect("readable")));
            }
        }
    }
    files.sort();
    files
}

fn verdict<'a>(results: &'a Value, name: &str) -> &'a str {
    results["by_name"][name]["verdict"].as_str().expect("a verdict")
}

#[test]
fn a_program_changes_no_file_but_in_its_own_folder() {
    let sandbox = sandbox("hostile-files", ATTACKS);
    let before = files(&sandbox.root);
    let results = sandbox.verify_json(&[]);
    for (name, _) in ATTACKS {
        let result = &results["by_name"][name];
        assert_eq!(result["verdict"], "passed", "{name}: {}", result["diagnosis"]);
    }
    let after = files(&sandbox.root);
    let names = |files: &[(PathBuf, Vec<u8>)]| files.iter().map(|(file, _)| file.clone()).collect::<Vec<_>>();
    assert_eq!(names(&before), names(&after));
    assert!(before == after, "a file was changed");
    assert!(sandbox.read("progress.toml").matches("passed = true").count() > ATTACKS.len(), "all of it is remembered");
}

#[test]
fn without_a_fence_what_is_tampered_with_is_noticed_and_no_pass_is_remembered() {
    for (name, body) in &ATTACKS[..5] {
        let sandbox = sandbox("hostile-unfenced", &[(name, body)]);
        let mut command = sandbox.command(&["verify", name]);
        let ended = Ended::of(command.env("THREADCRAFT_WITHOUT_FENCE", "1").output().expect("xtask runs"));
        assert!(ended.code == Some(1) && ended.stdout.contains("error[tampered]"), "{name}: {}", ended.stdout);
        let progress = sandbox.read("progress.toml");
        let record = progress.split(&format!("[exercise.{name}]")).nth(1).expect("it was given");
        assert!(!record.split("\n[").next().expect("a record").contains("passed"), "{name}: {progress}");
    }
}

/// The liars, checked once.
fn liars() -> &'static (Value, Duration) {
    static RESULTS: OnceLock<(Value, Duration)> = OnceLock::new();
    RESULTS.get_or_init(|| {
        let programs: Vec<(&str, &str)> = LIARS.iter().map(|&(name, _, body)| (name, body)).collect();
        let sandbox = sandbox("hostile-liars", &programs);
        let started = Instant::now();
        (sandbox.verify_json(&["--time-limit", "20"]), started.elapsed())
    })
}

fn is(name: &str) {
    let (_, expected, _) = LIARS.iter().find(|(liar, ..)| *liar == name).expect("it is listed");
    let result = &liars().0["by_name"][name];
    assert_eq!(result["verdict"], *expected, "{name}: {} {}", result["checked"], result["diagnosis"]);
}

#[test]
fn a_report_that_a_program_writes_is_not_believed() {
    is("forged_report");
    is("forged_and_gone");
}

#[test]
fn closing_what_one_did_not_open_needs_unsafe_code_and_does_not_compile() {
    is("closes_descriptors");
}

#[test]
fn a_process_that_becomes_another_program_has_no_report() {
    is("becomes_another");
}

#[test]
fn filling_all_descriptors_ends_at_the_limit_and_the_report_comes_all_the_same() {
    is("fills_descriptors");
}

#[test]
fn a_program_cannot_kill_its_runner() {
    is("kills_the_runner");
}

#[test]
fn a_file_without_end_is_a_flood() {
    is("endless_file");
}

#[test]
fn threads_and_processes_without_end_are_a_flood_and_none_is_left() {
    is("endless_threads");
    is("endless_own_threads");
    is("endless_processes");
    assert_eq!(processes("78.0421"), Vec::<String>::new());
}

#[test]
fn a_runner_that_is_killed_leaves_nothing_not_even_what_detached_itself() {
    let word = format!("79.0{}", std::process::id());
    let body = format!(
        "std::process::Command::new(\"setsid\").args([\"sh\", \"-c\", \"sleep {word} & sleep {word}\"]).spawn().unwrap();\n\
         std::process::Command::new(\"sleep\").arg(\"{word}\").spawn().unwrap();\n\
         for turn in 0.. {{ (0..1_000_000).for_each(|_| std::hint::spin_loop()); println!(\"{{turn}}\"); }}"
    );
    let sandbox = sandbox("hostile-killed", &[("detaches", &body)]);
    let mut command = sandbox.command(&["verify", "detaches", "--time-limit", "300"]);
    let mut runner = command.stdout(std::process::Stdio::null()).spawn().expect("it runs");
    let wait_for = |what: &str, holds: &dyn Fn(usize) -> bool| {
        let until = Instant::now() + Duration::from_secs(120);
        while !holds(processes(&word).len()) {
            assert!(Instant::now() < until, "in vain: {what}: {:?}", processes(&word));
            std::thread::yield_now();
        }
    };
    // Two that sleep, the shell that waits for them, and the one beside.
    wait_for("all have begun", &|count| count >= 4);
    runner.kill().expect("it runs");
    runner.wait().expect("it ends");
    wait_for("the guardian ends them", &|count| count == 0);
}

#[test]
fn verdicts_come_in_time() {
    let (results, took) = liars();
    assert_eq!(verdict(results, "right"), "passed");
    assert!(*took < Duration::from_secs(100), "{took:?}");
}
