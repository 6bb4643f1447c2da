//! A statement that nobody misses must have its reason, and a reason must be about such a statement.

use std::path::PathBuf;

use super::*;
use crate::course::{Declared, Spare};
use crate::lines::listed;

/// An exercise that records these statements as spare, from line 20 of the list on.
fn exercise(spare: &[&str]) -> Exercise {
    let spare = spare.iter().enumerate().map(|(index, statement)| Spare {
        statement: (*statement).to_owned(),
        reason: "it is clearer so".to_owned(),
        line: index + 20,
    });
    Exercise {
        number: 1,
        name: "lock".to_owned(),
        chapter: "01_x".to_owned(),
        kind: Kind::Property,
        stars: 1,
        concepts: Vec::new(),
        points: 1,
        line: 7,
        starter: Declared { verdict: Verdict::Property, line: 11 },
        wrong: std::collections::BTreeMap::new(),
        spare: spare.collect(),
        dir: PathBuf::from("/course/exercises/01_x/lock"),
        work_file: PathBuf::from("/course/exercises/work/01_x/lock.rs"),
    }
}

const SOLUTION: &str = "fn main() {\n    gate.wait();\n    a.join();\n    b.join();\n}\n";

/// What is said if the check passes without the statements that `survives` names.
fn told(spare: &[&str], survives: &[&str]) -> String {
    let root = PathBuf::from("/course");
    let places = Places { work: root.join("exercises/work"), generated: root.join("target"), root };
    let all = deletion::of(SOLUTION, true).expect("it can be parsed");
    let tried: Vec<&Deletion> = all.iter().collect();
    let survivors: Vec<&Deletion> = all.iter().filter(|it| survives.contains(&it.statement.as_str())).collect();
    listed(&judged(&places, &exercise(spare), &tried, &survivors))
}

#[test]
fn what_is_not_missed_and_has_no_reason_is_a_fault_where_it_stands() {
    assert_eq!(told(&[], &[]), "");
    let fault = told(&[], &["a.join();"]);
    assert!(fault.starts_with("exercises/01_x/lock/solution.rs:3: the check passes without `a.join();`"), "{fault}");
    assert_eq!(told(&["a.join();"], &["a.join();"]), "", "with its reason");
}

#[test]
fn a_reason_for_what_is_missed_or_is_not_there_is_a_fault_of_the_list() {
    let missed = told(&["a.join();"], &[]);
    assert!(missed.starts_with("exercises/course.toml:20: lock: `a.join();`: the check misses"), "{missed}");
    let misspelt = told(&["a.join();", "a.jion();"], &["a.join();"]);
    assert!(misspelt.starts_with("exercises/course.toml:21: lock: `a.jion();`: no such statement"), "{misspelt}");
}
