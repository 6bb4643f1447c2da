//! One parking space and three cars.

use std::sync::Arc;

use threadcraft::prelude::*;

// TODO: first the schedule on which two cars stand on one space, one letter a step …
pub const SCHEDULE: &str = "";

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
    spaces.acquire().forget();
    park(car);
    spaces.release(1);
}

/// Waits for the space, but not for long.
fn come_hurried(spaces: &Semaphore) {
    if let Some(space) = spaces.try_acquire_for(PATIENCE) {
        space.forget();
        park("hurried");
    } else {
        println!("hurried drives on");
    }
    // TODO: … then mend this, so that there is no such schedule.
    spaces.release(1);
}

fn park(car: &str) {
    println!("{car} parks");
    sleep(ERRAND);
    println!("{car} leaves");
}
