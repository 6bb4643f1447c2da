//! Three smokers, each with one of three things, take the other two from the table, one after the other.

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

/// Starts everybody who sits at the table; each smoker smokes once and goes.
pub fn seat(table: &Arc<Table>) -> Vec<Thread<()>> {
    // TODO: who waits for two things must not sit on one of them.
    type Thing = fn(&Table) -> &Semaphore;
    let smoker = |has: &'static str, one: Thing, other: Thing| {
        let table = Arc::clone(table);
        spawn(move || {
            one(&table).acquire().forget();
            other(&table).acquire().forget();
            smoke(has, &table);
        })
    };
    vec![
        smoker("tobacco", |table| &table.paper, |table| &table.matches),
        smoker("paper", |table| &table.matches, |table| &table.tobacco),
        smoker("matches", |table| &table.tobacco, |table| &table.paper),
    ]
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
