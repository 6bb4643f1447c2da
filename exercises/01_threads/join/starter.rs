//! Two pages are fetched by two threads; main announces the end.

use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let fetched = Arc::new(Lock::new(0).named("fetched"));
    for millis in [10, 20] {
        let fetched = Arc::clone(&fetched);
        spawn(move || fetch(millis, &fetched));
    }
    println!("main flow of the application");

    // TODO: this comes too early.
    println!("all threads are done: {} of 2 pages", fetched.lock());
}

/// Fetches a page from a site that usually takes this long.
fn fetch(millis: u64, fetched: &Lock<u32>) {
    sleep(Duration::from_millis(millis));
    *fetched.lock() += 1;
}
