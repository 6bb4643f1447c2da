//! Right: the queue of the library is such a belt.

use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Belt<T>(Queue<T>);

impl<T: Send> Belt<T> {
    pub fn new(capacity: usize) -> Self {
        Self(Queue::new(capacity))
    }

    pub fn put(&self, parcel: T) {
        assert!(self.0.put(parcel).is_ok(), "nobody puts anything on a closed belt");
    }

    pub fn take(&self) -> Option<T> {
        self.0.get().ok()
    }

    pub fn close(&self) {
        self.0.shutdown(false);
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
