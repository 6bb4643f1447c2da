//! Three clerks count three halls; of each it is said what came of it.

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
            Err(error) => println!("{hall}: not counted: {error}"),
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
