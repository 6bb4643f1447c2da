//! Three clerks count three halls, and one of them has an accident.

use threadcraft::prelude::*;

pub fn main() {
    let clerks = ["A", "B", "C"].map(|hall| spawn(move || count(hall)));

    // TODO: who failed, and why? Say of each hall what came of it.
    let crates: u32 = clerks.into_iter().filter_map(|clerk| clerk.join().ok()).sum();
    println!("{crates} crates in all");
}

fn count(hall: &str) -> u32 {
    match hall {
        "A" => 4,
        "B" => panic!("the ladder breaks"),
        _ => 3,
    }
}
