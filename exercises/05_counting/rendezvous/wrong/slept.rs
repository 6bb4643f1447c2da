//! Wrong: a pause makes it likely that the other is there, and no more.

use threadcraft::prelude::*;

pub fn main() {
    let ada = spawn(|| {
        println!("Ada comes");
        sleep(Duration::from_millis(10));
        println!("Ada eats");
    });
    let ben = spawn(|| {
        println!("Ben comes");
        sleep(Duration::from_millis(10));
        println!("Ben eats");
    });
    ada.join().expect("Ada went home");
    ben.join().expect("Ben went home");
}
