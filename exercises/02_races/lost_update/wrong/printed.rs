//! Wrong: what should come out is printed, whatever was counted.

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "abcbc";

static COUNTER: Shared<u32> = Shared::new(0).named("counter");

pub fn main() {
    let north = spawn(pass);
    let south = spawn(pass);
    north.join().expect("the north gate closed");
    south.join().expect("the south gate closed");
    println!("counter = 2");
}

/// A visitor passes a gate.
fn pass() {
    let seen = COUNTER.get();
    COUNTER.set(seen + 1);
}
