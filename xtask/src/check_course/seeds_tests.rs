//! The list of what the tutorials show, and the table made from it.

use super::*;
use crate::lines::listed;

const COURSE: &str = "version = 1\n[[chapter]]\ndir = \"01_x\"\ntitle = \"X\"\n[[chapter.exercise]]\nnumber = 1\n\
    name = \"spawn\"\nkind = \"O\"\nstars = 1\nconcepts = []\nstarter = \"property\"\nwrong = {}\n";

fn repository(seeds: &str) -> (tempfile::TempDir, Places, Course) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().to_path_buf();
    let places = Places { work: root.join("work"), generated: root.join("target"), root };
    fs::create_dir_all(places.exercises().join("01_x")).expect("a folder");
    fs::write(places.course(), COURSE).expect("written");
    fs::write(places.exercises().join("seeds.toml"), seeds).expect("written");
    fs::write(places.exercises().join("README.md"), format!("Before.\n{BEGIN}{END}After.\n")).expect("written");
    let (course, _) = Course::read_what_there_is(&places);
    (folder, places, course)
}

const SEEDS: &str = "[[tutorial]]\nname = \"000\"\n[[tutorial.concept]]\nshows = \"threads\"\nexercises = [\"spawn\"]\n\
    chapters = [\"01_x\"]\n[[tutorial.concept]]\nshows = \"pools\"\nlater = [\"map\"]\n";

#[test]
fn a_table_that_is_out_of_date_is_a_fault_until_it_is_written() {
    let (_folder, places, course) = repository(SEEDS);
    let told = listed(&faults(&places, &course));
    assert!(told.starts_with("exercises/README.md: the table") && told.lines().count() == 1, "{told}");
    let readme = update(&places, &course).expect("written").expect("it was out of date");
    assert!(faults(&places, &course).is_empty());
    assert_eq!(update(&places, &course).expect("nothing to do"), None);
    let text = fs::read_to_string(readme).expect("the table");
    assert!(text.contains("| 000 | threads | [spawn](01_x/spawn/task.md), [chapter 1](01_x/README.md) |\n"), "{text}");
    assert!(text.contains("| 000 | pools | to come |\n"), "{text}");
    assert!(text.starts_with("Before.\n") && text.ends_with("After.\n"), "{text}");
}

#[test]
fn a_concept_that_nothing_teaches_and_names_that_nothing_has_are_faults() {
    for (from, to, expected) in [
        ("later = [\"map\"]", "", "seeds.toml:8: no exercise teaches `pools`"),
        ("[\"spawn\"]", "[\"swapn\"]", "seeds.toml:5: there is no exercise `swapn`"),
        ("[\"map\"]", "[\"spawn\"]", "seeds.toml:9: `spawn` is there now: move it"),
        ("[\"01_x\"]", "[\"02_x\"]", "seeds.toml:6: there is no chapter `02_x`"),
        ("\"pools\"", "\"threads\"", "seeds.toml:8: `threads` stands there twice"),
        ("later", "latter", "seeds.toml:9: unknown field `latter`"),
    ] {
        let (_folder, places, course) = repository(&SEEDS.replace(from, to));
        let told = listed(&faults(&places, &course));
        assert!(told.contains(expected), "no `{expected}` in\n{told}");
    }
    let (_folder, places, course) = repository(SEEDS);
    fs::remove_file(places.exercises().join("seeds.toml")).expect("it was there");
    assert!(listed(&faults(&places, &course)).starts_with("exercises/seeds.toml: "));
}
