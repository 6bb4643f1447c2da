//! What learners read, kind by kind, as snapshots in `snapshots/`; and what holds for every text.

use std::time::Duration;

use super::fixtures::{self as given, style};
use super::*;
use crate::report::{FailureKind, Location};

/// Compares a text with `snapshots/<name>.snap`.
fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn example(outcome: &str, times: u64, trace: Trace) -> Example {
    let schedule = "bc2b".parse().expect("valid");
    Example { outcome: outcome.to_owned(), times, schedule, preemptions: 1, trace }
}

/// Two outcomes of the lost update, the wrong one first.
fn examples() -> [Example; 2] {
    [example("1", 4, given::lost_update()), example("2", 2, given::lost_update())]
}

fn claim(refuted_by: Option<Failure>) -> Claim {
    Claim {
        text: "two are alive at once on some schedule".to_owned(),
        holds: false,
        verdict: "property".to_owned(),
        seen: "at most one was alive\non all 6 schedules".to_owned(),
        refuted_by,
    }
}

/// One failure of each kind, by the name of its snapshot.
fn failures() -> Vec<(&'static str, Failure)> {
    let line = |mark| Some(given::place("misc.rs", mark));
    let foreign = FailureKind::Foreign {
        what: "a thread that the explorer does not know uses the lock `left`".to_owned(),
        instead: "start threads with `threadcraft::spawn`, not with `std::thread::spawn`".to_owned(),
        location: line("try_lock"),
    };
    let stuck = FailureKind::Stuck { thread: 1, waited: Duration::from_secs(5), location: line("std::sync::Mutex") };
    let property =
        FailureKind::Property { claim: "the balance is never below 0".to_owned(), seen: "balance = -50".to_owned() };
    let uncontrolled =
        FailureKind::Uncontrolled { what: "step 2 was `get` of a shared at first and `set` later".to_owned() };
    let diverged = FailureKind::Diverged { step: 5, why: "`d` cannot run: there is no such thread".to_owned() };
    let nothing = Failure { trace: Trace::default(), ..given::of_kind(FailureKind::NothingRecorded) };
    let long = Failure { trace: given::long(400), ..given::of_kind(FailureKind::StepLimit { limit: 1680 }) };
    vec![
        ("philosophers", given::philosophers(3)),
        ("twelve_philosophers", given::philosophers(12)),
        ("livelock", given::livelock()),
        ("panic", given::panic()),
        ("data_race", given::data_race()),
        ("step_limit", long),
        ("property", given::of_kind(property)),
        ("stuck", given::of_kind(stuck)),
        ("foreign", given::of_kind(foreign)),
        ("uncontrolled", given::of_kind(uncontrolled)),
        ("diverged", given::of_kind(diverged)),
        ("nothing_recorded", nothing),
        ("event_that_nobody_sets", given::stranded("ready", "event", "wait()", vec![])),
        ("lock_that_was_never_given_back", given::stranded("door", "lock", "lock()", vec![2])),
        ("lock_taken_twice", given::self_deadlock()),
        ("hostile", given::hostile()),
    ]
}

/// Every text that can be made, at this style.
fn texts(style: &Style) -> Vec<String> {
    let [wrong, right] = examples();
    let both = [wrong.clone(), right];
    let mut texts: Vec<String> = failures().iter().map(|(name, of)| failure(name, of, style)).collect();
    texts.push(wrong_outcome("lost_update", "2", &both, &wrong, style));
    texts.push(wrong_outcome("", "total = 2\ntotal = 3", &both, &wrong, style));
    texts.push(refuted("spawn", &claim(None), style));
    texts.push(refuted("spawn", &claim(Some(given::panic())), style));
    texts.push(timeline(&given::long(40), style));
    texts.push(timeline(&given::signals(), style));
    texts.push(timeline(&given::lost_update_with_main(), style));
    texts
}

#[test]
fn each_kind_of_failure_is_told_in_its_own_words() {
    for (name, of) in failures() {
        snapshot(name, &failure(name, &of, &style(80)));
    }
}

#[test]
fn the_same_deadlock_is_readable_at_every_width() {
    for width in [20, 40, 120] {
        snapshot(&format!("philosophers_{width}"), &failure("philosophers", &given::philosophers(3), &style(width)));
        snapshot(&format!("panic_{width}"), &failure("", &given::panic(), &style(width)));
    }
}

#[test]
fn a_lost_update_is_called_by_its_name() {
    let both = examples();
    let text = wrong_outcome("lost_update", "2", &both, &both[0], &style(80));
    assert!(text.starts_with("error[lost-update]"), "{text}");
    snapshot("lost_update", &text);
}

#[test]
fn a_wrong_outcome_without_a_lost_update_is_shown_with_its_timeline() {
    let seen = [example("early / done", 1, given::signals()), example("done / early", 2, given::signals())];
    snapshot("wrong_outcome", &wrong_outcome("join", "done / early", &seen, &seen[0], &style(80)));
    let some = [example("and another", 3, given::signals()), seen[0].clone()];
    let many = "one that is quite long and stands alone\nand another";
    snapshot("wrong_outcome_of_many", &wrong_outcome("", many, &some, &seen[0], &style(80)));
}

#[test]
fn a_claim_is_refuted_by_an_execution_or_by_all_of_them() {
    snapshot("refuted", &refuted("spawn", &claim(None), &style(80)));
    let property = FailureKind::Property { claim: String::new(), seen: String::new() };
    let one = claim(Some(given::of_kind(property)));
    snapshot("refuted_by_one", &refuted("spawn", &one, &style(80)));
    snapshot("refuted_by_a_race", &refuted("spawn", &claim(Some(given::data_race())), &style(80)));
}

#[test]
fn long_traces_are_folded_and_longer_ones_lose_their_middle() {
    snapshot("long", &timeline(&given::long(20), &style(80)));
    snapshot("longer", &timeline(&given::long(400), &style(80)));
}

#[test]
fn main_has_a_column_only_if_it_does_something_while_others_run() {
    let mut trace = given::lost_update_with_main();
    let text = timeline(&trace, &style(80));
    snapshot("main_aside", &text);
    trace.steps.swap(0, 1);
    assert!(timeline(&trace, &style(80)).contains("a main "), "main starts c after b has begun");
    trace.steps.swap(0, 1);
    trace.steps.swap(4, 5); // b ends after main's join: only a join may stand between
    assert!(!timeline(&trace, &style(80)).contains("a main "));
}

#[test]
fn a_semaphore_that_another_releases_is_held_by_nobody() {
    let text = timeline(&given::signals(), &style(100));
    snapshot("signals", &text);
    assert_eq!(timeline(&Trace::default(), &style(80)), "");
}

#[test]
fn colours_follow_the_roles_and_change_nothing_else() {
    let colored = |width| Style { color: true, ..style(width) };
    let text = failure("philosophers", &given::philosophers(3), &colored(80));
    snapshot("philosophers_colored", &text.replace('\x1b', "␛"));
    for width in [20, 80] {
        let bare: Vec<String> = texts(&colored(width)).iter().map(|text| without_colors(text)).collect();
        assert_eq!(bare, texts(&style(width)));
    }
}

fn without_colors(text: &str) -> String {
    let mut pieces = text.split("\x1b[");
    let first = pieces.next().unwrap_or_default().to_owned();
    first + &pieces.map(|piece| piece.split_once('m').expect("a colour ends in m").1).collect::<String>()
}

#[test]
fn no_text_has_spaces_at_line_ends_or_characters_that_move_the_cursor() {
    for width in 0..=130 {
        for text in texts(&style(width)) {
            assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "at {width}:\n{text}");
            for line in text.lines() {
                assert_eq!(line, line.trim_end(), "at {width}:\n{text}");
                assert!(!line.chars().any(char::is_control), "at {width}: {line:?}");
            }
        }
    }
}

#[test]
fn no_line_is_wider_than_the_style_but_for_what_is_to_be_copied() {
    for width in 20..=130 {
        for text in texts(&style(width)) {
            let copied = |line: &&str| line.contains("replay: ") || line.contains("--> ") || line.contains("::: ");
            for line in text.lines().filter(|line| !copied(line)) {
                assert!(text::width(line) <= width, "{} columns at {width}: {line}\n{text}", text::width(line));
            }
        }
    }
}

#[test]
fn the_same_report_gives_the_same_text() {
    assert_eq!(texts(&style(80)), texts(&style(80)));
}

#[test]
fn a_schedule_is_one_word_of_a_shell_or_plain_text_without_a_command() {
    let mut of = given::philosophers(3);
    assert!(failure("", &of, &style(80)).contains("--schedule a2b3d3cb\n"));
    of.schedule = "ab!c".parse().expect("valid");
    assert!(failure("", &of, &style(80)).contains("--schedule 'ab!c'\n"));
    let bare = Style { replay: None, ..style(80) };
    assert!(failure("", &of, &bare).contains("= note: schedule: ab!c\n"));
    of.schedule = "".parse().expect("valid");
    assert!(failure("", &of, &style(80)).contains("--schedule ''\n"));
}

#[test]
fn lines_of_several_files_stand_under_their_own_names() {
    let mut of = given::data_race();
    if let FailureKind::DataRace { second, .. } = &mut of.kind {
        second.location = Some(given::place("misc.rs", "set("));
        of.trace.steps[2].location = second.location.clone();
    }
    let text = failure("", &of, &style(100));
    assert!(text.contains("--> misc.rs:23") && text.contains("::: lost_update.rs:7"), "{text}");
    assert!(text.contains("lost_update.rs:7: let seen") && text.contains("misc.rs:23: BALANCE"), "{text}");
}

#[test]
fn a_file_that_cannot_be_read_leaves_its_name_and_line() {
    let mut of = given::data_race();
    let gone = Location { file: "gone.rs".to_owned(), line: 12, column: 5 };
    of.trace.steps.iter_mut().for_each(|step| step.location = Some(gone.clone()));
    if let FailureKind::DataRace { first, second, .. } = &mut of.kind {
        first.location = Some(gone.clone());
        second.location = Some(gone);
    }
    let text = failure("", &of, &style(80));
    assert!(text.contains("--> gone.rs:12:5") && text.contains("12 | b reads here during step 1"), "{text}");
}
