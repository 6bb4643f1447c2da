//! Wrong: nothing is lost, because main writes everything itself and the thread has nothing to do.

use threadcraft::prelude::*;

pub fn main() {
    let mut logger = Thread::new(|| ()).daemon(true);
    logger.start().expect("it was not started before");

    for line in ["dusk", "ship in sight", "dawn"] {
        println!("{line}");
    }
}
