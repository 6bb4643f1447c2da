//! Right: who reads takes one seat, and the clerk takes all, with the door shut until the end.

use std::sync::Arc;

use threadcraft::prelude::*;

const SEATS: u32 = 8;

pub struct Archive {
    door: Semaphore,
    seats: Semaphore,
}

impl Archive {
    pub fn new() -> Self {
        Self { door: Semaphore::new(1).named("door"), seats: Semaphore::new(SEATS).named("seats") }
    }

    pub fn start_reading(&self) {
        drop(self.door.acquire());
        self.seats.acquire().forget();
    }

    pub fn stop_reading(&self) {
        self.seats.release(1);
    }

    pub fn start_writing(&self) {
        self.door.acquire().forget();
        self.seats.acquire_many(SEATS).forget();
    }

    pub fn stop_writing(&self) {
        self.seats.release(SEATS);
        self.door.release(1);
    }
}

pub fn main() {
    let archive = Arc::new(Archive::new());
    let readers = [1, 2].map(|reader| {
        let archive = Arc::clone(&archive);
        spawn(move || {
            archive.start_reading();
            println!("reader {reader} reads");
            archive.stop_reading();
        })
    });
    archive.start_writing();
    println!("the clerk corrects");
    archive.stop_writing();
    for reader in readers {
        reader.join().expect("the reader has read");
    }
}
