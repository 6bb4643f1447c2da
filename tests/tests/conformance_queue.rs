//! What Python's queue tests ask of a queue, by behaviour, of ours and of channels as far as they have the feature.

mod queues;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use queues::{Crossbeam, Passes, Shared, ShutsDown, Std, Tasks};
use threadcraft_tests::eventually::{Watched, eventually};

/// Long enough to be measured, short enough to wait for.
const TIMEOUT: Duration = Duration::from_millis(50);

/// Runs `blocks` in a thread, and `release` once that thread sleeps; gives what `blocks` came to.
fn released<T: Send>(blocks: impl FnOnce() -> T + Send, release: impl FnOnce()) -> T {
    let asleep = Mutex::new(None);
    thread::scope(|scope| {
        let blocked = scope.spawn(|| {
            *asleep.lock().expect("nobody panics with it") = Some(Watched::current());
            blocks()
        });
        let sleeps = || asleep.lock().expect("nobody panics with it").as_ref().is_some_and(Watched::is_asleep);
        eventually("it waits", || blocked.is_finished() || sleeps());
        assert!(!blocked.is_finished(), "it waits");
        release();
        blocked.join().expect("it goes on")
    })
}

fn items_come_in_order<Q: Passes>() {
    for items in [[111, 333, 222], [3, 2, 1], [1, 2, 3]] {
        let queue = Q::unbounded();
        assert_eq!(queue.try_get(), None);
        for item in items {
            queue.put(item).unwrap();
        }
        assert_eq!([queue.get(), queue.get(), queue.get()], Q::order(items).map(Some));
        assert_eq!(queue.try_get(), None);
    }
}

fn a_full_queue_gives_the_item_back<Q: Passes>() {
    let queue = Q::bounded(2);
    assert_eq!([queue.try_put(1), queue.try_put(2), queue.try_put(3)], [Ok(()), Ok(()), Err(3)]);
    queue.get().unwrap();
    assert_eq!([queue.try_put(4), queue.try_put(5)], [Ok(()), Err(5)]);
}

fn a_put_waits_for_room<Q: Passes>() {
    let queue = Q::bounded(1);
    queue.put(1).unwrap();
    let put = released(|| queue.put(2), || assert_eq!(queue.get(), Some(1)));
    assert_eq!((put, queue.get()), (Ok(()), Some(2)));
}

fn a_get_waits_for_an_item<Q: Passes>() {
    let queue = Q::unbounded();
    assert_eq!(released(|| queue.get(), || queue.put(7).unwrap()), Some(7));
    assert_eq!(released(|| queue.get_for(Duration::from_secs(60)), || queue.put(8).unwrap()), Some(8));
}

fn a_timed_get_gives_up_in_time<Q: Passes>() {
    let queue = Q::unbounded();
    let start = Instant::now();
    assert_eq!(queue.get_for(TIMEOUT), None);
    let waited = start.elapsed();
    assert!(waited >= TIMEOUT && waited < 20 * TIMEOUT, "gave up after {waited:?}, told to wait {TIMEOUT:?}");
    queue.put(1).unwrap();
    assert_eq!(queue.get_for(Duration::ZERO), Some(1), "zero is one try");
}

fn what_is_in_a_closed_queue_can_be_taken<Q: Passes>() {
    let queue = Q::unbounded();
    queue.put(1).unwrap();
    queue.close();
    assert_eq!([queue.put(2), queue.try_put(2)], [Err(2), Err(2)]);
    assert_eq!([queue.get(), queue.get(), queue.try_get(), queue.get_for(TIMEOUT)], [Some(1), None, None, None]);
}

fn closing_releases_a_get<Q: Passes>() {
    let queue = Q::unbounded();
    assert_eq!(released(|| queue.get(), || queue.close()), None);
}

fn what_producers_put_is_got_once<Q: Passes>() {
    const EACH: u32 = 500;
    let queue = Q::bounded(3);
    let mut got = Vec::new();
    thread::scope(|scope| {
        for producer in 0..4 {
            let queue = &queue;
            scope.spawn(move || (0..EACH).for_each(|item| queue.put(producer * EACH + item).unwrap()));
        }
        got.extend((0..4 * EACH).filter_map(|_| queue.get()));
    });
    if Q::order([3, 1, 2]) == [3, 1, 2] {
        for producer in 0..4 {
            let of_one = got.iter().filter(|item| **item / EACH == producer);
            assert!(of_one.is_sorted(), "what one thread puts comes in its order");
        }
    }
    got.sort_unstable();
    assert!(got.into_iter().eq(0..4 * EACH));
}

fn a_queue_says_how_full_it_is<Q: Shared>() {
    let queue = Q::bounded(2);
    let looks = || (queue.len(), queue.is_empty(), queue.is_full());
    assert_eq!(looks(), (0, true, false));
    queue.put(1).unwrap();
    assert_eq!(looks(), (1, false, false));
    queue.put(2).unwrap();
    assert_eq!(looks(), (2, false, true));
    queue.get().unwrap();
    assert_eq!(looks(), (1, false, false));
    assert!(!Q::unbounded().is_full());
}

fn a_timed_put_gives_up_in_time<Q: Shared>() {
    let queue = Q::bounded(1);
    queue.put(1).unwrap();
    let start = Instant::now();
    assert_eq!(queue.put_for(2, TIMEOUT), Err(2));
    let waited = start.elapsed();
    assert!(waited >= TIMEOUT && waited < 20 * TIMEOUT, "gave up after {waited:?}, told to wait {TIMEOUT:?}");
    let put = released(|| queue.put_for(3, Duration::from_secs(60)), || assert_eq!(queue.get(), Some(1)));
    assert_eq!((put, queue.get()), (Ok(()), Some(3)));
}

fn many_get_what_many_put<Q: Shared>() {
    let (queue, sum) = (Q::bounded(5), AtomicU32::new(0));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(item) = queue.get() {
                    sum.fetch_add(item, Ordering::Relaxed);
                }
            });
        }
        thread::scope(|producers| {
            for _ in 0..3 {
                producers.spawn(|| (0..1000).for_each(|item| queue.put(item).unwrap()));
            }
        });
        queue.close();
    });
    assert_eq!(sum.into_inner(), 3 * 499_500);
}

fn a_shutdown_releases_all_who_wait<Q: ShutsDown>() {
    for at_once in [false, true] {
        let shut_down = |queue: &Q| if at_once { queue.shut_down_at_once() } else { queue.close() };
        let (empty, full) = (Q::bounded(1), Q::bounded(1));
        full.put(1).unwrap();
        thread::scope(|scope| {
            let gets: Vec<_> = (0..3).map(|_| scope.spawn(|| empty.get())).collect();
            let puts: Vec<_> = (0..3).map(|_| scope.spawn(|| full.put(2))).collect();
            shut_down(&empty);
            shut_down(&full);
            assert!(gets.into_iter().all(|get| get.join().unwrap().is_none()));
            assert!(puts.into_iter().all(|put| put.join().unwrap() == Err(2)));
        });
        assert_eq!(full.try_get(), (!at_once).then_some(1));
    }
}

fn a_put_that_waits_is_refused_by_a_shutdown<Q: ShutsDown>() {
    let queue = Q::bounded(1);
    queue.put(1).unwrap();
    assert_eq!(released(|| queue.put(2), || queue.close()), Err(2));
    assert_eq!(queue.put_for(3, Duration::from_secs(60)), Err(3), "at once, although it is full");
    assert_eq!([queue.get(), queue.get()], [Some(1), None]);
}

fn an_immediate_shutdown_drops_what_is_there<Q: ShutsDown>() {
    let queue = Q::bounded(2);
    queue.put(1).unwrap();
    queue.put(2).unwrap();
    queue.shut_down_at_once();
    assert_eq!((queue.len(), queue.get(), queue.put(3)), (0, None, Err(3)));
}

fn a_shutdown_may_follow_another<Q: ShutsDown>() {
    let queue = Q::unbounded();
    queue.put(1).unwrap();
    queue.close();
    queue.close();
    assert_eq!(queue.len(), 1);
    queue.shut_down_at_once();
    queue.close();
    assert_eq!((queue.len(), queue.try_get(), queue.try_put(2)), (0, None, Err(2)));
}

fn a_task_is_done_at_most_once<Q: Tasks>() {
    let queue = Q::unbounded();
    assert!(!queue.task_done());
    queue.put(1).unwrap();
    queue.put(2).unwrap();
    assert_eq!([queue.task_done(), queue.task_done(), queue.task_done()], [true, true, false]);
    queue.join();
}

fn a_join_waits_for_the_tasks_and_not_for_the_items<Q: Tasks>() {
    let queue = Q::unbounded();
    queue.put(1).unwrap();
    queue.get().unwrap();
    assert!(!queue.join_for(TIMEOUT));
    let done = AtomicBool::new(false);
    let seen = released(
        || {
            queue.join();
            done.load(Ordering::Relaxed)
        },
        || {
            done.store(true, Ordering::Relaxed);
            assert!(queue.task_done());
        },
    );
    assert!(seen);
}

fn a_queue_can_be_joined_again<Q: Tasks>() {
    let (queue, sum) = (Q::bounded(5), AtomicU32::new(0));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(item) = queue.get() {
                    sum.fetch_add(item, Ordering::Relaxed);
                    assert!(queue.task_done());
                }
            });
        }
        for round in 1..=2 {
            (0..100).for_each(|item| queue.put(item).unwrap());
            queue.join();
            assert_eq!(sum.load(Ordering::Relaxed), round * 4950, "all are done when it goes on");
        }
        queue.close();
    });
}

fn a_shutdown_leaves_tasks_to_be_done<Q: Tasks>() {
    let queue = Q::unbounded();
    queue.put(1).unwrap();
    queue.put(2).unwrap();
    queue.close();
    assert!(!queue.join_for(Duration::ZERO));
    for _ in 0..2 {
        queue.get().unwrap();
        assert!(queue.task_done());
    }
    queue.join();
}

fn an_immediate_shutdown_does_the_tasks_that_it_drops<Q: Tasks>() {
    let queue = Q::unbounded();
    queue.put(1).unwrap();
    queue.put(2).unwrap();
    queue.get().unwrap();
    queue.shut_down_at_once();
    assert!(!queue.join_for(Duration::ZERO), "one was taken, and is not done");
    released(|| queue.join(), || assert!(queue.task_done()));
    assert!(!queue.task_done());

    let queue = Q::unbounded();
    queue.put(1).unwrap();
    released(|| queue.join(), || queue.shut_down_at_once());
}

/// Tests of one implementation, by the behaviours that it has.
macro_rules! conforms {
    ($name:ident: $queue:ty, $($behaviour:ident)*) => {
        mod $name {
            $(
                #[test]
                fn $behaviour() {
                    super::$behaviour::<$queue>();
                }
            )*
        }
    };
}

macro_rules! passes {
    ($($name:ident: $queue:ty;)*) => {
        $(
            conforms!($name: $queue,
                items_come_in_order a_full_queue_gives_the_item_back a_put_waits_for_room a_get_waits_for_an_item
                a_timed_get_gives_up_in_time what_is_in_a_closed_queue_can_be_taken closing_releases_a_get
                what_producers_put_is_got_once
            );
        )*
    };
}

macro_rules! is_shared {
    ($($name:ident: $queue:ty;)*) => {
        $(
            conforms!($name: $queue,
                a_queue_says_how_full_it_is a_timed_put_gives_up_in_time many_get_what_many_put
            );
        )*
    };
}

macro_rules! shuts_down {
    ($($name:ident: $queue:ty;)*) => {
        $(
            conforms!($name: $queue,
                a_shutdown_releases_all_who_wait a_put_that_waits_is_refused_by_a_shutdown
                an_immediate_shutdown_drops_what_is_there a_shutdown_may_follow_another
            );
        )*
    };
}

macro_rules! counts_tasks {
    ($($name:ident: $queue:ty;)*) => {
        $(
            conforms!($name: $queue,
                a_task_is_done_at_most_once a_join_waits_for_the_tasks_and_not_for_the_items a_queue_can_be_joined_again
                a_shutdown_leaves_tasks_to_be_done an_immediate_shutdown_does_the_tasks_that_it_drops
            );
        )*
    };
}

passes! {
    ours_fifo: threadcraft::Queue<u32>;
    ours_simple: threadcraft::SimpleQueue<u32>;
    ours_lifo: threadcraft::LifoQueue<u32>;
    ours_priority: threadcraft::PriorityQueue<u32>;
    of_crossbeam: super::Crossbeam;
    of_std: super::Std;
}
is_shared! {
    ours_fifo_shared: threadcraft::Queue<u32>;
    ours_simple_shared: threadcraft::SimpleQueue<u32>;
    ours_lifo_shared: threadcraft::LifoQueue<u32>;
    ours_priority_shared: threadcraft::PriorityQueue<u32>;
    of_crossbeam_shared: super::Crossbeam;
}
shuts_down! {
    ours_fifo_shut_down: threadcraft::Queue<u32>;
    ours_simple_shut_down: threadcraft::SimpleQueue<u32>;
    ours_lifo_shut_down: threadcraft::LifoQueue<u32>;
    ours_priority_shut_down: threadcraft::PriorityQueue<u32>;
}
counts_tasks! {
    ours_fifo_of_tasks: threadcraft::Queue<u32>;
    ours_lifo_of_tasks: threadcraft::LifoQueue<u32>;
    ours_priority_of_tasks: threadcraft::PriorityQueue<u32>;
}
