//! Faults of course.toml: each is told with its line, all at once.

use super::*;

const GOOD: &str = r#"version = 1
[[chapter]]
dir = "01_threads"
title = "Threads"
[[chapter.exercise]]
number = 1
name = "spawn"
kind = "O"
stars = 1
concepts = ["spawn"]
starter = "property"
wrong = { "join_each.rs" = "property" }
[[chapter.exercise]]
number = 7
name = "send"
kind = "B→S"
stars = 2
concepts = []
starter = "not-broken"
wrong = {}
"#;

/// A repository with the two exercises that `GOOD` lists.
fn repository(course: &str) -> (tempfile::TempDir, Places) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().to_path_buf();
    for name in ["spawn", "send"] {
        let dir = root.join("exercises/01_threads").join(name);
        fs::create_dir_all(dir.join("wrong")).expect("a folder");
        for file in FILES {
            fs::write(dir.join(file), "").expect("a file");
        }
    }
    fs::write(root.join("exercises/01_threads/spawn/wrong/join_each.rs"), "").expect("a file");
    fs::write(root.join("exercises/course.toml"), course).expect("a file");
    let places = Places { work: root.join("exercises/work"), generated: root.join("target"), root };
    (folder, places)
}

/// The faults of a course, as they are told.
fn faults(course: &str) -> Vec<String> {
    let (_folder, places) = repository(course);
    match Course::read(&places) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(Fault::to_string).collect(),
    }
}

#[test]
fn a_good_course_is_read_in_order() {
    let (_folder, places) = repository(GOOD);
    let course = Course::read(&places).expect("no fault");
    let names: Vec<&str> = course.exercises().map(|exercise| exercise.name.as_str()).collect();
    assert_eq!(names, ["spawn", "send"]);
    let spawn = course.exercise("1").expect("by number");
    assert_eq!((spawn.points, spawn.kind.breaks(), spawn.starter.verdict), (1, false, Verdict::Property));
    assert_eq!(spawn.work_file, places.work.join("01_threads/spawn.rs"));
    assert!(course.exercise("send").expect("by name").kind.breaks());
}

#[test]
fn exercises_are_chosen_by_name_number_and_chapter_in_the_order_of_the_course() {
    let (_folder, places) = repository(GOOD);
    let course = Course::read(&places).expect("no fault");
    let chosen = |asked: &[&str]| -> Vec<u32> {
        let asked: Vec<String> = asked.iter().map(|&name| name.to_owned()).collect();
        course.select(&asked).expect("known").iter().map(|exercise| exercise.number).collect()
    };
    assert_eq!(chosen(&[]), [1, 7]);
    assert_eq!(chosen(&["7", "spawn"]), [1, 7]);
    assert_eq!(chosen(&["01_threads/"]), [1, 7]);
    assert_eq!(chosen(&["threads"]), [1, 7]);
    let error = course.select(&["spwan".to_owned()]).expect_err("unknown").to_string();
    assert!(error.contains("did you mean `spawn`?"), "{error}");
}

#[test]
fn a_fault_of_form_names_line_and_key() {
    let cases = [
        ("version = 1\nversion = 2\n", "exercises/course.toml:2: duplicate key"),
        (&GOOD.replace("stars = 1", "starz = 1"), "exercises/course.toml:9: unknown field `starz`"),
        (&GOOD.replace("kind = \"O\"", "kind = \"X\""), "exercises/course.toml:8: unknown variant `X`"),
        (
            &GOOD.replace("starter = \"property\"", "starter = \"wrong\""),
            "exercises/course.toml:11: `wrong` is no verdict",
        ),
        (&GOOD.replace("number = 1\n", ""), "exercises/course.toml:5: missing field `number`"),
        (&GOOD.replace("title", "= title"), "exercises/course.toml:4: "),
    ];
    for (course, expected) in cases {
        let told = faults(course);
        assert!(told.len() == 1 && told[0].starts_with(expected), "expected {expected}, got {told:?}");
    }
}

#[test]
fn faults_of_meaning_are_told_all_at_once() {
    let course = GOOD
        .replace("version = 1", "version = 9")
        .replace("number = 7", "number = 1")
        .replace("name = \"send\"", "name = \"spawn\"")
        .replace("stars = 2", "stars = 4")
        .replace("starter = \"not-broken\"", "starter = \"passed\"");
    let told = faults(&course);
    for expected in [
        "course.toml:1: version 9 is not known",
        "course.toml:15: the name `spawn` is taken",
        "course.toml:14: the number 1 is taken",
        "course.toml:17: stars go from 1 to 3",
        "course.toml:19: a starter that passes",
    ] {
        assert!(told.iter().any(|fault| fault.contains(expected)), "no `{expected}` in {told:?}");
    }
}

#[test]
fn files_and_list_agree() {
    let missing = faults(&GOOD.replace("name = \"send\"", "name = \"sand\""));
    assert!(missing.iter().any(|f| f.contains(":15: exercises/01_threads/sand/task.md is missing")), "{missing:?}");
    let undeclared = faults(&GOOD.replace("{ \"join_each.rs\" = \"property\" }", "{}"));
    assert!(
        undeclared[0].contains(":12: exercises/01_threads/spawn/wrong/join_each.rs has no declared"),
        "{undeclared:?}"
    );
    let gone = faults(&GOOD.replace("wrong = {}", "wrong = { \"x.rs\" = \"panic\", \"y.rs\" = \"passed\" }"));
    assert!(gone.iter().any(|f| f.contains(":20: exercises/01_threads/send/wrong/x.rs is missing")), "{gone:?}");
    assert!(gone.iter().any(|f| f.contains("y.rs is a near miss")), "{gone:?}");
    let folder = faults(&GOOD.replace("01_threads", "09_nowhere"));
    assert!(folder[0].contains(":3: there is no folder exercises/09_nowhere"), "{folder:?}");
}

#[test]
fn a_missing_list_is_one_fault() {
    let (folder, places) = repository(GOOD);
    fs::remove_file(folder.path().join("exercises/course.toml")).expect("it was there");
    assert_eq!(Course::read(&places).expect_err("gone").len(), 1);
}
