//! A barber and customers: each customer brings an event of its own, which says when the hair is cut.

use std::collections::VecDeque;
use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Shop {
    chairs: usize,
    waiting: Lock<VecDeque<Customer>>,
    somebody: Semaphore,
}

struct Customer {
    who: u32,
    done: Arc<Event>,
}

impl Shop {
    pub fn new(chairs: usize) -> Self {
        let waiting = Lock::new(VecDeque::new()).named("waiting");
        Self { chairs, waiting, somebody: Semaphore::new(0).named("somebody") }
    }

    /// A customer comes: false at once if all chairs are taken, true when the hair is cut.
    pub fn visit(&self, who: u32) -> bool {
        let done = Arc::new(Event::new().named("done"));
        {
            let mut waiting = self.waiting.lock();
            if waiting.len() == self.chairs {
                return false;
            }
            waiting.push_back(Customer { who, done: Arc::clone(&done) });
        }
        self.somebody.release(1);
        done.wait();
        true
    }

    /// The barber sleeps until somebody waits, and cuts that one's hair.
    pub fn serve(&self, cut: impl FnOnce(u32)) {
        self.somebody.acquire().forget();
        let customer = self.waiting.lock().pop_front().expect("somebody waits");
        cut(customer.who);
        customer.done.set();
    }
}

pub fn main() {
    let shop = Arc::new(Shop::new(2));
    let customers = [1, 2].map(|who| {
        let shop = Arc::clone(&shop);
        spawn(move || {
            let stayed = shop.visit(who);
            println!("customer {who}: {}", if stayed { "a new head" } else { "too full" });
        })
    });
    for _ in 0..2 {
        shop.serve(|who| println!("the barber cuts customer {who}"));
    }
    for customer in customers {
        customer.join().expect("the customer has gone");
    }
}
