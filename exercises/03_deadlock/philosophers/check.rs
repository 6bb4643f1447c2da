//! A deadlock on the learner's schedule; then all eat on every schedule, with two forks each and no neighbour eating.

use threadcraft_harness::{Check, Execution, Goal, Program, facts};

/// How many sit at the table. With three, all are neighbours of each other.
const SEATS: usize = 3;

pub fn check(check: &mut Check) {
    check.break_it(crate::given::main, crate::learner::SCHEDULE, Goal::deadlock());
    check.explore(
        Program::new("every schedule", crate::learner::main)
            .threads(SEATS)
            .alive_at_once(SEATS)
            .every_schedule("each philosopher eats once", each_eats_once)
            .every_schedule("no two neighbours eat at once", one_eats_at_a_time)
            .every_schedule("each philosopher has two forks in hand at one time", two_forks_each)
            .main_ends_with("all have dined")
            .main_speaks_last(),
    );
}

fn each_eats_once(execution: &Execution) -> Result<(), String> {
    for seat in 0..SEATS {
        let begins = format!("P{seat} eats");
        let times = facts::lines(execution).filter(|line| **line == begins).count();
        if times != 1 {
            return Err(format!("P{seat} eats {times} times"));
        }
    }
    Ok(())
}

fn one_eats_at_a_time(execution: &Execution) -> Result<(), String> {
    let mut eating: Option<&str> = None;
    for line in facts::lines(execution) {
        if let Some(who) = line.strip_suffix(" eats") {
            if let Some(neighbour) = eating {
                return Err(format!("{who} begins while {neighbour} eats"));
            }
            eating = Some(who);
        } else if line.strip_suffix(" is full") == eating {
            eating = None;
        }
    }
    Ok(())
}

fn two_forks_each(execution: &Execution) -> Result<(), String> {
    for thread in facts::started(execution) {
        let most = facts::most_held(execution, thread);
        if most < 2 {
            return Err(format!("P{} never has more than {most} in hand", thread - 1));
        }
    }
    Ok(())
}
