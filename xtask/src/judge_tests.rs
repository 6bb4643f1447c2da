//! Verdicts: the first thing that is wrong decides, and only a whole report of this run is believed.

use std::path::Path;
use std::time::Duration;

use threadcraft_timeline::check::{Claim, Snapshot};
use threadcraft_timeline::report::{Failure, Report};

use super::*;

const LIMITS: Limits = Limits {
    time: Duration::from_secs(1),
    memory: 1 << 20,
    output: 1 << 20,
    threads: 10,
    file: 1 << 20,
    open_files: 10,
};

fn report(complete: bool, schedules: u64, failure: Option<&str>) -> Report {
    let failure = failure.map(|kind| {
        let text = format!(
            r#"{{"kind":{kind},"trace":{{"threads":[],"objects":[],"steps":[],"printed":[],"outcome":null}},
                "schedule":"ab","preemptions":0,"found_after":1}}"#
        );
        serde_json::from_str::<Failure>(&text).expect("a failure's form")
    });
    let cut = if complete { "null" } else { "\"budget\"" };
    let text =
        format!(r#"{{"outcomes":{{}},"schedules":{schedules},"complete":{complete},"cut":{cut},"failure":null}}"#);
    let mut report: Report = serde_json::from_str(&text).expect("a report's form");
    report.failure = failure;
    report
}

fn claim(verdict: &str, holds: bool) -> Claim {
    Claim { text: "it holds".into(), holds, verdict: verdict.into(), seen: String::new(), refuted_by: None }
}

fn part(kind: PartKind, report: Report, claims: Vec<Claim>, snapshot: Option<&str>) -> Part {
    let snapshot = snapshot.map(|contents| Snapshot {
        name: "outcomes".into(),
        contents: contents.into(),
        verdict: "wrong-outcomes".into(),
    });
    Part { title: "every schedule".into(), kind, report, claims, snapshot, examples: Vec::new(), played: None }
}

fn snapshots() -> (tempfile::TempDir, Snapshots) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("outcomes.snap"), "---\nsource: check.rs\n---\ncounter = 2\n").expect("written");
    let snapshots = Snapshots::read(folder.path());
    (folder, snapshots)
}

/// The finding of a program that reports these parts.
fn judged(parts: Vec<Part>) -> Finding {
    let report = CheckReport { version: 1, token: "t".into(), exercise: "spawn".into(), parts };
    of_bytes(&serde_json::to_vec(&report).expect("JSON"))
}

fn of_bytes(bytes: &[u8]) -> Finding {
    of_run(End::Exited(0), bytes, b"")
}

fn of_run(end: End, report: &[u8], printed: &[u8]) -> Finding {
    let (_folder, snapshots) = snapshots();
    let case = Case { exercise: "spawn", token: "t", snapshots: &snapshots, limits: &LIMITS };
    let mut output = Capture::default();
    output.add(printed);
    ran(&case, Ran { end, output, report: report.to_vec(), processor: Duration::from_millis(7) })
        .expect("not interrupted")
}

fn verdict(parts: Vec<Part>) -> Verdict {
    judged(parts).summary.verdict
}

const DEADLOCK: &str = r#"{"kind":"deadlock","waiting":[],"cycle":[]}"#;

#[test]
fn all_that_holds_is_passed_and_says_what_was_checked() {
    let whole = part(PartKind::Explore, report(true, 1234, None), vec![claim("property", true)], Some("counter = 2"));
    let broken = part(PartKind::Break, report(true, 1, Some(DEADLOCK)), vec![claim("not-broken", true)], None);
    let finding = judged(vec![broken, whole]);
    assert_eq!(finding.summary.verdict, Verdict::Passed);
    assert_eq!(finding.summary.checked, "your schedule · all interleavings, 1 234 runs");
    let cut = judged(vec![part(PartKind::Explore, report(false, 2000, None), Vec::new(), None)]);
    assert_eq!(cut.summary.checked, "2 000 schedules (budget)");
}

#[test]
fn the_first_fault_decides() {
    let failed = || report(true, 3, Some(DEADLOCK));
    let both = part(PartKind::Explore, failed(), vec![claim("property", false)], None);
    assert_eq!(verdict(vec![both]), Verdict::Deadlock);
    let claims = vec![claim("property", true), claim("panic", false), claim("property", false)];
    assert_eq!(verdict(vec![part(PartKind::Explore, report(true, 3, None), claims, Some("x"))]), Verdict::Panic);
    assert_eq!(
        verdict(vec![part(PartKind::Explore, report(true, 3, None), Vec::new(), Some("counter = 1"))]),
        Verdict::WrongOutcomes
    );
    let unbroken = part(PartKind::Break, report(true, 1, None), vec![claim("not-broken", false)], None);
    assert_eq!(verdict(vec![unbroken, part(PartKind::Explore, failed(), Vec::new(), None)]), Verdict::NotBroken);
}

#[test]
fn a_schedule_that_diverges_is_a_bad_schedule() {
    let diverged = r#"{"kind":"diverged","step":1,"why":"b waits"}"#;
    let part = part(PartKind::Explore, report(true, 1, Some(diverged)), Vec::new(), None);
    assert_eq!(verdict(vec![part]), Verdict::BadSchedule);
}

#[test]
fn a_fault_of_the_check_is_not_the_learner_s() {
    let unknown = part(PartKind::Explore, report(true, 1, None), vec![claim("bad-luck", false)], None);
    assert_eq!(verdict(vec![unknown]), Verdict::CourseError);
    assert_eq!(verdict(Vec::new()), Verdict::CourseError);
    let mut nameless = part(PartKind::Explore, report(true, 1, None), Vec::new(), Some("x"));
    nameless.snapshot.as_mut().expect("it has one").name = "nowhere".into();
    let finding = judged(vec![nameless]);
    assert_eq!(finding.summary.verdict, Verdict::CourseError);
    assert!(finding.details.said[0].contains("nowhere.snap is missing"), "{:?}", finding.details.said);
}

#[test]
fn only_a_whole_report_of_this_run_is_believed() {
    let report = CheckReport { version: 1, token: "t".into(), exercise: "spawn".into(), parts: Vec::new() };
    let bytes = |report: &CheckReport| serde_json::to_vec(report).expect("JSON");
    for (what, forged) in [
        ("another token", bytes(&CheckReport { token: "guess".into(), ..report.clone() })),
        ("another version", bytes(&CheckReport { version: 2, ..report.clone() })),
        ("another exercise", bytes(&CheckReport { exercise: "lock".into(), ..report.clone() })),
        ("half of it", bytes(&report)[..20].to_vec()),
        ("twice", [bytes(&report), bytes(&report)].concat()),
        ("garbage", b"passed".to_vec()),
    ] {
        assert_eq!(of_bytes(&forged).summary.verdict, Verdict::NoReport, "{what}");
    }
    // A whole report does not count either if the process then failed.
    assert_eq!(of_run(End::Exited(3), &bytes(&report), b"").summary.verdict, Verdict::Exited);
}

#[test]
fn an_end_without_a_report_is_named() {
    let end = |end, printed: &[u8]| of_run(end, b"", printed).summary;
    assert_eq!(end(End::Exited(0), b"").verdict, Verdict::Exited);
    assert!(end(End::Exited(9), b"").checked.contains("code 9"));
    assert!(
        end(End::Signalled(libc::SIGABRT), b"thread 'x' has overflowed its stack").checked.contains("stack overflow")
    );
    assert!(end(End::Signalled(libc::SIGSEGV), b"").checked.contains("SIGSEGV"));
    let memory = end(End::Signalled(libc::SIGABRT), b"memory allocation of 99 bytes failed");
    assert_eq!(memory.verdict, Verdict::OutOfMemory);
    for (how, verdict) in [
        (End::TimedOut, Verdict::Timeout),
        (End::OutOfMemory, Verdict::OutOfMemory),
        (End::OutputFlood, Verdict::OutputFlood),
        (End::ProcessFlood, Verdict::ProcessFlood),
    ] {
        let finding = of_run(how, b"", b"so far\x1b[2J");
        assert_eq!(finding.summary.verdict, verdict);
        assert_eq!(finding.details.printed.head, "so far␛[2J", "what was printed is shown, and harmless");
    }
}

#[test]
fn escape_codes_in_a_report_are_made_harmless() {
    let mut shown = part(PartKind::Explore, report(true, 1, None), vec![claim("property", false)], None);
    shown.claims[0].seen = "\u{1b}]0;title\u{7}".into();
    let finding = judged(vec![shown]);
    let report = finding.details.report.expect("believed");
    assert_eq!(report.parts[0].claims[0].seen, "␛]0;title␇");
}

fn error(code: &str, message: &str, file: &str) -> Diagnostic {
    let text = serde_json::json!({
        "message": message, "level": "error", "code": {"code": code}, "rendered": format!("error at /r/{file}"),
        "spans": [{"file_name": format!("/r/{file}"), "is_primary": true, "expansion": null}],
    });
    serde_json::from_value(text).expect("the form of cargo's messages")
}

fn rejected_for(errors: &[Diagnostic]) -> Finding {
    let root = Path::new("/r").to_path_buf();
    let places = Places { work: root.join("exercises/work"), generated: root.join("target"), root };
    rejected(&places, Path::new("/r/exercises/work/spawn.rs"), errors)
}

#[test]
fn the_learner_s_own_errors_are_shown_as_the_compiler_shows_them_with_short_paths() {
    let own = error("E0277", "`Rc` is not `Send`", "exercises/work/spawn.rs");
    let follow = error("E0425", "cannot find `x`", "exercises/check.rs");
    let finding = rejected_for(&[follow, own]);
    assert_eq!(finding.summary.verdict, Verdict::CompileError);
    assert_eq!(finding.details.compiler, ["error at exercises/work/spawn.rs"]);
    assert!(finding.summary.checked.contains("E0277"), "{}", finding.summary.checked);
}

#[test]
fn what_the_check_does_not_find_is_said_of_the_learner_s_file() {
    for (code, message, expected) in [
        ("E0603", "function `main` is private", "`main` is private, and the check needs it: write `pub fn main()`"),
        ("E0425", "cannot find function `main` in module `learner`", "there is no `main`"),
        (
            "E0425",
            "cannot find value `SCHEDULE` in module `crate::learner`",
            "write `pub const SCHEDULE: &str = \"\";`",
        ),
        ("E0308", "mismatched types", "does not fit the check: mismatched types"),
        ("E9999", "something new", "does not fit the check: something new"),
    ] {
        let finding = rejected_for(&[error(code, message, "exercises/check.rs")]);
        assert_eq!(finding.summary.verdict, Verdict::Interface);
        let said = finding.details.said.join("\n");
        assert!(said.contains(expected) && said.contains("exercises/work/spawn.rs"), "{code}: {said}");
    }
}
