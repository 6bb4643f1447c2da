//! Wrong: whoever has the table eats, with no fork in hand.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "abcd";

const SEATS: usize = 3;

pub fn main() {
    let forks = Arc::new([Lock::new(()).named("fork0"), Lock::new(()).named("fork1"), Lock::new(()).named("fork2")]);
    let table = Arc::new(Lock::new(()).named("table"));
    let mut philosophers = Vec::new();
    for seat in 0..SEATS {
        let forks = Arc::clone(&forks);
        let table = Arc::clone(&table);
        let mut philosopher = Thread::new(move || dine(seat, &forks, &table)).name(format!("P{seat}"));
        philosopher.start().expect("it was not started before");
        philosophers.push(philosopher);
    }
    for philosopher in philosophers {
        philosopher.join().expect("the philosopher has dined");
    }
    println!("all have dined");
}

fn dine(seat: usize, _forks: &[Lock<()>; SEATS], table: &Lock<()>) {
    let _table = table.lock();
    eat(seat);
}

fn eat(seat: usize) {
    println!("P{seat} eats");
    println!("P{seat} is full");
}
