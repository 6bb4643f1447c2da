//! Right: the letter is written before it has a number; then one lock serves both, for a moment.

use std::sync::Arc;

use threadcraft::prelude::*;

struct Registry {
    last_number: Shared<u32>,
    ledger: Lock<Vec<u32>>,
}

pub fn main() {
    let registry = Arc::new(Registry {
        last_number: Shared::new(0).named("last number"),
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
    write_letter();
    let mut ledger = registry.ledger.lock();
    let number = registry.last_number.get() + 1;
    registry.last_number.set(number);
    ledger.push(number);
}

fn write_letter() {
    sleep(Duration::from_millis(10));
}
