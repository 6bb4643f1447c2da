//! How a program stands after the first steps of a schedule, as somebody sees it who plays the scheduler.

use std::time::Duration;

use threadcraft::{Lock, Semaphore};
use threadcraft_explore::report::{Effect, WaitingOn};
use threadcraft_explore::{Carrier, Explorer, FailureKind, Replayed, Schedule, Standing, ThreadStatus};
use threadcraft_platform::{Shared, println, thread};
use threadcraft_tests::programs::{lost_update, philosophers};
use threadcraft_tests::toy::spawn;

use ThreadStatus::{Blocked, Ended, New, Panicked, Ready};

fn replayed(schedule: &str, program: impl Fn() + Send + Sync + 'static) -> Replayed {
    Explorer::default().replay_to(&schedule.parse().expect("a schedule"), program)
}

fn standing(schedule: &str, program: impl Fn() + Send + Sync + 'static) -> Standing {
    replayed(schedule, program).standing.expect("it was asked for")
}

fn statuses(standing: &Standing) -> Vec<ThreadStatus> {
    standing.threads.iter().map(|thread| thread.status).collect()
}

fn next_call(standing: &Standing, thread: usize) -> &str {
    standing.threads[thread].next.as_ref().map_or("", |next| &next.call)
}

#[test]
fn before_the_first_step_there_is_main_and_what_it_will_do() {
    let standing = standing("", lost_update);
    assert_eq!((statuses(&standing), next_call(&standing, 0)), (vec![New], "spawn(b, c)"));
    assert_eq!((standing.rows, standing.objects.len()), (0, 0));
    assert_eq!(standing.threads[0].choices, ["a".parse::<Schedule>().expect("one step")]);
}

#[test]
fn between_two_steps_each_thread_shows_its_next_one_and_each_object_its_value() {
    let Replayed { standing, trace, .. } = replayed("ab", lost_update);
    let standing = standing.expect("it was asked for");
    assert_eq!(statuses(&standing), [Blocked, Ready, New]);
    assert_eq!((next_call(&standing, 1), next_call(&standing, 2)), ("set(1)", "get()"));
    assert_eq!(standing.threads[0].waits.as_ref().map(|waits| waits.on), Some(WaitingOn::Thread(1)));
    assert!(standing.threads[0].choices.is_empty());
    let [counter] = &standing.objects[..] else { panic!("{:?}", standing.objects) };
    assert_eq!((trace.objects[counter.object].name.as_str(), counter.value.as_deref()), ("counter", Some("0")));
    let place = standing.threads[1].next.as_ref().and_then(|next| next.location.as_ref()).expect("it is known");
    assert!(place.file.ends_with("programs.rs") && place.line > 0, "{place:?}");
    assert!(trace.steps.len() > standing.rows, "what follows by itself is in the trace");
}

#[test]
fn in_a_deadlock_nobody_can_go_on_and_everybody_shows_whom_it_waits_for() {
    let Replayed { standing, failure, trace, .. } = replayed("abcdbcd", || philosophers(3, false));
    assert_eq!(failure.expect("a deadlock").kind.name(), "deadlock");
    let standing = standing.expect("it was asked for");
    assert_eq!(statuses(&standing), [Blocked; 4]);
    assert!(standing.threads.iter().all(|thread| thread.choices.is_empty()));
    let waits = |thread: usize| {
        let waits = standing.threads[thread].waits.as_ref().expect("it waits");
        let WaitingOn::Object(object) = waits.on else { panic!("{waits:?}") };
        (trace.objects[object].name.as_str(), waits.held_by.clone())
    };
    assert_eq!([1, 2, 3].map(waits), [("fork1", vec![2]), ("fork2", vec![3]), ("fork0", vec![1])]);
    let held = standing.objects.iter().map(|object| object.held_by.clone()).collect::<Vec<_>>();
    assert_eq!(held, [vec![1], vec![2], vec![3]]);
}

#[test]
fn a_schedule_that_goes_beyond_the_end_shows_the_end() {
    let Replayed { standing, failure, trace, .. } = replayed("a9b9c9", || {});
    assert!(failure.is_none());
    let standing = standing.expect("it was asked for");
    assert_eq!((statuses(&standing), standing.rows), (vec![Ended], trace.steps.len()));
    assert_eq!(next_call(&standing, 0), "");
}

#[test]
fn what_cannot_be_followed_is_shown_as_far_as_it_could_be() {
    let Replayed { standing, failure, .. } = replayed("abd", lost_update);
    assert!(matches!(failure.expect("no d").kind, FailureKind::Diverged { step: 3, .. }));
    let standing = standing.expect("it was asked for");
    assert_eq!(standing.taken.to_string(), "ab");
    assert_eq!(statuses(&standing), [Blocked, Ready, New]);
}

#[test]
fn a_thread_that_panicked_is_told_from_one_that_ended() {
    let program = || {
        let one = spawn(|| {
            println!("so far");
            panic!("so bad");
        });
        one.join();
    };
    let standing = standing("ab2", program);
    assert_eq!(statuses(&standing)[1], Panicked);
    assert_eq!((next_call(&standing, 1), standing.printed), ("", 1));
}

#[test]
fn who_sleeps_shows_until_when_and_waits_for_nobody() {
    let program = || {
        let sleeper = spawn(|| {
            println!("good night");
            thread::sleep(Duration::from_secs(3));
        });
        println!("hush");
        sleeper.join();
    };
    let standing = standing("ab2", program);
    let sleeper = &standing.threads[1];
    assert_eq!((sleeper.status, sleeper.until), (Blocked, Some(Duration::from_secs(3))));
    assert!(sleeper.waits.is_none() && sleeper.choices.is_empty(), "{sleeper:?}");
}

/// Locks, permits, a value, a sleep and output: each kind of step.
fn mixed() {
    static LOCK: Lock<()> = Lock::new(()).named("door");
    static SEATS: Semaphore = Semaphore::new(1).named("seats");
    static SUM: Shared<u32> = Shared::new(0).named("sum");
    let pass = |seconds: u64| {
        move || {
            let door = LOCK.lock();
            SUM.set(SUM.get() + 1);
            drop(door);
            let seat = SEATS.acquire();
            thread::sleep(Duration::from_secs(seconds));
            drop(seat);
            println!("passed");
        }
    };
    let (one, other) = (spawn(pass(1)), spawn(pass(2)));
    one.join();
    other.join();
}

/// From every prefix that a random player reaches, the step that a thread announces is the one that it takes.
fn announced_steps_are_taken(carrier: Carrier, program: fn(), seed: u64) {
    let explorer = Explorer::builder().carrier(carrier).build();
    let (mut schedule, mut random) = (Schedule::default(), seed);
    for _ in 0..60 {
        let Replayed { standing, .. } = explorer.replay_to(&schedule, program);
        let standing = standing.expect("it was asked for");
        assert_eq!(standing.taken, schedule);
        let ways: Vec<(usize, &Schedule)> = standing
            .threads
            .iter()
            .enumerate()
            .flat_map(|(thread, standing)| standing.choices.iter().map(move |choice| (thread, choice)))
            .collect();
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let Some(&(thread, way)) = ways.get((random >> 33) as usize % ways.len().max(1)) else { return };
        schedule = Schedule::new([schedule.choices(), way.choices()].concat());
        let Replayed { standing: after, trace, .. } = explorer.replay_to(&schedule, program);
        let taken = &trace.steps[after.expect("it was asked for").rows - 1];
        let next = standing.threads[thread].next.as_ref().expect("who can go on says how");
        assert_ne!(taken.effect, Effect::Clock);
        assert_eq!((taken.thread, &taken.call, &taken.location), (thread, &next.call, &next.location), "{schedule}");
    }
    panic!("the program ends before: {schedule}");
}

#[test]
fn the_step_that_a_thread_announces_is_the_one_that_it_takes() {
    for seed in 0..40 {
        announced_steps_are_taken(Carrier::Coroutines, mixed, seed);
        announced_steps_are_taken(Carrier::Coroutines, lost_update, seed);
        announced_steps_are_taken(Carrier::Coroutines, || philosophers(3, false), seed);
    }
    announced_steps_are_taken(Carrier::Threads, mixed, 7);
}

#[test]
fn every_other_way_to_run_a_program_takes_no_picture() {
    let replayed = Explorer::default().replay(&"ab".parse().expect("a schedule"), lost_update);
    assert_eq!(replayed.standing, None);
}
