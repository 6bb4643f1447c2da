//! Right: threads with names; the reports are gathered first, the one who fails last, and then put in order.

use threadcraft::prelude::*;

pub fn main() {
    let mut clerks = ["A", "B", "C"].map(|hall| Thread::new(move || count(hall)).name(hall));
    for clerk in &mut clerks {
        clerk.start().expect("it was not started before");
    }

    let mut reports: Vec<(String, Result<u32, JoinError>)> = Vec::new();
    for clerk in clerks.into_iter().rev() {
        let hall = clerk.info().name().expect("it has one").to_owned();
        reports.push((hall, clerk.join()));
    }
    reports.sort_by(|(one, _), (other, _)| one.cmp(other));

    for (hall, report) in &reports {
        match report {
            Ok(crates) => println!("{hall}: {crates} crates"),
            Err(error) => println!("{hall}: not counted: {error}"),
        }
    }
    let in_all: u32 = reports.iter().filter_map(|(_, report)| report.as_ref().ok()).sum();
    println!("{in_all} crates in all");
}

fn count(hall: &str) -> u32 {
    match hall {
        "A" => 4,
        "B" => panic!("the ladder breaks"),
        _ => 3,
    }
}
