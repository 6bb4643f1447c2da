//! Programs that misbehave, checked by the real runner, all in one call: each gets a verdict that names the thing,
//! within the limit, and nothing of it is left.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod cli;
#[path = "cli/schema.rs"]
mod schema;

use std::process::{Child, Command};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use cli::{Sandbox, by_name, processes};
use serde_json::Value;

/// By name: the program.
const PROGRAMS: &[(&str, &str)] = &[
    ("right", "use threadcraft::prelude::*;\npub fn main() { println!(\"ok\"); }\n"),
    ("private_main", "fn main() {}\n"),
    ("empty_main", "pub fn main() {}\n"),
    ("empty_file", ""),
    ("syntax_error", "pub fn main() { let x = ; }\n"),
    ("type_error", "pub fn main() { let x: u32 = \"one\"; }\n"),
    ("other_signature", "pub fn main(x: u32) { let _ = x; }\n"),
    ("unsafe_code", "unsafe fn f() {}\npub fn main() {}\n"),
    ("endless_loop", "pub fn main() { loop { std::hint::spin_loop(); } }\n"),
    (
        "std_deadlock",
        "use std::sync::Mutex;\npub fn main() { let m = Mutex::new(()); let _a = m.lock(); let _b = m.lock(); }\n",
    ),
    (
        "own_deadlock",
        "use threadcraft::prelude::*;\nstatic L: Lock<()> = Lock::new(());\npub fn main() { let _a = L.lock(); let _b = L.lock(); }\n",
    ),
    (
        "panic_in_main",
        "use threadcraft::prelude::*;\npub fn main() { println!(\"so far\"); panic!(\"my \\u{1b}[2Jfault\"); }\n",
    ),
    (
        "panic_in_worker",
        "use threadcraft::prelude::*;\npub fn main() { let t = spawn(|| panic!(\"lost\")); drop(t); println!(\"ok\"); }\n",
    ),
    ("exit_early", "pub fn main() { std::process::exit(0) }\n"),
    ("exit_with_code", "pub fn main() { std::process::exit(9) }\n"),
    ("abort", "pub fn main() { std::process::abort() }\n"),
    (
        "stack_overflow",
        "pub fn main() { std::println!(\"{}\", deep(1)); }\nfn deep(n: u64) -> u64 { let a = [n; 512]; \
         if std::hint::black_box(n) == 0 { 0 } else { deep(n + 1) + std::hint::black_box(a)[7] } }\n",
    ),
    (
        "prints_without_end",
        "pub fn main() { std::println!(\"first\"); let line = \"and on \".repeat(1000); loop { std::println!(\"{line}\"); } }\n",
    ),
    (
        "one_endless_line",
        "pub fn main() { loop { std::print!(\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"); } }\n",
    ),
    ("allocates_without_end", "pub fn main() { let mut v = Vec::new(); loop { v.push(vec![1u8; 1 << 20]); } }\n"),
    (
        "outliving_process",
        "use threadcraft::prelude::*;\npub fn main() { let mut c = std::process::Command::new(\"setsid\");\n\
         c.args([\"sh\", \"-c\", \"sleep 77.0421 & sleep 77.0421\"]); c.spawn().unwrap(); println!(\"ok\"); }\n",
    ),
    (
        "std_thread",
        "use threadcraft::prelude::*;\nstatic L: Lock<()> = Lock::new(());\n\
         pub fn main() { std::thread::spawn(|| drop(L.lock())).join().unwrap(); println!(\"ok\"); }\n",
    ),
    (
        "reads_input",
        "use threadcraft::prelude::*;\npub fn main() { let mut s = String::new(); std::io::stdin().read_line(&mut s).unwrap();\n\
         println!(\"{}\", if s.is_empty() { \"ok\" } else { \"input\" }); }\n",
    ),
    (
        "not_utf8_output",
        "pub fn main() { use std::io::Write; std::io::stdout().write_all(b\"\\xff\\x1b[2J\").unwrap(); std::process::exit(4) }\n",
    ),
    (
        "livelock",
        "use threadcraft::prelude::*;\nstatic A: Lock<()> = Lock::new(());\nstatic B: Lock<()> = Lock::new(());\n\
         fn pass(mine: &Lock<()>, yours: &Lock<()>) { loop { let _m = mine.lock(); if yours.try_lock().is_some() { return; } } }\n\
         pub fn main() { let t = spawn(|| pass(&B, &A)); pass(&A, &B); t.join().unwrap(); println!(\"ok\"); }\n",
    ),
    (
        "escape_codes",
        "use threadcraft::prelude::*;\npub fn main() { println!(\"\\u{1b}]0;title\\u{7}\\u{1b}[31m\\u{9b}2J\\u{202e}\"); }\n",
    ),
    ("warns", "use threadcraft::prelude::*;\npub fn main() { let unused = 1; println!(\"ok\"); }\n"),
    ("error_in_the_check", "pub struct Odd;\npub fn main() -> Odd { Odd }\n"),
    ("error_in_a_macro", "pub fn main() { println!(\"{}\"); }\n"),
    ("linked", ""),
    ("linked_to_nothing", ""),
    ("linked_to_itself", ""),
    ("not_utf8_source", ""),
    ("missing", ""),
    ("a_folder", ""),
    ("too_long", ""),
];

/// The longest that one program may take; what the explorer itself finds, it finds sooner.
const LIMIT: &str = "6";

/// All programs, checked once.
fn results() -> &'static Value {
    static RESULTS: OnceLock<Value> = OnceLock::new();
    RESULTS.get_or_init(|| {
        let sandbox = Sandbox::with_course("bad-input", PROGRAMS);
        let file = |name: &str| sandbox.work.join(format!("01_bad/{name}.rs"));
        // The first use gives all files, so that one that is gone was deleted.
        sandbox.xtask(&["hint", "right"]);
        std::fs::remove_file(file("missing")).expect("it was given");
        std::fs::remove_file(file("a_folder")).expect("it was given");
        std::fs::create_dir(file("a_folder")).expect("a folder");
        std::fs::write(file("too_long"), " ".repeat(10 << 20)).expect("written");
        std::fs::write(file("empty_file"), "").expect("written");
        std::fs::write(file("not_utf8_source"), b"// caf\xe9\npub fn main() {}\n").expect("written");
        let elsewhere = sandbox.root.join("elsewhere.rs");
        std::fs::copy(file("right"), &elsewhere).expect("copied");
        for (name, target) in [
            ("linked", elsewhere),
            ("linked_to_nothing", sandbox.root.join("nothing.rs")),
            ("linked_to_itself", file("linked_to_itself")),
        ] {
            std::fs::remove_file(file(name)).expect("it was given");
            std::os::unix::fs::symlink(target, file(name)).expect("a link");
        }
        let before: Vec<String> =
            PROGRAMS.iter().filter_map(|(name, _)| std::fs::read_to_string(file(name)).ok()).collect();
        // Compiling is not what is measured.
        sandbox.verify_json(&["right"]);
        let started = Instant::now();
        let ended = sandbox.xtask(&["verify", "--format", "json", "--time-limit", LIMIT, "--memory-limit", "256"]);
        let seconds = started.elapsed().as_secs_f64();
        let document = sandbox.root.join("results.json");
        std::fs::write(&document, &ended.stdout).expect("written");
        let mut results = by_name(&ended);
        results["seconds"] = seconds.into();
        results["json"] = serde_json::from_str(&ended.stdout).expect("JSON");
        results["junit"] =
            sandbox.xtask(&["merge", "--format", "junit", &document.display().to_string()]).stdout.into();
        let after: Vec<String> =
            PROGRAMS.iter().filter_map(|(name, _)| std::fs::read_to_string(file(name)).ok()).collect();
        results["files_intact"] = (before == after).into();
        results
    })
}

/// Asserts a program's verdict and that its diagnosis has these words.
fn is(name: &str, verdict: &str, words: &[&str]) {
    let result = &results()["by_name"][name];
    let diagnosis = result["diagnosis"].as_str().unwrap_or_default();
    assert_eq!(result["verdict"], verdict, "{name}: {}\n{diagnosis}", result["checked"]);
    for word in words {
        assert!(diagnosis.contains(word), "{name}: no `{word}` in\n{diagnosis}");
    }
    assert!(!diagnosis.contains('\u{1b}'), "{name}: an escape code reached the terminal");
}

#[test]
fn a_right_program_passes_among_all_the_bad_ones() {
    is("right", "passed", &[]);
    is("reads_input", "passed", &[]);
}

#[test]
fn a_file_without_what_the_check_needs_says_what_is_missing_in_that_file() {
    is("private_main", "interface", &["`main` is private", "pub fn main()", "01_bad/private_main.rs"]);
    is("empty_file", "interface", &["there is no `main`", "pub fn main()", "01_bad/empty_file.rs"]);
    is("other_signature", "interface", &["01_bad/other_signature.rs"]);
    is("empty_main", "nothing-recorded", &[]);
}

#[test]
fn what_does_not_compile_is_shown_as_the_compiler_shows_it() {
    is("syntax_error", "compile-error", &["exercises/work/01_bad/syntax_error.rs:1:25", "expected expression"]);
    is("type_error", "compile-error", &["E0308", "exercises/work/01_bad/type_error.rs"]);
    is("unsafe_code", "compile-error", &["unsafe"]);
}

#[test]
fn what_only_warns_passes_and_is_warned_of() {
    is("warns", "passed", &[]);
    let shown = Sandbox::with_course("bad-input-warns", &[program("warns")]).xtask(&["verify", "warns"]);
    assert!(shown.code == Some(0) && shown.stdout.contains("unused variable"), "{}{}", shown.stdout, shown.stderr);
}

/// One of the programs.
fn program(name: &str) -> (&'static str, &'static str) {
    *PROGRAMS.iter().find(|(program, _)| *program == name).expect("it is listed")
}

#[test]
fn an_error_in_the_check_or_in_a_macro_is_told_in_terms_of_the_learner_s_file() {
    is("error_in_the_check", "interface", &["01_bad/error_in_the_check.rs", "as they were given"]);
    is("error_in_a_macro", "compile-error", &["01_bad/error_in_a_macro.rs:1:"]);
}

#[test]
fn a_livelock_is_named() {
    is("livelock", "livelock", &["livelock.rs"]);
}

#[test]
fn escape_codes_become_visible_signs_wherever_they_come_from() {
    is("escape_codes", "wrong-outcomes", &["␛[31m"]);
}

#[test]
fn a_link_is_followed_and_one_that_leads_nowhere_or_in_a_circle_is_named() {
    is("linked", "passed", &[]);
    is("linked_to_nothing", "missing-file", &["linked_to_nothing.rs"]);
    is("linked_to_itself", "unreadable", &["linked_to_itself.rs"]);
}

#[test]
fn a_source_that_is_not_utf8_is_named_with_its_line() {
    is("not_utf8_source", "unreadable", &["not UTF-8 (line", "1)"]);
}

#[test]
fn a_loop_without_end_is_stuck() {
    is("endless_loop", "stuck", &[]);
}

#[test]
fn a_deadlock_on_a_foreign_lock_is_stuck_and_on_ours_a_deadlock() {
    is("std_deadlock", "stuck", &[]);
    is("own_deadlock", "deadlock", &["own_deadlock.rs"]);
}

#[test]
fn a_panic_is_named_with_its_message_wherever_it_happens() {
    is("panic_in_main", "panic", &["fault"]);
    is("panic_in_worker", "panic", &["lost"]);
}

#[test]
fn a_process_that_ends_early_is_told_apart_from_one_that_crashes() {
    is("exit_early", "exited", &["code 0"]);
    is("exit_with_code", "exited", &["code 9"]);
    is("abort", "crashed", &["abort"]);
    is("stack_overflow", "crashed", &["overflowed its stack"]);
}

#[test]
fn printing_without_end_is_cut_off_and_both_ends_are_shown() {
    is("prints_without_end", "output-flood", &["first", "and on and on", " bytes …"]);
    is("one_endless_line", "output-flood", &["xxx"]);
}

#[test]
fn allocating_without_end_is_out_of_memory() {
    is("allocates_without_end", "out-of-memory", &["256 MiB"]);
}

#[test]
fn foreign_threads_are_named() {
    is("std_thread", "foreign", &["threadcraft"]);
}

#[test]
fn what_a_program_prints_can_do_the_terminal_no_harm() {
    is("not_utf8_output", "exited", &["�␛[2J"]);
}

#[test]
fn a_file_that_is_not_there_or_cannot_be_read_is_named() {
    is("missing", "missing-file", &["01_bad/missing.rs", "cargo xtask reset missing"]);
    is("a_folder", "unreadable", &["not a file"]);
    is("too_long", "unreadable", &["10485760 bytes"]);
}

#[test]
fn the_results_of_all_of_them_are_as_the_schemas_say() {
    assert_eq!(schema::faults_of_json(&schema::closed_json(), &results()["json"]), Vec::<String>::new());
    let junit = results()["junit"].as_str().expect("a text");
    assert_eq!(schema::faults_of_junit(junit), Vec::<String>::new());
    assert_eq!(junit.matches("<testcase ").count(), PROGRAMS.len());
}

#[test]
fn no_process_is_left_and_no_file_is_changed() {
    let results = results();
    assert_eq!(results["files_intact"], true);
    assert_eq!(processes("77.0421"), Vec::<String>::new());
    assert_eq!(processes("cli/bad-input"), Vec::<String>::new());
}

/// Computes for a few tenths of a second between two steps, which is right, and slow.
const COMPUTES: &str = "use threadcraft::prelude::*;\npub fn main() {\n\
    let mut n = 0u64; while n < 40_000_000 { n = std::hint::black_box(n + 1); }\n println!(\"ok\"); }\n";

#[test]
fn on_a_busy_machine_verdicts_are_the_same() {
    let programs = [("computes", COMPUTES), program("endless_loop"), program("std_deadlock"), program("own_deadlock")];
    let sandbox = Sandbox::with_course("bad-input-busy", &programs);
    sandbox.verify_json(&["own_deadlock"]);
    // Each leads a session: where the kernel shares processors among sessions, these have a share, too.
    let busy = || Command::new("setsid").args(["sh", "-c", "while :; do :; done"]).spawn().expect("it runs");
    let count = 3 * std::thread::available_parallelism().map_or(1, usize::from);
    let mut busy: Vec<Child> = (0..count).map(|_| busy()).collect();
    // The clock will say more than this: what counts is what the programs take themselves.
    let results = sandbox.verify_json(&["--no-cache", "--time-limit", LIMIT]);
    busy.iter_mut().for_each(|one| one.kill().and_then(|()| one.wait()).map(drop).expect("it is ours"));
    let verdict = |name: &str| results["by_name"][name]["verdict"].as_str().expect("a verdict").to_owned();
    let verdicts = programs.map(|(name, _)| verdict(name));
    assert_eq!(verdicts, ["passed", "stuck", "stuck", "deadlock"]);
}

#[test]
fn all_of_it_ends_in_time() {
    let seconds = results()["seconds"].as_f64().expect("a number");
    assert!(Duration::from_secs_f64(seconds) < Duration::from_secs(60), "{seconds} s");
    assert_eq!(results()["code"], 1, "some fail");
}
