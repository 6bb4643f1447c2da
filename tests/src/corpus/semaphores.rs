//! Semaphores: the Little Book's non-solutions, and permits that are lost or made up.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{Lock, Permit, Semaphore, Shared, sleep};

use super::{Condition, Entry, each, start};

pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::new("rendezvous", "both wait first", "Downey 3.3 (Deadlock 1)")
            .broken(|| rendezvous(false))
            .right(|| rendezvous(true)),
        Entry::new("barrier for one", "the barrier is opened once, for one of them", "Downey 3.6 (non-solution)")
            .broken(|| barrier(Once::ForOne))
            .right(|| barrier(Once::Turnstile)),
        Entry::new("barrier in the lock", "waits at the turnstile with the counter's lock", "Downey 3.6 (Deadlock 3)")
            .broken(|| barrier(Once::InTheLock))
            .right(|| barrier(Once::Turnstile)),
        Entry::new("open turnstile", "the barrier stays open for the next round", "Downey 3.7")
            .broken(|| two_rounds(Reset::Never))
            .right(|| two_rounds(Reset::Preloaded))
            .fails_by("panic")
            .right_for(5_000),
        Entry::new(
            "lapped barrier",
            "one goes round and through again before the other has left",
            "Downey 3.7 (non-solution 2)",
        )
        .broken(|| two_rounds(Reset::ByTheLast))
        .right(|| two_rounds(Reset::Preloaded))
        .fails_by("panic")
        .right_for(5_000),
        Entry::new("released too often", "a permit is given back twice", "The Deadlock Empire")
            .broken(|| permits(Release::Twice))
            .right(|| permits(Release::ByGuard))
            .comes_to("2", &["3"])
            .preemptions(1),
        Entry::new("released too rarely", "one way out forgets to release", "CWE-772")
            .broken(|| permits(Release::Forgotten))
            .right(|| permits(Release::ByGuard))
            .outcomes_of_right(&["3"]),
        Entry::new(
            "released untaken",
            "gives back what a timed-out acquire did not get",
            "Python's `Semaphore.acquire(timeout=…)`",
        )
        .broken(|| after_a_timeout(false))
        .right(|| after_a_timeout(true))
        .comes_to("2", &["1"]),
        Entry::new("smokers", "each takes what it needs one by one", "Patil 1971; Downey 4.5 (Deadlock 6)")
            .broken(smokers)
            .right(smokers_at_a_table),
        Entry::new(
            "starving writer",
            "readers go in while a writer waits",
            "Courtois, Heymans, Parnas 1971; Downey 4.2",
        )
        .broken(|| readers_and_a_writer(false))
        .right(|| readers_and_a_writer(true))
        .comes_to("true", &["false"])
        .preemptions(1),
    ]
}

fn rendezvous(signals_first: bool) {
    let arrived = Arc::new([Semaphore::new(0).named("a arrived"), Semaphore::new(0).named("b arrived")]);
    each(&arrived, 2, move |arrived, number| {
        if signals_first {
            arrived[number].release(1);
            arrived[1 - number].acquire().forget();
        } else {
            arrived[1 - number].acquire().forget();
            arrived[number].release(1);
        }
    });
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Once {
    ForOne,
    InTheLock,
    Turnstile,
}

fn barrier(how: Once) {
    let barrier = Arc::new((Lock::new(0).named("count"), Semaphore::new(0).named("turnstile")));
    each(&barrier, 2, move |(count, turnstile), _| {
        let mut held = count.lock();
        *held += 1;
        if *held == 2 {
            turnstile.release(1);
        }
        if how != Once::InTheLock {
            drop(held);
        }
        turnstile.acquire().forget();
        if how != Once::ForOne {
            turnstile.release(1);
        }
    });
}

/// How the barrier is closed behind those who have passed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reset {
    Never,
    /// The last one that leaves closes the turnstile.
    ByTheLast,
    /// So many permits as there are threads, at each of two turnstiles: none is left.
    Preloaded,
}

struct Reusable {
    count: Lock<u32>,
    entry: Semaphore,
    exit: Semaphore,
    rounds: [Shared<u32>; 2],
}

impl Reusable {
    fn wait(&self, reset: Reset) {
        let mut count = self.count.lock();
        *count += 1;
        if *count == 2 {
            self.entry.release(if reset == Reset::Preloaded { 2 } else { 1 });
        }
        drop(count);
        self.entry.acquire().forget();
        if reset != Reset::Preloaded {
            self.entry.release(1);
        }
        if reset == Reset::Never {
            return;
        }
        let mut count = self.count.lock();
        *count -= 1;
        if *count == 0 {
            match reset {
                Reset::Preloaded => self.exit.release(2),
                _ => self.entry.acquire().forget(),
            }
        }
        drop(count);
        if reset == Reset::Preloaded {
            self.exit.acquire().forget();
        }
    }
}

/// Two threads meet at the barrier twice.
fn two_rounds(reset: Reset) {
    let barrier = Arc::new(Reusable {
        count: Lock::new(0).named("count"),
        entry: Semaphore::new(0).named("entry"),
        exit: Semaphore::new(0).named("exit"),
        rounds: [Shared::new(0).named("round of 0"), Shared::new(0).named("round of 1")],
    });
    each(&barrier, 2, move |barrier, number| {
        for round in 1..=2 {
            barrier.rounds[number].set(round);
            barrier.wait(reset);
            assert!(barrier.rounds[1 - number].get() >= round, "the other one has not arrived");
        }
    });
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Release {
    Twice,
    Forgotten,
    ByGuard,
}

/// Three threads count under one permit; the first of them releases it in its own way.
fn permits(release: Release) -> u32 {
    let shared = Arc::new((Semaphore::new(1).named("mutex"), Shared::new(0).named("counter")));
    each(&shared, 3, move |(mutex, counter), number| {
        let permit = mutex.acquire();
        counter.set(counter.get() + 1);
        match release {
            Release::Twice if number == 0 => {
                drop(permit);
                mutex.release(1);
            }
            Release::Forgotten if number == 0 => permit.forget(),
            _ => drop(permit),
        }
    });
    shared.1.get()
}

/// While one holds the permit for long, another gives up. Comes to how many permits there are in the end.
fn after_a_timeout(only_what_was_taken: bool) -> u32 {
    let semaphore = Arc::new(Semaphore::new(1).named("permit"));
    let holder = start(&semaphore, |semaphore| {
        let _permit = semaphore.acquire();
        sleep(Duration::from_millis(10));
    });
    let hasty = start(&semaphore, move |semaphore| {
        let taken = semaphore.try_acquire_for(Duration::from_millis(5)).map(Permit::forget).is_some();
        if taken || !only_what_was_taken {
            semaphore.release(1);
        }
    });
    for thread in [holder, hasty] {
        thread.join().expect("it does not panic");
    }
    semaphore.available_permits()
}

const TOBACCO: usize = 0;
const PAPER: usize = 1;
const MATCHES: usize = 2;

/// What the agent puts on the table, one pair after the other; each pair is meant for one smoker.
const PAIRS: [[usize; 2]; 2] = [[TOBACCO, PAPER], [TOBACCO, MATCHES]];

struct Smoking {
    on_the_table: [Semaphore; 3],
    smoked: Semaphore,
}

fn smokers() {
    let smoking = Arc::new(Smoking {
        on_the_table: ["tobacco", "paper", "matches"].map(|name| Semaphore::new(0).named(name)),
        smoked: Semaphore::new(0).named("smoked"),
    });
    let smokers = PAIRS.map(|needed| {
        start(&smoking, move |smoking| {
            for ingredient in needed {
                smoking.on_the_table[ingredient].acquire().forget();
            }
            smoking.smoked.release(1);
        })
    });
    for pair in PAIRS {
        for ingredient in pair {
            smoking.on_the_table[ingredient].release(1);
        }
        smoking.smoked.acquire().forget();
    }
    for smoker in smokers {
        smoker.join().expect("it does not panic");
    }
}

/// The ingredients lie on one table, and who can use all that is there takes it.
fn smokers_at_a_table() {
    let table = Arc::new((Lock::new(Vec::new()).named("table"), Condition::new("changed")));
    let smokers = PAIRS.map(|needed| {
        start(&table, move |(table, changed)| {
            let mut table = table.lock();
            while *table != needed {
                changed.wait(&mut table);
            }
            table.clear();
            changed.notify_all(&mut table);
        })
    });
    for pair in PAIRS {
        let mut held = table.0.lock();
        *held = pair.to_vec();
        table.1.notify_all(&mut held);
        while !held.is_empty() {
            table.1.wait(&mut held);
        }
    }
    for smoker in smokers {
        smoker.join().expect("it does not panic");
    }
}

struct Room {
    turnstile: Semaphore,
    readers: Lock<u32>,
    empty: Semaphore,
    writer_waits: Shared<bool>,
    writer_served: Shared<bool>,
}

/// Comes to whether a reader that came later than the writer got in before it.
fn readers_and_a_writer(with_a_turnstile: bool) -> bool {
    let room = Arc::new(Room {
        turnstile: Semaphore::new(1).named("turnstile"),
        readers: Lock::new(0).named("readers"),
        empty: Semaphore::new(1).named("room empty"),
        writer_waits: Shared::new(false).named("writer waits"),
        writer_served: Shared::new(false).named("writer served"),
    });
    let writer = start(&room, move |room| {
        let _turn = with_a_turnstile.then(|| room.turnstile.acquire());
        room.writer_waits.set(true);
        let _empty = room.empty.acquire();
        room.writer_served.set(true);
    });
    let overtook = each(&room, 2, move |room, _| {
        let came_later = room.writer_waits.get();
        if with_a_turnstile {
            drop(room.turnstile.acquire());
        }
        let mut readers = room.readers.lock();
        *readers += 1;
        if *readers == 1 {
            room.empty.acquire().forget();
        }
        drop(readers);
        let overtook = came_later && !room.writer_served.get();
        let mut readers = room.readers.lock();
        *readers -= 1;
        if *readers == 0 {
            room.empty.release(1);
        }
        overtook
    });
    writer.join().expect("it does not panic");
    overtook.contains(&true)
}
