//! Items from producers to one consumer, and an item put and taken by one thread.

use std::hint::black_box;
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use threadcraft::Queue;

/// What all queues can do: a way in that threads share, and a way out.
pub(crate) trait Passes: Sync + Sized {
    /// The consumer's side.
    type Out: Send;
    /// With room for so many items, or without a limit.
    fn new(capacity: Option<usize>) -> (Self, Self::Out);
    fn put(&self, item: u64);
    fn get(&self, out: &Self::Out) -> u64;
}

impl Passes for Queue<u64> {
    type Out = ();

    fn new(capacity: Option<usize>) -> (Self, ()) {
        (capacity.map_or_else(Self::unbounded, Self::new), ())
    }

    #[inline]
    fn put(&self, item: u64) {
        Self::put(self, item).expect("it is not shut down");
    }

    #[inline]
    fn get(&self, (): &()) -> u64 {
        Self::get(self).expect("it is not shut down")
    }
}

/// crossbeam's channel.
pub(crate) type Crossbeam = crossbeam_channel::Sender<u64>;

impl Passes for Crossbeam {
    type Out = crossbeam_channel::Receiver<u64>;

    fn new(capacity: Option<usize>) -> (Self, Self::Out) {
        capacity.map_or_else(crossbeam_channel::unbounded, crossbeam_channel::bounded)
    }

    #[inline]
    fn put(&self, item: u64) {
        self.send(item).expect("the receiver is there");
    }

    #[inline]
    fn get(&self, out: &Self::Out) -> u64 {
        out.recv().expect("the sender is there")
    }
}

/// The standard library's channels: one without a limit, one with.
pub(crate) enum Std {
    Unbounded(mpsc::Sender<u64>),
    Bounded(mpsc::SyncSender<u64>),
}

impl Passes for Std {
    type Out = mpsc::Receiver<u64>;

    fn new(capacity: Option<usize>) -> (Self, Self::Out) {
        match capacity {
            None => {
                let (sender, receiver) = mpsc::channel();
                (Self::Unbounded(sender), receiver)
            }
            Some(capacity) => {
                let (sender, receiver) = mpsc::sync_channel(capacity);
                (Self::Bounded(sender), receiver)
            }
        }
    }

    #[inline]
    fn put(&self, item: u64) {
        match self {
            Self::Unbounded(sender) => sender.send(item).expect("the receiver is there"),
            Self::Bounded(sender) => sender.send(item).expect("the receiver is there"),
        }
    }

    #[inline]
    fn get(&self, out: &Self::Out) -> u64 {
        out.recv().expect("the sender is there")
    }
}

/// The nanoseconds of an item, from the first put to the last get, through threads of their own.
pub(crate) fn passing<Q: Passes>(capacity: Option<usize>, producers: u64, items: u64) -> f64 {
    let (queue, out) = Q::new(capacity);
    let (queue, each) = (&queue, items / producers);
    let started = Instant::now();
    let sum = thread::scope(|scope| {
        for _ in 0..producers {
            scope.spawn(move || (0..each).for_each(|item| queue.put(item)));
        }
        let consumer = scope.spawn(move || (0..each * producers).map(|_| queue.get(&out)).sum::<u64>());
        consumer.join().expect("nobody panics")
    });
    let took = started.elapsed();
    assert_eq!(sum, producers * (each * (each - 1) / 2), "every item comes once");
    took.as_nanos() as f64 / (each * producers) as f64
}

/// The nanoseconds of an item that one thread puts and takes.
pub(crate) fn alone<Q: Passes>(capacity: Option<usize>, items: u64) -> f64 {
    let (queue, out) = Q::new(capacity);
    let started = Instant::now();
    for item in 0..items {
        queue.put(black_box(item));
        black_box(queue.get(&out));
    }
    started.elapsed().as_nanos() as f64 / items as f64
}
