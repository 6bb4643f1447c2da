//! Wrong: only the thread that should be the slowest is joined.

use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let fetched = Arc::new(Lock::new(0).named("fetched"));
    let [_quick, slow] = [10, 20].map(|millis| {
        let fetched = Arc::clone(&fetched);
        spawn(move || fetch(millis, &fetched))
    });
    println!("main flow of the application");

    slow.join().expect("the page was fetched");
    println!("all threads are done: {} of 2 pages", fetched.lock());
}

/// Fetches a page from a site that usually takes this long.
fn fetch(millis: u64, fetched: &Lock<u32>) {
    sleep(Duration::from_millis(millis));
    *fetched.lock() += 1;
}
