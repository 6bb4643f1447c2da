//! Wrong: the failure is told, and then nobody asks the third clerk any more.

use threadcraft::prelude::*;

pub fn main() {
    let halls = ["A", "B", "C"];
    let clerks = halls.map(|hall| spawn(move || count(hall)));

    let mut in_all = 0;
    for (hall, clerk) in halls.into_iter().zip(clerks) {
        match clerk.join() {
            Ok(crates) => {
                println!("{hall}: {crates} crates");
                in_all += crates;
            }
            Err(error) => {
                println!("{hall}: not counted: {error}");
                break;
            }
        }
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
