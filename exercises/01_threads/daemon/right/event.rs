//! Right: the nap is a wait for the end of the night; after it, the list is emptied once more. No daemon, so no join.

use std::mem;
use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let list = Arc::new(Lock::new(Vec::new()).named("list"));
    let over = Arc::new(Event::new().named("over"));
    spawn({
        let (list, over) = (Arc::clone(&list), Arc::clone(&over));
        move || {
            while !over.wait_for(Duration::from_millis(10)) {
                write_down(&list);
            }
            write_down(&list);
        }
    });

    for line in ["dusk", "ship in sight", "dawn"] {
        list.lock().push(line);
    }
    over.set();
}

fn write_down(list: &Lock<Vec<&'static str>>) {
    for line in mem::take(&mut *list.lock()) {
        println!("{line}");
    }
}
