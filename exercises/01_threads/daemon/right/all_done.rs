//! Right: the daemon is never told to stop; main waits until all that it put on the queue is reported done.

use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let lines = Arc::new(Queue::unbounded().named("lines"));
    let mut logger = Thread::new({
        let lines = Arc::clone(&lines);
        move || {
            while let Ok(line) = lines.get() {
                println!("{line}");
                lines.task_done().expect("one for each that was taken");
            }
        }
    })
    .daemon(true);
    logger.start().expect("it was not started before");

    for line in ["dusk", "ship in sight", "dawn"] {
        lines.put(line).expect("the queue is open");
    }
    lines.join();
}
