//! Wrong: main waits for a thread that goes on for ever.

use std::mem;
use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let list = Arc::new(Lock::new(Vec::new()).named("list"));
    let mut logger = Thread::new({
        let list = Arc::clone(&list);
        move || write_down(&list)
    })
    .daemon(true);
    logger.start().expect("it was not started before");

    for line in ["dusk", "ship in sight", "dawn"] {
        list.lock().push(line);
    }
    logger.join().expect("all is written down");
}

fn write_down(list: &Lock<Vec<&'static str>>) {
    loop {
        let lines = mem::take(&mut *list.lock());
        for line in lines {
            println!("{line}");
        }
        sleep(Duration::from_millis(10));
    }
}
