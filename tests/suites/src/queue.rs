//! Programs for queues.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{Queue, spawn};

use super::{Unprotected, run_all};

/// What the programs use of a queue of numbers.
pub trait Passes: Send + Sync + 'static {
    /// Empty, with room for so many.
    fn new(capacity: usize) -> Self;
    /// Puts, waiting for room; false if it was shut down.
    fn put(&self, item: u32) -> bool;
    /// Puts, waiting for room for a while; false if there was none in time.
    fn put_for(&self, item: u32, timeout: Duration) -> bool;
    /// Gets, waiting for an item; `None` if it was shut down.
    fn get(&self) -> Option<u32>;
    /// Gets, waiting for an item for a while; `None` if there was none in time.
    fn get_for(&self, timeout: Duration) -> Option<u32>;
    /// One task is done.
    fn task_done(&self);
    /// Waits until all are.
    fn join(&self);
    /// Shuts down.
    fn shutdown(&self, immediate: bool);
}

impl Passes for Queue<u32> {
    fn new(capacity: usize) -> Self {
        Self::new(capacity).named("items")
    }
    #[track_caller]
    fn put(&self, item: u32) -> bool {
        self.put(item).is_ok()
    }
    #[track_caller]
    fn put_for(&self, item: u32, timeout: Duration) -> bool {
        self.put_for(item, timeout).is_ok()
    }
    #[track_caller]
    fn get(&self) -> Option<u32> {
        self.get().ok()
    }
    #[track_caller]
    fn get_for(&self, timeout: Duration) -> Option<u32> {
        self.get_for(timeout).ok()
    }
    #[track_caller]
    fn task_done(&self) {
        self.task_done().expect("each model does its tasks once");
    }
    #[track_caller]
    fn join(&self) {
        self.join();
    }
    #[track_caller]
    fn shutdown(&self, immediate: bool) {
        self.shutdown(immediate);
    }
}

const A_WHILE: Duration = Duration::from_millis(5);

/// Runs `body` in a thread of its own, and `here` beside it; gives what both come to.
fn beside<T: Send + 'static, H>(body: impl FnOnce() -> T + Send + 'static, here: impl FnOnce() -> H) -> (T, H) {
    let thread = spawn(body);
    let here = here();
    (thread.join().expect("the threads of a model do not panic"), here)
}

/// Items `1..=items` through a queue with room for `capacity`, and what was written before each put. Comes to what the
/// other thread got, and the number it read after the last.
pub fn hand_over<Q: Passes>(capacity: usize, items: u32) -> (Vec<u32>, u32) {
    let shared = Arc::new((Q::new(capacity), Unprotected::new()));
    let getter = Arc::clone(&shared);
    let get = move || {
        let got: Vec<u32> = (0..items).filter_map(|_| getter.0.get()).collect();
        (got, getter.1.get())
    };
    let put = || {
        for item in 1..=items {
            if item == items {
                shared.1.add_one();
            }
            shared.0.put(item);
        }
    };
    beside(get, put).0
}

/// So many get one each; two items come one by one through a queue with room for one. Comes to how many were served.
pub fn served<Q: Passes>(getters: u32) -> u32 {
    let queue = Arc::new(Q::new(1));
    let threads: Vec<_> = (0..getters)
        .map(|_| {
            let queue = Arc::clone(&queue);
            spawn(move || queue.get())
        })
        .collect();
    for item in 0..getters {
        queue.put(item);
    }
    let served = threads.into_iter().filter_map(|thread| thread.join().expect("the threads of a model do not panic"));
    u32::try_from(served.count()).expect("a few")
}

/// One gets, while another puts `items` and shuts down. Comes to what the first got.
pub fn shutdown_against_get<Q: Passes>(items: u32, immediate: bool) -> Option<u32> {
    let queue = Arc::new(Q::new(1));
    let getter = Arc::clone(&queue);
    let put = || {
        for item in 0..items {
            queue.put(item);
        }
        queue.shutdown(immediate);
    };
    beside(move || getter.get(), put).0
}

/// So many get, of an empty queue that is shut down. Comes to what they got.
pub fn shutdown_against_gets<Q: Passes>(getters: usize) -> Vec<Option<u32>> {
    let queue = Arc::new(Q::new(1));
    let getter = || {
        let queue = Arc::clone(&queue);
        Box::new(move || queue.get()) as Box<dyn FnOnce() -> Option<u32> + Send>
    };
    let last = Arc::clone(&queue);
    let shutdown = Box::new(move || {
        last.shutdown(false);
        None
    }) as Box<dyn FnOnce() -> Option<u32> + Send>;
    let mut got = run_all((0..getters).map(|_| getter()).chain([shutdown]));
    got.pop();
    got
}

/// One puts into a full queue, while another takes an item, or none, and shuts down. Comes to whether the item was put,
/// and what was left to get.
pub fn put_against_shutdown<Q: Passes>(takes: bool) -> (bool, Vec<u32>) {
    let queue = Arc::new(Q::new(1));
    queue.put(1);
    let putter = Arc::clone(&queue);
    let shutdown = || {
        if takes {
            queue.get();
        }
        queue.shutdown(false);
    };
    let (put, ()) = beside(move || putter.put(2), shutdown);
    (put, std::iter::from_fn(|| queue.get()).collect())
}

/// `items` are put, one worker does their tasks, and so many wait for that. Comes to what each of them then sees done.
pub fn tasks_against_join<Q: Passes>(items: u32, joiners: usize) -> Vec<u32> {
    let shared = Arc::new((Q::new(items as usize), Unprotected::new()));
    for item in 0..items {
        shared.0.put(item);
    }
    let worker = Arc::clone(&shared);
    let work = Box::new(move || {
        for _ in 0..items {
            worker.0.get();
            worker.1.add_one();
            worker.0.task_done();
        }
        0_u32
    }) as Box<dyn FnOnce() -> u32 + Send>;
    let joiner = || {
        let shared = Arc::clone(&shared);
        Box::new(move || {
            shared.0.join();
            shared.1.get()
        }) as Box<dyn FnOnce() -> u32 + Send>
    };
    let mut seen = run_all((0..joiners).map(|_| joiner()).chain([work]));
    seen.pop();
    seen
}

/// One waits for the task of an item that a shutdown drops. Comes to its end.
pub fn shutdown_against_join<Q: Passes>() {
    let queue = Arc::new(Q::new(1));
    queue.put(1);
    let joiner = Arc::clone(&queue);
    beside(move || joiner.join(), || queue.shutdown(true));
}

/// One waits for an item for a while, another puts it. Comes to what the first got, and what was left.
pub fn timed_get_against_put<Q: Passes>() -> (Option<u32>, Option<u32>) {
    let queue = Arc::new(Q::new(1));
    let hasty = Arc::clone(&queue);
    let (got, _) = beside(move || hasty.get_for(A_WHILE), || queue.put(1));
    queue.shutdown(false);
    (got, queue.get())
}

/// One waits for room for a while, another makes it. Comes to whether the first put its item, and what was left.
pub fn timed_put_against_get<Q: Passes>() -> (bool, Vec<u32>) {
    let queue = Arc::new(Q::new(1));
    queue.put(1);
    let hasty = Arc::clone(&queue);
    let (put, _) = beside(move || hasty.put_for(2, A_WHILE), || queue.get());
    queue.shutdown(false);
    (put, std::iter::from_fn(|| queue.get()).collect())
}

/// One waits for a while, behind it one for ever; one item comes. If the first gets it, it puts another for the second.
/// Comes to whether the second got one.
pub fn timed_get_in_front<Q: Passes>() -> bool {
    let queue = Arc::new(Q::new(1));
    let (hasty, patient) = (Arc::clone(&queue), Arc::clone(&queue));
    let hasty = Box::new(move || match hasty.get_for(A_WHILE) {
        Some(item) => hasty.put(item),
        None => true,
    }) as Box<dyn FnOnce() -> bool + Send>;
    let patient = Box::new(move || patient.get().is_some()) as Box<dyn FnOnce() -> bool + Send>;
    let put = Box::new(move || queue.put(1)) as Box<dyn FnOnce() -> bool + Send>;
    run_all([hasty, patient, put])[1]
}
