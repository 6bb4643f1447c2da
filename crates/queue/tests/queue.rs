//! What the queues promise, on the machine's own threads.

use std::cmp::Ordering;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use threadcraft_queue::{GetError, LifoQueue, PriorityQueue, PutError, Queue, ShutDown, SimpleQueue, TaskDoneError};

const SHORT: Duration = Duration::from_millis(20);

#[test]
fn these_tests_run_on_the_machine() {
    assert!(!threadcraft_platform::is_explored());
}

#[test]
fn all_four_stand_in_statics() {
    static FIRST: Queue<u32> = Queue::new(2).named("first");
    static LAST: LifoQueue<u32> = LifoQueue::unbounded();
    static LEAST: PriorityQueue<u32> = PriorityQueue::new(3);
    static SIMPLE: SimpleQueue<u32> = SimpleQueue::new(1);
    assert_eq!(
        [FIRST.capacity(), LAST.capacity(), LEAST.capacity(), SIMPLE.capacity()],
        [Some(2), None, Some(3), Some(1)]
    );
}

#[test]
#[should_panic(expected = "a queue of capacity 0 could never hold an item")]
fn a_capacity_of_zero_is_refused() {
    let _ = Queue::<u32>::new(0);
}

#[test]
fn the_largest_capacity_takes_no_memory_in_advance() {
    let queue = Queue::new(usize::MAX - 1);
    queue.put([0_u8; 4096]).unwrap();
    assert!(!queue.is_full());
    assert_eq!(queue.capacity(), Some(usize::MAX - 1));
}

#[test]
fn items_of_no_size_are_counted() {
    let queue = Queue::new(2);
    assert_eq!([queue.try_put(()), queue.try_put(()), queue.try_put(())], [Ok(()), Ok(()), Err(PutError::Full(()))]);
}

#[test]
fn what_is_not_put_comes_back() {
    let queue = Queue::new(1);
    queue.put(Box::new(1)).unwrap();
    assert_eq!(*queue.try_put(Box::new(2)).unwrap_err().into_item(), 2);
    assert!(queue.put_for(Box::new(3), SHORT).unwrap_err().is_full());
    assert!(queue.put_until(Box::new(3), Instant::now()).unwrap_err().is_full());
    queue.shutdown(false);
    assert!(queue.try_put(Box::new(4)).unwrap_err().is_shut_down());
    assert_eq!(*queue.put(Box::new(5)).unwrap_err().into_item(), 5);
    assert_eq!(*queue.get().unwrap(), 1);
}

#[test]
fn a_timeout_beyond_the_clock_is_none() {
    let queue = Queue::new(1);
    thread::scope(|scope| {
        scope.spawn(|| queue.put_for(1, Duration::MAX).and(queue.put_for(2, Duration::MAX)).unwrap());
        assert_eq!((queue.get_for(Duration::MAX), queue.get_for(Duration::MAX)), (Ok(1), Ok(2)));
        scope.spawn(|| (0..2).for_each(|_| queue.task_done().unwrap()));
        assert!(queue.join_for(Duration::MAX));
    });
}

#[test]
fn a_deadline_in_the_past_is_one_try() {
    let (queue, past) = (Queue::new(1), Instant::now());
    assert_eq!(queue.get_until(past), Err(GetError::Empty));
    queue.put_until(1, past).unwrap();
    assert!(!queue.join_until(past));
    assert_eq!(queue.get_until(past), Ok(1));
}

#[test]
fn a_join_that_gives_up_says_so() {
    let queue = Queue::unbounded();
    assert!(queue.join_for(Duration::ZERO), "nothing was put");
    queue.put(1).unwrap();
    let start = Instant::now();
    assert!(!queue.join_for(SHORT));
    assert!(start.elapsed() >= SHORT);
    queue.task_done().unwrap();
    assert!(queue.join_for(SHORT));
}

#[test]
fn a_shutdown_drops_the_items_without_the_lock() {
    /// Uses its queue when it is dropped.
    struct Curious(Arc<Queue<Curious>>, Arc<Queue<usize>>);
    impl Drop for Curious {
        fn drop(&mut self) {
            self.1.put(self.0.len()).unwrap();
        }
    }
    let (queue, seen) = (Arc::new(Queue::unbounded()), Arc::new(Queue::unbounded()));
    for _ in 0..2 {
        queue.put(Curious(Arc::clone(&queue), Arc::clone(&seen))).unwrap();
    }
    queue.shutdown(true);
    assert_eq!((seen.get(), seen.get()), (Ok(0), Ok(0)));
    queue.join();
}

#[test]
fn a_queue_drops_what_is_left_in_it() {
    let item = Arc::new(());
    let queue = PriorityQueue::unbounded();
    for _ in 0..5 {
        queue.put(Arc::clone(&item)).unwrap();
    }
    drop(queue);
    assert_eq!(Arc::strong_count(&item), 1);
}

/// Comparing two that are both moody panics.
#[derive(Debug, PartialEq, Eq)]
struct Mood {
    rank: u32,
    moody: bool,
}

impl Ord for Mood {
    fn cmp(&self, other: &Self) -> Ordering {
        assert!(!(self.moody && other.moody), "not with that one");
        self.rank.cmp(&other.rank)
    }
}

impl PartialOrd for Mood {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[test]
fn a_comparison_that_panics_in_a_put_loses_nothing() {
    let queue = PriorityQueue::unbounded();
    queue.put(Mood { rank: 1, moody: true }).unwrap();
    let put = catch_unwind(AssertUnwindSafe(|| queue.put(Mood { rank: 2, moody: true })));
    assert!(put.is_err());
    assert_eq!(queue.len(), 2, "the item is in");
    let ranks = [queue.get().unwrap().rank, queue.get().unwrap().rank];
    assert_eq!(ranks, [1, 2]);
    assert_eq!([queue.task_done(), queue.task_done()], [Ok(()), Ok(())], "both are tasks");
    assert!(queue.task_done().is_err());
    queue.join();
}

#[test]
fn a_comparison_that_panics_in_a_get_loses_neither_an_item_nor_a_wake_up() {
    let queue = PriorityQueue::unbounded();
    // The moody ones meet only when the first is taken.
    for (rank, moody) in [(0, false), (1, true), (2, true)] {
        queue.put(Mood { rank, moody }).unwrap();
    }
    assert!(catch_unwind(AssertUnwindSafe(|| queue.get())).is_err());
    assert_eq!(queue.len(), 3, "nothing was taken");
    let mut ranks: Vec<u32> = Vec::new();
    while ranks.len() < 3 {
        if let Ok(item) = catch_unwind(AssertUnwindSafe(|| queue.try_get().unwrap())) {
            ranks.push(item.rank);
        }
    }
    ranks.sort_unstable();
    assert_eq!(ranks, [0, 1, 2]);
    queue.put(Mood { rank: 7, moody: false }).unwrap();
    assert_eq!(queue.get().unwrap().rank, 7, "it goes on");
}

#[test]
fn debug_shows_what_there_is_and_never_waits() {
    let queue = Queue::new(3);
    queue.put(1).unwrap();
    assert_eq!(format!("{queue:?}"), "Queue { len: 1, shut_down: false, capacity: 3 }");
    assert_eq!(format!("{:?}", LifoQueue::<u8>::unbounded()), "LifoQueue { len: 0, shut_down: false }");

    /// Shows its queue while it is compared, when the lock is held.
    struct Shows(Arc<Queue<String>>, std::sync::OnceLock<Arc<PriorityQueue<Shows>>>);
    impl Ord for Shows {
        fn cmp(&self, _: &Self) -> Ordering {
            self.0.put(format!("{:?}", self.1.get().unwrap())).unwrap();
            Ordering::Equal
        }
    }
    impl PartialOrd for Shows {
        fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
            Some(self.cmp(other))
        }
    }
    impl PartialEq for Shows {
        fn eq(&self, other: &Self) -> bool {
            self.cmp(other).is_eq()
        }
    }
    impl Eq for Shows {}
    let (shown, queue) = (Arc::new(Queue::unbounded()), Arc::new(PriorityQueue::unbounded()));
    for _ in 0..2 {
        queue.put(Shows(Arc::clone(&shown), Arc::clone(&queue).into())).unwrap();
    }
    assert_eq!(shown.try_get().as_deref(), Ok("PriorityQueue { len: <locked> }"));
    queue.shutdown(true);
}

#[test]
fn errors_say_what_happened() {
    let queue = Queue::new(1);
    assert_eq!(queue.task_done(), queue.task_done());
    let too_often: TaskDoneError = queue.task_done().unwrap_err();
    assert_eq!(too_often.to_string(), "task_done was called more often than items were put");
    assert_eq!(queue.try_get().unwrap_err().to_string(), "the queue is empty");
    queue.put(1).unwrap();
    assert_eq!(queue.try_put(2).unwrap_err().to_string(), "the queue is full");
    queue.shutdown(true);
    assert_eq!(queue.try_get().unwrap_err().to_string(), "the queue was shut down");
    assert_eq!(PutError::from(ShutDown(2)), PutError::ShutDown(2));
    assert_eq!(GetError::from(ShutDown(())), GetError::ShutDown);
    fn is_error<E: std::error::Error + Send + Sync + 'static>() {}
    is_error::<PutError<fn()>>();
    is_error::<ShutDown<fn()>>();
    is_error::<GetError>();
    is_error::<TaskDoneError>();
}
