//! Wrong: main expects every thread to end well, and panics with the first that does not.

use threadcraft::prelude::*;

pub fn main() {
    let halls = ["A", "B", "C"];
    let clerks = halls.map(|hall| spawn(move || count(hall)));

    let mut in_all = 0;
    for (hall, clerk) in halls.into_iter().zip(clerks) {
        let crates = clerk.join().expect("the hall was counted");
        println!("{hall}: {crates} crates");
        in_all += crates;
    }
    println!("{in_all} crates in all");
}

fn count(hall: &str) -> u32 {
    match hall {
        "A" => 4,
        "B" => panic!("the ladder breaks"),
        _ => 3,
    }
}
