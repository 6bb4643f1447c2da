//! The group `explorer`: our explorer beside shuttle and loom, on the same programs. `cargo xtask bench explorer` runs all
//! of it; with the name of a part, the program itself runs that one.

mod blocks;
mod broken;
mod bugs;
mod endurance;
mod exhaust;
mod programs;
mod right;
mod seam;
mod search;
mod speed;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((command, rest)) if command == search::COMMAND => search::child(rest),
        Some((part, [])) => match part.as_str() {
            "speed" => speed::print(),
            "bugs" => bugs::print(),
            "proofs" => exhaust::print(),
            "endurance" => endurance::print(),
            unknown => {
                panic!("{unknown}: the parts are speed, bugs, proofs and endurance; without any it is all of them")
            }
        },
        Some((_, more)) => panic!("{more:?}: one part at a time"),
        None => {
            speed::print();
            bugs::print();
            exhaust::print();
            endurance::print();
        }
    }
}
