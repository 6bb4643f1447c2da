//! Right: a count of those who are there, and a condition.

use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let square = Arc::new(Monitor::new(0).named("there"));
    let ada = spawn({
        let square = Arc::clone(&square);
        move || {
            println!("Ada comes");
            meet(&square);
            println!("Ada eats");
        }
    });
    let ben = spawn({
        let square = Arc::clone(&square);
        move || {
            println!("Ben comes");
            meet(&square);
            println!("Ben eats");
        }
    });
    ada.join().expect("Ada went home");
    ben.join().expect("Ben went home");
}

/// Waits until two are there.
fn meet(there: &Monitor<u32>) {
    let mut there = there.lock();
    *there += 1;
    there.notify_all();
    there.wait_while(|there| *there < 2);
}
