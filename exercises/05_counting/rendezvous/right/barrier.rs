//! Right: a barrier for two is a rendezvous.

use std::sync::Arc;

use threadcraft::prelude::*;

pub fn main() {
    let square = Arc::new(Barrier::new(2).named("square"));
    let ada = spawn({
        let square = Arc::clone(&square);
        move || {
            println!("Ada comes");
            square.wait().expect("Ben comes, too");
            println!("Ada eats");
        }
    });
    let ben = spawn({
        let square = Arc::clone(&square);
        move || {
            println!("Ben comes");
            square.wait().expect("Ada comes, too");
            println!("Ben eats");
        }
    });
    ada.join().expect("Ada went home");
    ben.join().expect("Ben went home");
}
