//! Each thing that can be missing, misspelt or doubled in a course is told with its place and what to do.

use std::fs;

use super::*;
use crate::cli::NewExercise;
use crate::commands::new_exercise;
use crate::lines::listed;

/// A course of one exercise that is whole.
struct Repository {
    _folder: tempfile::TempDir,
    places: Places,
}

impl Repository {
    fn new(kind: Kind) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().to_path_buf();
        let places = Places { work: root.join("exercises/work"), generated: root.join("target"), root };
        let repository = Self { _folder: folder, places };
        fs::create_dir(repository.places.exercises()).expect("a folder");
        repository.write("course.toml", "version = 1\n[[chapter]]\ndir = \"01_x\"\ntitle = \"X\"\n");
        repository.write("01_x/README.md", "# 1 X\n");
        let table = "\n| tutorial | shows | exercises |\n|---|---|---|\n\n";
        let readme = format!("[X](01_x/README.md)\n{}{table}{}", seeds::BEGIN, seeds::END);
        repository.write("README.md", &readme);
        repository.write("seeds.toml", "");
        let asked = NewExercise { name: "counter".into(), chapter: "01_x".into(), number: Some(4), kind, stars: 1 };
        new_exercise::run(&repository.places, &asked).expect("made");
        for file in [&FILES[..], &["right/semaphore.rs"]].concat() {
            if file != "starter.rs" {
                repository.edit(&format!("01_x/counter/{file}"), MARK, "Do");
            }
        }
        repository.edit("course.toml", MARK, "lock");
        repository
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.places.exercises().join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.places.exercises().join(file);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
        fs::write(path, text.replace(from, to)).expect("written");
    }

    fn remove(&self, file: &str) {
        fs::remove_file(self.places.exercises().join(file)).expect("it was there");
    }

    fn copy(&self, from: &str, to: &str) {
        let path = |file: &str| self.places.exercises().join(file);
        fs::copy(path(from), path(to)).expect("copied");
    }

    fn faults(&self) -> String {
        listed(&faults(&self.places))
    }
}

#[test]
fn a_whole_exercise_of_each_kind_has_no_fault() {
    for kind in Kind::ALL {
        assert_eq!(Repository::new(kind).faults(), "", "{kind:?}");
    }
}

#[test]
fn each_fault_of_a_folder_is_told_with_its_place() {
    type Spoil = fn(&Repository);
    let spoilt: [(Spoil, &str); 21] = [
        (|it| it.remove("01_x/counter/task.md"), "course.toml:8: exercises/01_x/counter/task.md is missing"),
        (|it| it.remove("01_x/counter/right/semaphore.rs"), "course.toml:8: counter: add a second right solution"),
        (
            |it| it.remove("01_x/counter/wrong/in_turn.rs"),
            "course.toml:16: exercises/01_x/counter/wrong/in_turn.rs is missing",
        ),
        (
            |it| it.edit("course.toml", "\"in_turn.rs\" = \"property\"\n", ""),
            "course.toml:8: counter: 1 near misses, and it needs 2",
        ),
        (
            |it| it.edit("course.toml", "stars = 1", "stars = 3"),
            "course.toml:8: counter: 2 near misses, and it needs 3",
        ),
        (|it| it.edit("course.toml", "[\"lock\"]", "[]"), "course.toml:8: counter: name the concepts"),
        (|it| it.edit("course.toml", "[\"lock\"]", "[\"lock\", \"lock\"]"), "the concept `lock` stands there twice"),
        (
            |it| it.write("01_x/counter/hint.md", ""),
            "01_x/counter/hint.md: nothing reads this: should it be `hints.md`?",
        ),
        (|it| it.write("01_x/counter/wrong/x.txt", ""), "01_x/counter/wrong/x.txt: nothing reads this: delete it"),
        (|it| it.write("01_x/counter/wrong/gone.snap", ""), "01_x/counter/wrong/gone.snap: nothing reads this"),
        (|it| it.write("01_x/counter/outcomes.snap.new", ""), "outcomes.snap.new: waits for review"),
        (
            |it| it.copy("01_x/counter/solution.rs", "01_x/counter/right/same.rs"),
            "right/same.rs: the same program as solution.rs",
        ),
        (
            |it| it.edit("01_x/counter/wrong/in_turn.rs", "//! Wrong:", "//!"),
            "01_x/counter/wrong/in_turn.rs:1: begin with `//! Wrong: …`",
        ),
        (|it| it.edit("01_x/counter/task.md", "# 4", "# 5"), "01_x/counter/task.md:1: begin with `# 4 · counter ★`"),
        (|it| it.edit("01_x/counter/task.md", "**Example", "Example"), "task.md: add an **Example**"),
        (|it| it.edit("01_x/counter/task.md", "a story", &"word\n".repeat(30)), "01_x/counter/task.md:26: "),
        (|it| it.edit("01_x/counter/hints.md", "## idea", "## ideas"), "01_x/counter/hints.md: its headings must be"),
        (|it| it.edit("01_x/counter/after.md", "## The law", "## A law"), "01_x/counter/after.md: add `## The law`"),
        (|it| it.edit("01_x/counter/after.md", "why nothing", &"x".repeat(89)), "01_x/counter/after.md:3: "),
        (|it| it.edit("01_x/counter/hints.md", "Do", MARK), "01_x/counter/hints.md:3: `"),
        (|it| it.edit("01_x/counter/starter.rs", MARK, "Do"), "01_x/counter/starter.rs: mark the place"),
    ];
    for (spoil, expected) in spoilt {
        let repository = Repository::new(Kind::Property);
        spoil(&repository);
        let told = repository.faults();
        assert!(told.contains(expected), "no `{expected}` in\n{told}");
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let repository = Repository::new(Kind::Property);
    repository.remove("01_x/README.md");
    repository.remove("01_x/counter/hints.md");
    repository.write("01_x/old/notes.md", "");
    repository.edit("README.md", "[X](01_x/README.md)", "");
    let told = repository.faults();
    for expected in [
        "exercises/01_x/README.md: missing",
        "exercises/README.md: the chapter 01_x is not in the list",
        "counter/hints.md is missing",
        "exercises/01_x/old: not listed",
    ] {
        assert!(told.contains(expected), "no `{expected}` in\n{told}");
    }
}

#[test]
fn the_order_of_the_list_is_that_of_the_numbers() {
    let repository = Repository::new(Kind::Property);
    let list = fs::read_to_string(repository.places.course()).expect("the list");
    let (_, entry) = list.split_once("[[chapter.exercise]]").expect("an exercise");
    repository
        .write("course.toml", &format!("{list}\n[[chapter.exercise]]{}", entry.replace("number = 4", "number = 3")));
    let told = repository.faults();
    assert!(told.contains("course.toml:20: the name `counter` is taken"), "{told}");
    assert!(told.contains("course.toml:20: number 3 stands after 4"), "{told}");
}

#[test]
fn the_answer_to_a_breaking_part_is_not_given_away() {
    let repository = Repository::new(Kind::BreakThenOutcomes);
    repository.edit("01_x/counter/hints.md", "the thought", "`abcbc`, the thought");
    let told = repository.faults();
    assert!(told.contains("01_x/counter/hints.md:7: gives the answer `abcbc` away"), "{told}");
    repository.edit("01_x/counter/solution.rs", "pub const SCHEDULE", "pub const SHEDULE");
    assert!(repository.faults().contains("counter/solution.rs: add `pub const SCHEDULE"), "it has none");
}
