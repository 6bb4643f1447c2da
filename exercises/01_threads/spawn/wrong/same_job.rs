//! Wrong: two threads at once, but both do the same job.

use std::fmt::Display;
use std::time::Duration;

use threadcraft::prelude::*;

pub fn main() {
    let start = Instant::now();
    log(start, "main", "the night shift begins");

    let one = spawn(move || parcels(start));
    let other = spawn(move || parcels(start));
    one.join().expect("the parcels were called out");
    other.join().expect("the parcels were called out");

    log(start, "main", "all is called out");
}

fn parcels(start: Instant) {
    for parcel in 1..=3 {
        sleep(Duration::from_millis(10));
        log(start, "parcel", parcel);
    }
}

/// One line of the log: when, who, what.
fn log(start: Instant, who: &str, what: impl Display) {
    println!("{:>3} ms  {who}: {what}", start.elapsed().as_millis());
}
