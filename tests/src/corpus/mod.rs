//! The corpus: small broken programs that the explorer must find, each with a right twin that it must let pass.
//!
//! Every bug is a classic: a textbook's non-solution, a known trap of a primitive, a mistake that beginners make. The
//! table of a family stands at the head of its file, above the programs. What the explorer makes of all of them, with
//! the number of schedules that it took, is in `tests/CORPUS.md`, which `tests/tests/corpus.rs` keeps up to date.

mod condition;
mod counting;
mod deadlocks;
mod entry;
mod events;
mod handing;
mod memory;
mod semaphores;
mod timing;
mod waiting;

use std::sync::Arc;

use threadcraft::{Thread, spawn};

pub use condition::Condition;
pub use entry::{Entry, Extent, Found, Passed, Setting, Verdict};

/// The whole corpus, by family.
#[must_use]
pub fn families() -> Vec<(&'static str, Vec<Entry>)> {
    vec![
        ("Counting and deciding", counting::entries()),
        ("Deadlock and livelock", deadlocks::entries()),
        ("Waiting for a condition", waiting::entries()),
        ("Handing items over", handing::entries()),
        ("Events", events::entries()),
        ("Semaphores", semaphores::entries()),
        ("Time", timing::entries()),
        ("Memory", memory::entries()),
    ]
}

/// Runs `body` in so many threads, which are told their number, and waits for all.
#[track_caller]
fn each<S, T>(shared: &Arc<S>, count: usize, body: impl Fn(&S, usize) -> T + Copy + Send + 'static) -> Vec<T>
where
    S: Send + Sync + 'static,
    T: Send + 'static,
{
    let threads: Vec<Thread<T>> = (0..count)
        .map(|number| {
            let shared = Arc::clone(shared);
            spawn(move || body(&shared, number))
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().expect("it does not panic")).collect()
}

/// Runs `body` in one thread.
#[track_caller]
fn start<S, T>(shared: &Arc<S>, body: impl FnOnce(&S) -> T + Send + 'static) -> Thread<T>
where
    S: Send + Sync + 'static,
    T: Send + 'static,
{
    let shared = Arc::clone(shared);
    spawn(move || body(&shared))
}
