//! The table of features: ours from the tests that ran, beside what the peers have by their documentation.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Where it is written.
pub(super) const FILE: &str = "crates/threadcraft/FEATURES.md";

const TITLE: &str = "# Features, and who else has them

Made by `cargo xtask conformance`: the column *ours* is ✓ where all tests of the feature in `tests/conformance_*.rs` have
passed. The others are what the documentation of CPython 3.13, rayon 1, threadpool 1, rusty_pool 1, tokio 1 and the standard
library says: ✓ yes, ~ in part, – no.
";

/// A feature: what it is called, the primitive and the behaviours that show it, and the marks of the peers.
struct Feature {
    name: &'static str,
    primitive: &'static str,
    shown_by: &'static [&'static str],
    peers: &'static str,
}

/// A table: its title, the peers, and the features.
struct Family {
    title: &'static str,
    peers: &'static str,
    features: &'static [Feature],
}

const fn feature(
    name: &'static str,
    primitive: &'static str,
    shown_by: &'static [&'static str],
    peers: &'static str,
) -> Feature {
    Feature { name, primitive, shown_by, peers }
}

#[rustfmt::skip]
const FAMILIES: [Family; 3] = [
    Family {
        title: "Pools",
        peers: "Python | rayon | threadpool | rusty_pool | tokio | std",
        features: &[
            feature("submit, and a value comes back", "pool", &["a job is run and gives its value"], "✓ – – ✓ ✓ ~"),
            feature("map, in order", "map", &["map equals the serial map at any chunk size"], "✓ ~ – – – –"),
            feature("map with a timeout; cancels the rest", "map", &["map times out after two and cancels the rest", "a map that is left early cancels what has not begun"], "✓ – – – – –"),
            feature("a map of a range, divided as it is", "map", &["a range is mapped as serially whoever asks and however it is divided"], "– ✓ – – – –"),
            feature("map with a buffer", "map", &["map with a buffer takes no more items than it holds"], "~ – – – – –"),
            feature("a shutdown waits", "pool", &["what was submitted is done and can be read", "dropping drains and joins"], "✓ – ~ ~ ✓ –"),
            feature("a shutdown cancels what has not begun", "pool", &["pending jobs can be cancelled"], "✓ – – – ~ –"),
            feature("an initializer for each thread", "pool", &["it runs before the jobs of each thread"], "✓ ~ – ✓ ✓ –"),
            feature("a broken pool says so to all", "pool", &["one that panics breaks the pool for all"], "✓ – – – – –"),
            feature("threads are started when needed, and used again", "pool", &["jobs in a row use one thread", "blocked jobs start as many threads as are allowed and no more"], "✓ – – ✓ ✓ –"),
            feature("jobs that borrow", "pool", &["jobs borrow and submit more", "a value that borrows is dropped before the scope ends"], "~ ✓ – – – ✓"),
            feature("cancel, with an exact answer", "future", &["truth tables", "a cancel drops what the closure holds at once"], "✓ – – – ~ –"),
            feature("a result with a timeout", "future", &["timeouts by state"], "✓ – – – ~ –"),
            feature("callbacks at the end", "future", &["callbacks come with a value a panic and a cancel", "a callback that panics keeps nobody from being told"], "✓ – – – – –"),
            feature("a job's panic is kept, with message and payload", "future", &["a panic keeps its message and its payload"], "✓ – – – ✓ ✓"),
            feature("wait for the first, the first failure, or all", "future", &["the first that ends also if it has already", "the first that fails and a cancel is no failure", "what is done and what is not when the time is over"], "✓ – – – ~ –"),
            feature("in order of completion, with a timeout", "future", &["all as they end the done ones first and then the timeout"], "✓ – – – ~ –"),
            feature("waiting inside a worker is safe", "future", &["a job waits for jobs of its own pool", "while it waits for one that runs another thread stands in"], "– ✓ – – ~ –"),
        ],
    },
    Family {
        title: "Threads and queues",
        peers: "Python | std | crossbeam",
        features: &[
            feature("waits for a thread, with a limit, from many threads", "thread", &["many wait with and without a limit and again"], "✓ – –"),
            feature("waiting for oneself is refused", "thread", &["waiting for oneself or for what never started is refused"], "✓ – –"),
            feature("states", "thread", &["a state is new then blocked in a wait of ours then terminated"], "~ – –"),
            feature("the list of those that live", "thread", &["threads are listed while they live foreign ones too"], "✓ – –"),
            feature("an except hook", "thread", &["the except hook is told and a failing one does no harm and the old one comes back"], "✓ ~ –"),
            feature("a value for each thread, per object", "thread", &["a local is one value a thread and dropped at its end"], "✓ – –"),
            feature("a queue with timeouts both ways", "queue", &["a timed get gives up in time", "a timed put gives up in time"], "✓ ~ ✓"),
            feature("a queue whose tasks are joined", "queue", &["a join waits for the tasks and not for the items", "a task is done at most once"], "✓ – –"),
            feature("a queue that is shut down, gently or at once", "queue", &["a shutdown releases all who wait", "an immediate shutdown drops what is there"], "✓ ~ ~"),
        ],
    },
    Family {
        title: "Timers",
        peers: "Python | tokio",
        features: &[
            feature("called once, never early", "timer", &["it is called once and never early"], "✓ ✓"),
            feature("cancel, with an exact answer", "timer", &["a cancel while it is called is false", "one that is cancelled is never called and can be joined"], "– ~"),
            feature("one thread for all", "timer", &["one that blocks makes no other late"], "– ✓"),
            feature("a function that blocks makes no other late", "timer", &["one that blocks makes no other late"], "✓ –"),
            feature("a fixed rate without drift", "timer", &["it does not drift"], "– ✓"),
            feature("a group that ends together", "timer", &["a shutdown cancels what waits and waits for what runs"], "– ~"),
        ],
    },
];

/// The text, from what of ours has passed: primitive and behaviour.
pub(super) fn text(passed: &BTreeMap<(String, String), bool>) -> String {
    let mut text = TITLE.to_owned();
    for family in &FAMILIES {
        let rule = ":-:|".repeat(family.peers.split('|').count() + 1);
        write!(text, "\n## {}\n\n| feature | ours | {} |\n|---|{rule}\n", family.title, family.peers)
            .expect("a string takes it");
        for Feature { name, primitive, shown_by, peers } in family.features {
            let has = |behaviour: &&str| passed.get(&((*primitive).to_owned(), (*behaviour).to_owned())) == Some(&true);
            let mark = if shown_by.iter().all(has) { "✓" } else { "✗" };
            writeln!(text, "| {name} | {mark} | {} |", peers.replace(' ', " | ")).expect("a string takes it");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_is_ours_when_all_that_shows_it_has_passed() {
        let passed = |passed| BTreeMap::from([(("timer".to_owned(), "it does not drift".to_owned()), passed)]);
        assert!(text(&passed(true)).contains("| a fixed rate without drift | ✓ | – | ✓ |"));
        assert!(text(&passed(false)).contains("| a fixed rate without drift | ✗ | – | ✓ |"));
        assert!(text(&BTreeMap::new()).contains("| a fixed rate without drift | ✗ |"));
    }

    #[test]
    fn each_line_has_a_mark_for_each_peer() {
        for family in &FAMILIES {
            let peers = family.peers.split('|').count();
            for feature in family.features {
                assert_eq!(feature.peers.split(' ').count(), peers, "{}", feature.name);
                assert!(!feature.shown_by.is_empty(), "{}", feature.name);
            }
        }
    }
}
