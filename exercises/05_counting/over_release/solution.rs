//! One parking space and three cars; whoever got the space gives it back, and nobody else.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "ac";

const PATIENCE: Duration = Duration::from_millis(10);
const ERRAND: Duration = Duration::from_millis(20);

pub fn main() {
    let spaces = Arc::new(BoundedSemaphore::new(1).named("spaces"));
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
fn come(spaces: &BoundedSemaphore, car: &str) {
    spaces.acquire().forget();
    park(car);
    spaces.release(1).expect("the space was ours");
}

/// Waits for the space, but not for long.
fn come_hurried(spaces: &BoundedSemaphore) {
    if let Some(space) = spaces.try_acquire_for(PATIENCE) {
        space.forget();
        park("hurried");
        spaces.release(1).expect("the space was ours");
    } else {
        println!("hurried drives on");
    }
}

fn park(car: &str) {
    println!("{car} parks");
    sleep(ERRAND);
    println!("{car} leaves");
}
