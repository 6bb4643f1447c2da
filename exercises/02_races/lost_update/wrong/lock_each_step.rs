//! Wrong: each step has the lock to itself, but between the two steps it is free.

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "abcbc";

static COUNTER: Shared<u32> = Shared::new(0).named("counter");
static TURNSTILE: Lock<()> = Lock::new(()).named("turnstile");

pub fn main() {
    let north = spawn(pass);
    let south = spawn(pass);
    north.join().expect("the north gate closed");
    south.join().expect("the south gate closed");
    println!("counter = {}", COUNTER.get());
}

/// A visitor passes a gate.
fn pass() {
    let seen = {
        let _turn = TURNSTILE.lock();
        COUNTER.get()
    };
    let _turn = TURNSTILE.lock();
    COUNTER.set(seen + 1);
}
