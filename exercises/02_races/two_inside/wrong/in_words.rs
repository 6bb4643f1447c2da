//! Wrong: a schedule is letters, not names.

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "ann bob";

static TAKEN: Shared<bool> = Shared::new(false).named("taken");

pub fn main() {
    let ann = spawn(|| try_on("Ann"));
    let bob = spawn(|| try_on("Bob"));
    ann.join().expect("Ann has gone");
    bob.join().expect("Bob has gone");
}

fn try_on(customer: &str) {
    while TAKEN.get() {
        yield_now();
    }
    TAKEN.set(true);
    println!("{customer} goes in");
    println!("{customer} comes out");
    TAKEN.set(false);
}
