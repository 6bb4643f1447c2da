//! Wrong: Ben waits for Ada, and Ada for nobody.

use std::sync::Arc;

use threadcraft::prelude::*;

struct Square {
    ada_is_there: Semaphore,
}

pub fn main() {
    let square = Arc::new(Square { ada_is_there: Semaphore::new(0).named("signal of Ada") });
    let ada = spawn({
        let square = Arc::clone(&square);
        move || {
            println!("Ada comes");
            square.ada_is_there.release(1);
            println!("Ada eats");
        }
    });
    let ben = spawn({
        let square = Arc::clone(&square);
        move || {
            println!("Ben comes");
            square.ada_is_there.acquire().forget();
            println!("Ben eats");
        }
    });
    ada.join().expect("Ada went home");
    ben.join().expect("Ben went home");
}
