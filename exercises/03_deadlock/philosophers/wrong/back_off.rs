//! Wrong: who finds the right fork taken puts the left one back and tries again; all may do so, for ever.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "abcd";

const SEATS: usize = 3;

pub fn main() {
    let forks = Arc::new([Lock::new(()).named("fork0"), Lock::new(()).named("fork1"), Lock::new(()).named("fork2")]);
    let mut philosophers = Vec::new();
    for seat in 0..SEATS {
        let forks = Arc::clone(&forks);
        let mut philosopher = Thread::new(move || dine(seat, &forks)).name(format!("P{seat}"));
        philosopher.start().expect("it was not started before");
        philosophers.push(philosopher);
    }
    for philosopher in philosophers {
        philosopher.join().expect("the philosopher has dined");
    }
    println!("all have dined");
}

fn dine(seat: usize, forks: &[Lock<()>; SEATS]) {
    let left = &forks[seat];
    let right = &forks[(seat + 1) % SEATS];
    loop {
        let _left = left.lock();
        if let Some(_right) = right.try_lock() {
            eat(seat);
            return;
        }
    }
}

fn eat(seat: usize) {
    println!("P{seat} eats");
    println!("P{seat} is full");
}
