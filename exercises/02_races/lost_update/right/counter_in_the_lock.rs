//! Right: the counter lives inside the lock, so it cannot be reached without it.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "acb";

pub fn main() {
    let counter = Arc::new(Lock::new(0).named("counter"));
    let gates = [(); 2].map(|()| {
        let counter = Arc::clone(&counter);
        spawn(move || *counter.lock() += 1)
    });
    for gate in gates {
        gate.join().expect("the gate closed");
    }
    println!("counter = {}", counter.lock());
}
