//! Three coats that do not mix; and a painter who falls, whom the others do not wait for for ever.

use std::sync::Arc;

use threadcraft::prelude::*;
use threadcraft::probe;
use threadcraft_harness::{Check, Program};

use crate::learner::Crew;

/// The learner's own program has to compile, too.
const _: fn() = crate::learner::main;

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("two painters and three coats", || two_painters(None))
            .outcome_is(|execution| {
                let coats: Vec<String> = execution.probes.iter().map(|probe| probe.value.to_string()).collect();
                coats.join(" ")
            })
            .outcomes(),
    );
    check.explore(
        Program::new("one of two falls in the second coat", || two_painters(Some(2)))
            .every_schedule("the fall is seen in `join`, and the other's work is called off", |execution| {
                match execution.outcome.as_deref() {
                    Some("(\"fell\", \"called off\")") => Ok(()),
                    other => Err(format!("the two end as {}", other.unwrap_or("nobody knows"))),
                }
            })
            .every_schedule("nobody waits until some time is over", |execution| {
                let waited = execution.elapsed;
                if waited.is_zero() { Ok(()) } else { Err(format!("the other notices after {waited:?}")) }
            }),
    );
}

/// How the two painters end; the first falls off the ladder in that coat.
fn two_painters(falls_in: Option<u32>) -> (&'static str, &'static str) {
    let crew = Arc::new(Crew::new(2));
    let painters = [falls_in, None].map(|falls_in| {
        let crew = Arc::clone(&crew);
        spawn(move || {
            crew.paint(|coat| {
                probe("coat", i64::from(coat));
                assert!(falls_in != Some(coat), "the ladder slipped");
            })
        })
    });
    painters
        .map(|painter| match painter.join() {
            Ok(true) => "finished",
            Ok(false) => "called off",
            Err(_) => "fell",
        })
        .into()
}
