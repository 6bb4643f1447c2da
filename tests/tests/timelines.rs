//! What the explorer says of real programs that go wrong: the sentence, the lines, the timeline, and why; as reviewed
//! (`snapshots/timelines`, with `cargo insta review`). And the same as JSON.

use std::time::Duration;

use threadcraft_explore::render::{self, Style};
use threadcraft_explore::why::Pattern;
use threadcraft_explore::{Explorer, ExplorerBuilder, Failure, Grain, Outcomes, Report};
use threadcraft_tests::programs;
use threadcraft_tests::stories::{deadlock, endless, foreign, memory, names, resources, stale, waking};

/// A program, by the name of its snapshot.
type Story = (&'static str, fn());

const DEADLOCKS: [Story; 6] = [
    ("deadlock_transfer", deadlock::transfer),
    ("deadlock_twice", deadlock::twice),
    ("deadlock_forgotten", deadlock::forgotten),
    ("deadlock_permits", deadlock::permits),
    ("deadlock_sign_and_door", deadlock::sign_and_door),
    ("deadlock_leaked", deadlock::leaked),
];

const WAKINGS: [Story; 11] = [
    ("waking_pulse", waking::pulse),
    ("waking_cleared_by_the_waiter", waking::cleared_by_the_waiter),
    ("waking_cleared_by_another", waking::cleared_by_another),
    ("waking_looked_and_slept", waking::looked_and_slept),
    ("waking_notified_in_between", waking::notified_in_between),
    ("waking_nothing_more_to_come", waking::nothing_more_to_come),
    ("waking_bare_futex", waking::bare_futex),
    ("waking_never_set", waking::never_set),
    ("waking_heard_once", waking::heard_once),
    ("waking_notified_before_the_lock", waking::notified_before_the_lock),
    ("waking_seen_without_the_notify", waking::seen_without_the_notify),
];

const STALE: [Story; 7] = [
    ("stale_lost_update", stale::lost_update),
    ("stale_overdrawn", stale::overdrawn),
    ("stale_one_seat", stale::one_seat),
    ("stale_emptied_meanwhile", stale::emptied_meanwhile),
    ("stale_simply_wrong", stale::simply_wrong),
    ("stale_seen_in_time", stale::seen_in_time),
    ("stale_lost_panic", stale::lost_panic),
];

const MEMORY: [Story; 5] = [
    ("race_relaxed_store", memory::relaxed_store),
    ("race_relaxed_load", memory::relaxed_load),
    ("race_relaxed_both", memory::relaxed_both),
    ("race_one_sided_lock", memory::one_sided_lock),
    ("race_unguarded", memory::unguarded),
];

const ENDLESS: [Story; 3] = [
    ("endless_polite", endless::polite),
    ("endless_spinning", endless::spinning),
    ("endless_counting", endless::counting),
];

const FOREIGN: [Story; 4] = [
    ("foreign_thread_of_std", foreign::thread_of_std),
    ("foreign_lock_of_std", foreign::lock_of_std),
    ("foreign_remembers", foreign::remembers),
    ("foreign_nothing", foreign::nothing),
];

const RESOURCES: [Story; 4] = [
    ("resources_leaked", resources::leaked),
    ("resources_released_twice", resources::released_twice),
    ("resources_one_too_few", resources::one_too_few),
    ("resources_starved", resources::starved),
];

const NAMES: [Story; 1] = [("names_of_all_scripts", names::of_all_scripts)];

/// Every program.
fn stories() -> impl Iterator<Item = Story> {
    [&DEADLOCKS[..], &WAKINGS, &STALE, &MEMORY, &ENDLESS, &FOREIGN, &RESOURCES, &NAMES].into_iter().flatten().copied()
}

/// None of the programs needs more steps to go wrong.
fn explorer() -> ExplorerBuilder {
    Explorer::builder().max_steps(200)
}

fn report((name, program): Story) -> Report {
    // The one that hangs does so for certain; the others may be slow.
    let hangs = name == "foreign_lock_of_std";
    let explorer = if hangs { explorer().hang_limit(Duration::from_millis(100)) } else { explorer() };
    let report = explorer.build().explore(program);
    assert!(report.failure.is_some(), "{name} goes wrong");
    report
}

/// What went wrong. When the search came across it is the search's business.
fn failure(story: Story) -> Failure {
    {
        let mut failure = report(story).failure.expect("it was asked above");
        failure.found_after = 1;
        failure
    }
}

fn style(width: usize) -> Style {
    Style { width, ..Style::plain() }
}

fn snapshot(name: &str, text: &str) {
    insta::with_settings!(
        { snapshot_path => "snapshots/timelines", prepend_module_to_snapshot => false, omit_expression => true },
        { insta::assert_snapshot!(name, text) }
    );
}

/// Compares what is said of each with its snapshot.
fn told_as_reviewed(stories: &[Story]) {
    for &(name, program) in stories {
        snapshot(name, &render::failure("", &failure((name, program)), &style(80)));
    }
}

#[test]
fn deadlocks_say_who_holds_what_and_who_has_finished() {
    told_as_reviewed(&DEADLOCKS);
}

#[test]
fn wake_ups_that_nobody_heard_are_marked() {
    told_as_reviewed(&WAKINGS);
}

#[test]
fn failed_assertions_say_which_read_was_out_of_date() {
    told_as_reviewed(&STALE);
}

#[test]
fn races_say_what_would_have_ordered_them() {
    told_as_reviewed(&MEMORY);
}

#[test]
fn endless_runs_say_what_comes_back_in_each_round() {
    told_as_reviewed(&ENDLESS);
}

#[test]
fn what_cannot_be_explored_says_what_to_use_instead() {
    told_as_reviewed(&FOREIGN);
}

#[test]
fn what_is_held_kept_or_misused_says_by_whom() {
    told_as_reviewed(&RESOURCES);
}

#[test]
fn names_of_all_scripts_stand_in_their_columns() {
    told_as_reviewed(&NAMES);
}

#[test]
fn a_race_is_told_at_the_grain_of_atomics_too() {
    let report = explorer().grain(Grain::Fine).build().explore(memory::relaxed_both);
    let failure = {
        let mut failure = programs::failure(&report).clone();
        failure.found_after = 1;
        failure
    };
    snapshot("race_fine", &render::failure("", &failure, &style(80)));
}

#[test]
fn a_pattern_is_claimed_only_where_the_trace_shows_it() {
    let claimed = [
        ("waking_pulse", Pattern::LostWakeUp),
        ("waking_cleared_by_the_waiter", Pattern::LostWakeUp),
        ("waking_looked_and_slept", Pattern::CheckThenAct),
        ("waking_notified_in_between", Pattern::LostWakeUp),
        ("waking_bare_futex", Pattern::LostWakeUp),
        ("stale_lost_update", Pattern::LostUpdate),
        ("stale_overdrawn", Pattern::CheckThenAct),
        ("stale_one_seat", Pattern::CheckThenAct),
        ("stale_emptied_meanwhile", Pattern::CheckThenAct),
    ];
    for story in stories() {
        let expected = claimed.iter().find(|(name, _)| *name == story.0).map(|(_, pattern)| *pattern);
        assert_eq!(failure(story).why().pattern, expected, "{}", story.0);
    }
}

#[test]
fn narrow_screens_lose_columns_and_not_the_reason() {
    let shown: [Story; 4] = [DEADLOCKS[0], WAKINGS[0], STALE[0], ("endless_polite", endless::polite)];
    for story in shown {
        for width in [20, 40] {
            snapshot(&format!("{}_{width}", story.0), &render::failure("", &failure(story), &style(width)));
        }
    }
}

#[test]
fn no_width_breaks_a_text_and_colours_change_no_letter() {
    for story in stories() {
        let failure = failure(story);
        for width in 20..=130 {
            let style = style(width);
            let text = render::failure("", &failure, &style);
            let copied = |line: &&str| line.contains("schedule: ") || line.contains("--> ") || line.contains("::: ");
            for line in text.lines().filter(|line| !copied(line)) {
                let columns = unicode_width::UnicodeWidthStr::width(line);
                assert!(columns <= width, "{}: {columns} columns at {width}: {line}\n{text}", story.0);
                assert!(line == line.trim_end() && !line.chars().any(char::is_control), "{line:?}");
            }
            let colored = render::failure("", &failure, &Style { color: true, ..style });
            assert_eq!(without_colors(&colored), text);
        }
    }
}

fn without_colors(text: &str) -> String {
    let mut pieces = text.split("\x1b[");
    let first = pieces.next().unwrap_or_default().to_owned();
    first + &pieces.map(|piece| piece.split_once('m').expect("a colour ends in m").1).collect::<String>()
}

#[test]
fn colours_follow_the_roles() {
    let style = Style { color: true, ..style(80) };
    let text = render::failure("", &failure(WAKINGS[0]), &style);
    snapshot("waking_pulse_colored", &text.replace('\x1b', "␛"));
}

#[test]
fn the_machine_form_says_the_same() {
    let mut report = report(WAKINGS[0]);
    (report.schedules, report.outcomes) = (1, Outcomes::default());
    report.failure = Some(failure(WAKINGS[0]));
    snapshot("waking_pulse_json", &report.to_json());
    for story in stories() {
        let report = self::report(story);
        let json = report.to_json();
        assert_eq!(Report::from_json(&json).expect("it was written by us"), report, "{}", story.0);
        let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let failure = programs::failure(&report);
        assert_eq!(value["version"], 1);
        assert_eq!(value["failure"]["kind"]["kind"], failure.kind.name());
        assert_eq!(value["failure"]["why"], serde_json::to_value(failure.why()).expect("JSON"));
    }
}

#[test]
fn another_version_of_the_machine_form_is_refused() {
    let json = report(DEADLOCKS[1]).to_json().replace("\"version\": 1", "\"version\": 2");
    let error = Report::from_json(&json).expect_err("it is of another version");
    assert!(error.to_string().contains("version 2"), "{error}");
    assert!(Report::from_json("{}").is_err() && Report::from_json("").is_err());
}
