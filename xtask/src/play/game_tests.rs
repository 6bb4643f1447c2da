//! The game on a stage made of words: two threads of three steps each, of which the second waits for the first.

use std::time::Duration;

use threadcraft_timeline::check::Played;
use threadcraft_timeline::report::{Step, Trace};

use super::*;

/// Thread 0 has the steps 0, 1, 2; thread 1 may take its second only after the last of thread 0.
struct Toy;

const STEPS: usize = 3;

fn can_go(taken: &[usize], thread: usize) -> bool {
    let count = |thread| taken.iter().filter(|&&other| other == thread).count();
    count(thread) < STEPS && (thread == 0 || count(1) < 1 || count(0) == STEPS)
}

/// What follows by itself: the running thread for as long as it can, then the first that can.
fn to_the_end(mut taken: Vec<usize>) -> Vec<usize> {
    loop {
        let last = taken.last().copied().filter(|&last| can_go(&taken, last));
        match last.or((0..2).find(|&thread| can_go(&taken, thread))) {
            Some(thread) => taken.push(thread),
            None => return taken,
        }
    }
}

impl Stage for Toy {
    fn after(&self, schedule: &Schedule) -> anyhow::Result<Scene> {
        let taken: Vec<usize> = schedule.choices().iter().map(|choice| choice.thread).collect();
        let step = |thread: &usize| {
            let text = format!(
                r#"{{"thread":{thread},"object":null,"call":"f()","result":null,"effect":"plain","location":null,
                    "at":{{"secs":0,"nanos":0}},"preempts":false,"value":null}}"#
            );
            serde_json::from_str::<Step>(&text).expect("a step")
        };
        let steps = to_the_end(taken.clone()).iter().map(step).collect();
        let thread = |thread: usize| {
            let ended = taken.iter().filter(|&&other| other == thread).count() == STEPS;
            let choices =
                if can_go(&taken, thread) { vec![Schedule::new(vec![Choice::usual(thread)])] } else { vec![] };
            let status = if ended {
                "ended"
            } else if choices.is_empty() {
                "blocked"
            } else {
                "ready"
            };
            serde_json::json!({ "status": status, "next": null, "choices": choices, "waits": null, "until": null })
        };
        let standing = serde_json::json!({
            "taken": schedule, "rows": taken.len(), "printed": 0, "at": Duration::ZERO,
            "threads": [thread(0), thread(1)], "objects": [],
        });
        let standing = serde_json::from_value(standing).expect("a standing");
        let trace = Trace { steps, ..Trace::default() };
        Ok(Scene { played: Played { standing, trace }, goal: "g".into(), reached: Err("no".into()) })
    }
}

fn game(schedule: &str) -> Game<Toy> {
    Game::new(Toy, &schedule.parse().expect("a schedule")).expect("it can be asked")
}

fn taken(game: &Game<Toy>) -> String {
    game.scene().taken().to_string()
}

#[test]
fn a_step_is_taken_and_taken_back_and_taken_again() {
    let mut game = game("");
    assert_eq!(game.progress(), (0, 6));
    game.step(0).expect("asked");
    game.step(1).expect("asked");
    assert_eq!((taken(&game).as_str(), game.progress()), ("ab", (2, 6)));
    game.undo().expect("asked");
    assert_eq!(taken(&game), "a");
    game.forward().expect("asked");
    assert_eq!(taken(&game), "ab", "what was undone is still recorded");
    game.restart().expect("asked");
    assert_eq!(taken(&game), "");
    game.go_to_end().expect("asked");
    assert_eq!(taken(&game), "ab");
}

#[test]
fn who_cannot_go_on_is_refused_with_the_reason() {
    let mut game = game("b");
    game.step(1).expect("asked");
    assert_eq!((taken(&game).as_str(), game.refused()), ("b", Some("b waits and cannot go on")));
    game.step(7).expect("asked");
    assert_eq!(game.refused(), Some("h was not started yet"));
    game.step_otherwise(0).expect("asked");
    assert_eq!(game.refused(), Some("a has no other way to go on"));
    game.step(0).expect("asked");
    assert_eq!((taken(&game).as_str(), game.refused()), ("ba", None));
}

#[test]
fn a_thread_runs_until_it_blocks_or_ends() {
    let mut game = game("");
    game.run(1).expect("asked");
    assert_eq!(taken(&game), "b", "it blocks before its second step");
    game.run(0).expect("asked");
    assert_eq!(taken(&game), "ba3");
    game.run(0).expect("asked");
    assert_eq!(game.refused(), Some("a has ended"));
    game.run(1).expect("asked");
    assert_eq!((taken(&game).as_str(), game.scene().is_over()), ("ba3b2", true));
}

#[test]
fn another_step_than_the_recorded_one_ends_the_recording() {
    let mut game = game("abaa");
    game.restart().expect("asked");
    game.forward().expect("asked");
    game.step(0).expect("asked");
    assert_eq!(taken(&game), "a2");
    game.go_to_end().expect("asked");
    assert_eq!(taken(&game), "a2", "the rest of the old one is gone");
    game.undo().expect("asked");
    game.step(0).expect("asked");
    game.go_to_end().expect("asked");
    assert_eq!(taken(&game), "a2");
}

#[test]
fn a_recording_is_stepped_through_and_beyond_its_end_what_follows_by_itself() {
    let mut game = game("");
    game.record(&"ba".parse().expect("a schedule")).expect("asked");
    assert_eq!(taken(&game), "");
    for expected in ["b", "ba", "ba2", "ba3", "ba3b", "ba3b2"] {
        game.forward().expect("asked");
        assert_eq!((taken(&game).as_str(), game.refused()), (expected, None));
    }
    game.forward().expect("asked");
    assert_eq!(game.refused(), Some("nothing is left to be done"));
}
