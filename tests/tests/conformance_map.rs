//! What CPython's `test_concurrent_futures` asks of an executor's `map`, and what is asked of ours beyond it, on real threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use threadcraft::prelude::*;
use threadcraft_tests::eventually::eventually;
use threadcraft_tests::gate::Gate;

mod ours {
    use super::*;

    #[test]
    fn map_equals_the_serial_map_at_any_chunk_size() {
        let pool = ThreadPool::new(3);
        let serial: Vec<u64> = (0..50).map(|n| n * n).collect();
        for chunk in [1, 2, 3, 7, 50, 100] {
            for buffer in [1, 2, usize::MAX] {
                let mapped = pool.map(0..50_u64, |n| n * n).chunk_size(chunk).buffer_size(buffer);
                assert_eq!(mapped.collect::<Result<Vec<_>, _>>().unwrap(), serial, "chunks of {chunk}");
            }
        }
    }

    #[test]
    fn map_fails_at_the_third_after_two_good_ones() {
        let pool = ThreadPool::new(2);
        for chunk in [1, 10] {
            let mut quotients = pool.map([1, 1, 0, 1], |n| 8 / n).chunk_size(chunk);
            assert_eq!(quotients.next().unwrap().unwrap(), 8);
            assert_eq!(quotients.next().unwrap().unwrap(), 8);
            let Err(TaskError::Panicked(panic)) = quotients.next().unwrap() else { panic!("it divides by zero") };
            assert!(panic.message().contains("divide by zero"), "{panic}");
        }
    }

    #[test]
    fn map_times_out_after_two_and_cancels_the_rest() {
        let (pool, gate) = (ThreadPool::new(1), Gate::new());
        let (open, ran) = (Arc::clone(&gate.open), Arc::new(AtomicUsize::new(0)));
        let job = {
            let ran = Arc::clone(&ran);
            move |waits: bool| {
                ran.fetch_add(1, Ordering::SeqCst);
                if waits {
                    open.wait();
                }
            }
        };
        let mut results = pool.map([false, false, true, false, false], job).timeout(Duration::from_millis(200));
        assert!(results.next().unwrap().is_ok());
        assert!(results.next().unwrap().is_ok());
        assert!(matches!(results.next(), Some(Err(TaskError::TimedOut))));
        assert!(results.next().is_none());
        gate.open.set();
        pool.shutdown(Shutdown::Wait);
        assert_eq!(ran.load(Ordering::SeqCst), 3);
    }

    #[test]
    fn map_runs_although_nobody_iterates() {
        let ran = Arc::new(AtomicUsize::new(0));
        let pool = ThreadPool::new(2);
        let count = Arc::clone(&ran);
        drop(pool.map(0..10, move |_| count.fetch_add(1, Ordering::SeqCst)));
        pool.shutdown(Shutdown::Wait);
        assert_eq!(ran.load(Ordering::SeqCst), 10);
    }

    #[test]
    fn a_map_that_is_left_early_cancels_what_has_not_begun() {
        let (pool, gate) = (ThreadPool::new(1), Gate::new());
        let (open, ran) = (Arc::clone(&gate.open), Arc::new(AtomicUsize::new(0)));
        let count = Arc::clone(&ran);
        let mut results = pool.map(0..50, move |n| {
            if n == 1 {
                open.wait();
            }
            count.fetch_add(1, Ordering::SeqCst)
        });
        assert!(results.next().unwrap().is_ok());
        drop(results);
        gate.open.set();
        pool.shutdown(Shutdown::Wait);
        assert!(ran.load(Ordering::SeqCst) <= 2, "the second may have begun");
    }

    #[test]
    fn map_with_a_buffer_takes_no_more_items_than_it_holds() {
        let pool = ThreadPool::new(1);
        let taken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&taken);
        let items = std::iter::repeat_with(move || count.fetch_add(1, Ordering::SeqCst));
        let mut results = pool.map(items, |n| n).buffer_size(3).start();
        assert_eq!(taken.load(Ordering::SeqCst), 3);
        assert_eq!(results.next().unwrap().unwrap(), 0);
        assert_eq!(taken.load(Ordering::SeqCst), 4);
    }

    /// Items of which it says that so many are left at least, whatever there are.
    struct Says(std::ops::Range<u64>, usize);

    impl Iterator for Says {
        type Item = u64;
        fn next(&mut self) -> Option<u64> {
            self.0.next()
        }
        fn size_hint(&self) -> (usize, Option<usize>) {
            (self.1, None)
        }
    }

    #[test]
    fn all_values_at_once_are_those_of_the_serial_map_however_many_are_expected() {
        let pool = ThreadPool::new(3);
        let serial: Vec<u64> = (0..50).map(|n| n * n).collect();
        for chunk in [1, 7, 50, 100] {
            for buffer in [1, 2, usize::MAX] {
                for said in [0, 1, 49, 50, 51, 1000, usize::MAX] {
                    let mapped = pool.map(Says(0..50, said), |n| n * n).chunk_size(chunk).buffer_size(buffer);
                    assert_eq!(mapped.into_vec().unwrap(), serial, "chunks of {chunk}, {said} expected");
                }
                let mut begun = pool.map(0..50_u64, |n| n * n).chunk_size(chunk).buffer_size(buffer);
                assert_eq!(begun.next().unwrap().unwrap(), 0);
                assert_eq!(begun.into_vec().unwrap(), serial[1..], "begun, chunks of {chunk}");
            }
        }
        assert_eq!(pool.map([(); 3], |()| ()).into_vec().unwrap(), [(); 3]);
        assert_eq!(pool.map([0; 0], |n| n).into_vec().unwrap(), [0; 0]);
    }

    #[test]
    fn all_values_at_once_are_the_first_error_if_there_is_one_and_none_is_left() {
        let (pool, value) = (ThreadPool::new(2), Arc::new(()));
        for (chunk, said) in [(1, 20), (3, 20), (20, 20), (3, 0), (3, 11)] {
            let each = {
                let value = Arc::clone(&value);
                move |n: u64| {
                    assert!(n != 10 && n != 12, "item {n}");
                    Arc::clone(&value)
                }
            };
            let Err(TaskError::Panicked(panic)) = pool.map(Says(0..20, said), each).chunk_size(chunk).into_vec() else {
                panic!("it fails")
            };
            assert_eq!(panic.message(), "item 10");
            // Of what had begun, too: a worker may just have ended the last of it.
            eventually("no value is left", || Arc::strong_count(&value) == 1);
        }
    }

    #[test]
    fn all_values_at_once_in_time_or_what_has_not_begun_is_cancelled() {
        let (pool, gate, ran) = (ThreadPool::new(1), Gate::new(), Arc::new(AtomicUsize::new(0)));
        let (open, count) = (Arc::clone(&gate.open), Arc::clone(&ran));
        let waits = move |n: u64| {
            count.fetch_add(1, Ordering::SeqCst);
            open.wait();
            n
        };
        let values = pool.map(0..10, waits).timeout(Duration::from_millis(20)).into_vec();
        assert!(matches!(values, Err(TaskError::TimedOut)), "{values:?}");
        gate.open.set();
        pool.shutdown(Shutdown::Wait);
        assert!(ran.load(Ordering::SeqCst) <= 1, "the first may have begun");
    }

    #[test]
    fn a_range_is_mapped_as_serially_whoever_asks_and_however_it_is_divided() {
        for workers in 1..=3 {
            let pool = Arc::new(ThreadPool::new(workers));
            for numbers in [0..0, 7..7, 5..6, 3..11, 90..190, usize::MAX - 100..usize::MAX] {
                let serial: Vec<usize> = numbers.clone().map(|n| n ^ 5).collect();
                assert_eq!(
                    pool.map_range(numbers.clone(), |n| n ^ 5).unwrap(),
                    serial,
                    "{numbers:?}, {workers} workers"
                );
                let inside = Arc::clone(&pool);
                let nested = pool.submit(move || inside.map_range(numbers, |n| n ^ 5).unwrap());
                assert_eq!(nested.result().unwrap(), serial, "from a job");
            }
        }
    }

    #[test]
    fn a_range_gives_the_first_error_and_no_value_is_left() {
        let (pool, value) = (ThreadPool::new(2), Arc::new(()));
        let each = {
            let value = Arc::clone(&value);
            move |n| {
                assert!(n != 10 && n != 52, "number {n}");
                Arc::clone(&value)
            }
        };
        let Err(TaskError::Panicked(panic)) = pool.map_range(0..100, each) else { panic!("it fails") };
        assert_eq!(panic.message(), "number 10");
        eventually("no value is left", || Arc::strong_count(&value) == 1);
        pool.shutdown(Shutdown::Wait);
        assert!(matches!(pool.map_range(0..2, |n| n), Err(TaskError::Cancelled)));
    }

    #[test]
    #[should_panic(expected = "a vector of 18446744073709551615 results")]
    fn a_range_of_more_results_than_there_is_memory_is_told() {
        let _ = ThreadPool::new(1).map_range(0..usize::MAX, |n| n);
    }
}
