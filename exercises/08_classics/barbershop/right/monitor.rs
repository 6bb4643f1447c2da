//! Right: a monitor says who waits and who is finished; each waits for its own name.

use std::collections::VecDeque;
use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Shop {
    chairs: usize,
    room: Monitor<Room>,
}

struct Room {
    waiting: VecDeque<u32>,
    finished: Vec<u32>,
}

impl Shop {
    pub fn new(chairs: usize) -> Self {
        let room = Room { waiting: VecDeque::new(), finished: Vec::new() };
        Self { chairs, room: Monitor::new(room).named("room") }
    }

    /// A customer comes: false at once if all chairs are taken, true when the hair is cut.
    pub fn visit(&self, who: u32) -> bool {
        let mut room = self.room.lock();
        if room.waiting.len() == self.chairs {
            return false;
        }
        room.waiting.push_back(who);
        room.notify_all();
        room.wait_while(|room| !room.finished.contains(&who));
        room.finished.retain(|&finished| finished != who);
        true
    }

    /// The barber sleeps until somebody waits, and cuts that one's hair.
    pub fn serve(&self, cut: impl FnOnce(u32)) {
        let mut room = self.room.lock();
        room.wait_while(|room| room.waiting.is_empty());
        let who = room.waiting.pop_front().expect("somebody waits");
        drop(room);
        cut(who);
        let mut room = self.room.lock();
        room.finished.push(who);
        room.notify_all();
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
