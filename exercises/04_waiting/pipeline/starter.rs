//! A belt that takes any number of parcels, and whose takers ask again and again.

use std::collections::VecDeque;
use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Belt<T> {
    parcels: Lock<VecDeque<T>>,
    closed: Shared<bool>,
}

impl<T> Belt<T> {
    // TODO: the belt has to remember how much it can carry …
    pub fn new(capacity: usize) -> Self {
        let parcels = VecDeque::with_capacity(capacity);
        Self { parcels: Lock::new(parcels).named("belt"), closed: Shared::new(false).named("closed") }
    }

    /// Puts a parcel at the end of the belt, once there is room.
    pub fn put(&self, parcel: T) {
        // TODO: … who finds it full waits …
        self.parcels.lock().push_back(parcel);
    }

    /// The first parcel of the belt, once there is one; `None` if it is empty and closed.
    pub fn take(&self) -> Option<T> {
        // TODO: … and who finds it empty waits, too, unless it is closed.
        loop {
            if let Some(parcel) = self.parcels.lock().pop_front() {
                return Some(parcel);
            }
            if self.closed.get() {
                return None;
            }
            yield_now();
        }
    }

    /// Says that nothing more will be put there.
    pub fn close(&self) {
        self.closed.set(true);
    }
}

pub fn main() {
    let belt = Arc::new(Belt::new(2));
    let producer = spawn({
        let belt = Arc::clone(&belt);
        move || {
            (1..=5).for_each(|parcel| belt.put(parcel));
            belt.close();
        }
    });
    while let Some(parcel) = belt.take() {
        println!("parcel {parcel}");
    }
    producer.join().expect("all parcels are on their way");
}
