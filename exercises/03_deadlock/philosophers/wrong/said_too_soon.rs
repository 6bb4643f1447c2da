//! Wrong: main says that all have dined, and has waited for nobody.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "abcd";

const SEATS: usize = 3;

pub fn main() {
    let forks = Arc::new([Lock::new(()).named("fork0"), Lock::new(()).named("fork1"), Lock::new(()).named("fork2")]);
    for seat in 0..SEATS {
        let forks = Arc::clone(&forks);
        let mut philosopher = Thread::new(move || dine(seat, &forks)).name(format!("P{seat}"));
        philosopher.start().expect("it was not started before");
    }
    println!("all have dined");
}

fn dine(seat: usize, forks: &[Lock<()>; SEATS]) {
    let (one, other) = (seat, (seat + 1) % SEATS);
    let (lower, higher) = (one.min(other), one.max(other));
    let _lower = forks[lower].lock();
    let _higher = forks[higher].lock();
    eat(seat);
}

fn eat(seat: usize) {
    println!("P{seat} eats");
    println!("P{seat} is full");
}
