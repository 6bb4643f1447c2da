//! Programs with queues under the explorer, at the grain of their calls: what a learner sees.

use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Duration;

use threadcraft::explore::{FailureKind, Report, explore};
use threadcraft::prelude::*;

/// The calls of the failing execution, as the timeline shows them, and how many items there are then.
fn calls(report: &Report) -> Vec<String> {
    let trace = &report.failure.as_ref().expect("it fails").trace;
    let name = |object: usize| trace.objects[object].name.as_str();
    let steps = trace.steps.iter().filter(|step| step.object.is_some_and(|object| name(object) == "orders"));
    steps.map(|step| format!("{} {}", step.call, step.value.as_deref().unwrap_or("-"))).collect()
}

/// The call that this thread waits in, when all wait for each other.
fn waits_in(report: &Report, thread: usize) -> &str {
    match report.failure.as_ref().map(|failure| &failure.kind) {
        Some(FailureKind::Deadlock { waiting, .. }) => {
            &waiting.iter().find(|wait| wait.thread == thread).expect("it waits").call
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_producer_and_a_consumer_are_proven_right() {
    let report = explore(|| {
        let orders = Arc::new(Queue::new(1));
        let consumer = spawn({
            let orders = Arc::clone(&orders);
            move || {
                let mut served = Vec::new();
                while let Ok(order) = orders.get() {
                    served.push(order);
                    orders.task_done().unwrap();
                }
                served
            }
        });
        for order in 1..=3 {
            orders.put(order).unwrap();
        }
        orders.join();
        orders.shutdown(false);
        consumer.join().unwrap()
    });
    assert_eq!(report.failure, None);
    assert!(report.complete, "{:?}", report.cut);
    assert_eq!(report.outcomes.to_string(), "[1, 2, 3]");
}

#[test]
fn a_call_is_a_step_and_shows_how_many_items_there_are() {
    let report = explore(|| {
        let orders = Queue::new(2).named("orders");
        orders.put("tea").unwrap();
        orders.put("coffee").unwrap();
        orders.try_put("water").unwrap_err();
        orders.get_for(Duration::from_millis(3)).unwrap();
        orders.task_done().unwrap();
        orders.shutdown(true);
        orders.get().unwrap();
    });
    let expected =
        ["put() 1", "put() 2", "try_put() -", "get_for(3ms) 1", "task_done() -", "shutdown(immediate) -", "get() -"];
    assert_eq!(calls(&report), expected);
}

#[test]
fn a_lock_without_a_name_is_not_numbered_after_that_of_a_queue() {
    let report = explore(|| {
        let (queue, lock) = (Queue::new(1), Lock::new(()));
        queue.put(1).unwrap();
        let _held = lock.lock();
        drop(lock.lock());
    });
    let trace = report.failure.expect("it waits for itself").trace;
    let last = trace.steps.last().and_then(|step| step.object).expect("it locks");
    assert_eq!(trace.objects[last].name, "lock");
}

#[test]
fn a_get_that_nobody_serves_is_a_deadlock_in_that_get() {
    let report = explore(|| {
        let orders = Arc::new(Queue::unbounded().named("orders"));
        let consumer = spawn({
            let orders = Arc::clone(&orders);
            move || (orders.get(), orders.get())
        });
        orders.put("tea").unwrap();
        let _ = consumer.join();
    });
    assert_eq!(waits_in(&report, 1), "get()");
}

#[test]
fn a_forgotten_task_done_is_a_deadlock_in_the_join() {
    let report = explore(|| {
        let orders = Arc::new(Queue::unbounded().named("orders"));
        orders.put("tea").unwrap();
        let consumer = spawn({
            let orders = Arc::clone(&orders);
            move || orders.get().unwrap()
        });
        orders.join();
        consumer.join().unwrap();
    });
    assert_eq!(waits_in(&report, 0), "join()");
}

#[test]
fn timed_calls_give_up_in_virtual_time() {
    let report = explore(|| {
        let (queue, begin, hour) = (Queue::new(1), Instant::now(), Duration::from_secs(3600));
        let got = queue.get_for(hour).is_err();
        queue.put(1).unwrap();
        let put = queue.put_for(2, hour).is_err();
        (got, put, queue.join_for(hour), begin.elapsed())
    });
    assert_eq!(report.outcomes.to_string(), "(true, true, false, 10800s)");
}

#[test]
fn a_static_queue_whose_items_an_earlier_run_left_is_a_verdict() {
    static ORDERS: Queue<u32> = Queue::unbounded().named("orders");
    let report = explore(|| {
        let other = spawn(|| ORDERS.put(1).unwrap());
        ORDERS.put(2).unwrap();
        other.join().unwrap();
        ORDERS.len()
    });
    let failure = report.failure.expect("the second run would find the items of the first");
    let FailureKind::Foreign { what, .. } = &failure.kind else { panic!("{:?}", failure.kind) };
    assert!(what.contains("orders"), "{what}");
}

#[test]
fn a_destructor_that_gets_does_not_hold_up_the_end_of_a_run() {
    /// Waits for an item at its end.
    struct Waits(Arc<Queue<u32>>);
    impl Drop for Waits {
        fn drop(&mut self) {
            let _ = self.0.get();
        }
    }
    let report = explore(|| {
        let queue = Arc::new(Queue::unbounded());
        let waits = Waits(Arc::clone(&queue));
        queue.join();
        let _ = queue.get();
        drop(waits);
    });
    assert_eq!(waits_in(&report, 0), "get()");
}

/// Comparing two that are both moody panics.
#[derive(PartialEq, Eq)]
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
fn a_get_whose_comparison_panics_leaves_its_item_to_another() {
    let report = explore(|| {
        let queue = Arc::new(PriorityQueue::unbounded());
        let getters: Vec<_> = (0..4)
            .map(|_| {
                let queue = Arc::clone(&queue);
                spawn(move || drop(queue.get()))
            })
            .collect();
        // Virtual time passes when nobody can run: all wait by then.
        sleep(Duration::from_millis(1));
        let items = Arc::clone(&queue);
        let putter = spawn(move || {
            for (rank, moody) in [(0, false), (1, true), (2, true)] {
                items.put(Mood { rank, moody }).unwrap();
            }
        });
        sleep(Duration::from_millis(1));
        let left = queue.len();
        queue.shutdown(false);
        let ends = getters.into_iter().map(Thread::join).chain([putter.join()]);
        (left, ends.filter(Result::is_err).count())
    });
    assert_eq!(report.failure, None);
    assert_eq!(report.outcomes.to_string(), "(0, 0) | (0, 1)");
}
