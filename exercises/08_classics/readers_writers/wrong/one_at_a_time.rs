//! Wrong: nobody is overtaken, but no two can read at once any more.

use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Archive {
    free: Semaphore,
}

impl Archive {
    pub fn new() -> Self {
        Self { free: Semaphore::new(1).named("free") }
    }

    pub fn start_reading(&self) {
        self.free.acquire().forget();
    }

    pub fn stop_reading(&self) {
        self.free.release(1);
    }

    pub fn start_writing(&self) {
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
