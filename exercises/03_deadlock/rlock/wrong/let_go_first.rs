//! Wrong: the lock is free between the sale and the adding up, and the sum is wrong in between.

use std::sync::Arc;

use threadcraft::prelude::*;

struct Slip {
    prices: Vec<u32>,
    sum: u32,
}

struct Stall {
    slip: Lock<Slip>,
}

impl Stall {
    fn new() -> Self {
        Self { slip: Lock::new(Slip { prices: Vec::new(), sum: 0 }).named("slip") }
    }

    fn sell(&self, price: u32) {
        self.slip.lock().prices.push(price);
        self.add_up();
    }

    fn add_up(&self) {
        let mut slip = self.slip.lock();
        slip.sum = slip.prices.iter().sum();
    }

    fn look(&self, who: &str) {
        let slip = self.slip.lock();
        println!("{who}: {:?} makes {}", slip.prices, slip.sum);
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
