//! Wrong: the daemon is told to stop, and the program does not wait until it has.

use std::mem;
use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let list = Arc::new(Lock::new(Vec::new()).named("list"));
    let over = Arc::new(Shared::new(false).named("over"));
    let mut logger = Thread::new({
        let (list, over) = (Arc::clone(&list), Arc::clone(&over));
        move || write_down(&list, &over)
    })
    .daemon(true);
    logger.start().expect("it was not started before");

    for line in ["dusk", "ship in sight", "dawn"] {
        list.lock().push(line);
    }
    over.set(true);
}

fn write_down(list: &Lock<Vec<&'static str>>, over: &Shared<bool>) {
    loop {
        // Asked before the list is emptied: what is put on it before the night is over is found below.
        let last_round = over.get();
        let lines = mem::take(&mut *list.lock());
        for line in lines {
            println!("{line}");
        }
        if last_round {
            return;
        }
        sleep(Duration::from_millis(10));
    }
}
