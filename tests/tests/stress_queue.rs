//! Queues under 64 threads with random timeouts and a shutdown in the middle: every item that was put is got, or dropped
//! by the shutdown, once; every join ends.
//!
//! On real threads, for a bounded time. The numbers are random but the same on each run; the schedules are the system's.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use threadcraft::{LifoQueue, PriorityQueue, Queue};

const PRODUCERS: u64 = 32;
const CONSUMERS: u64 = 32;
const RUN: Duration = Duration::from_millis(300);
const CAPACITY: usize = 8;

/// Counts the items that are.
static ITEMS: AtomicU64 = AtomicU64::new(0);

/// Counts itself.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Item(u64);

impl Item {
    fn new(number: u64) -> Self {
        ITEMS.fetch_add(1, Ordering::Relaxed);
        Self(number)
    }
}

impl Drop for Item {
    fn drop(&mut self) {
        ITEMS.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Marsaglia's xorshift: enough to mix what threads do.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn of(thread: u64) -> Self {
        Self((thread + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }
}

/// Number and sum of items.
#[derive(Default)]
struct Sum {
    count: AtomicU64,
    sum: AtomicU64,
}

impl Sum {
    fn add(&self, item: u64) {
        self.count.fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(item, Ordering::Relaxed);
    }

    fn get(&self) -> (u64, u64) {
        (self.count.load(Ordering::Relaxed), self.sum.load(Ordering::Relaxed))
    }
}

/// Runs producers and consumers on a queue, and shuts it down. All kinds have the same calls, but no trait.
macro_rules! run {
    ($($queue:ident, $immediate:literal;)*) => {
        $(
            {
                let queue = $queue::new(CAPACITY);
                let (put, got) = (Sum::default(), Sum::default());
                let start = Instant::now();
                let produce = &|thread: u64| {
                    let mut dice = Dice::of(thread);
                    for number in 0.. {
                        let item = Item::new(thread << 32 | number);
                        let value = item.0;
                        let result = match dice.roll(4) {
                            0 => queue.try_put(item),
                            1 | 2 => queue.put_for(item, Duration::from_micros(dice.roll(300))),
                            _ => queue.put(item).map_err(Into::into),
                        };
                        match result {
                            Ok(()) => put.add(value),
                            Err(error) if error.is_shut_down() => return,
                            Err(error) => assert_eq!(error.into_item().0, value, "it gives back what it got"),
                        }
                    }
                };
                let consume = &|thread: u64| {
                    let mut dice = Dice::of(PRODUCERS + thread);
                    loop {
                        let result = match dice.roll(4) {
                            0 => queue.try_get(),
                            1 | 2 => queue.get_for(Duration::from_micros(dice.roll(300))),
                            _ => queue.get().map_err(Into::into),
                        };
                        match result {
                            Ok(item) => {
                                got.add(item.0);
                                queue.task_done().expect("once for each");
                            }
                            Err(error) if error.is_shut_down() => return,
                            Err(_) => assert!(queue.len() <= CAPACITY),
                        }
                    }
                };
                thread::scope(|scope| {
                    (0..PRODUCERS).for_each(|thread| drop(scope.spawn(move || produce(thread))));
                    (0..CONSUMERS).for_each(|thread| drop(scope.spawn(move || consume(thread))));
                    scope.spawn(|| queue.join());
                    // How long the others run is the machine's choice anyhow; this does not order them.
                    while start.elapsed() < RUN {
                        thread::yield_now();
                    }
                    queue.shutdown($immediate);
                    queue.join();
                });
                assert!(queue.is_empty());
                assert!(queue.task_done().is_err(), "each task was done once");
                if $immediate {
                    let ((put, _), (got, _)) = (put.get(), got.get());
                    assert!(got <= put && put <= got + CAPACITY as u64, "{put} put, {got} got");
                } else {
                    assert_eq!(put.get(), got.get());
                }
                assert!(got.get().0 > 0, "something happened");
            }
        )*
    };
}

/// In one test, as they share the count of items.
#[test]
fn nothing_is_lost_and_nothing_comes_twice() {
    run! {
        Queue, false;
        Queue, true;
        LifoQueue, false;
        LifoQueue, true;
        PriorityQueue, false;
        PriorityQueue, true;
    }
    assert_eq!(ITEMS.load(Ordering::Relaxed), 0, "no item is left, and none was dropped twice");
}
