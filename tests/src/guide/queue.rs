//! A bounded queue, at first with a bug.

use std::collections::VecDeque;
use std::sync::Arc;

use threadcraft::prelude::*;

/// A queue with room for so many items.
pub struct Queue<T> {
    items: Lock<VecDeque<T>>,
    room: Semaphore,
    filled: Semaphore,
}

impl<T> Queue<T> {
    /// An empty queue.
    pub fn new(room: u32) -> Self {
        Self {
            items: Lock::new(VecDeque::new()).named("items"),
            room: Semaphore::new(room).named("room"),
            filled: Semaphore::new(0).named("filled"),
        }
    }

    /// Adds an item, once there is room for it: the wrong way.
    pub fn put(&self, item: T) {
        let mut items = self.items.lock();
        self.room.acquire().forget();
        items.push_back(item);
        self.filled.release(1);
    }

    /// Adds an item, once there is room for it.
    pub fn put_unlocked(&self, item: T) {
        self.room.acquire().forget();
        self.items.lock().push_back(item);
        self.filled.release(1);
    }

    /// Takes an item, once there is one.
    pub fn take(&self) -> T {
        self.filled.acquire().forget();
        let item = self.items.lock().pop_front();
        self.room.release(1);
        item.expect("whoever releases `filled` has put an item there")
    }
}

/// Two items go through a queue of one place.
pub fn two_through_one_place(put: fn(&Queue<u32>, u32)) -> (u32, u32) {
    let queue = Arc::new(Queue::new(1));
    let mut producer = Thread::new({
        let queue = Arc::clone(&queue);
        move || (1..=2).for_each(|item| put(&queue, item))
    })
    .name("producer");
    producer.start().expect("a thread can be started");
    let taken = (queue.take(), queue.take());
    producer.join().expect("it ends well");
    taken
}
