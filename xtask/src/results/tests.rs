//! What a run is worth, and what its pictures say.

use quick_junit::{NonSuccessKind, TestCaseStatus};

use super::*;

/// An exercise in these tests: what does not pass was begun.
pub(super) fn entry(number: u32, name: &str, verdict: Verdict) -> Entry {
    let standing = if verdict.is_passed() { Standing::Done } else { Standing::Failing };
    Entry {
        number,
        name: name.to_owned(),
        chapter: "01_threads".to_owned(),
        kind: "P".to_owned(),
        stars: 1,
        points: 2,
        earned: if verdict.is_passed() { 2 } else { 0 },
        file: format!("exercises/work/01_threads/{name}.rs"),
        line: Some(3),
        verdict,
        standing,
        checked: "a \"word\" & <more>".to_owned(),
        unchanged: false,
        hints: 0,
        gave_up: false,
        diagnosis: Some("error: \u{1b}[2J]]> & <x>\n::error::no".to_owned()),
        report: None,
    }
}

/// A run of these exercises.
pub(super) fn results(exercises: Vec<Entry>) -> Results {
    let selected = exercises.len();
    Results::new(Head { strict: false, shard: None, selected, interrupted: false, notices: Vec::new() }, exercises)
}

fn to_do(mut entry: Entry) -> Entry {
    entry.standing = Standing::ToDo;
    entry
}

fn strictly(results: Results) -> Results {
    let Results { shard, selected, interrupted, notices, exercises, .. } = results;
    Results::new(Head { strict: true, shard, selected, interrupted, notices }, exercises)
}

#[test]
fn the_exit_code_says_the_worst_that_happened() {
    let passed = entry(1, "a", Verdict::Passed);
    let failing = entry(2, "b", Verdict::Deadlock);
    let fresh = to_do(entry(3, "c", Verdict::Property));
    let broken = entry(4, "d", Verdict::CourseError);
    let code = |entries: &[&Entry]| results(entries.iter().map(|&entry| entry.clone()).collect()).exit_code;
    assert_eq!([code(&[]), code(&[&passed]), code(&[&passed, &fresh])], [0, 0, 0]);
    assert_eq!([code(&[&passed, &failing]), code(&[&failing, &broken])], [1, 2]);
    assert_eq!(strictly(results(vec![passed, fresh])).exit_code, 1);
    assert_eq!(exit(false, true, std::iter::empty()), Exit::Interrupted);
}

#[test]
fn points_are_counted_for_what_passes() {
    let totals = results(vec![entry(1, "a", Verdict::Passed), entry(2, "b", Verdict::Panic)]).totals;
    assert_eq!((totals.points, totals.of_points, totals.passed, totals.failing), (2, 4, 1, 1));
}

#[test]
fn a_document_is_read_as_it_was_written() {
    let written = results(vec![entry(1, "a", Verdict::Passed), to_do(entry(2, "b", Verdict::Panic))]);
    let text = serde_json::to_string(&written).expect("JSON");
    assert_eq!(serde_json::from_str::<Results>(&text).expect("read"), written);
}

#[test]
fn junit_says_failure_error_and_skipped_and_another_reader_understands_it() {
    let all = vec![
        entry(1, "a", Verdict::Passed),
        entry(2, "b", Verdict::Deadlock),
        to_do(entry(3, "c", Verdict::Property)),
        entry(4, "d", Verdict::CourseError),
    ];
    let read =
        |results: &Results| quick_junit::Report::deserialize_from_str(&junit::document(results)).expect("JUnit's XML");
    let report = read(&results(all.clone()));
    assert_eq!((report.tests, report.failures, report.errors), (4, 1, 1));
    let suite = &report.test_suites[0];
    assert_eq!((suite.tests, suite.failures, suite.errors), (4, 1, 1));
    let status = |index: usize| &suite.test_cases[index].status;
    assert!(matches!(status(0), TestCaseStatus::Success { .. }) && matches!(status(2), TestCaseStatus::Skipped { .. }));
    let TestCaseStatus::NonSuccess { kind, message, ty, description, .. } = status(1) else { panic!("{suite:?}") };
    assert_eq!((*kind, ty.as_deref()), (NonSuccessKind::Failure, Some("deadlock")));
    assert_eq!(message.as_deref(), Some("a \"word\" & <more>"));
    assert_eq!(description.as_deref(), Some("error: \u{fffd}[2J]]> & <x>\n::error::no"));
    assert!(matches!(status(3), TestCaseStatus::NonSuccess { kind: NonSuccessKind::Error, .. }));
    assert_eq!(suite.test_cases[0].properties[0].name.as_str(), "points");
    assert_eq!(read(&strictly(results(all))).failures, 2, "strictly, what is to do fails");
}

#[test]
fn github_is_told_the_line_in_one_command_an_exercise() {
    let text = github::commands(&results(vec![
        entry(1, "a", Verdict::Passed),
        entry(2, "b", Verdict::Deadlock),
        to_do(entry(3, "c", Verdict::Property)),
    ]));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(
        lines[0].starts_with("::error file=exercises/work/01_threads/b.rs,line=3,title=b%3A deadlock::error: "),
        "{text}"
    );
    assert!(lines[1].starts_with("::notice file=") && lines[2].contains("2 of 6 points"), "{text}");
}
