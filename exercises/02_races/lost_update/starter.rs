//! Two gates raise one counter.

use threadcraft::prelude::*;

// TODO: first the schedule on which a visitor is lost, one letter a step …
pub const SCHEDULE: &str = "";

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
    // TODO: … then mend this, so that there is no such schedule.
    let seen = COUNTER.get();
    COUNTER.set(seen + 1);
}
