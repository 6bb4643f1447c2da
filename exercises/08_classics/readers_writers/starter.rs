//! An archive for many readers at once, or one clerk. The first reader locks the clerk out, the last lets the clerk in.

use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Archive {
    readers: Lock<u32>,
    free: Semaphore,
}

impl Archive {
    pub fn new() -> Self {
        Self { readers: Lock::new(0).named("readers"), free: Semaphore::new(1).named("free") }
    }

    pub fn start_reading(&self) {
        // TODO: a clerk may be waiting …
        let mut readers = self.readers.lock();
        *readers += 1;
        if *readers == 1 {
            self.free.acquire().forget();
        }
    }

    pub fn stop_reading(&self) {
        let mut readers = self.readers.lock();
        *readers -= 1;
        if *readers == 0 {
            self.free.release(1);
        }
    }

    pub fn start_writing(&self) {
        // TODO: … and must be seen to wait.
        self.free.acquire().forget();
    }

    pub fn stop_writing(&self) {
        self.free.release(1);
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
