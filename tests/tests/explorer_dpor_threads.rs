//! The reduced search sees every order of dependent steps where threads are looked at, waited for and cut off.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::Event;
use threadcraft_platform::{Shared, println};
use threadcraft_tests::toy::spawn;
use threadcraft_tests::traces::{anywhere, coarse, same_traces};

#[test]
fn looks_at_a_thread_that_works_and_ends() {
    same_traces(coarse, || {
        let shared = Arc::new(Shared::new(0));
        assert_eq!(shared.get(), 0);
        let worker = Arc::new(threadcraft::spawn({
            let shared = Arc::clone(&shared);
            move || shared.set(shared.get() + 1)
        }));
        let looker = spawn({
            let worker = Arc::clone(&worker);
            move || println!("{}", worker.is_alive())
        });
        println!("{} {}", shared.get(), worker.is_alive());
        looker.join();
    });
}

#[test]
fn looks_at_where_a_thread_stands_that_waits() {
    same_traces(coarse, || {
        let event = Arc::new(Event::new());
        event.clear();
        let waiter = threadcraft::spawn({
            let event = Arc::clone(&event);
            move || event.wait()
        });
        let setter = spawn({
            let event = Arc::clone(&event);
            move || event.set()
        });
        println!("{:?} {:?}", waiter.state(), waiter.state());
        setter.join();
    });
}

#[test]
fn looks_at_all_threads_while_threads_start_threads() {
    same_traces(coarse, || {
        let outer = threadcraft::spawn(|| {
            println!("outer");
            threadcraft::spawn(|| println!("inner")).wait();
        });
        println!("{}", threadcraft::active_count());
        outer.wait();
    });
}

#[test]
fn a_wait_for_a_thread_that_gives_up_at_any_time() {
    same_traces(anywhere, || {
        let worker = Arc::new(threadcraft::spawn(|| println!("worker")));
        let waiter = spawn({
            let worker = Arc::clone(&worker);
            move || println!("waiter {}", worker.wait_for(Duration::from_millis(5)))
        });
        println!("main {}", worker.wait_for(Duration::from_millis(10)));
        waiter.join();
    });
}

#[test]
fn daemons_that_are_cut_off() {
    same_traces(coarse, || {
        for name in ["one", "two"] {
            let mut daemon = threadcraft::Thread::new(move || {
                println!("{name} begins");
                println!("{name} ends");
            })
            .daemon(true);
            daemon.start().expect("a thread can be started");
        }
        println!("main");
    });
}
