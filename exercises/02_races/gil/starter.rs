//! Two gates raise one counter, and no instruction is carried out without the one big lock.

use threadcraft::prelude::*;

// TODO: first the schedule on which a visitor is lost, one letter a step …
pub const SCHEDULE: &str = "";

static GIL: Lock<()> = Lock::new(()).named("GIL");
static COUNTER: Shared<u32> = Shared::new(0).named("counter");

pub fn main() {
    let north = spawn(cross);
    let south = spawn(cross);
    north.join().expect("the north gate closed");
    south.join().expect("the south gate closed");
    println!("counter = {}", COUNTER.get());
}

/// `counter += 1`, as the interpreter carries it out.
fn cross() {
    // TODO: … then mend this, so that there is no such schedule.
    let value = instruction(|| COUNTER.get());
    let value = instruction(|| value + 1);
    instruction(|| COUNTER.set(value));
}

/// The interpreter: one instruction, with the GIL in hand.
fn instruction<T>(carry_out: impl FnOnce() -> T) -> T {
    let _gil = GIL.lock();
    carry_out()
}
