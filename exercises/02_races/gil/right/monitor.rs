//! Right: the counter lives in a lock of its own, which is held from the reading to the writing.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "ac3b";

static GIL: Lock<()> = Lock::new(()).named("GIL");

pub fn main() {
    let counter = Arc::new(Lock::new(0).named("counter"));
    let gates = [(); 2].map(|()| {
        let counter = Arc::clone(&counter);
        spawn(move || cross(&counter))
    });
    for gate in gates {
        gate.join().expect("the gate closed");
    }
    println!("counter = {}", counter.lock());
}

/// `counter += 1`, as the interpreter carries it out.
fn cross(counter: &Lock<u32>) {
    let mut counter = counter.lock();
    let value = instruction(|| *counter);
    let value = instruction(|| value + 1);
    instruction(|| *counter = value);
}

/// The interpreter: one instruction, with the GIL in hand.
fn instruction<T>(carry_out: impl FnOnce() -> T) -> T {
    let _gil = GIL.lock();
    carry_out()
}
