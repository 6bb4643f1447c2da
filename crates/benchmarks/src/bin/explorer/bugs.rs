//! How many executions, and how long, until a bug is found.

use std::time::Duration;

use threadcraft_benchmarks::{Table, Target, geometric_mean, median, met};

use crate::programs::{BROKEN, Named};
use crate::search::{self, Ending, Engine, PCT_DEPTH, Searched};

/// How often each search runs; those that are random have another seed each time.
const ROUNDS: u64 = 31;

/// A search that takes longer than this is stopped.
const LIMIT: Duration = Duration::from_secs(10);

/// A search that takes longer than this is not repeated: its ratio needs no second look.
const LONG: Duration = Duration::from_millis(500);

/// A peer's search in a round.
type InRound = fn(u64) -> Engine;

/// Who else searches.
const PEERS: [(&str, InRound); 4] = [
    ("shuttle, random", Engine::ShuttleRandom),
    ("shuttle, PCT", Engine::ShuttlePct),
    ("loom", |_| Engine::Loom),
    ("loom, ≤ 2 preemptions", |_| Engine::LoomBounded(2)),
];

/// Ours, or a peer beside ours, on one program.
#[derive(Default)]
struct Rounds {
    searches: Vec<Searched>,
}

impl Rounds {
    /// Runs a search once more, unless that would take long.
    fn go_on(&mut self, engine: Engine, program: Named) {
        if self.searches.last().is_none_or(|last| last.time < LONG) {
            self.searches.push(search::run(engine, program.name, LIMIT));
        }
    }

    /// The medians. A search that was stopped counts as having found it then.
    fn typical(&self) -> Searched {
        let of = |figure: fn(&Searched) -> f64| median(&self.searches.iter().map(figure).collect::<Vec<_>>());
        let mut endings: Vec<Ending> = self.searches.iter().map(|search| search.ending).collect();
        // `Found` comes first, so the middle one says whether most found it.
        endings.sort();
        Searched {
            ending: endings[endings.len() / 2],
            executions: of(|search| search.executions as f64) as u64,
            time: Duration::from_secs_f64(of(|search| search.time.as_secs_f64())),
            reported: Duration::from_secs_f64(of(|search| search.reported.as_secs_f64())),
        }
    }

    /// The medians of ours / this one of the rounds; where the peer was stopped they are at most that. `None` if the peer
    /// cannot run the program.
    fn ratios(&self, ours: &Self) -> Option<Ratios> {
        if self.searches[0].ending == Ending::Unable {
            return None;
        }
        let of = |figure: fn(&Searched) -> f64| {
            let pairs = ours.searches.iter().zip(&self.searches);
            median(&pairs.map(|(our, their)| figure(our) / figure(their)).collect::<Vec<_>>())
        };
        Some(Ratios {
            executions: of(|search| search.executions as f64),
            time: of(|search| search.time.as_secs_f64()),
            reported: of(|search| search.reported.as_secs_f64()),
        })
    }
}

/// Ours / a peer's.
#[derive(Clone, Copy)]
struct Ratios {
    executions: f64,
    time: f64,
    /// Our time until the report was there, and theirs until the bug was found.
    reported: f64,
}

/// Prints the tables.
pub(crate) fn print() {
    let [random, pct, loom, bounded] = PEERS.map(|(name, _)| (name, true));
    let columns = [("bug", false), ("ours", true), random, pct, loom, bounded];
    let mut table = Table::new(&[&columns[..], &[("executions ≤ each", false), ("time ≤ each", false)]].concat());
    let mut by_peer: [Vec<Ratios>; PEERS.len()] = Default::default();
    for &program in BROKEN {
        eprintln!("first bug: {}", program.what);
        let (ours, peers) = searched(program);
        assert_eq!(ours.typical().ending, Ending::Found, "{}: ours must find it", program.name);
        let ratios: Vec<Option<Ratios>> = peers.iter().map(|peer| peer.ratios(&ours)).collect();
        for ((all, ratio), peer) in by_peer.iter_mut().zip(&ratios).zip(&peers) {
            all.extend(ratio.filter(|_| peer.typical().ending == Ending::Found));
        }
        let all_met = |figure: fn(Ratios) -> f64| ratios.iter().flatten().all(|&ratio| figure(ratio) <= 1.0);
        let mut cells = vec![program.what.to_owned(), ours.typical().shown()];
        cells.extend(peers.iter().map(|peer| peer.typical().shown()));
        let all_met = [all_met(|ratio| ratio.executions), all_met(|ratio| ratio.time)];
        cells.extend(all_met.map(|all| met(Some(all)).to_owned()));
        table.line(cells);
    }
    println!("### To the first bug\n");
    println!(
        "Executions and time, medians of {ROUNDS} rounds, another seed each round where it is random; PCT with depth \
         {PCT_DEPTH}; \"> N\": not found within {} s. Ours is the standard search on coroutines. The time is \
         that until a peer panics, and until our failing execution has ended, all its threads unwound. A peer's process \
         ends there; ours goes on to run the program once more, as one that does not repeat itself cannot be \
         searched, and the failing schedule once more, to record it. All have the same steps, but that a futex is several steps of a peer. Shuttle \
         has no weak memory and does not look for races, and loom has at most five threads.\n",
        LIMIT.as_secs()
    );
    println!("{table}");
    println!(
        "The geometric mean of ours / peer over the bugs that the peer found. \"Until reported\" is our time with all that \
         is recorded of the failure, though not simplified, against theirs as above.\n"
    );
    println!("{}", summary(&by_peer));
}

/// All searches of one program, in turns.
fn searched(program: Named) -> (Rounds, [Rounds; PEERS.len()]) {
    let mut ours = Rounds::default();
    let mut peers: [Rounds; PEERS.len()] = Default::default();
    for round in 1..=ROUNDS {
        ours.go_on(Engine::Standard, program);
        for (rounds, (_, engine)) in peers.iter_mut().zip(PEERS) {
            rounds.go_on(engine(round), program);
        }
    }
    (ours, peers)
}

fn summary(by_peer: &[Vec<Ratios>; PEERS.len()]) -> Table {
    let heading = [("against", false), ("bugs found", true), ("executions", true), ("time", true), ("target", true)];
    let mut table = Table::new(&[&heading[..], &[("met", false), ("until reported", true)]].concat());
    let target = Target::AtMost(1.0);
    for ((name, _), ratios) in PEERS.iter().zip(by_peer) {
        let mean = |of: fn(&Ratios) -> f64| geometric_mean(&ratios.iter().map(of).collect::<Vec<_>>());
        let (executions, time) = (mean(|ratio| ratio.executions), mean(|ratio| ratio.time));
        table.line(vec![
            (*name).to_owned(),
            format!("{} of {}", ratios.len(), BROKEN.len()),
            format!("{executions:.2}"),
            format!("{time:.2}"),
            target.to_string(),
            met(target.is_met_by(executions.max(time))).to_owned(),
            format!("{:.2}", mean(|ratio| ratio.reported)),
        ]);
    }
    table
}
