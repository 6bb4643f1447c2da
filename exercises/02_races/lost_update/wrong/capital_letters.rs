//! Wrong: a schedule in letters that are no threads.

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "ABCBC";

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
    let _turn = TURNSTILE.lock();
    let seen = COUNTER.get();
    COUNTER.set(seen + 1);
}
