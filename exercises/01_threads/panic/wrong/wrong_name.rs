//! Wrong: those who failed are left out before the halls are given their results, so C is told as B.

use threadcraft::prelude::*;

pub fn main() {
    let halls = ["A", "B", "C"];
    let clerks = halls.map(|hall| spawn(move || count(hall)));

    let counted: Vec<u32> = clerks.into_iter().filter_map(|clerk| clerk.join().ok()).collect();
    for (hall, crates) in halls.iter().zip(&counted) {
        println!("{hall}: {crates} crates");
    }
    for hall in &halls[counted.len()..] {
        println!("{hall}: not counted");
    }
    println!("{} crates in all", counted.iter().sum::<u32>());
}

fn count(hall: &str) -> u32 {
    match hall {
        "A" => 4,
        "B" => panic!("the ladder breaks"),
        _ => 3,
    }
}
