//! Wrong: nobody is slow, because nobody writes.

use std::sync::Arc;

use threadcraft::prelude::*;

struct Registry {
    /// To be held while a number is drawn.
    drawing: Lock<()>,
    last_number: Shared<u32>,
    ledger: Lock<Vec<u32>>,
}

pub fn main() {
    let registry = Arc::new(Registry {
        drawing: Lock::new(()).named("drawing"),
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
    let drawing = registry.drawing.lock();
    let number = registry.last_number.get() + 1;
    registry.last_number.set(number);
    drop(drawing);

    registry.ledger.lock().push(number);
}
