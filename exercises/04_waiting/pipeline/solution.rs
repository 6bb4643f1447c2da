//! A belt with room for so many parcels: who finds it full waits, and who finds it empty.

use std::collections::VecDeque;
use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Belt<T> {
    load: Lock<Load<T>>,
    capacity: usize,
    /// There is a parcel, or there will be none.
    filled: Condition,
    /// There is room.
    room: Condition,
}

struct Load<T> {
    parcels: VecDeque<T>,
    closed: bool,
}

impl<T> Belt<T> {
    pub fn new(capacity: usize) -> Self {
        Self {
            load: Lock::new(Load { parcels: VecDeque::new(), closed: false }).named("belt"),
            capacity,
            filled: Condition::new().named("filled"),
            room: Condition::new().named("room"),
        }
    }

    /// Puts a parcel at the end of the belt, once there is room.
    pub fn put(&self, parcel: T) {
        let mut load = self.load.lock();
        self.room.wait_while(&mut load, |load| load.parcels.len() == self.capacity);
        load.parcels.push_back(parcel);
        self.filled.notify_one(&mut load);
    }

    /// The first parcel of the belt, once there is one; `None` if it is empty and closed.
    pub fn take(&self) -> Option<T> {
        let mut load = self.load.lock();
        self.filled.wait_while(&mut load, |load| load.parcels.is_empty() && !load.closed);
        let parcel = load.parcels.pop_front();
        self.room.notify_one(&mut load);
        parcel
    }

    /// Says that nothing more will be put there.
    pub fn close(&self) {
        let mut load = self.load.lock();
        load.closed = true;
        self.filled.notify_all(&mut load);
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
