//! Right: one semaphore counts the parcels, one the room; whoever finds the end passes it on.

use std::collections::VecDeque;
use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Belt<T> {
    parcels: Lock<VecDeque<T>>,
    filled: Semaphore,
    room: Semaphore,
}

impl<T> Belt<T> {
    pub fn new(capacity: usize) -> Self {
        let room = u32::try_from(capacity).expect("a belt is not that long");
        Self {
            parcels: Lock::new(VecDeque::new()).named("belt"),
            filled: Semaphore::new(0).named("filled"),
            room: Semaphore::new(room).named("room"),
        }
    }

    pub fn put(&self, parcel: T) {
        self.room.acquire().forget();
        self.parcels.lock().push_back(parcel);
        self.filled.release(1);
    }

    pub fn take(&self) -> Option<T> {
        self.filled.acquire().forget();
        let parcel = self.parcels.lock().pop_front();
        match parcel {
            Some(_) => self.room.release(1),
            // The permit that came with the end is for all.
            None => self.filled.release(1),
        }
        parcel
    }

    /// One permit more than there are parcels.
    pub fn close(&self) {
        self.filled.release(1);
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
