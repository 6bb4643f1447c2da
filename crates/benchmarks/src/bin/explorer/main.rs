//! The group `explorer`: our explorer beside shuttle and loom, on the same programs.

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
        Some((unknown, _)) => panic!("{unknown}: started by `cargo xtask bench explorer`, without arguments"),
        None => {
            speed::print();
            bugs::print();
            exhaust::print();
            endurance::print();
        }
    }
}
