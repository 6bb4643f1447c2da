//! Events that are taken for something that counts.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{Event, Lock, Semaphore, Shared};

use super::{Entry, each, start};

pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::new("event as a gate", "set once, two pass before it is cleared", "The Deadlock Empire")
            .broken(event_as_a_gate)
            .right(semaphore_as_a_gate)
            .comes_to("2", &["1"])
            .preemptions(1),
        Entry::new("bell cleared", "the barber clears the bell that has just been rung", "Dijkstra 1965; Downey 5.2")
            .broken(|| barber(false))
            .right(|| barber(true))
            .preemptions(2),
        Entry::new("too few signals", "waits for three arrivals, and there are two", "The Deadlock Empire (countdown)")
            .broken(|| countdown(3))
            .right(|| countdown(2)),
    ]
}

const A_WHILE: Duration = Duration::from_millis(5);

/// One permission is given; comes to how many of two used it.
fn event_as_a_gate() -> usize {
    let gate = Arc::new(Event::new().named("gate"));
    gate.set();
    let passed = each(&gate, 2, |gate, _| {
        let passes = gate.wait_for(A_WHILE);
        if passes {
            gate.clear();
        }
        passes
    });
    passed.iter().filter(|&&passed| passed).count()
}

fn semaphore_as_a_gate() -> usize {
    let gate = Arc::new(Semaphore::new(0).named("gate"));
    gate.release(1);
    let passed = each(&gate, 2, |gate, _| gate.try_acquire_for(A_WHILE).map(threadcraft::Permit::forget).is_some());
    passed.iter().filter(|&&passed| passed).count()
}

struct Shop {
    waiting: Shared<u32>,
    bell: Event,
    customers: Semaphore,
}

/// A customer comes in while the barber falls asleep.
fn barber(customers_are_counted: bool) {
    let shop = Arc::new(Shop {
        waiting: Shared::new(0).named("waiting"),
        bell: Event::new().named("bell"),
        customers: Semaphore::new(0).named("customers"),
    });
    let barber = start(&shop, move |shop| {
        if customers_are_counted {
            shop.customers.acquire().forget();
        } else if shop.waiting.get() == 0 {
            shop.bell.clear();
            shop.bell.wait();
        }
    });
    if customers_are_counted {
        shop.customers.release(1);
    } else {
        shop.waiting.set(1);
        shop.bell.set();
    }
    barber.join().expect("it does not panic");
}

/// Two workers arrive; main waits for so many.
fn countdown(expected: u32) {
    let latch = Arc::new((Lock::new(expected).named("to come"), Event::new().named("all here")));
    let workers = [1, 2].map(|_| {
        start(&latch, |(to_come, all_here)| {
            let mut to_come = to_come.lock();
            *to_come -= 1;
            if *to_come == 0 {
                all_here.set();
            }
        })
    });
    latch.1.wait();
    for worker in workers {
        worker.join().expect("it does not panic");
    }
}
