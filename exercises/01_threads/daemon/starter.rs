//! A thread in the background writes down what main puts on a list.

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
    // TODO: the night is over. Is everything written down?
}

fn write_down(list: &Lock<Vec<&'static str>>) {
    // TODO: for ever?
    loop {
        let lines = mem::take(&mut *list.lock());
        for line in lines {
            println!("{line}");
        }
        sleep(Duration::from_millis(10));
    }
}
