//! Wrong: they dine one after the other, each when the one before has left.

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
        philosopher.join().expect("the philosopher has dined");
    }
    println!("all have dined");
}

fn dine(seat: usize, forks: &[Lock<()>; SEATS]) {
    let left = &forks[seat];
    let right = &forks[(seat + 1) % SEATS];
    let _left = left.lock();
    let _right = right.lock();
    eat(seat);
}

fn eat(seat: usize) {
    println!("P{seat} eats");
    println!("P{seat} is full");
}
