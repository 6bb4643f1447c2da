//! An agent of the check's own lays out two things at a time; who has the third smokes, on every schedule.

use std::sync::Arc;

use threadcraft_harness::{Check, Execution, Program, facts};

use crate::learner::{Table, seat};

/// The last two words of each round: who smokes.
const SMOKE: [&str; 3] = ["matches", "tobacco", "paper"];

/// Seven threads have more orders than anybody waits for; what goes wrong here, goes wrong early.
const BUDGET: u64 = 400;

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("every schedule", evening)
            .threads(3..)
            .max_schedules(BUDGET)
            .every_schedule("each time the one smokes who has what is missing", the_right_one_smokes),
    );
}

fn evening() {
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

fn the_right_one_smokes(execution: &Execution) -> Result<(), String> {
    let expected = SMOKE.map(|has| format!("who has {has} smokes"));
    let mut lines = facts::lines(execution);
    for (round, expected) in (1..).zip(&expected) {
        match lines.next() {
            Some(line) if line == expected => {}
            Some(line) => return Err(format!("in round {round}: {line}")),
            None => return Err(format!("in round {round} nobody smokes")),
        }
    }
    lines.next().map_or(Ok(()), |line| Err(format!("after three rounds: {line}")))
}
