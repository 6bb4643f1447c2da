//! A shop with chairs for all, and one with a chair too few.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{probe, sleep, spawn};
use threadcraft_harness::{Check, Execution, Program};

use crate::learner::Shop;

/// Added to a customer's number on the probe `shop`.
const CUT: i64 = 10;
const LEAVES: i64 = 20;
const TURNED_AWAY: i64 = 30;

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("a chair for each", || day(2, Duration::ZERO, 2))
            .every_schedule("who waits leaves with the hair cut", nobody_leaves_uncut)
            .every_schedule("nobody is turned away", |execution| turned_away(execution, 0)),
    );
    // Both have come when the barber begins.
    check.explore(
        Program::new("one chair for two", || day(1, Duration::from_millis(1), 1))
            .every_schedule("who waits leaves with the hair cut", nobody_leaves_uncut)
            .every_schedule("one of two is turned away", |execution| turned_away(execution, 1)),
    );
}

/// Two customers come; the barber begins after this time and serves so many.
fn day(chairs: usize, begins: Duration, serves: usize) {
    let shop = Arc::new(Shop::new(chairs));
    let customers = [1, 2].map(|who| {
        let shop = Arc::clone(&shop);
        spawn(move || {
            let stayed = shop.visit(who);
            probe("shop", if stayed { LEAVES } else { TURNED_AWAY } + i64::from(who));
        })
    });
    if !begins.is_zero() {
        sleep(begins);
    }
    for _ in 0..serves {
        shop.serve(|who| probe("shop", CUT + i64::from(who)));
    }
    for customer in customers {
        customer.join().expect("the customer has gone");
    }
}

fn nobody_leaves_uncut(execution: &Execution) -> Result<(), String> {
    let at = |value: i64| execution.probes.iter().position(|probe| probe.value == value);
    for who in [1, 2] {
        if let Some(left) = at(LEAVES + who)
            && at(CUT + who).is_none_or(|cut| cut > left)
        {
            return Err(format!("customer {who} leaves before the barber has cut customer {who}"));
        }
    }
    Ok(())
}

fn turned_away(execution: &Execution, expected: usize) -> Result<(), String> {
    let away = execution.probes.iter().filter(|probe| probe.value > TURNED_AWAY).count();
    if away == expected { Ok(()) } else { Err(format!("{away} are turned away")) }
}
