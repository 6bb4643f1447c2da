//! Wrong: each gate has a lock of its own, so neither keeps the other out.

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "abcbc";

static COUNTER: Shared<u32> = Shared::new(0).named("counter");

pub fn main() {
    let north = spawn(pass);
    let south = spawn(pass);
    north.join().expect("the north gate closed");
    south.join().expect("the south gate closed");
    println!("counter = {}", COUNTER.get());
}

/// A visitor passes a gate.
fn pass() {
    let turnstile = Lock::new(()).named("turnstile");
    let _turn = turnstile.lock();
    let seen = COUNTER.get();
    COUNTER.set(seen + 1);
}
