//! A logger in the background. As a daemon it would be cut off where it stands when the program ends, and lose what it was
//! not done with: so it is told to stop, writes what is left, and is joined.

use std::sync::Arc;

use threadcraft::prelude::*;
use threadcraft::println;

fn main() {
    run(&["started", "working", "done"]);
}

/// Logs these lines; returns how many were written.
pub(crate) fn run(lines: &[&'static str]) -> usize {
    let log = Arc::new(Queue::unbounded());
    let logger = spawn({
        let log = Arc::clone(&log);
        move || {
            let mut written = 0;
            // An error says that the log was shut down, and that nothing is left in it.
            while let Ok(line) = log.get() {
                println!("log: {line}");
                written += 1;
            }
            written
        }
    });
    for line in lines {
        log.put(*line).expect("it is not shut down");
    }
    log.shutdown(false);
    logger.join().expect("it only writes")
}
