//! Right: the number lives in its lock, and a block says how long it is held.

use std::sync::Arc;

use threadcraft::prelude::*;

struct Registry {
    last_number: Lock<u32>,
    ledger: Lock<Vec<u32>>,
}

pub fn main() {
    let registry = Arc::new(Registry {
        last_number: Lock::new(0).named("last number"),
        ledger: Lock::new(Vec::new()).named("ledger"),
    });
    let clerks = [(); 2].map(|()| {
        let registry = Arc::clone(&registry);
        spawn(move || register(&registry))
    });
    for clerk in clerks {
        clerk.join().expect("the letter was written");
    }

    let mut numbers = registry.ledger.lock().clone();
    numbers.sort_unstable();
    println!("letters: {numbers:?}");
}

fn register(registry: &Registry) {
    let number = {
        let mut last = registry.last_number.lock();
        *last += 1;
        *last
    };
    write_letter();
    let mut ledger = registry.ledger.lock();
    ledger.push(number);
}

fn write_letter() {
    sleep(Duration::from_millis(10));
}
