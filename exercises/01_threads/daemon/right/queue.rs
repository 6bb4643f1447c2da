//! Right: a queue carries the lines, and shutting it down says that this was all.

use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let lines = Arc::new(Queue::unbounded().named("lines"));
    let mut logger = Thread::new({
        let lines = Arc::clone(&lines);
        move || {
            while let Ok(line) = lines.get() {
                println!("{line}");
            }
        }
    })
    .daemon(true);
    logger.start().expect("it was not started before");

    for line in ["dusk", "ship in sight", "dawn"] {
        lines.put(line).expect("the queue is open");
    }
    lines.shutdown(false);
    logger.join().expect("all is written down");
}
