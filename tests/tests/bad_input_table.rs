//! The lists of bad input that the runner and the primitives must survive, each row with the tests that prove it;
//! `BAD_INPUT.md` is made of them.
//!
//! `THREADCRAFT_WRITE=1 cargo test -p threadcraft-tests --test bad_input_table` writes `BAD_INPUT.md` anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A row, and the tests for it, as `file::name`.
type Row = (&'static str, &'static [&'static str]);

/// What learners and their machines do to the runner: files of this folder.
const RUNNER: &[Row] = &[
    (
        "endless loop",
        &["cli_bad_input::a_loop_without_end_is_stuck", "cli_bad_input::on_a_busy_machine_verdicts_are_the_same"],
    ),
    (
        "blocked for ever on a std lock",
        &[
            "cli_bad_input::a_deadlock_on_a_foreign_lock_is_stuck_and_on_ours_a_deadlock",
            "cli_bad_input::on_a_busy_machine_verdicts_are_the_same",
        ],
    ),
    ("deadlock in ours", &["cli_bad_input::a_deadlock_on_a_foreign_lock_is_stuck_and_on_ours_a_deadlock"]),
    ("livelock", &["cli_bad_input::a_livelock_is_named"]),
    ("panic in main", &["cli_bad_input::a_panic_is_named_with_its_message_wherever_it_happens"]),
    ("panic in a worker", &["cli_bad_input::a_panic_is_named_with_its_message_wherever_it_happens"]),
    ("abort", &["cli_bad_input::a_process_that_ends_early_is_told_apart_from_one_that_crashes"]),
    (
        "exit(0) early",
        &[
            "cli_bad_input::a_process_that_ends_early_is_told_apart_from_one_that_crashes",
            "cli_hostile::a_process_that_becomes_another_program_has_no_report",
        ],
    ),
    ("stack overflow", &["cli_bad_input::a_process_that_ends_early_is_told_apart_from_one_that_crashes"]),
    ("allocating without end", &["cli_bad_input::allocating_without_end_is_out_of_memory"]),
    ("printing without end", &["cli_bad_input::printing_without_end_is_cut_off_and_both_ends_are_shown"]),
    ("1 GB on one line", &["cli_bad_input::printing_without_end_is_cut_off_and_both_ends_are_shown"]),
    ("bytes that are not UTF-8 in output", &["cli_bad_input::what_a_program_prints_can_do_the_terminal_no_harm"]),
    ("bytes that are not UTF-8 in source", &["cli_bad_input::a_source_that_is_not_utf8_is_named_with_its_line"]),
    (
        "escape codes in output",
        &[
            "cli_bad_input::escape_codes_become_visible_signs_wherever_they_come_from",
            "cli_results::junit_of_hostile_exercises_is_as_its_schema_says_and_others_read_it_and_count_alike",
            "cli_results::github_gets_one_command_a_failure_and_a_summary",
        ],
    ),
    ("spawning threads without end", &["cli_hostile::threads_and_processes_without_end_are_a_flood_and_none_is_left"]),
    (
        "spawning processes without end",
        &["cli_hostile::threads_and_processes_without_end_are_a_flood_and_none_is_left"],
    ),
    (
        "spawning processes that outlive it",
        &[
            "cli_bad_input::no_process_is_left_and_no_file_is_changed",
            "cli_hostile::a_runner_that_is_killed_leaves_nothing_not_even_what_detached_itself",
        ],
    ),
    ("reading standard input", &["cli_bad_input::a_right_program_passes_among_all_the_bad_ones"]),
    (
        "closing file descriptors",
        &["cli_hostile::closing_what_one_did_not_open_needs_unsafe_code_and_does_not_compile"],
    ),
    (
        "filling file descriptors",
        &["cli_hostile::filling_all_descriptors_ends_at_the_limit_and_the_report_comes_all_the_same"],
    ),
    (
        "changing or deleting its own snapshot, check or course file",
        &[
            "cli_hostile::a_program_changes_no_file_but_in_its_own_folder",
            "cli_hostile::without_a_fence_what_is_tampered_with_is_noticed_and_no_pass_is_remembered",
        ],
    ),
    ("writing outside its folder", &["cli_hostile::a_program_changes_no_file_but_in_its_own_folder"]),
    ("writing a file without end", &["cli_hostile::a_file_without_end_is_a_flood"]),
    ("writing its own report", &["cli_hostile::a_report_that_a_program_writes_is_not_believed"]),
    ("killing the runner", &["cli_hostile::a_program_cannot_kill_its_runner"]),
    ("source missing", &["cli_bad_input::a_file_that_is_not_there_or_cannot_be_read_is_named"]),
    ("source empty", &["cli_bad_input::a_file_without_what_the_check_needs_says_what_is_missing_in_that_file"]),
    ("source a directory", &["cli_bad_input::a_file_that_is_not_there_or_cannot_be_read_is_named"]),
    ("source a link", &["cli_bad_input::a_link_is_followed_and_one_that_leads_nowhere_or_in_a_circle_is_named"]),
    ("source unreadable", &["cli_bad_input::a_link_is_followed_and_one_that_leads_nowhere_or_in_a_circle_is_named"]),
    ("source of 10 MB", &["cli_bad_input::a_file_that_is_not_there_or_cannot_be_read_is_named"]),
    ("source does not compile", &["cli_bad_input::what_does_not_compile_is_shown_as_the_compiler_shows_it"]),
    ("source warns", &["cli_bad_input::what_only_warns_passes_and_is_warned_of"]),
    (
        "macro error inside the check",
        &["cli_bad_input::an_error_in_the_check_or_in_a_macro_is_told_in_terms_of_the_learner_s_file"],
    ),
    ("`course.toml` malformed", &["cli_state::a_broken_course_is_told_with_all_its_faults_and_nothing_is_checked"]),
    ("`course.toml` with an unknown key", &["cli_bad_state::an_unknown_key_in_the_course_is_told_with_its_line"]),
    (
        "`course.toml` with a duplicate name",
        &["cli_state::a_broken_course_is_told_with_all_its_faults_and_nothing_is_checked"],
    ),
    (
        "`course.toml` missing, or a file that it names",
        &["cli_bad_state::a_file_of_the_course_that_is_missing_is_told_by_its_path"],
    ),
    ("state file empty", &["cli_learner::a_damaged_state_file_is_rebuilt_from_its_copy_and_nothing_is_lost"]),
    (
        "state file garbage",
        &[
            "cli_learner::a_damaged_state_file_is_rebuilt_from_its_copy_and_nothing_is_lost",
            "cli_state::a_damaged_progress_file_is_kept_said_and_rebuilt",
        ],
    ),
    ("state file from a newer version", &["cli_state::a_progress_file_of_a_newer_version_is_left_alone"]),
    ("state file with CRLF", &["cli_bad_state::a_state_file_with_the_line_ends_of_windows_is_read"]),
    ("state file read-only", &["cli_bad_state::a_state_file_that_may_not_be_written_is_replaced_or_it_is_said"]),
    ("disk full", &["cli_bad_state::on_a_full_disk_the_old_state_stays_whole_and_it_is_said"]),
    ("two runners at once", &["cli_state::two_runners_at_once_agree_and_lose_nothing"]),
    (
        "kill -9 at any moment",
        &[
            "cli_bad_state::killed_at_any_moment_it_leaves_all_files_whole_and_the_next_run_goes_on",
            "cli_state::a_runner_that_is_killed_leaves_no_program_running_and_all_files_whole",
        ],
    ),
    (
        "Ctrl-C in verify, while it compiles and while it checks",
        &[
            "cli_bad_state::interrupted_while_it_compiles_it_ends_the_compiler_and_says_so",
            "cli_state::an_interruption_ends_everything_and_is_said",
            "cli_terminal::a_key_interrupts_and_the_terminal_is_as_it_was",
        ],
    ),
    (
        "Ctrl-C in watch, on the full screen and line by line",
        &[
            "cli_watch::a_session_from_a_fresh_start_to_ctrl_c",
            "cli_watch::a_signal_ends_it_in_the_middle_of_a_check_and_gives_the_terminal_back",
            "cli_watch::ctrl_c_ends_play_and_the_line_mode_and_the_terminal_is_as_it_was",
        ],
    ),
    ("Ctrl-C in play", &["cli_watch::ctrl_c_ends_play_and_the_line_mode_and_the_terminal_is_as_it_was"]),
    (
        "saves while a check runs",
        &[
            "cli_terminal::a_save_while_it_compiles_gets_the_verdict_of_the_newest_version",
            "cli_watch::a_save_during_a_check_shows_the_verdict_of_the_newest_version_and_keys_work_meanwhile",
            "cli_watch::a_save_during_a_two_second_check_shows_the_newest_of_many_versions",
        ],
    ),
    (
        "no terminal",
        &[
            "cli_watch::without_a_terminal_verdicts_are_lines_and_lines_are_keys",
            "cli_course::a_fresh_start_is_to_do_and_each_starter_gets_its_declared_verdict",
        ],
    ),
    ("NO_COLOR", &["cli_terminal::colours_are_for_terminals_and_no_color_is_obeyed"]),
    (
        "20 columns wide",
        &["cli_terminal::twenty_columns_are_enough", "cli_watch::a_small_terminal_is_written_line_by_line"],
    ),
    ("a terminal that goes away", &["cli_watch::a_terminal_that_goes_away_ends_it_and_what_it_checks"]),
    ("a reader that goes away", &["cli_state::a_reader_that_goes_away_is_no_fault"]),
];

/// What programs do to the primitives: files of the crates.
const PRIMITIVES: &[Row] = &[
    (
        "a barrier of zero parties, or of more than can be counted",
        &["barrier/tests/barrier::a_barrier_of_nobody_is_refused_and_so_is_one_of_too_many"],
    ),
    (
        "releasing above the bound",
        &[
            "semaphore/tests/semaphore::a_release_above_the_bound_is_an_error_and_changes_nothing",
            "semaphore/tests/semaphore::a_permit_that_comes_back_to_a_full_semaphore_panics_and_changes_nothing",
        ],
    ),
    (
        "wanting more permits than there can be",
        &["semaphore/tests/semaphore::to_want_more_than_there_can_be_is_a_mistake"],
    ),
    (
        "counts that would overflow",
        &[
            "semaphore/tests/semaphore::more_permits_than_can_be_counted_are_refused",
            "semaphore/tests/semaphore::a_release_may_exceed_the_start_but_not_the_largest_number",
            "event/src/event::the_count_of_settings_wraps_around",
            "barrier/src/state::the_number_of_phases_wraps_around",
        ],
    ),
    (
        "recursion without end",
        &["lock/src/raw_reentrant::recursion_without_end_is_a_panic_that_leaves_the_lock_as_it_is"],
    ),
    (
        "the largest `Duration`",
        &[
            "lock/tests/lock::the_longest_timeout_means_for_ever",
            "lock/tests/rlock::a_deadline_in_the_past_is_a_try_and_the_longest_timeout_means_for_ever",
            "semaphore/tests/semaphore::a_deadline_in_the_past_is_a_try_and_the_longest_timeout_means_for_ever",
            "condition/tests/condition::the_longest_timeout_means_for_ever",
            "condition/tests/condition::a_monitor_is_a_lock_and_its_condition",
            "event/tests/event::a_deadline_in_the_past_is_a_look_and_the_longest_timeout_means_for_ever",
            "barrier/tests/barrier::with_a_deadline_in_the_past_it_is_passed_if_all_others_have_come",
        ],
    ),
    (
        "a deadline in the past",
        &[
            "lock/tests/lock::a_deadline_in_the_past_is_a_try",
            "lock/tests/rlock::a_deadline_in_the_past_is_a_try_and_the_longest_timeout_means_for_ever",
            "semaphore/tests/semaphore::a_deadline_in_the_past_is_a_try_and_the_longest_timeout_means_for_ever",
            "condition/tests/condition::timed_waits_give_up_in_time_and_zero_lets_others_in",
            "event/tests/event::a_deadline_in_the_past_is_a_look_and_the_longest_timeout_means_for_ever",
            "barrier/tests/barrier::with_a_deadline_in_the_past_it_is_passed_if_all_others_have_come",
        ],
    ),
    (
        "a panic in a barrier's action",
        &["barrier/tests/barrier::a_panic_in_the_action_breaks_the_barrier_and_goes_on_in_its_thread"],
    ),
    (
        "a panic in a predicate",
        &["condition/tests/condition::a_predicate_that_panics_leaves_the_lock_held_and_the_condition_usable"],
    ),
    (
        "a panic in a section",
        &[
            "lock/tests/lock::a_panic_releases_the_lock_and_keeps_the_data",
            "lock/tests/lock::unlocked_lets_others_in_and_takes_the_lock_again_even_after_a_panic",
            "lock/tests/rlock::a_panic_gives_back_every_level",
            "semaphore/tests/semaphore::a_panic_in_a_section_gives_the_permits_back",
            "condition/tests/condition::a_panic_in_a_section_releases_the_monitor_and_leaves_it_usable",
        ],
    ),
    (
        "a condition used with two locks",
        &[
            "condition/tests/condition::a_condition_used_with_two_locks_at_a_time_panics_and_stays_usable",
            "condition/tests/condition::a_condition_may_change_its_lock_as_soon_as_all_are_notified",
        ],
    ),
];

const TITLE: &str = "# What bad input does

Made by `THREADCRAFT_WRITE=1 cargo test -p threadcraft-tests --test bad_input_table`, and checked by the same test without
the variable. That the tests pass is what `cargo xtask ci` says.
";

/// The sections: a heading, what the rows have in common, where their files are, as a link says it, and the rows.
const SECTIONS: [(&str, &str, &str, &[Row]); 2] = [
    ("The runner", "Each test runs the real `cargo xtask`.", "tests", RUNNER),
    (
        "The primitives",
        "Each is a documented error or panic with the values in its text, and leaves the primitive usable, or broken and \
         saying so.",
        "../crates",
        PRIMITIVES,
    ),
];

/// The names of the tests in a file.
fn tests(file: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{file}: {error}"));
    let after = text.split("#[test]\n").skip(1);
    let names = after.filter_map(|rest| rest.split_once("fn ")?.1.split_once('(').map(|(name, _)| name.to_owned()));
    names.collect()
}

#[test]
fn every_row_has_tests_that_exist_and_the_table_is_up_to_date() {
    let mut text = TITLE.to_owned();
    let mut known: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (heading, about, folder, rows) in SECTIONS {
        writeln!(text, "\n## {heading}\n\n{about}\n\n| what | tests |\n|---|---|").expect("a string takes all");
        for (what, names) in rows {
            assert!(!names.is_empty(), "{what}: no test");
            let mut cells = Vec::new();
            for name in *names {
                let (file, test) = name.split_once("::").expect("a file and a name");
                let file = format!("{folder}/{file}.rs");
                let there = known.entry(file.clone()).or_insert_with(|| tests(&file));
                assert!(there.iter().any(|there| there == test), "{what}: there is no test `{test}` in {file}");
                cells.push(format!("[{}]({file})", test.replace('_', " ")));
            }
            writeln!(text, "| {what} | {} |", cells.join("<br>")).expect("a string takes all");
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("BAD_INPUT.md");
    if std::env::var_os("THREADCRAFT_WRITE").is_some() {
        fs::write(&file, &text).expect("the table can be written");
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert!(written == text, "BAD_INPUT.md is out of date; this file says how to write it anew");
}
