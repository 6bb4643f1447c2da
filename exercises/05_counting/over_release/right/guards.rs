//! Right: a permit that is kept gives itself back, once; there is nothing to release by hand.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "ac";

const PATIENCE: Duration = Duration::from_millis(10);
const ERRAND: Duration = Duration::from_millis(20);

pub fn main() {
    let spaces = Arc::new(Semaphore::new(1).named("spaces"));
    let hurried = spawn({
        let spaces = Arc::clone(&spaces);
        move || come_hurried(&spaces)
    });
    let patient = ["red", "blue"].map(|car| {
        let spaces = Arc::clone(&spaces);
        spawn(move || come(&spaces, car))
    });
    hurried.join().expect("the hurried car is gone");
    for car in patient {
        car.join().expect("the car is gone");
    }
    println!("free spaces: {}", spaces.available_permits());
}

/// Waits for the space.
fn come(spaces: &Semaphore, car: &str) {
    let _space = spaces.acquire();
    park(car);
}

/// Waits for the space, but not for long.
fn come_hurried(spaces: &Semaphore) {
    if let Some(_space) = spaces.try_acquire_for(PATIENCE) {
        park("hurried");
    } else {
        println!("hurried drives on");
    }
}

fn park(car: &str) {
    println!("{car} parks");
    sleep(ERRAND);
    println!("{car} leaves");
}
