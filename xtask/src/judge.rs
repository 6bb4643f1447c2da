//! From what a program did to a verdict. Nothing is believed but a whole report with the right token and version.

use serde_json::Value;
use threadcraft_timeline::check::{self, CheckReport, Part, PartKind};
use threadcraft_timeline::report::FailureKind;

use crate::compile::Diagnostic;
use crate::findings::{Details, Fault, Finding, Printed, Summary, What};
use crate::places::Places;
use crate::process::{Capture, End, Limits, Ran};
use crate::snapshot::{Snapshots, normal};
use crate::terminal::{harmless, harmless_bytes};
use crate::verdict::Verdict;

/// What the judge must know of a run besides what came out of it.
pub(crate) struct Case<'a> {
    /// The name of the exercise.
    pub(crate) exercise: &'a str,
    /// The token that the report must carry.
    pub(crate) token: &'a str,
    /// What the exercise's snapshots say.
    pub(crate) snapshots: &'a Snapshots,
    /// What the program was allowed.
    pub(crate) limits: &'a Limits,
}

/// Judges a program that was run. `None`: interrupted, so there is nothing to judge.
pub(crate) fn ran(case: &Case<'_>, ran: Ran) -> Option<Finding> {
    let printed = shown(ran.output);
    let mut finding = match ran.end {
        End::Interrupted => return None,
        End::Exited(0) => match read_report(case, &ran.report) {
            Ok(report) => judge_report(case, report),
            Err(why) => without_report(0, &why),
        },
        End::Exited(code) => without_report(code, NOTHING),
        End::Signalled(signal) => crashed(signal, &printed, case.limits),
        End::TimedOut => {
            let limit = case.limits.time;
            Finding::said(
                Verdict::Timeout,
                format!(
                    "it took more than {limit:?} and was killed: look for a loop without end, or a wait for something that never comes"
                ),
            )
        }
        End::OutOfMemory => out_of_memory(case.limits),
        End::OutputFlood => {
            let most = case.limits.output >> 20;
            Finding::said(
                Verdict::OutputFlood,
                format!("it printed more than {most} MiB and was killed: look for printing in a loop without end"),
            )
        }
        End::ProcessFlood => {
            let most = case.limits.threads;
            Finding::said(
                Verdict::ProcessFlood,
                format!(
                    "it had more than {most} threads or processes and was killed: look for starting them in a loop without end"
                ),
            )
        }
    };
    finding.details.printed = printed;
    finding.summary.milliseconds = u64::try_from(ran.processor.as_millis()).unwrap_or(u64::MAX);
    Some(finding)
}

/// Of a program that may have changed the course: nothing that it says is believed.
pub(crate) fn tampered(file: &str) -> Finding {
    Finding::said(
        Verdict::Tampered,
        format!(
            "{file} changed while the check ran: an exercise leaves the course's files alone. See what changed with \
             `git diff`, restore it with `git checkout`, and check again"
        ),
    )
}

/// A program that ended, but not with a report.
fn without_report(code: i32, why: &str) -> Finding {
    if code == 0 && why != NOTHING {
        return Finding::said(Verdict::NoReport, format!("{why}; if it stays so, tell us with your file"));
    }
    let mut finding = Finding::said(
        Verdict::Exited,
        format!(
            "the process ended with code {code} before the check was over: let `main` return instead of calling `exit`"
        ),
    );
    finding.summary.checked = format!("it ends the process (code {code}) instead of returning");
    finding
}

const NOTHING: &str = "nothing was reported";

fn crashed(signal: i32, printed: &Printed, limits: &Limits) -> Finding {
    // Last words come last.
    let said = |words: &str| printed.head.contains(words) || printed.tail.contains(words);
    if signal == libc::SIGABRT && said("memory allocation of") {
        return out_of_memory(limits);
    }
    if signal == libc::SIGXFSZ {
        let most = limits.file >> 20;
        return Finding::said(
            Verdict::OutputFlood,
            format!("it wrote a file of more than {most} MiB: look for writing in a loop without end"),
        );
    }
    let (name, why) = match signal {
        libc::SIGABRT if said("has overflowed its stack") => {
            ("stack overflow", "a thread overflowed its stack: look for a function that calls itself without end")
        }
        libc::SIGABRT => ("SIGABRT", "the process aborted: look for `abort`, or a panic while another panic unwinds"),
        libc::SIGSEGV => ("SIGSEGV", "it touched memory that is not its own"),
        libc::SIGKILL => ("SIGKILL", "somebody killed it; if it was the system, for want of memory"),
        _ => ("a signal", "the process was killed"),
    };
    let mut finding = Finding::said(Verdict::Crashed, format!("{why} (signal {signal})"));
    finding.summary.checked = format!("the process crashed: {name}");
    finding
}

fn out_of_memory(limits: &Limits) -> Finding {
    let most = limits.memory >> 20;
    Finding::said(
        Verdict::OutOfMemory,
        format!("it asked for more than {most} MiB: look for something that grows in a loop without end"),
    )
}

/// The beginning and the end of what was printed, harmless.
fn shown(output: Capture) -> Printed {
    let (head, missing, tail) = output.into_parts();
    if missing == 0 {
        return Printed { head: harmless_bytes(&[head, tail].concat()), ..Printed::default() };
    }
    Printed { head: harmless_bytes(&head), missing, tail: harmless_bytes(&tail) }
}

/// Reads a report, or says why it cannot be believed. All its texts are made harmless: they are the learner's.
fn read_report(case: &Case<'_>, bytes: &[u8]) -> Result<CheckReport, String> {
    if bytes.is_empty() {
        return Err(NOTHING.to_owned());
    }
    let mut value: Value = serde_json::from_slice(bytes).map_err(|_| "the report is damaged".to_owned())?;
    if value.get("version").and_then(Value::as_u64) != Some(u64::from(check::VERSION)) {
        return Err("the report is of another version".to_owned());
    }
    make_harmless(&mut value);
    let report: CheckReport = serde_json::from_value(value).map_err(|_| "the report is incomplete".to_owned())?;
    if report.token != case.token || report.exercise != case.exercise {
        return Err("the report is not of this run".to_owned());
    }
    Ok(report)
}

fn make_harmless(value: &mut Value) {
    match value {
        Value::String(text) => *text = harmless(text),
        Value::Array(values) => values.iter_mut().for_each(make_harmless),
        // Keys are texts too: the outcomes are a map's.
        Value::Object(map) => {
            let old = std::mem::take(map);
            map.extend(old.into_iter().map(|(key, mut value)| {
                make_harmless(&mut value);
                (harmless(&key), value)
            }));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The verdict is that of the first thing that is wrong, in the order of the parts.
fn judge_report(case: &Case<'_>, report: CheckReport) -> Finding {
    if report.parts.is_empty() {
        return Finding::said(Verdict::CourseError, "the check has no part: check.rs explores nothing");
    }
    let fault = report.parts.iter().enumerate().find_map(|(part, contents)| {
        let (verdict, what) = first_fault(contents, case.snapshots)?;
        Some((verdict, Fault { part, what }))
    });
    let checked = report.parts.iter().map(scope).collect::<Vec<_>>().join(" · ");
    let (verdict, fault, said) = match fault {
        None => (Verdict::Passed, None, Vec::new()),
        Some((Ok(verdict), fault)) => (verdict, Some(fault), Vec::new()),
        Some((Err(why), fault)) => (Verdict::CourseError, Some(fault), vec![why]),
    };
    Finding {
        summary: Summary { verdict, checked, milliseconds: 0 },
        details: Details { said, fault, report: Some(report), ..Details::default() },
    }
}

/// The first thing that is wrong in one part, with its verdict, or with what is wrong with the check itself.
fn first_fault(part: &Part, snapshots: &Snapshots) -> Option<(Result<Verdict, String>, What)> {
    let named = |name: &str| name.parse::<Verdict>().map_err(|error| format!("check.rs: {error}"));
    if part.kind == PartKind::Explore
        && let Some(failure) = &part.report.failure
    {
        return Some((failure_verdict(&failure.kind), What::Failure));
    }
    if let Some(claim) = part.claims.iter().position(|claim| !claim.holds) {
        return Some((named(&part.claims[claim].verdict), What::Claim(claim)));
    }
    let snapshot = part.snapshot.as_ref()?;
    match snapshots.expected(&snapshot.name) {
        Ok(expected) if expected == normal(&snapshot.contents) => None,
        Ok(expected) => Some((named(&snapshot.verdict), What::Snapshot { expected: expected.to_owned() })),
        Err(why) => Some((Err(why), What::Snapshot { expected: String::new() })),
    }
}

fn failure_verdict(kind: &FailureKind) -> Result<Verdict, String> {
    match kind {
        FailureKind::Diverged { .. } => Ok(Verdict::BadSchedule),
        other => other.name().parse().map_err(|_| format!("the explorer's failure `{}` has no verdict", other.name())),
    }
}

/// What was checked in one part: all interleavings, and in how many runs (the search also runs a few that differ in
/// nothing that matters), or how many and why no more.
fn scope(part: &Part) -> String {
    let report = &part.report;
    let schedules = grouped(report.schedules);
    match (part.kind, report.complete, &report.cut) {
        (PartKind::Break, ..) => "your schedule".to_owned(),
        (PartKind::Replay, ..) => "one schedule".to_owned(),
        (PartKind::Explore, true, _) if report.schedules == 1 => "the only interleaving".to_owned(),
        (PartKind::Explore, true, _) => format!("all interleavings, {schedules} runs"),
        (PartKind::Explore, false, Some(cut)) if report.failure.is_none() => {
            // The line of an exercise has room for one word, and the usual reason is always the same.
            let cut = if cut.contains("budget") { "budget" } else { cut };
            format!("{schedules} schedules ({cut})")
        }
        (PartKind::Explore, false, _) if report.schedules == 1 => "1 schedule".to_owned(),
        (PartKind::Explore, false, _) => format!("{schedules} schedules"),
    }
}

/// `12345` as `12 345`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(" ")
}

/// Judges a program that does not compile: is it the learner's file, or what the check looks for in it?
pub(crate) fn rejected(places: &Places, learner: &std::path::Path, errors: &[Diagnostic]) -> Finding {
    let root = format!("{}/", places.root.display());
    let shown = |diagnostic: &Diagnostic| diagnostic.rendered().replace(&root, "");
    let own: Vec<&Diagnostic> = errors.iter().filter(|diagnostic| diagnostic.is_in(learner)).collect();
    if own.is_empty() {
        return lacking(errors, &places.shown(learner));
    }
    let mut codes: Vec<&str> = own.iter().filter_map(|diagnostic| diagnostic.code()).collect();
    codes.dedup();
    let checked = match codes.as_slice() {
        [] => Verdict::CompileError.meaning().to_owned(),
        codes => format!("{} ({})", Verdict::CompileError.meaning(), codes.join(", ")),
    };
    Finding {
        summary: Summary { verdict: Verdict::CompileError, checked, milliseconds: 0 },
        details: Details { compiler: own.into_iter().map(shown).collect(), ..Details::default() },
    }
}

/// The learner's file compiles by itself, but lacks what the check needs: said in terms of that file.
fn lacking(errors: &[Diagnostic], file: &str) -> Finding {
    let said: Vec<String> = errors.iter().filter_map(|error| lacks(error, file)).collect();
    if said.is_empty() {
        let told: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        return Finding::said(
            Verdict::Interface,
            format!(
                "{file} does not fit the check: {}; keep the names and types of the public items as they were given",
                told.join("; ")
            ),
        );
    }
    let mut finding = Finding::said(Verdict::Interface, "");
    finding.details.said = said;
    finding.details.said.dedup();
    finding
}

/// What a file lacks, if the compiler's error is one of those that mean it.
fn lacks(error: &Diagnostic, file: &str) -> Option<String> {
    let item = error.message.split('`').nth(1)?;
    let wanted = match item {
        "main" => "pub fn main()".to_owned(),
        "SCHEDULE" => "pub const SCHEDULE: &str = \"\";".to_owned(),
        other => format!("pub … {other}"),
    };
    match error.code()? {
        "E0603" => Some(format!("{file}: `{item}` is private, and the check needs it: write `{wanted}`")),
        "E0425" | "E0432" | "E0433" | "E0412" => {
            Some(format!("{file}: there is no `{item}`, and the check needs it: write `{wanted}`"))
        }
        "E0308" | "E0277" | "E0061" => Some(format!(
            "{file}: an item has another type than the check needs: {}; keep the public items as they were given",
            error.message
        )),
        _ => None,
    }
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
