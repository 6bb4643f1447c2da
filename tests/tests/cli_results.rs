//! Results for machines, of a run with right, wrong and hostile exercises: each form is as it promises, shards become
//! one run, and the exit codes are those of the documentation.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod cli;
#[path = "cli/schema.rs"]
mod schema;

use std::collections::BTreeSet;
use std::fs;

use cli::{Ended, Sandbox};
use serde_json::Value;

const RIGHT: &str = "use threadcraft::prelude::*;\npub fn main() { println!(\"ok\"); }\n";

const PROGRAMS: &[(&str, &str)] = &[
    ("right", RIGHT),
    ("also_right", RIGHT),
    ("wrong", "use threadcraft::prelude::*;\npub fn main() { println!(\"<wrong> & \\\"worse\\\"\"); }\n"),
    (
        "deadlock",
        "use threadcraft::prelude::*;\nstatic L: Lock<()> = Lock::new(());\npub fn main() {\n    let _a = L.lock();\n    let _b = L.lock();\n}\n",
    ),
    ("broken", "pub fn main() {\n    let x: u32 = \"one\";\n}\n"),
    (
        "hostile",
        "pub fn main() { std::println!(\"\\u{1b}[2J]]>\\n::error::mine\\n</testsuite>\\u{0}\"); std::process::exit(4) }\n",
    ),
    ("fresh", "pub fn main() {}\n"),
];

fn sandbox(name: &str) -> Sandbox {
    let sandbox = Sandbox::with_course(name, PROGRAMS);
    sandbox.xtask(&["hint", "wrong"]);
    sandbox
}

fn json(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}\n{}{}", ended.stdout, ended.stderr))
}

/// Asserts that a document is as the schema says, and that the schema describes all of it.
fn validate(document: &Value) {
    for schema in [schema::json(), schema::closed_json()] {
        let faults = schema::faults_of_json(&schema, document);
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

#[test]
fn json_is_as_its_schema_says_and_every_key_is_described() {
    let sandbox = sandbox("results-json");
    let ended = sandbox.xtask(&["verify", "--format", "json"]);
    let document = json(&ended);
    validate(&document);
    assert_eq!((ended.code, document["exit_code"].as_i64(), document["ok"].as_bool()), (Some(1), Some(1), Some(false)));
    let of = |name: &str| {
        let mut exercises = document["exercises"].as_array().expect("a list").iter();
        exercises.find(|exercise| exercise["name"] == name).expect("it was asked for")
    };
    assert_eq!((of("right")["earned"].as_i64(), of("wrong")["earned"].as_i64()), (Some(1), Some(0)));
    assert_eq!((of("deadlock")["line"].as_i64(), of("broken")["line"].as_i64()), (Some(5), Some(2)));
    assert_eq!((of("wrong")["hints"].as_i64(), of("fresh")["standing"].as_str()), (Some(1), Some("to-do")));
    assert_eq!(document["totals"]["points"], 2);
    // Unchanged, it is a shorter document of the same form.
    validate(&json(&sandbox.xtask(&["verify", "--format", "json"])));
    validate(&json(&sandbox.xtask(&["verify", "right", "--schedule", "a", "--format", "json"])));
}

#[test]
fn a_document_that_is_not_as_the_schema_says_is_seen_to_be_so() {
    let sandbox = Sandbox::with_course("results-schema", &[("right", RIGHT)]);
    let document = json(&sandbox.xtask(&["verify", "--format", "json"]));
    validate(&document);
    let is_valid = |document: &Value| schema::faults_of_json(&schema::json(), document).is_empty();
    for (key, value) in [("verdict", "Passed"), ("standing", "done"), ("points", "1"), ("kind", "X")] {
        let mut wrong = document.clone();
        wrong["exercises"][0][key] = value.into();
        assert!(!is_valid(&wrong), "{key}");
    }
    let mut wrong = document;
    wrong.as_object_mut().expect("an object").remove("totals");
    assert!(!is_valid(&wrong));
}

#[test]
fn the_schema_knows_every_verdict() {
    let sandbox = Sandbox::with_course("results-verdicts", &[("right", RIGHT)]);
    let list = sandbox.root.join("exercises/course.toml");
    let text = fs::read_to_string(&list).expect("written");
    fs::write(&list, text.replace("nothing-recorded", "no-verdict")).expect("written");
    // The message about an unknown verdict lists all that there are.
    let said = sandbox.xtask(&["list"]).stderr;
    let names = said.split("they are: ").nth(1).expect("a list").trim().split(", ");
    let names: BTreeSet<&str> = names.collect();
    let schema = schema::json();
    let known =
        schema["$defs"]["verdict"]["enum"].as_array().expect("names").iter().map(|name| name.as_str().expect("a name"));
    assert_eq!(names, known.collect());
}

#[test]
fn junit_of_hostile_exercises_is_as_its_schema_says_and_others_read_it_and_count_alike() {
    let sandbox = sandbox("results-junit");
    let ended = sandbox.xtask(&["verify", "--format", "junit"]);
    assert_eq!(ended.code, Some(1));
    assert_eq!(schema::faults_of_junit(&ended.stdout), Vec::<String>::new());
    let report = quick_junit::Report::deserialize_from_str(&ended.stdout)
        .unwrap_or_else(|error| panic!("{error}\n{}", ended.stdout));
    assert_eq!((report.tests, report.failures, report.errors), (PROGRAMS.len(), 4, 0));
    let case = |name: &str| {
        let mut cases = report.test_suites.iter().flat_map(|suite| &suite.test_cases);
        &cases.find(|case| case.name.as_str() == name).expect("it was asked for").status
    };
    let quick_junit::TestCaseStatus::NonSuccess { ty, description, .. } = case("hostile") else { panic!("it passed") };
    assert_eq!(ty.as_deref(), Some("exited"));
    assert!(description.as_deref().is_some_and(|text| text.contains("</testsuite>") && text.contains("::error::mine")));
    assert!(matches!(case("fresh"), quick_junit::TestCaseStatus::Skipped { .. }));
    assert!(matches!(case("right"), quick_junit::TestCaseStatus::Success { .. }));
}

#[test]
fn junit_that_is_not_as_the_schema_says_is_seen_to_be_so() {
    let sandbox = Sandbox::with_course("results-xsd", &[("right", RIGHT), ("wrong", PROGRAMS[2].1)]);
    let document = sandbox.xtask(&["verify", "--strict", "--format", "junit"]).stdout;
    assert_eq!(schema::faults_of_junit(&document), Vec::<String>::new(), "{document}");
    for (was, becomes) in [
        ("<testsuite name=\"01_bad\" tests=\"2\"", "<testsuite name=\"01_bad\" tests=\"two\""),
        ("<testsuite name=\"01_bad\" tests=\"2\"", "<testsuite name=\"01_bad\""),
        (" classname=\"01_bad\"", ""),
        ("<failure type=\"wrong-outcomes\"", "<failure type=\"Wrong outcomes\""),
        ("<failure ", "<fault "),
        ("<property name=\"points\" value=\"1\"/>", "<points/>"),
        ("&lt;", "<"),
        ("</testsuites>", ""),
    ] {
        assert!(document.contains(was), "no `{was}` in\n{document}");
        let other = document
            .replace(was, becomes)
            .replace("</failure>", if was == "<failure " { "</fault>" } else { "</failure>" });
        assert!(!schema::faults_of_junit(&other).is_empty(), "`{becomes}` for `{was}` is not seen");
    }
}

#[test]
fn github_gets_one_command_a_failure_and_a_summary() {
    let sandbox = sandbox("results-github");
    let summary = sandbox.root.join("summary.md");
    let mut command = sandbox.command(&["verify", "--format", "github"]);
    let ended = Ended::of(command.env("GITHUB_STEP_SUMMARY", &summary).output().expect("xtask runs"));
    let commands: Vec<&str> = ended.stdout.lines().filter(|line| line.starts_with("::")).collect();
    assert_eq!(commands.iter().filter(|line| line.starts_with("::error ")).count(), 4, "{}", ended.stdout);
    let deadlock = "::error file=exercises/work/01_bad/deadlock.rs,line=5,title=deadlock%3A deadlock::";
    assert!(commands.iter().any(|line| line.starts_with(deadlock)), "{}", ended.stdout);
    assert!(!commands.iter().any(|line| line.starts_with("::error::mine")), "a program speaks to GitHub itself");
    let summary = fs::read_to_string(summary).expect("written");
    assert!(summary.contains("| ✅ | right | 1 / 1 | passed |") && summary.contains("2 of 7 points"), "{summary}");
}

#[test]
fn two_shards_merged_equal_one_whole_run() {
    let sandbox = sandbox("results-shards");
    let whole = sandbox.xtask(&["verify", "--no-cache", "--format", "json"]);
    let files: Vec<String> = ["1/2", "2/2"]
        .iter()
        .map(|shard| {
            let part = sandbox.xtask(&["verify", "--no-cache", "--format", "json", "--shard", shard]);
            assert!(json(&part)["exercises"].as_array().expect("a list").len() < PROGRAMS.len());
            let file = sandbox.root.join(format!("{}.json", shard.replace('/', "-of-")));
            fs::write(&file, part.stdout).expect("written");
            file.display().to_string()
        })
        .collect();
    let merge = |format: &str, files: &[&String]| {
        let files: Vec<&str> = files.iter().map(|file| file.as_str()).collect();
        sandbox.xtask(&[&["merge", "--format", format], &files[..]].concat())
    };
    let merged = merge("json", &[&files[1], &files[0]]);
    assert_eq!((json(&merged), merged.code), (json(&whole), whole.code));
    let junit = sandbox.xtask(&["verify", "--no-cache", "--format", "junit"]);
    assert_eq!(schema::faults_of_junit(&junit.stdout), Vec::<String>::new());
    assert_eq!(merge("junit", &[&files[0], &files[1]]).stdout, junit.stdout);
    let human = merge("human", &[&files[0], &files[1]]).stdout;
    assert!(human.contains("2 of 7 points") && human.contains("deadlock.rs:5"), "{human}");
    let alone = merge("json", &[&files[0]]);
    assert!(alone.code == Some(2) && alone.stderr.contains("shard 2/2 is missing"), "{}", alone.stderr);
    let twice = merge("json", &[&files[0], &files[0]]);
    assert_eq!(twice.code, Some(2), "{}", twice.stderr);
}

#[test]
fn exit_codes_are_those_of_the_documentation() {
    let sandbox = sandbox("results-codes");
    let code = |arguments: &[&str]| sandbox.xtask(arguments).code;
    assert_eq!(code(&["verify", "right", "also_right"]), Some(0));
    assert_eq!(code(&["verify", "fresh"]), Some(1), "what is named must pass");
    assert_eq!(code(&["verify", "nobody"]), Some(2));
    assert_eq!(code(&["verify", "--shard", "3/2"]), Some(2));
    fs::remove_file(sandbox.root.join("exercises/01_bad/right/outcomes.snap")).expect("it is there");
    assert_eq!(code(&["verify", "right"]), Some(2), "the course itself is at fault");
    let help = sandbox.xtask(&["help"]).stdout;
    for line in ["0  all", "1  something", "2  a mistake", "3  a fault", "130  interrupted"] {
        assert!(help.contains(line), "{help}");
    }
}

#[test]
fn offline_works_with_what_is_there_and_says_what_is_missing_where_it_is_not() {
    let sandbox = Sandbox::with_course("results-offline", &[("right", RIGHT)]);
    let ended = sandbox.xtask(&["verify", "--offline", "--no-cache"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    // A machine that never downloaded anything.
    let home = sandbox.root.join("cargo-home");
    fs::create_dir(&home).expect("a folder");
    let mut command = sandbox.command(&["verify", "--offline", "--no-cache"]);
    command.env("CARGO_HOME", &home).env("THREADCRAFT_TARGET", sandbox.root.join("target"));
    let ended = Ended::of(command.output().expect("xtask runs"));
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("once without `--offline`"), "{}", ended.stderr);
}
