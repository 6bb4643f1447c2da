//! What is made is read again as it was asked for, at its place in the list, and nothing that was there is touched.

use super::*;
use crate::verdict::Verdict;

const LIST: &str = "# The list.\nversion = 1\n\n[[chapter]]\ndir = \"02_races\"\ntitle = \"Races\"\n\n# The last.\n\
    [[chapter]]\ndir = \"09_scheduler\"\ntitle = \"The scheduler\"\n";

fn repository() -> (tempfile::TempDir, Places) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().to_path_buf();
    for chapter in ["02_races", "09_scheduler"] {
        fs::create_dir_all(root.join("exercises").join(chapter)).expect("a folder");
    }
    fs::write(root.join("exercises/course.toml"), LIST).expect("a file");
    let places = Places { work: root.join("exercises/work"), generated: root.join("target"), root };
    (folder, places)
}

fn asked(name: &str, chapter: &str, number: u32, kind: Kind) -> NewExercise {
    NewExercise { name: name.to_owned(), chapter: chapter.to_owned(), number: Some(number), kind, stars: 2 }
}

fn order(places: &Places) -> Vec<(String, Vec<u32>)> {
    let course = Course::read(places).expect("no fault");
    let numbers = |chapter: &course::Chapter| chapter.exercises.iter().map(|exercise| exercise.number).collect();
    course.chapters.iter().map(|chapter| (chapter.title.clone(), numbers(chapter))).collect()
}

#[test]
fn each_goes_to_its_place_and_comments_stay() {
    let (_folder, places) = repository();
    for (name, chapter, number) in
        [("last", "races", 12), ("first", "02_races/", 9), ("middle", "races", 10), ("waits", "04_waiting", 18)]
    {
        run(&places, &asked(name, chapter, number, Kind::Property)).expect("made");
    }
    let expected = [("Races", vec![9, 10, 12]), ("Waiting", vec![18]), ("The scheduler", vec![])];
    assert_eq!(order(&places), expected.map(|(title, numbers)| (title.to_owned(), numbers)));
    let list = fs::read_to_string(places.course()).expect("the list");
    assert!(list.starts_with("# The list.\n") && list.contains("# The last.\n[[chapter]]\ndir = \"09"), "{list}");
    assert!(places.exercises().join("04_waiting/README.md").exists());
}

#[test]
fn every_kind_has_what_its_check_needs() {
    let (_folder, places) = repository();
    for (number, kind) in Kind::ALL.into_iter().enumerate() {
        let number = u32::try_from(number).expect("few") + 1;
        run(&places, &asked(&format!("kind{number}"), "races", number, kind)).expect("made");
        let course = Course::read(&places).expect("no fault");
        let exercise = course.exercise(&number.to_string()).expect("listed");
        assert_eq!((exercise.kind, exercise.stars, exercise.wrong.len()), (kind, 2, 2));
        let text = |file: &str| fs::read_to_string(exercise.file(file)).expect("a file");
        assert_eq!(text("starter.rs").contains("pub const SCHEDULE: &str = \"\";"), kind.breaks());
        assert_eq!(text("check.rs").contains("break_it"), kind.breaks());
        assert_eq!(text("check.rs").contains("explore"), kind != Kind::Break);
        assert_eq!(exercise.starter.verdict == Verdict::NotBroken, kind.breaks());
        assert!(text("starter.rs").contains(MARK) && !text("solution.rs").contains(MARK));
        for file in course::FILES {
            assert!(!text(file).contains(['{', '}']) || file.ends_with(".rs"), "{file} has something to fill in");
        }
    }
}

#[test]
fn what_there_is_already_and_what_is_no_name_is_refused_and_nothing_is_touched() {
    let (_folder, places) = repository();
    run(&places, &asked("spawn", "races", 1, Kind::Property)).expect("made");
    let before = fs::read_to_string(places.course()).expect("the list");
    for (name, chapter, number, why) in [
        ("spawn", "races", 2, "there is 1 spawn already"),
        ("other", "races", 1, "there is 1 spawn already"),
        ("Other", "races", 2, "small letters"),
        ("other", "rases", 2, "there is no chapter `rases`"),
        ("other", "4_x", 2, "there is no chapter"),
        ("other", "04_", 2, "there is no chapter"),
    ] {
        let error = run(&places, &asked(name, chapter, number, Kind::Property)).expect_err(why);
        assert!(error.downcast_ref::<Mistake>().is_some() && error.to_string().contains(why), "{error}");
    }
    fs::create_dir(places.exercises().join("02_races/left")).expect("a folder");
    let error = run(&places, &asked("left", "races", 2, Kind::Property)).expect_err("it exists");
    assert!(error.to_string().contains("02_races/left exists"), "{error}");
    assert_eq!(fs::read_to_string(places.course()).expect("the list"), before);
}

#[test]
fn a_kind_may_be_written_without_an_arrow() {
    assert_eq!("B->S".parse(), Ok(Kind::BreakThenOutcomes));
    assert_eq!("B→P".parse(), Ok(Kind::BreakThenProperty));
    assert!("X".parse::<Kind>().expect_err("none").contains("O, S, P"));
}
