//! Right: a scope joins what was started in it at its end, and its threads may borrow.

use threadcraft::prelude::*;

pub fn main() {
    let fetched = Lock::new(0).named("fetched");
    scope(|scope| {
        for millis in [10, 20] {
            let fetched = &fetched;
            scope.spawn(move || fetch(millis, fetched));
        }
        println!("main flow of the application");
    });
    println!("all threads are done: {} of 2 pages", fetched.lock());
}

/// Fetches a page from a site that usually takes this long.
fn fetch(millis: u64, fetched: &Lock<u32>) {
    sleep(Duration::from_millis(millis));
    *fetched.lock() += 1;
}
