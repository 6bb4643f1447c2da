//! Right: threads that are made, named and started in separate steps, in another order.

use std::fmt::Display;
use std::time::Duration;

use threadcraft::prelude::*;

pub fn main() {
    let start = Instant::now();
    log(start, "main", "the night shift begins");

    let mut clerks = [
        Thread::new(move || shelves(start)).name("shelf clerk"),
        Thread::new(move || parcels(start)).name("parcel clerk"),
    ];
    for clerk in &mut clerks {
        clerk.start().expect("it was not started before");
    }
    for clerk in clerks {
        clerk.join().expect("the clerk finished");
    }

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
