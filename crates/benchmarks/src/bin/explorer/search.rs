//! One search of one program, in a process of its own: loom aborts on some failures (a panic while it unwinds), and a
//! failed search of shuttle keeps its stacks.
//!
//! The child says in one line how it ended, after how many executions, and after how many nanoseconds that was known, and
//! told. A peer's failure is a panic, so there the panic hook says it, and ends the child before anything can unwind. Ours
//! is known when the failing execution has ended, its threads unwound; it is told after that was run again, to see that
//! it repeats itself, and once more to record it.

use std::fmt;
use std::process::{Command, Stdio, exit};
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use shuttle::scheduler::{DfsScheduler, PctScheduler, RandomScheduler, Scheduler};
use threadcraft_explore::{Budget, Carrier, Explorer, Strategy};

use crate::programs;
use crate::seam::{Loom, Ours, Shuttle};

/// How many preemptions shuttle's PCT is told to look for, its documentation's example.
pub(crate) const PCT_DEPTH: usize = 3;

/// Who searches, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    /// Ours, as it comes.
    Standard,
    /// Ours, for a proof.
    Dpor,
    ShuttleRandom(u64),
    ShuttlePct(u64),
    ShuttleFull,
    Loom,
    /// Loom with at most so many preemptions.
    LoomBounded(usize),
}

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ending {
    /// It found a bug.
    Found,
    /// It has run all there is to run.
    Complete,
    /// Its time was up.
    Cut,
    /// The explorer cannot run the program.
    Unable,
}

/// What came of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Searched {
    pub(crate) ending: Ending,
    pub(crate) executions: u64,
    pub(crate) time: Duration,
    /// Until the report was there, too.
    pub(crate) reported: Duration,
}

impl Searched {
    /// For a table: the executions and the time, or that there were more.
    pub(crate) fn shown(self) -> String {
        let more = match self.ending {
            Ending::Unable => return "–".to_owned(),
            Ending::Cut => "> ",
            Ending::Found | Ending::Complete => "",
        };
        let milliseconds = self.time.as_secs_f64() * 1e3;
        let time = match milliseconds {
            long if long >= 1000.0 => format!("{:.1} s", long / 1e3),
            middle if middle >= 10.0 => format!("{middle:.0} ms"),
            short => format!("{short:.2} ms"),
        };
        format!("{more}{} ({time})", grouped(self.executions))
    }

    /// So many times this one's executions is ours. Of a search that was cut it is at least so good: `None` if it was
    /// ours, or if the peer cannot run the program.
    pub(crate) fn ratio(self, ours: Self) -> Option<f64> {
        let comparable = ours.ending != Ending::Cut && self.ending != Ending::Unable;
        comparable.then(|| ours.executions as f64 / self.executions as f64)
    }
}

/// Digits in threes.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|three| std::str::from_utf8(three).unwrap_or("")).collect();
    groups.join(" ")
}

/// The first argument of a child.
pub(crate) const COMMAND: &str = "search";

/// Runs a search in a child process.
pub(crate) fn run(engine: Engine, program: &str, limit: Duration) -> Searched {
    let ourselves = std::env::current_exe().expect("this program has a path");
    let mut child = Command::new(ourselves);
    child.args([COMMAND, &engine.to_string(), program, &limit.as_millis().to_string()]);
    let output = child.stdin(Stdio::null()).stderr(Stdio::null()).output().expect("a child can be started");
    let text = String::from_utf8_lossy(&output.stdout);
    parsed(&text).unwrap_or_else(|| panic!("{engine} {program}: {text:?}, {}", output.status))
}

/// The child's part: `search ENGINE PROGRAM MILLISECONDS`.
pub(crate) fn child(arguments: &[String]) {
    let [engine, program, limit] = arguments else { panic!("{COMMAND} ENGINE PROGRAM MILLISECONDS") };
    let engine: Engine = engine.parse().expect("an engine");
    let limit = Duration::from_millis(limit.parse().expect("milliseconds"));
    match engine {
        Engine::Standard => ours(Strategy::Standard, program, limit),
        Engine::Dpor => ours(Strategy::Dpor, program, limit),
        Engine::ShuttleRandom(seed) => {
            shuttle(RandomScheduler::new_from_seed(seed, usize::MAX), program, limit, Ending::Cut)
        }
        Engine::ShuttlePct(seed) => {
            shuttle(PctScheduler::new_from_seed(seed, PCT_DEPTH, usize::MAX), program, limit, Ending::Cut)
        }
        Engine::ShuttleFull => shuttle(DfsScheduler::new(None, false), program, limit, Ending::Complete),
        Engine::Loom => loom(None, program, limit),
        Engine::LoomBounded(bound) => loom(Some(bound), program, limit),
    }
}

fn ours(strategy: Strategy, program: &str, limit: Duration) {
    let program = programs::find::<Ours>(program).expect("a program");
    let budget = Budget { schedules: u64::MAX, time: limit };
    let explorer = Explorer::builder().carrier(Carrier::Coroutines).strategy(strategy).budget(budget);
    // Not made as simple as possible: that is more than the peers do.
    let explorer = explorer.minimise(false).build();
    let started = Instant::now();
    let mut found = None;
    // Whoever looks at each execution makes the search slower: a proof does without.
    let report = match strategy {
        Strategy::Dpor => explorer.explore(program),
        _ => explorer.visit(program, |execution| {
            if execution.failure.is_some() {
                found.get_or_insert_with(|| started.elapsed());
            }
        }),
    };
    let reported = started.elapsed();
    let (ending, executions) = match &report.failure {
        Some(failure) => (Ending::Found, failure.found_after),
        None if report.complete => (Ending::Complete, report.schedules),
        None => (Ending::Cut, report.schedules),
    };
    println!("{}", Searched { ending, executions, time: found.unwrap_or(reported), reported });
}

/// The executions that a peer has begun.
static BEGUN: AtomicU64 = AtomicU64::new(0);

/// A program that counts its executions, and says so when it fails.
fn counted(program: fn(), started: Instant) -> impl Fn() + Send + Sync + 'static {
    std::panic::set_hook(Box::new(move |panic| {
        let message = panic.payload_as_str().unwrap_or_default();
        // A limit of the peer's own, and no failure of the program.
        let limits = ["exceeded max", "maximum number of", "self.threads.len() < self.max()"];
        let unable = limits.iter().any(|limit| message.contains(limit));
        let ending = if unable { Ending::Unable } else { Ending::Found };
        // Relaxed: it counts on one thread.
        let executions = BEGUN.load(Ordering::Relaxed);
        let time = started.elapsed();
        println!("{}", Searched { ending, executions, time, reported: time });
        exit(0);
    }));
    move || {
        BEGUN.fetch_add(1, Ordering::Relaxed);
        program();
    }
}

/// Says that nothing was found.
fn passed(started: Instant, limit: Duration, otherwise: Ending) {
    let time = started.elapsed();
    let ending = if time >= limit { Ending::Cut } else { otherwise };
    println!("{}", Searched { ending, executions: BEGUN.load(Ordering::Relaxed), time, reported: time });
}

fn shuttle(scheduler: impl Scheduler + 'static, program: &str, limit: Duration, ending: Ending) {
    let program = programs::find::<Shuttle>(program).expect("a program");
    let mut config = shuttle::Config::new();
    config.failure_persistence = shuttle::FailurePersistence::None;
    config.max_time = Some(limit);
    let started = Instant::now();
    shuttle::Runner::new(scheduler, config).run(counted(program, started));
    passed(started, limit, ending);
}

/// Loom looks at the clock after so many executions.
const LOOM_INTERVAL: usize = 64;

/// Loom's own limit of operations in an execution is lower than what some programs need.
const LOOM_BRANCHES: usize = 100_000;

fn loom(bound: Option<usize>, program: &str, limit: Duration) {
    let program = programs::find::<Loom>(program).expect("a program");
    let mut model = loom::model::Builder::new();
    model.preemption_bound = bound;
    model.max_duration = Some(limit);
    model.checkpoint_interval = LOOM_INTERVAL;
    model.max_branches = LOOM_BRANCHES;
    let started = Instant::now();
    model.check(counted(program, started));
    passed(started, limit, Ending::Complete);
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard => f.write_str("standard"),
            Self::Dpor => f.write_str("dpor"),
            Self::ShuttleRandom(seed) => write!(f, "shuttle-random:{seed}"),
            Self::ShuttlePct(seed) => write!(f, "shuttle-pct:{seed}"),
            Self::ShuttleFull => f.write_str("shuttle-full"),
            Self::Loom => f.write_str("loom"),
            Self::LoomBounded(bound) => write!(f, "loom-bounded:{bound}"),
        }
    }
}

impl FromStr for Engine {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, number) = text.split_once(':').unwrap_or((text, "0"));
        let number: u64 = number.parse().map_err(|_| format!("{text}: not a number"))?;
        Ok(match name {
            "standard" => Self::Standard,
            "dpor" => Self::Dpor,
            "shuttle-random" => Self::ShuttleRandom(number),
            "shuttle-pct" => Self::ShuttlePct(number),
            "shuttle-full" => Self::ShuttleFull,
            "loom" => Self::Loom,
            "loom-bounded" => Self::LoomBounded(number as usize),
            _ => return Err(format!("{text}: not an engine")),
        })
    }
}

impl fmt::Display for Searched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ending, executions, time, reported } = self;
        write!(f, "{ending:?} {executions} {} {}", time.as_nanos(), reported.as_nanos())
    }
}

/// What [`Searched`] shows.
fn parsed(line: &str) -> Option<Searched> {
    let [ending, executions, time, reported] = line.split_whitespace().collect::<Vec<_>>().try_into().ok()?;
    let nanoseconds = |text: &str| text.parse().ok().map(Duration::from_nanos);
    let endings = [Ending::Found, Ending::Complete, Ending::Cut, Ending::Unable];
    Some(Searched {
        ending: endings.into_iter().find(|known| format!("{known:?}") == ending)?,
        executions: executions.parse().ok()?,
        time: nanoseconds(time)?,
        reported: nanoseconds(reported)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_understood() {
        for engine in
            ["standard", "dpor", "shuttle-random:7", "shuttle-pct:1", "shuttle-full", "loom", "loom-bounded:2"]
        {
            assert_eq!(engine.parse::<Engine>().map(|engine| engine.to_string()), Ok(engine.to_owned()));
        }
        let [time, reported] = [345, 678].map(Duration::from_nanos);
        let searched = Searched { ending: Ending::Cut, executions: 12, time, reported };
        let again = parsed(&searched.to_string()).expect("a line");
        assert_eq!((again.ending, again.executions, again.time, again.reported), (Ending::Cut, 12, time, reported));
        assert!(parsed("Found 1 2").is_none());
        assert_eq!(searched.shown(), "> 12 (0.00 ms)");
        assert_eq!(grouped(1_234_567), "1 234 567");
    }
}
