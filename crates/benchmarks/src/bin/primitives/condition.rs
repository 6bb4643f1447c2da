//! Threads on one core that wait for each other's notifications, and a notification that nobody waits for.

use std::hint::black_box;
use std::ops::{Deref, DerefMut};
use std::thread;

use threadcraft_benchmarks::{Contender, Python, Target, interleaved, judged};

use crate::event::{Raw, ping_pong};
use crate::machine::{nanoseconds, on_core, stay_on, switches};
use crate::system_calls;

const ROUNDS: usize = 101;
const BROADCAST_ROUNDS: usize = 301;
const TRIPS: u32 = 500;
const BROADCASTS: u32 = 50;

/// For counting, where more is better than more often.
const MANY_BROADCASTS: u32 = 1_000;
const FEW_ROUNDS: usize = 15;
const NOTIFICATIONS: u32 = 50_000;
/// So many in a turn of the loop: where a loop of five instructions lies in memory made a factor of two.
const IN_A_ROW: u32 = 8;

/// Those who wait for a broadcast.
const RECEIVERS: u32 = 8;

/// The futex calls of a round trip of the raw futex: each of the two sleeps and wakes the other. Half of one more for
/// what happens only sometimes.
const RAW_TRIP: f64 = 4.5;

/// What the threads share.
#[derive(Default)]
struct State {
    /// Whose turn it is, or how many broadcasts there were.
    turn: u32,
    /// How many have received the last one.
    received: u32,
}

/// A lock and two conditions.
trait Pair: Default + Sync {
    type Guard<'a>: Deref<Target = State> + DerefMut
    where
        Self: 'a;

    fn lock(&self) -> Self::Guard<'_>;
    fn wait<'a>(&'a self, condition: usize, guard: Self::Guard<'a>) -> Self::Guard<'a>;
    fn notify_one(&self, condition: usize, guard: &mut Self::Guard<'_>);
    fn notify_all(&self, condition: usize, guard: &mut Self::Guard<'_>);
}

#[derive(Default)]
struct Ours(threadcraft::Lock<State>, [threadcraft::Condition; 2]);

impl Pair for Ours {
    type Guard<'a> = threadcraft::LockGuard<'a, State>;

    fn lock(&self) -> Self::Guard<'_> {
        self.0.lock()
    }

    fn wait<'a>(&'a self, condition: usize, mut guard: Self::Guard<'a>) -> Self::Guard<'a> {
        self.1[condition].wait(&mut guard);
        guard
    }

    fn notify_one(&self, condition: usize, guard: &mut Self::Guard<'_>) {
        self.1[condition].notify_one(guard);
    }

    fn notify_all(&self, condition: usize, guard: &mut Self::Guard<'_>) {
        self.1[condition].notify_all(guard);
    }
}

#[derive(Default)]
struct Std(std::sync::Mutex<State>, [std::sync::Condvar; 2]);

impl Pair for Std {
    type Guard<'a> = std::sync::MutexGuard<'a, State>;

    fn lock(&self) -> Self::Guard<'_> {
        self.0.lock().expect("nobody panics with it")
    }

    fn wait<'a>(&'a self, condition: usize, guard: Self::Guard<'a>) -> Self::Guard<'a> {
        self.1[condition].wait(guard).expect("nobody panics with it")
    }

    fn notify_one(&self, condition: usize, _: &mut Self::Guard<'_>) {
        self.1[condition].notify_one();
    }

    fn notify_all(&self, condition: usize, _: &mut Self::Guard<'_>) {
        self.1[condition].notify_all();
    }
}

/// The two crates whose conditions have the same shape.
macro_rules! pair {
    ($name:ident, $package:ident) => {
        #[derive(Default)]
        struct $name($package::Mutex<State>, [$package::Condvar; 2]);

        impl Pair for $name {
            type Guard<'a> = $package::MutexGuard<'a, State>;

            fn lock(&self) -> Self::Guard<'_> {
                self.0.lock()
            }

            fn wait<'a>(&'a self, condition: usize, mut guard: Self::Guard<'a>) -> Self::Guard<'a> {
                self.1[condition].wait(&mut guard);
                guard
            }

            fn notify_one(&self, condition: usize, _: &mut Self::Guard<'_>) {
                self.1[condition].notify_one();
            }

            fn notify_all(&self, condition: usize, _: &mut Self::Guard<'_>) {
                self.1[condition].notify_all();
            }
        }
    };
}

pair!(ParkingLot, parking_lot);
pair!(Usync, usync);

/// A function of any pair, called for the one of this name.
macro_rules! of_any {
    ($measure:ident, $whose:expr, $times:expr) => {
        match $whose {
            "std" => $measure::<Std>($times),
            "parking_lot" => $measure::<ParkingLot>($times),
            "usync" => $measure::<Usync>($times),
            _ => $measure::<Ours>($times),
        }
    };
}

/// Waits for its turn, and gives it to the other.
fn take_turn<P: Pair>(pair: &P, mine: u32) {
    let mut guard = pair.lock();
    while guard.turn != mine {
        guard = pair.wait(mine as usize, guard);
    }
    guard.turn = 1 - mine;
    pair.notify_one(1 - mine as usize, &mut guard);
}

/// The nanoseconds of a round trip, both on one core.
fn turns<P: Pair>(trips: u32) -> f64 {
    let pair = P::default();
    thread::scope(|scope| {
        scope.spawn(|| {
            stay_on(0);
            (0..=trips).for_each(|_| take_turn(&pair, 1));
        });
        let asking = scope.spawn(|| {
            stay_on(0);
            take_turn(&pair, 0);
            nanoseconds(trips, || take_turn(&pair, 0))
        });
        asking.join().expect("nobody panics")
    })
}

/// The nanoseconds from a notification of eight to the last one's answer, all on one core.
fn broadcast<P: Pair>(times: u32) -> f64 {
    let pair = P::default();
    let send = || {
        let mut guard = pair.lock();
        guard.turn += 1;
        guard.received = 0;
        pair.notify_all(0, &mut guard);
        while guard.received < RECEIVERS {
            guard = pair.wait(1, guard);
        }
    };
    thread::scope(|scope| {
        for _ in 0..RECEIVERS {
            scope.spawn(|| {
                stay_on(0);
                for turn in 1..=times + 1 {
                    let mut guard = pair.lock();
                    while guard.turn < turn {
                        guard = pair.wait(0, guard);
                    }
                    guard.received += 1;
                    if guard.received == RECEIVERS {
                        pair.notify_one(1, &mut guard);
                    }
                }
            });
        }
        let sending = scope.spawn(|| {
            stay_on(0);
            // The first one waits for the other threads to start.
            send();
            nanoseconds(times, send)
        });
        sending.join().expect("nobody panics")
    })
}

/// How often a thread loses the core in a broadcast. Nine do at least once, as they sleep; more often, if the system lets
/// the one that was woken run before the one that woke it.
fn switches_of_a_broadcast<P: Pair>(times: u32) -> f64 {
    let before = switches();
    broadcast::<P>(times);
    (switches() - before) as f64 / f64::from(times)
}

/// The nanoseconds of a notification without anybody who waits.
fn notify_nobody<P: Pair>(times: u32) -> f64 {
    let pair = P::default();
    let mut guard = pair.lock();
    let in_a_row = || (0..IN_A_ROW).for_each(|_| black_box(&pair).notify_one(0, &mut guard));
    nanoseconds(times / IN_A_ROW, in_a_row) / f64::from(IN_A_ROW)
}

/// For counting system calls: so many round trips.
pub(crate) fn take_turns_for(whose: &str, trips: u32) {
    of_any!(turns, whose, trips);
}

/// For counting system calls: so many broadcasts.
pub(crate) fn broadcasts(whose: &str, times: u32) {
    of_any!(broadcast, whose, times);
}

/// For counting system calls: notifies nobody so often.
pub(crate) fn notify(whose: &str, times: u32) {
    of_any!(notify_nobody, whose, times);
}

/// Prints the tables.
pub(crate) fn print(python: &Python) {
    eprintln!("Condition");
    let mut table = judged::table();
    let contenders = vec![
        Contender::new("ours", || turns::<Ours>(TRIPS)),
        Contender::new("raw futex", ping_pong::<Raw>),
        Contender::new("std", || turns::<Std>(TRIPS)),
        Contender::new("parking_lot", || turns::<ParkingLot>(TRIPS)),
        Contender::new("usync", || turns::<Usync>(TRIPS)),
    ];
    let figures = interleaved(ROUNDS, contenders);
    let target = |peer: &str| if peer == "raw futex" { Target::AtMost(1.05) } else { Target::None };
    judged::compare(&mut table, "ping-pong on one core", " ns", &figures, Some("raw futex"), target);
    let floor = "raw futex";
    judged::compare_python(python, " ns", &mut table, "ping-pong on one core", &figures, Some(floor), "condition");
    let contenders = vec![
        Contender::new("ours", || broadcast::<Ours>(BROADCASTS)),
        Contender::new("std", || broadcast::<Std>(BROADCASTS)),
        Contender::new("parking_lot", || broadcast::<ParkingLot>(BROADCASTS)),
        Contender::new("usync", || broadcast::<Usync>(BROADCASTS)),
    ];
    let figures = interleaved(BROADCAST_ROUNDS, contenders);
    judged::compare(&mut table, "broadcast to 8 on one core", " ns", &figures, None, |_| Target::AtMost(1.0));
    let contenders = ["ours", "std", "parking_lot", "usync"]
        .map(|whose| Contender::new(whose, move || of_any!(switches_of_a_broadcast, whose, MANY_BROADCASTS)));
    let figures = interleaved(FEW_ROUNDS, contenders.into());
    let what = "the same: context switches, of which 9 are sleeps";
    judged::compare(&mut table, what, "", &figures, None, |_| Target::None);
    let figures = on_core(0, || {
        let contenders = vec![
            Contender::new("ours", || notify_nobody::<Ours>(NOTIFICATIONS)),
            Contender::new("a nanosecond", || 1.0),
            Contender::new("std", || notify_nobody::<Std>(NOTIFICATIONS)),
            Contender::new("parking_lot", || notify_nobody::<ParkingLot>(NOTIFICATIONS)),
            Contender::new("usync", || notify_nobody::<Usync>(NOTIFICATIONS)),
        ];
        interleaved(ROUNDS, contenders)
    });
    let target = |peer: &str| if peer == "a nanosecond" { Target::AtMost(1.0) } else { Target::None };
    judged::compare(&mut table, "notify, nobody waits", " ns", &figures, None, target);
    println!(
        "### Condition\n\n{ROUNDS} rounds of {TRIPS} round trips, {BROADCASTS} broadcasts, {NOTIFICATIONS} \
         notifications.\n\n{table}"
    );
    let lines = [
        ("a notification that nobody waits for", "notify", Target::AtMost(0.0)),
        ("a round trip on one core", "turns", Target::AtMost(RAW_TRIP)),
        ("a broadcast to 8 on one core", "broadcast", Target::None),
    ];
    system_calls::print(&["std", "parking_lot", "usync"], &lines);
}
