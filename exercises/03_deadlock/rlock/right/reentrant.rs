//! Right: a re-entrant lock lets its holder in again, and frees the slip when the last guard has ended.

use std::cell::RefCell;
use std::sync::Arc;

use threadcraft::prelude::*;

struct Slip {
    prices: Vec<u32>,
    sum: u32,
}

struct Stall {
    slip: RLock<RefCell<Slip>>,
}

impl Stall {
    fn new() -> Self {
        Self { slip: RLock::new(RefCell::new(Slip { prices: Vec::new(), sum: 0 })).named("slip") }
    }

    fn sell(&self, price: u32) {
        let slip = self.slip.lock();
        slip.borrow_mut().prices.push(price);
        self.add_up();
    }

    fn add_up(&self) {
        let slip = self.slip.lock();
        let mut slip = slip.borrow_mut();
        slip.sum = slip.prices.iter().sum();
    }

    fn look(&self, who: &str) {
        let slip = self.slip.lock();
        let slip = slip.borrow();
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
