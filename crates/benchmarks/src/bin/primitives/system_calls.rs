//! System calls, counted by `strace` where there is one: this program calls itself under it.

use std::fs;
use std::process::{Command, Stdio};

use threadcraft_benchmarks::{Table, Target, met};

use crate::{barrier, condition, event};

/// The first argument of the program when it is only to do what is counted.
const DO: &str = "do";

/// What both counts have in common is starting and stopping; a few calls more or less in that are lost among so many.
const FEW: u32 = 100;
const MANY: u32 = 2_100;

/// How many futex calls one more of `what` makes; `None` without `strace`.
fn futexes_for_one(what: &str, whose: &str) -> Option<f64> {
    let [few, many] = [FEW, MANY].map(|times| futexes(what, whose, times));
    Some((many? - few?) / f64::from(MANY - FEW))
}

fn futexes(what: &str, whose: &str, times: u32) -> Option<f64> {
    let log = std::env::temp_dir().join(format!("threadcraft-futexes-{}", std::process::id()));
    let mut command = Command::new("strace");
    command.args(["-f", "-e", "trace=futex", "-o"]).arg(&log).arg(std::env::current_exe().ok()?);
    command.args([DO, what, whose, &times.to_string()]).stdin(Stdio::null()).stdout(Stdio::null());
    let ended = command.stderr(Stdio::null()).status();
    let text = fs::read_to_string(&log);
    let _ = fs::remove_file(&log);
    // A call that was interrupted by another thread's has a second line, which says `resumed`.
    ended.ok()?.success().then_some(text.ok()?.lines().filter(|line| line.contains("futex(")).count() as f64)
}

/// The table of what one of each of these makes: what it is called, by which name it is done, and how many it may make.
/// The peers are asked for, too. Nothing without `strace`.
pub(crate) fn print(peers: &'static [&'static str], lines: &[(&str, &str, Target)]) {
    let heads = [("futex calls", false), ("ours", true), ("target", true), ("met", false)];
    let mut table = Table::new(&[&heads[..], &peers.iter().map(|&peer| (peer, true)).collect::<Vec<_>>()].concat());
    for &(what, name, target) in lines {
        let Some(ours) = futexes_for_one(name, "ours") else { return };
        let theirs = peers.iter().map(|peer| futexes_for_one(name, peer));
        let theirs = theirs.map(|calls| calls.map_or("–".to_owned(), |calls| format!("{calls:.2}")));
        let line =
            vec![what.to_owned(), format!("{ours:.2}"), target.to_string(), met(target.is_met_by(ours)).to_owned()];
        table.line(line.into_iter().chain(theirs).collect());
    }
    println!("{table}");
}

/// Does what is counted if the arguments ask for that; true if so.
pub(crate) fn done() -> bool {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [first, what, whose, times] = &arguments[..] else { return false };
    let Ok(times) = times.parse() else { return false };
    match (first.as_str(), what.as_str()) {
        (DO, "barrier") => barrier::phases(whose, times),
        (DO, "notify") => condition::notify(whose, times),
        (DO, "turns") => condition::take_turns_for(whose, times),
        (DO, "broadcast") => condition::broadcasts(whose, times),
        (DO, "event") => event::trips(whose, times),
        _ => return false,
    }
    true
}
