//! The four queues.

extern crate alloc;

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use core::fmt;
use core::time::Duration;

use threadcraft_platform::{Instant, call, const_unless_loom};

use crate::calls::{Timeout, changed, queue, tasks};
use crate::error::{GetError, PutError, ShutDown, TaskDoneError};
use crate::raw::{Limit, RawQueue};
use crate::store::Heap;

/// Items from thread to thread, first in, first out (Python's `queue.Queue`).
///
/// ```
/// use threadcraft_queue::Queue;
///
/// let orders = Queue::new(2); // who puts a third one waits
/// std::thread::scope(|scope| {
///     scope.spawn(|| {
///         while let Ok(order) = orders.get() {
///             println!("here is your {order}");
///             orders.task_done().unwrap();
///         }
///     });
///     for order in ["tea", "coffee", "water"] {
///         orders.put(order).unwrap();
///     }
///     orders.join(); // all are served
///     orders.shutdown(false); // `get` says so, and the thread ends
/// });
/// ```
///
/// # Cost
///
/// | | atomics | system calls |
/// |---|---|---|
/// | put or get, nobody waits | 1 compare-and-swap, 1 swap, 1 load | none |
/// | put or get, somebody waits for it | the same, and up to 3 stores | 1 futex wake |
/// | get from an empty queue, put into a full one | 4 yields, each with a look under the lock, then as a condition's wait | 1 futex wait |
/// | `task_done` | 1 compare-and-swap, 1 swap; the last one 1 load more | none; 1 futex wake for those who join |
///
/// The room for items grows with them, by doubling, and does not shrink: an empty queue allocates nothing, whatever its
/// capacity.
#[doc(alias("queue.Queue", "channel", "sync_channel", "bounded"))]
pub struct Queue<T> {
    raw: RawQueue<VecDeque<T>>,
}

/// Items from thread to thread, last in, first out (Python's `queue.LifoQueue`).
///
/// ```
/// use threadcraft_queue::LifoQueue;
///
/// let plates = LifoQueue::unbounded();
/// plates.put("lower").unwrap();
/// plates.put("upper").unwrap();
/// assert_eq!(plates.get(), Ok("upper"));
/// ```
///
/// Cost as of [`Queue`].
#[doc(alias("queue.LifoQueue", "stack"))]
pub struct LifoQueue<T> {
    raw: RawQueue<Vec<T>>,
}

/// Items from thread to thread, the least first (Python's `queue.PriorityQueue`).
///
/// ```
/// use std::cmp::Reverse;
/// use threadcraft_queue::PriorityQueue;
///
/// let patients = PriorityQueue::unbounded();
/// patients.put((3, "a cold")).unwrap();
/// patients.put((1, "a heart")).unwrap();
/// assert_eq!(patients.get(), Ok((1, "a heart")));
///
/// let bids = PriorityQueue::unbounded(); // the greatest first
/// bids.put(Reverse(10)).unwrap();
/// bids.put(Reverse(20)).unwrap();
/// assert_eq!(bids.get(), Ok(Reverse(20)));
/// ```
///
/// Items that compare equal come in any order: put a serial number beside the priority where that matters.
///
/// A comparison that panics does so in the `put` or `get` that compares. The item of that `put` is in the queue then, and
/// `get` took none: nothing is lost, and the queue goes on, but the order of what is in it is no longer certain.
///
/// Cost as of [`Queue`], and about log₂ n comparisons with the lock held; taking, twice as many.
#[doc(alias("queue.PriorityQueue", "heapq"))]
pub struct PriorityQueue<T: Ord> {
    raw: RawQueue<Heap<T>>,
}

/// [`Queue`] without [`task_done`](Queue::task_done) and [`join`](Queue::join) (Python's `queue.SimpleQueue`): for items
/// that are not tasks to be waited for.
///
/// ```
/// use threadcraft_queue::SimpleQueue;
///
/// static MESSAGES: SimpleQueue<String> = SimpleQueue::unbounded();
///
/// std::thread::spawn(|| MESSAGES.put("hello".to_owned()));
/// assert_eq!(MESSAGES.get().as_deref(), Ok("hello"));
/// ```
///
/// Unlike Python's it can be bounded and shut down. Cost as of [`Queue`].
#[doc(alias = "queue.SimpleQueue")]
pub struct SimpleQueue<T> {
    raw: RawQueue<VecDeque<T>>,
}

queue!(Queue<T>);
queue!(LifoQueue<T>);
queue!(PriorityQueue<T: Ord>);
queue!(SimpleQueue<T>);
tasks!(Queue<T>);
tasks!(LifoQueue<T>);
tasks!(PriorityQueue<T: Ord>);
