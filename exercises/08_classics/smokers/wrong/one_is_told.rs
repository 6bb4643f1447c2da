//! Wrong: of those who wait for different things one is woken, and it may be one who must go on waiting.

use std::sync::Arc;

use threadcraft::prelude::*;

/// What the agent lays out, and how the agent is told to go on.
pub struct Table {
    pub tobacco: Semaphore,
    pub paper: Semaphore,
    pub matches: Semaphore,
    pub done: Semaphore,
}

impl Table {
    pub fn new() -> Self {
        Self {
            tobacco: Semaphore::new(0).named("tobacco"),
            paper: Semaphore::new(0).named("paper"),
            matches: Semaphore::new(0).named("matches"),
            done: Semaphore::new(0).named("done"),
        }
    }
}

const THINGS: [&str; 3] = ["tobacco", "paper", "matches"];

/// Starts everybody who sits at the table: helpers write down what was laid out, smokers wait until their two are there.
pub fn seat(table: &Arc<Table>) -> Vec<Thread<()>> {
    let board = Arc::new(Monitor::new([false; 3]).named("board"));
    let mut guests = Vec::new();
    for (thing, name) in THINGS.into_iter().enumerate() {
        let (table, board) = (Arc::clone(table), Arc::clone(&board));
        let (its_table, its_board) = (Arc::clone(&table), Arc::clone(&board));
        guests.push(spawn(move || {
            // In an evening each thing is laid out twice.
            for _ in 0..2 {
                [&its_table.tobacco, &its_table.paper, &its_table.matches][thing].acquire().forget();
                let mut laid = its_board.lock();
                laid[thing] = true;
                laid.notify_one();
            }
        }));
        guests.push(spawn(move || {
            let mut laid = board.lock();
            laid.wait_while(|laid| !(laid[(thing + 1) % 3] && laid[(thing + 2) % 3]));
            *laid = [false; 3];
            drop(laid);
            smoke(name, &table);
        }));
    }
    guests
}

/// Somebody has all three things.
fn smoke(has: &str, table: &Table) {
    println!("who has {has} smokes");
    table.done.release(1);
}

/// An evening: three times the agent lays out two things, and each smoker smokes once.
pub fn main() {
    let table = Arc::new(Table::new());
    let guests = seat(&table);
    for (one, other) in
        [(&table.tobacco, &table.paper), (&table.paper, &table.matches), (&table.matches, &table.tobacco)]
    {
        one.release(1);
        other.release(1);
        table.done.acquire().forget();
    }
    for guest in guests {
        guest.join().expect("the guest has gone home");
    }
}
