//! Five tasks on three threads that each take their time, as downloads do; one fails, which is seen, and costs the others
//! nothing.

use threadcraft::as_completed;
use threadcraft::prelude::*;
use threadcraft::println;

fn main() {
    println!("main flow of the application");
    println!("{:?}", run(3, 5, Duration::from_millis(10)));
}

/// How many were fetched, and how many failed.
pub(crate) fn run(workers: usize, pages: u32, pause: Duration) -> (usize, usize) {
    let pool = ThreadPool::new(workers);
    let fetch = move |page: u32| {
        sleep(pause * page);
        // A panic would do as well; a result says more.
        if page == 2 { Err(format!("page {page} is not there")) } else { Ok(page) }
    };
    let jobs: Vec<_> = (1..=pages).map(|page| pool.submit(move || fetch(page))).collect();
    let (fetched, failed): (Vec<_>, Vec<_>) =
        as_completed(jobs).map(|job| job.result().expect("no job panics")).partition(Result::is_ok);
    (fetched.len(), failed.len())
}
