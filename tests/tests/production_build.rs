//! A build without the feature `explore` contains nothing of the engine, one without `--cfg loom` nothing of loom, and a
//! program elsewhere that takes one crate gets that crate, what it stands on, and nothing else of ours.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// The packages that a package is built from, with these features.
fn built_from(package: &str, features: &str) -> String {
    built_with_flags(package, features, "")
}

fn built_with_flags(package: &str, features: &str, flags: &str) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal", "--prefix", "none", "--package", package])
        .args(["--features", features])
        .env("RUSTFLAGS", flags)
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .current_dir(ROOT)
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("package names are text")
}

/// The root of the workspace.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[test]
fn no_crate_is_built_from_the_engine_unless_asked() {
    for package in ["platform", "lock", "semaphore", "event", "thread"].map(|crate_| format!("threadcraft-{crate_}")) {
        assert!(!built_from(&package, "").contains("threadcraft-explore"), "{package}");
        assert!(built_from(&package, "explore").contains("threadcraft-explore"), "{package}");
    }
    assert!(!built_from("threadcraft", "").contains("threadcraft-explore"));
}

#[test]
fn no_crate_is_built_from_loom_unless_asked() {
    let uses_loom = |flags: &str| {
        let tree = built_with_flags("threadcraft", "", flags);
        tree.lines().any(|package| package.starts_with("loom "))
    };
    assert!(!uses_loom(""));
    assert!(uses_loom("--cfg loom"));
}

/// A primitive: what of ours it stands on, and the program of somebody who takes it alone.
const ALONE: [(&str, &[&str], &str); 5] = [
    ("lock", &["platform"], "assert_eq!(*threadcraft_lock::Lock::new(7).lock(), 7);"),
    ("semaphore", &["platform"], "drop(threadcraft_semaphore::Semaphore::new(1).acquire());"),
    ("event", &["platform"], "let event = threadcraft_event::Event::new(); event.set(); event.wait();"),
    ("barrier", &["platform"], "assert!(threadcraft_barrier::Barrier::new(1).wait().unwrap().is_leader());"),
    (
        "condition",
        &["lock", "platform"],
        "let ready = threadcraft_condition::Monitor::new(true); ready.lock().wait_while(|ready| !*ready);",
    ),
];

/// Makes a program of a package of its own, which is in no workspace, in this folder.
fn write_program(folder: &Path, primitive: &str, body: &str) {
    let path = fs::canonicalize(Path::new(ROOT).join("crates").join(primitive)).expect("the crate is there");
    let manifest = format!(
        "[package]\nname = \"alone\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         threadcraft-{primitive} = {{ path = {path:?} }}\n"
    );
    fs::create_dir(folder.join("src")).expect("a new folder");
    fs::write(folder.join("Cargo.toml"), manifest).expect("a new file");
    fs::write(folder.join("src/main.rs"), format!("fn main() {{ {body} }}\n")).expect("a new file");
    // The same versions of others' crates, so that nothing has to be fetched.
    fs::copy(Path::new(ROOT).join("Cargo.lock"), folder.join("Cargo.lock")).expect("the workspace has one");
}

/// Run one after the other: how long a cold build takes is printed, and is what somebody who takes the crate waits for.
#[test]
fn a_program_elsewhere_that_takes_one_primitive_compiles_it_and_the_seam_and_runs() {
    for (primitive, stands_on, body) in ALONE {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write_program(folder.path(), primitive, body);
        let started = Instant::now();
        let output = Command::new(env!("CARGO"))
            .args(["run", "--offline"])
            .env("CARGO_TARGET_DIR", folder.path().join("target"))
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .current_dir(folder.path())
            .output()
            .expect("cargo can be run");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{primitive}: {told}");
        println!("{primitive}, compiled cold and run: {:.1} s", started.elapsed().as_secs_f64());
        let compiled = told.lines().filter_map(|line| line.trim_start().strip_prefix("Compiling threadcraft-"));
        let mut ours: Vec<&str> = compiled.filter_map(|rest| rest.split_whitespace().next()).collect();
        ours.sort_unstable();
        let mut expected = [&[primitive], stands_on].concat();
        expected.sort_unstable();
        assert_eq!(ours, expected, "{told}");
    }
}
