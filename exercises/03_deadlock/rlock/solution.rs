//! A stall and its slip: what works on the slip is a method of the slip, and only the stall's methods lock.

use std::sync::Arc;

use threadcraft::prelude::*;

struct Slip {
    prices: Vec<u32>,
    sum: u32,
}

impl Slip {
    fn add_up(&mut self) {
        self.sum = self.prices.iter().sum();
    }
}

struct Stall {
    slip: Lock<Slip>,
}

impl Stall {
    fn new() -> Self {
        Self { slip: Lock::new(Slip { prices: Vec::new(), sum: 0 }).named("slip") }
    }

    fn sell(&self, price: u32) {
        let mut slip = self.slip.lock();
        slip.prices.push(price);
        slip.add_up();
    }

    fn add_up(&self) {
        self.slip.lock().add_up();
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
