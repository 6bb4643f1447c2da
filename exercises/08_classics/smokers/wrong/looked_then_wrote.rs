//! Wrong: two helpers look at the board at the same time, and each finds nothing there.

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

/// What lies on the table and nobody has used yet, by its number.
struct Board {
    laid: Lock<[bool; 3]>,
    calls: [Semaphore; 3],
}

impl Board {
    /// A helper has seen this thing laid out: if another lies there, it calls who has the third.
    fn add(&self, thing: usize) {
        let seen = *self.laid.lock();
        match (0..3).find(|&other| other != thing && seen[other]) {
            Some(other) => {
                self.laid.lock()[other] = false;
                self.calls[3 - thing - other].release(1);
            }
            None => self.laid.lock()[thing] = true,
        }
    }
}

/// Starts everybody who sits at the table: for each thing one who has it, and a helper who waits for it.
pub fn seat(table: &Arc<Table>) -> Vec<Thread<()>> {
    let board = Arc::new(Board {
        laid: Lock::new([false; 3]).named("board"),
        calls: [(); 3].map(|()| Semaphore::new(0).named("call")),
    });
    let mut guests = Vec::new();
    for (thing, name) in THINGS.into_iter().enumerate() {
        let (table, board) = (Arc::clone(table), Arc::clone(&board));
        let (its_table, its_board) = (Arc::clone(&table), Arc::clone(&board));
        guests.push(spawn(move || {
            // In an evening each thing is laid out twice.
            for _ in 0..2 {
                [&its_table.tobacco, &its_table.paper, &its_table.matches][thing].acquire().forget();
                its_board.add(thing);
            }
        }));
        guests.push(spawn(move || {
            board.calls[thing].acquire().forget();
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
