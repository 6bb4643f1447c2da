//! Right: nothing is shared; each join brings back what its thread has fetched, in another order than they were started.

use threadcraft::prelude::*;

pub fn main() {
    let mut pages = Vec::new();
    for millis in [10, 20] {
        pages.push(spawn(move || fetch(millis)));
    }
    println!("main flow of the application");

    let mut fetched = 0;
    while let Some(page) = pages.pop() {
        fetched += page.join().expect("the page was fetched");
    }
    println!("all threads are done: {fetched} of 2 pages");
}

/// Fetches a page from a site that usually takes this long.
fn fetch(millis: u64) -> u32 {
    sleep(Duration::from_millis(millis));
    1
}
