//! What long searches need: a day in no time, and no more memory after a million executions than after ten thousand.

use std::time::Duration;

use threadcraft_benchmarks::{Table, met};
use threadcraft_explore::{Carrier, Explorer, Strategy};
use threadcraft_platform::thread::{Builder, Handle, sleep};

use crate::right;
use crate::seam::Ours;
use crate::speed::processor_time;

/// How many schedules a second of the ticker are asked for.
const TICKER_RATE: f64 = 10_000.0;

/// Executions before memory is looked at for the first time, and in all.
const WARM: u64 = 10_000;
const ALL: u64 = 1_000_000;

/// How much may be added meanwhile.
const MOST_GROWTH: u64 = 1 << 20;

/// Prints the table.
pub(crate) fn print() {
    let mut table = Table::new(&[("what", false), ("ours", true), ("target", true), ("met", false)]);
    eprintln!("endurance: a day of ticks");
    let rate = ticker_rate();
    table.line(vec![
        "a clock that ticks each hour of a day, beside a thread that waits for the end of it: schedules a second"
            .to_owned(),
        format!("{rate:.0}"),
        format!("> {TICKER_RATE:.0}"),
        met(Some(rate > TICKER_RATE)).to_owned(),
    ]);
    eprintln!("endurance: memory over {ALL} executions");
    let (before, after) = memory();
    let growth = after.saturating_sub(before);
    table.line(vec![
        format!("memory in use after {WARM} and after {ALL} executions of 3 × 20 additions, KiB"),
        format!("{} and {}", before >> 10, after >> 10),
        format!("≤ {} more", MOST_GROWTH >> 10),
        met(Some(growth <= MOST_GROWTH)).to_owned(),
    ]);
    println!("### Long searches\n\n{table}");
}

fn spawn(body: impl FnOnce() + Send + 'static) -> Handle {
    Builder::default().spawn(body).expect("explored threads can always be started")
}

fn ticker() {
    const HOUR: Duration = Duration::from_secs(60 * 60);
    let clock = spawn(|| (0..24).for_each(|_| sleep(HOUR)));
    let day = spawn(|| sleep(24 * HOUR));
    clock.join();
    day.join();
}

fn ticker_rate() -> f64 {
    let executions = 20_000;
    let explorer = Explorer::builder().carrier(Carrier::Coroutines).strategy(Strategy::Random);
    let explorer = explorer.max_schedules(executions).build();
    let before = processor_time();
    let report = explorer.explore(ticker);
    assert!(report.failure.is_none() && report.schedules == executions, "{:?}", report.cut);
    executions as f64 / (processor_time() - before).as_secs_f64()
}

/// What this process has in memory, in bytes, early and at the end of one search.
fn memory() -> (u64, u64) {
    let explorer = Explorer::builder().carrier(Carrier::Coroutines).strategy(Strategy::Random);
    let explorer = explorer.max_schedules(ALL).time_limit(Duration::from_secs(600)).build();
    let (mut executions, mut early) = (0, 0);
    let report = explorer.visit(right::three_workers::<Ours>, |_| {
        executions += 1;
        if executions == WARM {
            early = resident();
        }
    });
    assert!(report.failure.is_none() && report.schedules == ALL, "{:?}", report.cut);
    (early, resident())
}

fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").expect("every Linux has this file");
    let pages: u64 = text.split_whitespace().nth(1).and_then(|pages| pages.parse().ok()).expect("the second number");
    // SAFETY: it reads a constant of the system.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    pages * page as u64
}
