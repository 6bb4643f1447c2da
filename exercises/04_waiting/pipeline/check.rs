//! Three parcels over a belt for two, in order; then two takers at a belt for one; then an end that both must hear.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::prelude::*;
use threadcraft::probe;
use threadcraft_harness::{Check, Execution, Program, facts};

use crate::learner::Belt;

/// The learner's own program has to compile, too.
const _: fn() = crate::learner::main;

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("three parcels over a belt for two", three_over_a_belt_for_two)
            .outcomes()
            .every_schedule("2 parcels are put while nobody takes any", |execution| {
                let put = execution.probes.iter().take_while(|probe| probe.name != FIRST_LOOK).count();
                if put == 2 { Ok(()) } else { Err(format!("{put} are put")) }
            })
            .every_schedule("who waits sleeps, and does not ask again and again", facts::nobody_polls),
    );
    check.explore(
        Program::new("two takers of one parcel each at a belt for one", || two_takers(2))
            .every_schedule("each parcel is taken once", |execution| took(execution, "[Some(1), Some(2)]"))
            .max_schedules(2_000),
    );
    check.explore(
        Program::new("two takers at a belt that stays empty, and is closed", || two_takers(0))
            .every_schedule("both takers hear of the end", |execution| took(execution, "[None, None]"))
            .every_schedule("who waits sleeps, and does not ask again and again", facts::nobody_polls),
    );
}

/// A parcel was put.
const PUT: &str = "parcels put";

/// The taker begins.
const FIRST_LOOK: &str = "first look";

/// What is taken once the producer has filled the belt: time passes only when nobody can go on.
fn three_over_a_belt_for_two() -> Vec<u32> {
    let belt = Arc::new(Belt::new(2));
    let producer = start("producer", &belt, |belt| {
        for parcel in 1..=3 {
            belt.put(parcel);
            probe(PUT, 1);
        }
        belt.close();
    });
    sleep(Duration::from_millis(1));
    probe(FIRST_LOOK, 0);
    let taken = std::iter::from_fn(|| belt.take()).collect();
    producer.join().expect("the producer does not panic");
    taken
}

/// What two takers get, sorted; without a parcel for them, the belt is closed.
fn two_takers(parcels: u32) -> Vec<Option<u32>> {
    let belt = Arc::new(Belt::new(1));
    let takers = ["taker 1", "taker 2"].map(|name| start(name, &belt, Belt::take));
    (1..=parcels).for_each(|parcel| belt.put(parcel));
    if parcels == 0 {
        belt.close();
    }
    let mut taken = takers.map(|taker| taker.join().expect("the taker does not panic"));
    taken.sort_unstable();
    taken.to_vec()
}

fn start<R: Send + 'static>(
    name: &str,
    belt: &Arc<Belt<u32>>,
    body: impl FnOnce(&Belt<u32>) -> R + Send + 'static,
) -> Thread<R> {
    let belt = Arc::clone(belt);
    let mut thread = Thread::new(move || body(&belt)).name(name);
    thread.start().expect("it was not started before");
    thread
}

fn took(execution: &Execution, expected: &str) -> Result<(), String> {
    match execution.outcome.as_deref() {
        Some(taken) if taken == expected => Ok(()),
        Some(taken) => Err(format!("what they take is {taken}")),
        None => Err("they do not end".to_owned()),
    }
}
