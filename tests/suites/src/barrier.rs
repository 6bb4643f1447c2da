//! Programs for barriers.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::atomic::{AtomicU32, Ordering};
use threadcraft::{Barrier, sleep, spawn};

use super::{Unprotected, run_all};

/// What the programs use of a barrier.
pub trait Meeting: Send + Sync + 'static {
    /// For so many.
    fn new(parties: usize) -> Self;
    /// Waits for all: as how manyeth it came, or `None` if the barrier is broken or reset.
    fn wait(&self) -> Option<usize>;
    /// Whether those who met once may have been told these numbers: each of them once.
    fn is_right(mut numbers: Vec<usize>) -> bool {
        numbers.sort_unstable();
        numbers.iter().copied().eq(0..numbers.len())
    }
}

/// What the numbers must be where one is told 0, that it leads, and the others 1.
#[must_use]
pub fn one_leads(numbers: &[usize]) -> bool {
    numbers.iter().filter(|&&number| number == 0).count() == 1
}

/// Barriers that can break, or act.
pub trait BreakableMeeting: Meeting {
    /// With an action.
    fn with_action(parties: usize, action: impl FnMut() + Send + 'static) -> Self;
    /// Waits, or breaks it.
    fn wait_for(&self, timeout: Duration) -> Option<usize>;
    /// Breaks it.
    fn abort(&self);
    /// Sends those that wait away.
    fn reset(&self);
}

impl Meeting for Barrier {
    fn new(parties: usize) -> Self {
        Self::new(parties)
    }
    #[track_caller]
    fn wait(&self) -> Option<usize> {
        self.wait().ok().map(|place| place.index())
    }
}

impl BreakableMeeting for Barrier {
    fn with_action(parties: usize, action: impl FnMut() + Send + 'static) -> Self {
        Self::with_action(parties, action)
    }
    #[track_caller]
    fn wait_for(&self, timeout: Duration) -> Option<usize> {
        self.wait_for(timeout).ok().map(|place| place.index())
    }
    #[track_caller]
    fn abort(&self) {
        self.abort();
    }
    #[track_caller]
    fn reset(&self) {
        self.reset();
    }
}

const A_WHILE: Duration = Duration::from_millis(5);

/// Threads that write, wait, read what all wrote, and wait, so many times. Comes to what each has read at the end and
/// whether the numbers of each phase are right.
pub fn lockstep<B: Meeting>(parties: usize, rounds: u32) -> (Vec<u32>, bool) {
    let barrier = Arc::new(B::new(parties));
    let written: Arc<Vec<Unprotected>> = Arc::new((0..parties).map(|_| Unprotected::new()).collect());
    let bodies = (0..parties).map(|me| {
        let (barrier, written) = (Arc::clone(&barrier), Arc::clone(&written));
        Box::new(move || {
            let (mut read, mut numbers) = (0, Vec::new());
            for round in 0..rounds {
                written[me].add_one();
                numbers.push(barrier.wait().expect("nobody breaks it"));
                read = written.iter().map(Unprotected::get).sum();
                // Without this, one that is fast writes while one that is slow reads.
                if round + 1 < rounds {
                    numbers.push(barrier.wait().expect("nobody breaks it"));
                }
            }
            (read, numbers)
        }) as Box<dyn FnOnce() -> (u32, Vec<usize>) + Send>
    });
    let results = run_all(bodies);
    let phases = results[0].1.len();
    let right = (0..phases).all(|phase| B::is_right(results.iter().map(|(_, numbers)| numbers[phase]).collect()));
    (results.into_iter().map(|(read, _)| read).collect(), right)
}

/// Threads that wait so many times at a barrier whose action counts. Comes to what each saw after each wait.
pub fn action<B: BreakableMeeting>(parties: usize, rounds: u32) -> Vec<Vec<u32>> {
    let runs = Arc::new(Unprotected::new());
    let barrier = Arc::new(B::with_action(parties, {
        let runs = Arc::clone(&runs);
        move || runs.add_one()
    }));
    run_all((0..parties).map(|_| {
        let (barrier, runs) = (Arc::clone(&barrier), Arc::clone(&runs));
        Box::new(move || {
            let look = |_| {
                barrier.wait().expect("nobody breaks it");
                runs.get()
            };
            (0..rounds).map(look).collect()
        }) as Box<dyn FnOnce() -> Vec<u32> + Send>
    }))
}

/// Three threads at a barrier for two, and later a fourth. Comes to how many have passed before that: 2.
pub fn groups<B: Meeting>() -> u32 {
    let shared = Arc::new((B::new(2), AtomicU32::new(0)));
    let threads: Vec<_> = (0..3)
        .map(|_| {
            let shared = Arc::clone(&shared);
            spawn(move || {
                shared.0.wait().expect("nobody breaks it");
                // Relaxed: one explored thread runs at a time, and its steps are seen in their order.
                shared.1.fetch_add(1, Ordering::Relaxed);
            })
        })
        .collect();
    // Virtual time passes when nobody can run: two have passed by then, and the third waits.
    sleep(A_WHILE);
    // Relaxed: as above.
    let passed = shared.1.load(Ordering::Relaxed);
    shared.0.wait().expect("nobody breaks it");
    for thread in threads {
        thread.join().expect("the threads of a model do not panic");
    }
    passed
}

/// One waits for a while and one for ever, at a barrier for as many or for more. Comes to their numbers.
pub fn giving_up<B: BreakableMeeting>(parties: usize) -> [Option<usize>; 2] {
    let barrier = Arc::new(B::new(parties));
    let hasty = spawn({
        let barrier = Arc::clone(&barrier);
        move || barrier.wait_for(A_WHILE)
    });
    let patient = barrier.wait();
    [hasty.join().expect("the threads of a model do not panic"), patient]
}

/// The same with an action that takes longer than the one waits. Comes to whether all passed and the action ran, or none
/// passed and it did not.
pub fn giving_up_on_an_action<B: BreakableMeeting>() -> bool {
    let runs = Arc::new(Unprotected::new());
    let barrier = Arc::new(B::with_action(2, {
        let runs = Arc::clone(&runs);
        move || {
            sleep(2 * A_WHILE);
            runs.add_one();
        }
    }));
    let hasty = spawn({
        let barrier = Arc::clone(&barrier);
        move || barrier.wait_for(A_WHILE)
    });
    let patient = barrier.wait();
    let hasty = hasty.join().expect("the threads of a model do not panic");
    [hasty, patient].iter().all(|number| number.is_some() == (runs.get() == 1))
}

/// One waits and another aborts. Comes to whether the one got an error; it must.
pub fn aborted<B: BreakableMeeting>() -> [bool; 2] {
    let barrier = Arc::new(B::new(2));
    let waiter = spawn({
        let barrier = Arc::clone(&barrier);
        move || barrier.wait().is_none()
    });
    barrier.abort();
    let late = barrier.wait().is_none();
    [waiter.join().expect("the threads of a model do not panic"), late]
}

/// One waits, for certain; a reset sends it away; then two come. Comes to who passed: not the first, both of the others.
pub fn reset<B: BreakableMeeting>() -> [bool; 3] {
    let barrier = Arc::new(B::new(2));
    let wait = || {
        let barrier = Arc::clone(&barrier);
        spawn(move || barrier.wait().is_some())
    };
    let old = wait();
    // Virtual time passes when nobody can run: the first waits by then.
    sleep(A_WHILE);
    barrier.reset();
    let new = wait();
    let own = barrier.wait().is_some();
    let [old, new] = [old, new].map(|thread| thread.join().expect("the threads of a model do not panic"));
    [old, new, own]
}

/// One waits in a broken barrier that is then reset, and comes back. Comes to its end.
pub fn aborted_and_reset<B: BreakableMeeting>() -> [bool; 2] {
    let barrier = Arc::new(B::new(2));
    let waiter = spawn({
        let barrier = Arc::clone(&barrier);
        move || {
            while barrier.wait().is_none() {}
            true
        }
    });
    barrier.abort();
    barrier.reset();
    let own = barrier.wait().is_some();
    [waiter.join().expect("the threads of a model do not panic"), own]
}
