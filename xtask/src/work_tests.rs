//! The learner's folder: nothing that a learner wrote is ever lost.

use super::*;
use crate::course::{Chapter, Declared, Kind};
use crate::verdict::Verdict;

/// A course of one exercise in a temporary repository.
fn repository() -> (tempfile::TempDir, Places, Course) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().to_path_buf();
    let dir = root.join("exercises/01_threads/spawn");
    fs::create_dir_all(&dir).expect("a folder");
    fs::write(dir.join("starter.rs"), "// start").expect("a file");
    let places = Places { work: root.join("exercises/work"), generated: root.join("target"), root };
    let exercise = Exercise {
        number: 1,
        name: "spawn".to_owned(),
        chapter: "01_threads".to_owned(),
        kind: Kind::Output,
        stars: 1,
        concepts: Vec::new(),
        points: 1,
        line: 1,
        starter: Declared { verdict: Verdict::Property, line: 2 },
        spare: Vec::new(),
        wrong: std::collections::BTreeMap::new(),
        work_file: places.work.join("01_threads/spawn.rs"),
        dir,
    };
    let chapter = Chapter { dir: "01_threads".to_owned(), title: "Threads".to_owned(), exercises: vec![exercise] };
    (folder, places, Course { chapters: vec![chapter] })
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_first_use_gives_the_starter_and_later_uses_leave_it_alone() {
    let (_folder, places, course) = repository();
    let exercise = course.exercises().next().expect("one");
    let mut store = Store::new(&places.work);
    let progress = make(&places, &course, &mut store).expect("made");
    assert_eq!(read(&exercise.work_file), "// start");
    assert!(!is_edited(exercise, &progress));
    fs::write(&exercise.work_file, "// mine").expect("written");
    let progress = make(&places, &course, &mut store).expect("made");
    assert_eq!(read(&exercise.work_file), "// mine");
    assert!(is_edited(exercise, &progress));
}

#[test]
fn a_file_that_the_learner_deleted_stays_gone_until_reset() {
    let (_folder, places, course) = repository();
    let exercise = course.exercises().next().expect("one");
    let mut store = Store::new(&places.work);
    make(&places, &course, &mut store).expect("made");
    fs::remove_file(&exercise.work_file).expect("removed");
    let progress = make(&places, &course, &mut store).expect("made");
    assert!(!exercise.work_file.exists() && is_edited(exercise, &progress));
    assert_eq!(put(&places, &exercise.work_file, b"// start").expect("made"), Put::Made);
    assert_eq!(read(&exercise.work_file), "// start");
}

#[test]
fn what_is_replaced_is_kept_once() {
    let (_folder, places, course) = repository();
    let exercise = course.exercises().next().expect("one");
    let mut store = Store::new(&places.work);
    make(&places, &course, &mut store).expect("made");
    let file = &exercise.work_file;
    assert_eq!(put(&places, file, b"// start").expect("nothing to do"), Put::Unchanged);
    for number in [1, 2, 1] {
        fs::write(file, format!("// try {number}")).expect("written");
        let Ok(Put::Replaced(copy)) = put(&places, file, b"// start") else { panic!("it was edited") };
        assert_eq!(copy, places.work.join(format!(".kept/01_threads/spawn.{number}.rs")));
        assert_eq!(read(&copy), format!("// try {number}"));
        assert_eq!(read(&exercise.work_file), "// start");
    }
}

#[test]
fn what_cannot_be_copied_is_not_replaced() {
    let (_folder, places, course) = repository();
    let exercise = course.exercises().next().expect("one");
    let mut store = Store::new(&places.work);
    make(&places, &course, &mut store).expect("made");
    fs::write(&exercise.work_file, "// mine").expect("written");
    // A file where the folder of copies should be: not even root can make a copy.
    fs::remove_dir_all(places.work.join(KEPT)).expect("removed");
    fs::write(places.work.join(KEPT), "").expect("written");
    assert!(put(&places, &exercise.work_file, b"// start").is_err());
    assert_eq!(read(&exercise.work_file), "// mine");
}

#[test]
fn an_edited_package_file_is_kept_before_it_is_made_anew() {
    let (_folder, places, course) = repository();
    let mut store = Store::new(&places.work);
    make(&places, &course, &mut store).expect("made");
    let manifest = places.work.join("Cargo.toml");
    assert!(read(&manifest).contains("path = \"01_threads/spawn.rs\""));
    fs::write(&manifest, "mine").expect("written");
    make(&places, &course, &mut store).expect("made");
    assert_eq!(read(&places.work.join(".kept/Cargo.1.toml")), "mine");
    assert!(read(&manifest).contains("[[bin]]"));
}
