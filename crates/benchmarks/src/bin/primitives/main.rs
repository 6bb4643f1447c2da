//! The group `primitives`: ours beside those of other crates, of the system and of Python.
//!
//! A primitive is a module: its contenders, and a function that prints its tables. What Python does with it is a
//! function of `python.py`, by the name under which [`Python::compare`] asks for it.

mod barrier;
mod condition;
mod contended;
mod event;
mod lock;
mod machine;
mod rlock;
mod semaphore;
mod sizes;
mod system_calls;

use threadcraft_benchmarks::{Python, judged};

/// What Python does.
const SCRIPT: &str = include_str!("../../../python.py");

/// Measures, and prints its tables.
type Group = fn(&Python);

/// What is measured, by name.
const TABLES: [(&str, Group); 8] = [
    ("sizes", |_| sizes::print()),
    ("lock", lock::print),
    ("contended", contended::print),
    ("rlock", rlock::print),
    ("semaphore", semaphore::print),
    ("condition", condition::print),
    ("event", event::print),
    ("barrier", barrier::print),
];

fn main() {
    if system_calls::done() {
        return;
    }
    println!("glibc is {}; Python is the newest of `python3.13` and `python3`.\n", machine::c_library());
    println!("{}\n", judged::LEGEND);
    let python = Python::run(SCRIPT);
    // With names as arguments: only these tables, for whoever works on one.
    let only: Vec<String> = std::env::args().skip(1).collect();
    for (name, print) in TABLES {
        if only.is_empty() || only.iter().any(|wanted| wanted == name) {
            print(&python);
        }
    }
}
