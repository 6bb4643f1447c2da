//! A build without the feature `explore` contains nothing of the engine, and one without `--cfg loom` nothing of loom.

use std::process::Command;

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
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("package names are text")
}

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

#[test]
fn a_primitive_taken_alone_brings_no_other_of_our_crates_but_the_seam() {
    for primitive in ["lock", "semaphore", "event"] {
        let package = format!("threadcraft-{primitive}");
        let tree = built_from(&package, "");
        let ours: Vec<&str> = tree
            .lines()
            .filter_map(|line| line.split_whitespace().next())
            .filter(|name| name.starts_with("threadcraft"))
            .collect();
        assert_eq!(ours, [package.as_str(), "threadcraft-platform"], "{tree}");
    }
}
