//! Right: a sum that is worked out when somebody looks is never out of date.

use std::sync::Arc;

use threadcraft::prelude::*;

struct Stall {
    /// The prices.
    slip: Lock<Vec<u32>>,
}

impl Stall {
    fn new() -> Self {
        Self { slip: Lock::new(Vec::new()).named("slip") }
    }

    fn sell(&self, price: u32) {
        self.slip.lock().push(price);
    }

    /// There is nothing to correct: see `look`.
    fn add_up(&self) {}

    fn look(&self, who: &str) {
        let slip = self.slip.lock();
        println!("{who}: {:?} makes {}", slip, slip.iter().sum::<u32>());
    }
}

pub fn main() {
    let stall = Arc::new(Stall::new());
    let selling = spawn({
        let stall = Arc::clone(&stall);
        move || {
            stall.sell(3);
            stall.sell(4);
        }
    });
    let inspecting = spawn({
        let stall = Arc::clone(&stall);
        move || stall.look("inspector")
    });
    selling.join().expect("all is sold");
    inspecting.join().expect("the inspector has seen the slip");
    stall.add_up();
    stall.look("main");
}
