//! The learner's place: going, putting off, resetting and taking back, and that nothing is lost on the way.

use super::*;
use crate::course::{Chapter, Declared, Kind};
use crate::verdict::Verdict;

/// A course of three exercises in a temporary repository.
fn repository() -> (tempfile::TempDir, Places, Course) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().to_path_buf();
    let places = Places { work: root.join("exercises/work"), generated: root.join("target"), root };
    let exercises = ["one", "two", "three"].into_iter().zip(1..).map(|(name, number)| {
        let dir = places.root.join("exercises/01_all").join(name);
        fs::create_dir_all(&dir).expect("a folder");
        fs::write(dir.join("starter.rs"), format!("// {name}")).expect("a file");
        fs::write(dir.join("hints.md"), "## look\na\n## idea\nb\n## tool\nc\n").expect("a file");
        Exercise {
            number,
            name: name.to_owned(),
            chapter: "01_all".to_owned(),
            kind: Kind::Output,
            stars: 1,
            concepts: Vec::new(),
            points: 1,
            line: 1,
            starter: Declared { verdict: Verdict::Property, line: 2 },
            spare: Vec::new(),
            wrong: std::collections::BTreeMap::new(),
            work_file: places.work.join(format!("01_all/{name}.rs")),
            dir,
        }
    });
    let chapter = Chapter { dir: "01_all".to_owned(), title: "All".to_owned(), exercises: exercises.collect() };
    (folder, places, Course { chapters: vec![chapter] })
}

fn name(exercise: Option<&Exercise>) -> &str {
    exercise.map_or("none", |exercise| &exercise.name)
}

fn file(exercise: &Exercise) -> String {
    fs::read_to_string(&exercise.work_file).expect("the learner's file")
}

#[test]
fn the_exercise_to_do_is_the_first_from_here_that_is_neither_passed_nor_put_off() {
    let (_folder, places, course) = repository();
    let [one, two, three] = [0, 1, 2].map(|index| course.exercises().nth(index).expect("three"));
    let mut learner = Learner::open(&places, &course).expect("made");
    assert_eq!((name(learner.current()), name(learner.to_do())), ("one", "one"));
    learner.go_to(two);
    assert_eq!(name(learner.to_do()), "two", "from the current one on");
    learner.pass(two);
    assert_eq!(name(learner.to_do()), "three");
    assert_eq!(name(learner.skip(three)), "one", "around the course");
    learner.pass(one);
    assert_eq!((name(learner.to_do()), learner.state(three)), ("three", State::Skipped), "put off is not passed");
    learner.go_to(three);
    assert_eq!(learner.state(three), State::Fresh, "who comes back has it no longer put off");
    learner.pass(three);
    assert_eq!(name(learner.to_do()), "none");
    assert_eq!(name(Learner::open(&places, &course).expect("made").current()), "three", "it is remembered");
}

#[test]
fn a_reset_is_undone_with_what_was_remembered_and_the_undo_too() {
    let (_folder, places, course) = repository();
    let one = course.exercises().next().expect("one");
    let mut learner = Learner::open(&places, &course).expect("made");
    fs::write(&one.work_file, "mine").expect("written");
    learner.pass(one);
    learner.hints(one, Rungs::All).expect("hints");
    learner.reset(&[one]).expect("reset");
    assert_eq!((file(one).as_str(), learner.state(one), learner.record(one).hints), ("// one", State::Fresh, 0));
    for round in 0..3 {
        assert_eq!(learner.undo().expect("undone").len(), 1);
        assert_eq!((file(one).as_str(), learner.state(one), learner.record(one).hints), ("mine", State::Passed, 3));
        learner.undo().expect("undone");
        assert_eq!((file(one).as_str(), learner.state(one)), ("// one", State::Fresh), "round {round}");
    }
    let copies = fs::read_dir(places.work.join(".kept/01_all")).expect("copies").count();
    assert_eq!(copies, 2, "the same contents are kept once");
}

#[test]
fn what_was_written_after_a_reset_is_kept_by_the_undo() {
    let (_folder, places, course) = repository();
    let one = course.exercises().next().expect("one");
    let mut learner = Learner::open(&places, &course).expect("made");
    fs::write(&one.work_file, "first").expect("written");
    learner.reset(&[one]).expect("reset");
    fs::write(&one.work_file, "second").expect("written");
    let changed = learner.undo().expect("undone");
    let Put::Replaced(copy) = &changed[0].put else { panic!("{changed:?}") };
    assert_eq!((file(one).as_str(), fs::read_to_string(copy).expect("kept").as_str()), ("first", "second"));
}

#[test]
fn a_reset_of_all_touches_what_was_touched_and_one_undo_brings_all_back() {
    let (_folder, places, course) = repository();
    let all: Vec<&Exercise> = course.exercises().collect();
    let mut learner = Learner::open(&places, &course).expect("made");
    fs::write(&all[0].work_file, "mine 0").expect("written");
    fs::write(&all[2].work_file, "mine 2").expect("written");
    learner.reset(&all).expect("reset");
    assert_eq!(learner.progress().undo.len(), 2);
    learner.reset(&all).expect("nothing to do");
    assert_eq!(learner.progress().undo.len(), 2, "a reset that does nothing takes no undo away");
    learner.undo().expect("undone");
    assert_eq!((file(all[0]).as_str(), file(all[2]).as_str()), ("mine 0", "mine 2"));
}

#[test]
fn of_a_reset_that_fails_on_the_way_what_was_done_can_be_undone() {
    let (_folder, places, course) = repository();
    let all: Vec<&Exercise> = course.exercises().collect();
    let mut learner = Learner::open(&places, &course).expect("made");
    fs::write(&all[0].work_file, "mine").expect("written");
    // A folder where a file should be cannot be read, not even by root.
    fs::remove_file(&all[1].work_file).expect("removed");
    fs::create_dir(&all[1].work_file).expect("a folder");
    let error = learner.reset(&all).expect_err("the second");
    assert!(format!("{error:#}").contains("two.rs"), "{error:#}");
    learner.undo().expect("undone");
    assert_eq!(file(all[0]), "mine");
}

#[test]
fn hints_come_one_rung_at_a_time_or_all_at_once() {
    let (_folder, places, course) = repository();
    let one = course.exercises().next().expect("one");
    let mut learner = Learner::open(&places, &course).expect("made");
    let mut shown = |rungs| {
        let hints = learner.hints(one, rungs).expect("hints");
        (hints.rungs.len(), hints.left)
    };
    assert_eq!(shown(Rungs::OneMore), (1, 2));
    assert_eq!(shown(Rungs::OneMore), (2, 1));
    assert_eq!(shown(Rungs::All), (3, 0));
    assert_eq!(shown(Rungs::OneMore), (3, 0));
    assert_eq!(Learner::look(&places, &course).record(one).hints, 3);
}
