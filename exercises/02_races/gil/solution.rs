//! Two gates raise one counter; the statement has a lock of its own, around all of its instructions.

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "ab3c";

static GIL: Lock<()> = Lock::new(()).named("GIL");
static TURNSTILE: Lock<()> = Lock::new(()).named("turnstile");
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
    let _turn = TURNSTILE.lock();
    let value = instruction(|| COUNTER.get());
    let value = instruction(|| value + 1);
    instruction(|| COUNTER.set(value));
}

/// The interpreter: one instruction, with the GIL in hand.
fn instruction<T>(carry_out: impl FnOnce() -> T) -> T {
    let _gil = GIL.lock();
    carry_out()
}
