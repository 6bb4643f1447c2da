//! Right: a waiter lets only two philosophers sit down at a time.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "acdb";

const SEATS: usize = 3;

pub fn main() {
    let forks = Arc::new([Lock::new(()).named("fork0"), Lock::new(()).named("fork1"), Lock::new(()).named("fork2")]);
    // The waiter: one seat fewer than there are philosophers, so that somebody always gets both forks.
    let waiter = Arc::new(Semaphore::new(2).named("waiter"));
    let mut philosophers = Vec::new();
    for seat in 0..SEATS {
        let forks = Arc::clone(&forks);
        let waiter = Arc::clone(&waiter);
        let mut philosopher = Thread::new(move || dine(seat, &forks, &waiter)).name(format!("P{seat}"));
        philosopher.start().expect("it was not started before");
        philosophers.push(philosopher);
    }
    for philosopher in philosophers {
        philosopher.join().expect("the philosopher has dined");
    }
    println!("all have dined");
}

fn dine(seat: usize, forks: &[Lock<()>; SEATS], waiter: &Semaphore) {
    let left = &forks[seat];
    let right = &forks[(seat + 1) % SEATS];
    let _seated = waiter.acquire();
    let _left = left.lock();
    let _right = right.lock();
    eat(seat);
}

fn eat(seat: usize) {
    println!("P{seat} eats");
    println!("P{seat} is full");
}
