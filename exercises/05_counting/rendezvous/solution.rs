//! Two friends at two ends of a square: each says that it is there, then waits for the other.

use std::sync::Arc;

use threadcraft::prelude::*;

struct Square {
    ada_is_there: Semaphore,
    ben_is_there: Semaphore,
}

pub fn main() {
    let square = Arc::new(Square {
        ada_is_there: Semaphore::new(0).named("signal of Ada"),
        ben_is_there: Semaphore::new(0).named("signal of Ben"),
    });
    let ada = spawn({
        let square = Arc::clone(&square);
        move || {
            println!("Ada comes");
            square.ada_is_there.release(1);
            square.ben_is_there.acquire().forget();
            println!("Ada eats");
        }
    });
    let ben = spawn({
        let square = Arc::clone(&square);
        move || {
            println!("Ben comes");
            square.ben_is_there.release(1);
            square.ada_is_there.acquire().forget();
            println!("Ben eats");
        }
    });
    ada.join().expect("Ada went home");
    ben.join().expect("Ben went home");
}
