//! Wrong: the prices and their sum have a lock each, and only both together say the truth.

use std::sync::Arc;

use threadcraft::prelude::*;

struct Stall {
    prices: Lock<Vec<u32>>,
    sum: Lock<u32>,
}

impl Stall {
    fn new() -> Self {
        Self { prices: Lock::new(Vec::new()).named("prices"), sum: Lock::new(0).named("sum") }
    }

    fn sell(&self, price: u32) {
        self.prices.lock().push(price);
        self.add_up();
    }

    fn add_up(&self) {
        let sum = self.prices.lock().iter().sum();
        *self.sum.lock() = sum;
    }

    fn look(&self, who: &str) {
        let prices = self.prices.lock();
        println!("{who}: {prices:?} makes {}", self.sum.lock());
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
