//! Two friends at two ends of a square.

use threadcraft::prelude::*;

pub fn main() {
    let ada = spawn(|| {
        println!("Ada comes");
        // TODO: Ada eats when Ben has come …
        println!("Ada eats");
    });
    let ben = spawn(|| {
        println!("Ben comes");
        // TODO: … and Ben when Ada has.
        println!("Ben eats");
    });
    ada.join().expect("Ada went home");
    ben.join().expect("Ben went home");
}
