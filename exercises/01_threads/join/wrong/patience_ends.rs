//! Wrong: a join with a limit may return before the thread has ended, and nobody asks which it was.

use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let fetched = Arc::new(Lock::new(0).named("fetched"));
    let pages = [10, 20].map(|millis| {
        let fetched = Arc::clone(&fetched);
        spawn(move || fetch(millis, &fetched))
    });
    println!("main flow of the application");

    for page in pages {
        let _ = page.join_for(Duration::from_millis(100));
    }
    println!("all threads are done: {} of 2 pages", fetched.lock());
}

/// Fetches a page from a site that usually takes this long.
fn fetch(millis: u64, fetched: &Lock<u32>) {
    sleep(Duration::from_millis(millis));
    *fetched.lock() += 1;
}
