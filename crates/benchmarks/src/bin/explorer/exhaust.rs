//! How many executions until a program is known to be right.

use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use threadcraft_benchmarks::{Table, met};

use crate::programs::RIGHT;
use crate::search::{self, Ending, Engine, Searched};

/// A search that takes longer than this is stopped.
const LIMIT: Duration = Duration::from_secs(10);

/// At most so many times the executions of whoever else proves it.
const TARGET: f64 = 0.1;

/// Smaller ratios are all the same to a reader.
const LEAST_SHOWN: f64 = 0.0001;

/// Who searches. The bounded ones prove less.
const ENGINES: [(&str, Engine); 5] = [
    ("ours", Engine::Dpor),
    ("loom", Engine::Loom),
    ("shuttle, DFS", Engine::ShuttleFull),
    ("loom, ≤ 3 preemptions", Engine::LoomBounded(3)),
    ("loom, ≤ 2", Engine::LoomBounded(2)),
];

/// Prints the table.
pub(crate) fn print() {
    let [ours, loom, shuttle, three, two] = ENGINES.map(|(name, _)| (name, true));
    let columns = [("program", false), ours, loom, shuttle, three, two];
    let heads = [("ours / loom", true), ("ours / shuttle", true), ("≤ 0.1 of each", false)];
    let mut table = Table::new(&[&columns[..], &heads].concat());
    for (program, searches) in RIGHT.iter().zip(searches()) {
        let [ours, full @ ..] = &searches[..3] else { unreachable!("three engines prove all") };
        let mut cells = vec![program.what.to_owned()];
        cells.extend(searches.iter().map(|search| search.shown()));
        cells.extend(full.iter().map(|peer| shown_ratio(*peer, *ours)));
        cells.push(met(is_met(full, *ours)).to_owned());
        table.line(cells);
    }
    println!("### To a proof\n");
    println!(
        "Executions and time until there is nothing left to run; \"> N\": not within {} s. Ours counts those that it \
         begins and finds to be seen already. Loom looks at stale values, too: that is more to prove. With a bound of \
         preemptions nothing is proven beyond it. All have the same steps, but that a futex is several steps of a \
         peer. The philosophers use each explorer's own lock, one step a call; the others are built from words. \"–\" in the last \
         column: a peer was stopped too soon to say.\n",
        LIMIT.as_secs()
    );
    println!("{table}");
}

/// Every engine on every program. Counts do not depend on who else runs, so two run at a time.
fn searches() -> Vec<Vec<Searched>> {
    let jobs = RIGHT.iter().flat_map(|program| ENGINES.map(|(_, engine)| (program, engine)));
    let queue = Mutex::new(jobs.enumerate().collect::<Vec<_>>().into_iter());
    let done = Mutex::new(vec![None; RIGHT.len() * ENGINES.len()]);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some((index, (program, engine))) = queue.lock().expect("nobody panics with it").next() else {
                        return;
                    };
                    eprintln!("proof: {} by {engine}", program.what);
                    let search = search::run(engine, program.name, LIMIT);
                    assert_ne!(search.ending, Ending::Found, "{engine} says that {} is wrong", program.name);
                    done.lock().expect("nobody panics with it")[index] = Some(search);
                }
            });
        }
    });
    let done = done.into_inner().expect("nobody panicked with it");
    let all: Vec<Searched> = done.into_iter().map(|search| search.expect("every job was done")).collect();
    all.chunks(ENGINES.len()).map(<[Searched]>::to_vec).collect()
}

fn shown_ratio(peer: Searched, ours: Searched) -> String {
    let Some(ratio) = peer.ratio(ours) else { return "–".to_owned() };
    let below = if peer.ending == Ending::Cut || ratio < LEAST_SHOWN { "< " } else { "" };
    format!("{below}{:.4}", ratio.max(LEAST_SHOWN))
}

/// `None` if nobody can say: the peer was stopped too soon.
fn is_met(full: &[Searched], ours: Searched) -> Option<bool> {
    if ours.ending == Ending::Cut {
        return Some(false);
    }
    let of = |peer: &Searched| match peer.ratio(ours) {
        Some(ratio) if ratio <= TARGET => Some(true),
        Some(_) if peer.ending == Ending::Complete => Some(false),
        _ => None,
    };
    let all: Vec<Option<bool>> = full.iter().map(of).collect();
    if all.contains(&Some(false)) { Some(false) } else { all.into_iter().collect::<Option<Vec<bool>>>().map(|_| true) }
}
