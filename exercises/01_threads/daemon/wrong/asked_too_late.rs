//! Wrong: the flag is asked after the list was emptied, and what came in between stays on it.

use std::mem;
use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let list = Arc::new(Lock::new(Vec::new()).named("list"));
    let over = Arc::new(Shared::new(false).named("over"));
    let logger = spawn({
        let (list, over) = (Arc::clone(&list), Arc::clone(&over));
        move || write_down(&list, &over)
    });

    for line in ["dusk", "ship in sight", "dawn"] {
        list.lock().push(line);
    }
    over.set(true);
    logger.join().expect("all is written down");
}

fn write_down(list: &Lock<Vec<&'static str>>, over: &Shared<bool>) {
    loop {
        let lines = mem::take(&mut *list.lock());
        for line in lines {
            println!("{line}");
        }
        if over.get() {
            return;
        }
        sleep(Duration::from_millis(10));
    }
}
