//! Right: the thread of one job starts the other and waits for it.

use std::fmt::Display;
use std::time::Duration;

use threadcraft::prelude::*;

pub fn main() {
    let start = Instant::now();
    log(start, "main", "the night shift begins");

    let both = spawn(move || {
        let calling_shelves = spawn(move || shelves(start));
        parcels(start);
        calling_shelves.join().expect("the shelves were called out");
    });
    both.join().expect("both jobs were done");

    log(start, "main", "all is called out");
}

fn parcels(start: Instant) {
    for parcel in 1..=3 {
        sleep(Duration::from_millis(10));
        log(start, "parcel", parcel);
    }
}

fn shelves(start: Instant) {
    for shelf in ['a', 'b', 'c'] {
        sleep(Duration::from_millis(10));
        log(start, "shelf", shelf);
    }
}

/// One line of the log: when, who, what.
fn log(start: Instant, who: &str, what: impl Display) {
    println!("{:>3} ms  {who}: {what}", start.elapsed().as_millis());
}
