//! The explorer's guide (`crates/explore/GUIDE.md`): its programs do what it says, and it shows them as they are.

use std::path::Path;
use std::time::Duration;

use threadcraft_explore::{Budget, Explorer, Grain, Schedule, check, explore, replay};
use threadcraft_platform::atomic::Ordering;
use threadcraft_tests::guide::queue::{Queue, two_through_one_place};
use threadcraft_tests::guide::spin::two_add;

#[test]
#[should_panic(expected = "error[deadlock]")]
fn two_items_pass_through_one_place() {
    let report = check(|| two_through_one_place(Queue::put));
    assert!(report.complete, "{:?}", report.cut);
}

#[test]
fn two_items_pass_through_one_place_in_order() {
    let report = check(|| two_through_one_place(Queue::put_unlocked));
    assert!(report.complete, "{:?}", report.cut);
    assert_eq!(report.outcomes.to_string(), "(1, 2)");
}

#[test]
fn the_schedule_of_a_report_is_harmless() {
    let schedule: Schedule = "a2b".parse().unwrap();
    let replayed = replay(&schedule, || two_through_one_place(Queue::put_unlocked));
    assert_eq!(replayed.failure, None);
}

#[test]
fn a_spin_lock_keeps_its_promise() {
    let explorer = Explorer::builder().grain(Grain::Fine).build();
    let report = explorer.explore(|| two_add(Ordering::Release)).unwrap();
    assert!(report.complete, "{:?}", report.cut);
}

#[test]
fn a_larger_program_gets_a_larger_budget() {
    let budget = Budget { schedules: 100_000, time: Duration::from_secs(300) };
    let explorer = Explorer::builder().budget(budget).build();
    let report = explorer.explore(|| two_through_one_place(Queue::put_unlocked)).unwrap();
    assert!(report.complete, "{:?}", report.cut);
}

#[test]
fn the_guide_shows_these_programs_and_what_is_said_of_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests lies in the repository");
    let read = |path: &str| std::fs::read_to_string(root.join(path)).expect(path);
    let guide = read("crates/explore/GUIDE.md");
    let sources = ["tests/src/guide/queue.rs", "tests/src/guide/spin.rs", "tests/tests/guide.rs"].map(read);
    let shown: Vec<&str> = guide.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(shown.len() >= 6, "{} programs", shown.len());
    for program in shown {
        assert!(sources.iter().any(|source| source.contains(program)), "not what is tested:\n{program}");
    }
    let report = explore(|| two_through_one_place(Queue::put));
    let mut failure = report.failure.expect("it can hang");
    failure.found_after = 1;
    let style =
        threadcraft_explore::render::Style { replay: Some("THREADCRAFT_SCHEDULE=".to_owned()), ..Default::default() };
    let told = threadcraft_explore::render::failure("the explored program", &failure, &style);
    eprintln!("the guide is to show:\n{told}");
    let report = Explorer::builder().grain(Grain::Fine).build().explore(|| two_add(Ordering::Relaxed));
    let failure = report.failure.expect("a Relaxed unlock passes nothing on");
    eprintln!("{}", threadcraft_explore::render::failure("", &failure, &style));
    let because = failure.why().because.expect("the trace shows it");
    assert!(guide.replace('\n', " ").contains(&because), "the guide is to quote:\n{because}");
}
