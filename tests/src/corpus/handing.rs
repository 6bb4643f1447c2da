//! Producers and consumers.

use std::collections::VecDeque;
use std::sync::Arc;

use threadcraft::{Lock, Semaphore};

use super::{Condition, Entry, each, start};

pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::new(
            "unbounded producer",
            "puts into a slot that is still full: an item is lost",
            "Downey 4.1 (finite buffer)",
        )
        .broken(|| two_items(Slot::Unbounded))
        .right(|| two_items(Slot::OneCondition))
        .outcomes_of_right(&["2"]),
        Entry::new("silent consumer", "takes an item, and does not say that there is room", "The Deadlock Empire")
            .broken(|| two_items(Slot::SilentConsumer))
            .right(|| two_items(Slot::TwoConditions))
            .outcomes_of_right(&["2"]),
        Entry::new("lock before items", "holds the buffer's lock and waits for an item", "Downey 4.1 (Deadlock 4)")
            .broken(|| semaphore_buffer(false))
            .right(|| semaphore_buffer(true))
            .outcomes_of_right(&["2"]),
        Entry::new("one end marker", "two consumers wait for it, and one takes it away", "Python's `queue` and `None`")
            .broken(|| end_marker(false))
            .right(|| end_marker(true))
            .outcomes_of_right(&["1"]),
    ]
}

/// How a buffer of one slot tells who waits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    /// Producers do not wait.
    Unbounded,
    /// Consumers do not say that there is room.
    SilentConsumer,
    /// All wait at one condition, and all are woken.
    OneCondition,
    /// Who waits for room and who waits for an item wait apart, and one is woken.
    TwoConditions,
}

struct Buffer {
    how: Slot,
    item: Lock<Option<u32>>,
    filled: Condition,
    emptied: Condition,
}

impl Buffer {
    fn new(how: Slot) -> Arc<Self> {
        let item = Lock::new(None).named("slot");
        Arc::new(Self { how, item, filled: Condition::new("filled"), emptied: Condition::new("emptied") })
    }

    fn put(&self, item: u32) {
        let mut slot = self.item.lock();
        while slot.is_some() && self.how != Slot::Unbounded {
            match self.how {
                Slot::OneCondition => self.filled.wait(&mut slot),
                _ => self.emptied.wait(&mut slot),
            }
        }
        *slot = Some(item);
        match self.how {
            Slot::OneCondition => self.filled.notify_all(&mut slot),
            _ => self.filled.notify_one(&mut slot),
        }
    }

    fn get(&self) -> u32 {
        let mut slot = self.item.lock();
        loop {
            if let Some(item) = slot.take() {
                match self.how {
                    Slot::OneCondition => self.filled.notify_all(&mut slot),
                    Slot::TwoConditions => self.emptied.notify_one(&mut slot),
                    Slot::Unbounded | Slot::SilentConsumer => {}
                }
                return item;
            }
            self.filled.wait(&mut slot);
        }
    }
}

/// Two producers put an item each, one consumer takes both.
fn two_items(how: Slot) -> usize {
    let buffer = Buffer::new(how);
    let consumer = start(&buffer, |buffer| [buffer.get(), buffer.get()]);
    each(&buffer, 2, |buffer, number| buffer.put(number as u32));
    consumer.join().expect("it does not panic").len()
}

struct SemaphoreBuffer {
    lock: Semaphore,
    room: Semaphore,
    items: Semaphore,
    queue: Lock<VecDeque<usize>>,
}

/// The same with semaphores.
fn semaphore_buffer(items_before_lock: bool) -> usize {
    let buffer = Arc::new(SemaphoreBuffer {
        lock: Semaphore::new(1).named("lock"),
        room: Semaphore::new(1).named("room"),
        items: Semaphore::new(0).named("items"),
        queue: Lock::new(VecDeque::new()).named("queue"),
    });
    let consumer = start(&buffer, move |buffer| {
        let mut taken = 0;
        while taken < 2 {
            let _lock;
            if items_before_lock {
                buffer.items.acquire().forget();
                _lock = buffer.lock.acquire();
            } else {
                _lock = buffer.lock.acquire();
                buffer.items.acquire().forget();
            }
            taken += buffer.queue.lock().pop_front().map_or(0, |_| 1);
            buffer.room.release(1);
        }
        taken
    });
    each(&buffer, 2, |buffer, number| {
        buffer.room.acquire().forget();
        let _lock = buffer.lock.acquire();
        buffer.queue.lock().push_back(number);
        buffer.items.release(1);
    });
    consumer.join().expect("it does not panic")
}

/// Two consumers; the producer puts one item and one end marker. Comes to how many items were taken.
fn end_marker(handed_on: bool) -> u32 {
    let queue = Arc::new((Lock::new(VecDeque::new()).named("queue"), Semaphore::new(0).named("items")));
    let put = |queue: &(Lock<VecDeque<Option<u32>>>, Semaphore), item| {
        queue.0.lock().push_back(item);
        queue.1.release(1);
    };
    let consumers = [1, 2].map(|_| {
        start(&queue, move |queue| {
            let mut taken = 0;
            loop {
                queue.1.acquire().forget();
                let item: Option<u32> = queue.0.lock().pop_front().expect("a permit is an item");
                if item.is_none() {
                    if handed_on {
                        put(queue, None);
                    }
                    return taken;
                }
                taken += 1;
            }
        })
    });
    put(&queue, Some(1));
    put(&queue, None);
    consumers.map(|consumer| consumer.join().expect("it does not panic")).iter().sum()
}
