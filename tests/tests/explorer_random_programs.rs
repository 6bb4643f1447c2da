//! Programs made at random: the reduced search comes to the outcomes that the full search comes to.
//!
//! What a program comes to is what each of its threads saw. `THREADCRAFT_PROGRAMS` says how many are made.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::LockGuard;
use threadcraft::prelude::*;
use threadcraft_explore::{Carrier, ClockPolicy, Explorer, Grain, Report, Strategy};

/// Programs for each setting, unless the environment asks for more.
const PROGRAMS: u64 = 150;

/// A full search of more than this is given up, and the program with it.
const MOST_EXECUTIONS: u64 = 6_000;

const A_WHILE: Duration = Duration::from_millis(5);

/// What a thread does; waiting for a permit or an event can last for ever.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Read(usize),
    Write(usize, u32),
    Add(usize),
    Section(usize),
    TryLock(usize),
    LockFor(usize),
    Release,
    TryAcquire,
    AcquireFor,
    Set(usize),
    Clear(usize),
    WaitFor(usize),
    Now,
    FairSection(usize),
    Acquire,
    AcquireTwo,
    Available,
    Wait(usize),
    Yield,
    PollFive(usize),
    TryFour(usize),
}

/// What the threads share.
#[derive(Debug)]
struct World {
    shared: [Shared<u32>; 2],
    locks: [Lock<u32>; 2],
    permits: Semaphore,
    events: [Event; 2],
    start: Instant,
}

impl Deed {
    /// The deed with this number.
    fn made_of(number: u64) -> Self {
        let which = (number / 16 % 2) as usize;
        match number % 21 {
            0 => Self::Read(which),
            1 => Self::Write(which, (number / 32 % 3) as u32),
            2 => Self::Add(which),
            3 => Self::Section(which),
            4 => Self::TryLock(which),
            5 => Self::LockFor(which),
            6 => Self::Release,
            7 => Self::TryAcquire,
            8 => Self::AcquireFor,
            9 => Self::Set(which),
            10 => Self::Clear(which),
            11 => Self::WaitFor(which),
            12 => Self::Now,
            13 => Self::FairSection(which),
            14 => Self::Acquire,
            15 => Self::AcquireTwo,
            16 => Self::Available,
            17 => Self::Wait(which),
            18 => Self::Yield,
            19 => Self::PollFive(which),
            _ => Self::TryFour(which),
        }
    }

    /// Does it, and says what came of it.
    fn done_in(self, world: &World) -> u32 {
        match self {
            Self::Read(which) => world.shared[which].get(),
            Self::Write(which, value) => {
                world.shared[which].set(value);
                0
            }
            Self::Add(which) => {
                let seen = world.shared[which].get();
                world.shared[which].set(seen + 1);
                seen
            }
            Self::Section(which) => {
                let mut inside = world.locks[which].lock();
                *inside += 1;
                *inside
            }
            Self::TryLock(which) => world.locks[which].try_lock().map_or(99, |inside| *inside),
            Self::LockFor(which) => world.locks[which].try_lock_for(A_WHILE).map_or(99, |mut inside| {
                *inside += 1;
                *inside
            }),
            Self::Release => {
                world.permits.release(1);
                0
            }
            Self::TryAcquire => world.permits.try_acquire().is_some_and(|permit| {
                permit.forget();
                true
            }) as u32,
            Self::AcquireFor => world.permits.try_acquire_for(A_WHILE).is_some_and(|permit| {
                permit.forget();
                true
            }) as u32,
            Self::Set(which) => {
                world.events[which].set();
                0
            }
            Self::Clear(which) => {
                world.events[which].clear();
                0
            }
            Self::WaitFor(which) => u32::from(world.events[which].wait_for(A_WHILE)),
            Self::FairSection(which) => {
                let mut inside = world.locks[which].lock();
                *inside += 1;
                let seen = *inside;
                LockGuard::unlock_fair(inside);
                seen
            }
            Self::Acquire => {
                world.permits.acquire().forget();
                0
            }
            Self::AcquireTwo => {
                world.permits.acquire_many(2).forget();
                0
            }
            Self::Available => world.permits.available_permits(),
            Self::Wait(which) => {
                world.events[which].wait();
                0
            }
            Self::Yield => {
                yield_now();
                0
            }
            Self::PollFive(which) => {
                let get = || world.shared[which].get();
                (1..=5).find(|_| get() != 0).unwrap_or(0)
            }
            Self::TryFour(which) => {
                let enter = || world.locks[which].try_lock().is_some();
                (1..=4).find(|_| enter()).unwrap_or(0)
            }
            Self::Now => u32::from(Instant::now().saturating_duration_since(world.start) >= A_WHILE),
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// Two threads with three deeds each, or three with two.
fn made_of(seed: u64) -> Vec<Vec<Deed>> {
    let mut numbers = Numbers(seed);
    let (threads, deeds) = if seed.is_multiple_of(2) { (2, 3) } else { (3, 2) };
    (0..threads).map(|_| (0..deeds).map(|_| Deed::made_of(numbers.next() >> 8)).collect()).collect()
}

fn run(program: &[Vec<Deed>]) -> Vec<Vec<u32>> {
    let world = Arc::new(World {
        shared: [const { Shared::new(0) }; 2],
        locks: [const { Lock::new(0) }; 2],
        permits: Semaphore::new(1),
        events: [const { Event::new() }; 2],
        start: Instant::now(),
    });
    let start = |deeds: &Vec<Deed>| {
        let (world, deeds) = (Arc::clone(&world), deeds.clone());
        spawn(move || deeds.iter().map(|deed| deed.done_in(&world)).collect())
    };
    let threads: Vec<_> = program.iter().map(start).collect();
    threads.into_iter().map(|thread| thread.join().expect("it does not panic")).collect()
}

/// How many programs there were to compare.
fn compare(grain: Grain, clock: ClockPolicy) -> usize {
    let count = std::env::var("THREADCRAFT_PROGRAMS").ok().and_then(|text| text.parse().ok()).unwrap_or(PROGRAMS);
    let mut compared = 0;
    for seed in 0..count {
        let program = made_of(seed);
        let explore = |strategy| {
            let builder = Explorer::builder().carrier(Carrier::Coroutines).grain(grain).clock(clock).rare(0);
            let explorer = builder.strategy(strategy).max_schedules(MOST_EXECUTIONS).build();
            let program = program.clone();
            explorer.explore(move || run(&program))
        };
        let full = explore(Strategy::Full);
        if !full.complete && full.failure.is_none() {
            continue;
        }
        compared += 1;
        let reduced = explore(Strategy::Dpor);
        let failed = |report: &Report| report.failure.as_ref().map(|failure| failure.kind.name());
        assert_eq!(failed(&reduced), failed(&full), "seed {seed}: {program:?}");
        if full.failure.is_some() {
            continue;
        }
        assert!(reduced.complete, "seed {seed}: {program:?}: {:?}", reduced.cut);
        let outcomes = (reduced.outcomes.to_string(), full.outcomes.to_string());
        assert_eq!(outcomes.0, outcomes.1, "seed {seed}: {program:?}: {} of {}", reduced.schedules, full.schedules);
    }
    compared
}

#[test]
fn programs_in_coarse_grain() {
    assert!(compare(Grain::Coarse, ClockPolicy::WhenIdle) > 50);
}

#[test]
fn programs_in_coarse_grain_at_any_time() {
    assert!(compare(Grain::Coarse, ClockPolicy::Anywhere) > 50);
}

#[test]
fn programs_in_fine_grain() {
    assert!(compare(Grain::Fine, ClockPolicy::WhenIdle) > 5);
}
