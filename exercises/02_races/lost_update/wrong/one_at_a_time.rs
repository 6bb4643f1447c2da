//! Wrong: the count is right, but only because the second gate opens when the first has closed.

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "abcbc";

static COUNTER: Shared<u32> = Shared::new(0).named("counter");

pub fn main() {
    let north = spawn(pass);
    north.join().expect("the north gate closed");
    let south = spawn(pass);
    south.join().expect("the south gate closed");
    println!("counter = {}", COUNTER.get());
}

/// A visitor passes a gate.
fn pass() {
    let seen = COUNTER.get();
    COUNTER.set(seen + 1);
}
