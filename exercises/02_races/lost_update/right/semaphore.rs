//! Right: a semaphore with one permit keeps the second gate out as well as a lock does.

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "abc2b";

static COUNTER: Shared<u32> = Shared::new(0).named("counter");
static TURNSTILE: Semaphore = Semaphore::new(1).named("turnstile");

pub fn main() {
    let north = spawn(pass);
    let south = spawn(pass);
    north.join().expect("the north gate closed");
    south.join().expect("the south gate closed");
    println!("counter = {}", COUNTER.get());
}

/// A visitor passes a gate.
fn pass() {
    let _turn = TURNSTILE.acquire();
    let seen = COUNTER.get();
    COUNTER.set(seen + 1);
}
