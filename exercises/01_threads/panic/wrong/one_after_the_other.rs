//! Wrong: each report is waited for before the next hall is begun.

use threadcraft::prelude::*;

pub fn main() {
    let mut in_all = 0;
    for hall in ["A", "B", "C"] {
        match spawn(move || count(hall)).join() {
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
