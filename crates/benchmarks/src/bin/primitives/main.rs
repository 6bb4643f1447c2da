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

use threadcraft_benchmarks::Python;

/// What Python does.
const SCRIPT: &str = include_str!("../../../python.py");

fn main() {
    if system_calls::done() {
        return;
    }
    println!("glibc is {}; Python is the newest of `python3.13` and `python3`.\n", machine::c_library());
    sizes::print();
    let python = Python::run(SCRIPT);
    lock::print(&python);
    contended::print(&python);
    rlock::print(&python);
    semaphore::print(&python);
    condition::print(&python);
    event::print(&python);
    barrier::print(&python);
}
