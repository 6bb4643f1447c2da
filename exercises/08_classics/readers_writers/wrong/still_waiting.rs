//! Wrong: a clerk who has come in is still counted among those who wait, so nobody ever reads again.

use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Archive {
    desk: Monitor<Desk>,
}

struct Desk {
    readers: u32,
    writing: bool,
    clerks_waiting: u32,
}

impl Archive {
    pub fn new() -> Self {
        Self { desk: Monitor::new(Desk { readers: 0, writing: false, clerks_waiting: 0 }).named("desk") }
    }

    pub fn start_reading(&self) {
        let mut desk = self.desk.lock();
        desk.wait_while(|desk| desk.writing || desk.clerks_waiting > 0);
        desk.readers += 1;
    }

    pub fn stop_reading(&self) {
        let mut desk = self.desk.lock();
        desk.readers -= 1;
        desk.notify_all();
    }

    pub fn start_writing(&self) {
        let mut desk = self.desk.lock();
        desk.clerks_waiting += 1;
        desk.wait_while(|desk| desk.writing || desk.readers > 0);
        desk.writing = true;
    }

    pub fn stop_writing(&self) {
        let mut desk = self.desk.lock();
        desk.writing = false;
        desk.notify_all();
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
