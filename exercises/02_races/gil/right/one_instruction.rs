//! Right: a machine that has an instruction for all of it carries it out whole.

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "ab5c";

static GIL: Lock<()> = Lock::new(()).named("GIL");
static COUNTER: Shared<u32> = Shared::new(0).named("counter");

pub fn main() {
    let north = spawn(cross);
    let south = spawn(cross);
    north.join().expect("the north gate closed");
    south.join().expect("the south gate closed");
    println!("counter = {}", COUNTER.get());
}

/// `counter += 1`, in one instruction.
fn cross() {
    instruction(|| COUNTER.set(COUNTER.get() + 1));
}

/// The interpreter: one instruction, with the GIL in hand.
fn instruction<T>(carry_out: impl FnOnce() -> T) -> T {
    let _gil = GIL.lock();
    carry_out()
}
