//! The primitives are right under loom, whose model of memory is not the explorer's: a load may return what was
//! overwritten already, unless happens-before forbids it. And broken ones are caught by it.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p threadcraft-tests --release --test loom`, with a target directory of its own; it
//! is part of `cargo xtask ci --nightly`, which also shows how many executions each model took.
//!
//! The programs are those that the explorer runs. A search without a bound tries every order that can make a difference;
//! a bounded one, those with so many preemptions at most.

#![cfg(loom)]

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use loom::model::Builder;

/// How far a search goes.
#[derive(Debug, Clone, Copy)]
enum Search {
    /// All orders.
    Full,
    /// All with so many preemptions at most.
    Bounded(usize),
}
use Search::{Bounded, Full};

/// What a search saw.
#[derive(Debug, Default)]
struct Seen {
    executions: AtomicU64,
    outcomes: Mutex<BTreeSet<String>>,
}

/// Runs the program, which starts so many threads; `Err` is the panic that ended the search.
fn run<R: Debug>(
    threads: usize,
    search: Search,
    program: impl Fn() -> R + Send + Sync + 'static,
) -> (Arc<Seen>, thread::Result<()>) {
    let mut builder = Builder::new();
    builder.max_threads = threads + 1;
    builder.preemption_bound = match search {
        Full => None,
        Bounded(preemptions) => Some(preemptions),
    };
    // Either ends a search early and calls that a success.
    (builder.max_duration, builder.max_permutations) = (None, None);
    let seen = Arc::new(Seen::default());
    let seen_by_model = Arc::clone(&seen);
    let result = catch_unwind(AssertUnwindSafe(|| {
        builder.check(move || {
            // Relaxed: a counter, read when all is over.
            seen_by_model.executions.fetch_add(1, Ordering::Relaxed);
            let outcome = format!("{:?}", program());
            seen_by_model.outcomes.lock().expect("nothing panics while it is held").insert(outcome);
        });
    }));
    (seen, result)
}

/// The program comes to these outcomes, all of them and no others.
fn right<R: Debug>(threads: usize, search: Search, expected: &[&str], program: impl Fn() -> R + Send + Sync + 'static) {
    let (seen, result) = run(threads, search, program);
    let executions = seen.executions.load(Ordering::Relaxed);
    if let Err(panic) = result {
        panic!("execution {executions}: {}", message(&*panic));
    }
    let outcomes = seen.outcomes.lock().expect("nothing panics while it is held");
    assert_eq!(outcomes.iter().collect::<Vec<_>>(), expected, "{search:?}, {executions} executions");
    let name = thread::current().name().unwrap_or_default().to_owned();
    let bound = match search {
        Full => "all orders".to_owned(),
        Bounded(preemptions) => format!("up to {preemptions} preemptions"),
    };
    println!("loom {name}: {} threads with main, {bound}: {executions} executions", threads + 1);
}

/// Loom ends the search with a panic that says this.
fn caught<R: Debug>(threads: usize, verdict: &str, program: impl Fn() -> R + Send + Sync + 'static) {
    let (seen, result) = run(threads, Bounded(3), program);
    let executions = seen.executions.load(Ordering::Relaxed);
    let panic = result.expect_err("the program is wrong in some order");
    let message = message(&*panic);
    assert!(message.starts_with(verdict), "execution {executions}: {message}");
}

fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    text.unwrap_or("a value that is not text")
}

/// One test for each: `name: threads besides main, search, outcomes, program`.
macro_rules! right {
    ($($name:ident: $threads:literal, $search:expr, $expected:expr, $program:expr;)*) => {
        $(
            #[test]
            fn $name() {
                right($threads, $search, &$expected, $program);
            }
        )*
    };
}

/// One test for each: `name: threads besides main, verdict, program`.
macro_rules! caught {
    ($($name:ident: $threads:literal, $verdict:literal, $program:expr;)*) => {
        $(
            #[test]
            fn $name() {
                caught($threads, $verdict, $program);
            }
        )*
    };
}

mod models;
mod mutants;
mod seam;
