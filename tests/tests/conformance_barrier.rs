//! What Python's barrier tests ask of a barrier, by behaviour, of ours, of a plain one from a mutex and a condition
//! variable, and of `std`'s as far as it goes. (`usync`'s serves one phase.)

use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use threadcraft_tests::eventually::eventually;
use threadcraft_tests::model::barrier::{Meeting, one_leads};
use threadcraft_tests::model::behaviour::TIMEOUT;
use threadcraft_tests::model::behaviour::barrier::{
    a_single_thread_passes, in_threads, the_numbers_of_each_phase_are_right, threads_go_in_lockstep,
};
const PARTIES: usize = 5;

/// Barriers that can break.
trait Breaks: Meeting {
    fn with_action(parties: usize, action: impl FnMut() + Send + 'static) -> Self;
    fn with_timeout(parties: usize, timeout: Duration) -> Self;
    fn wait_for(&self, timeout: Duration) -> Option<usize>;
    fn abort(&self);
    fn reset(&self);
    fn waiting(&self) -> usize;
    fn is_broken(&self) -> bool;
}

impl Breaks for threadcraft::Barrier {
    fn with_action(parties: usize, action: impl FnMut() + Send + 'static) -> Self {
        Self::with_action(parties, action)
    }
    fn with_timeout(parties: usize, timeout: Duration) -> Self {
        Self::with_timeout(parties, timeout)
    }
    fn wait_for(&self, timeout: Duration) -> Option<usize> {
        self.wait_for(timeout).ok().map(|place| place.index())
    }
    fn abort(&self) {
        self.abort();
    }
    fn reset(&self) {
        self.reset();
    }
    fn waiting(&self) -> usize {
        self.waiting()
    }
    fn is_broken(&self) -> bool {
        self.is_broken()
    }
}

/// It tells one of them that it leads, and the others nothing.
struct OfStd(std::sync::Barrier);

impl Meeting for OfStd {
    fn new(parties: usize) -> Self {
        Self(std::sync::Barrier::new(parties))
    }
    fn wait(&self) -> Option<usize> {
        Some(usize::from(!self.0.wait().is_leader()))
    }
    fn is_right(numbers: Vec<usize>) -> bool {
        one_leads(&numbers)
    }
}

/// Where the reference is.
#[derive(Default, PartialEq, Clone, Copy)]
enum Stage {
    #[default]
    Filling,
    Draining,
    Resetting,
    Broken,
}

/// The reference: a count and a stage, and nobody comes in while others go out.
struct Plain {
    state: Mutex<(Stage, usize)>,
    change: Condvar,
    parties: usize,
    timeout: Duration,
    action: Mutex<Box<dyn FnMut() + Send>>,
}

impl Meeting for Plain {
    fn new(parties: usize) -> Self {
        Self::with_action(parties, || ())
    }
    fn wait(&self) -> Option<usize> {
        self.wait_for(self.timeout)
    }
}

impl Breaks for Plain {
    fn with_action(parties: usize, action: impl FnMut() + Send + 'static) -> Self {
        assert_ne!(parties, 0);
        Self {
            state: Mutex::default(),
            change: Condvar::new(),
            parties,
            timeout: Duration::from_secs(3600),
            action: Mutex::new(Box::new(action)),
        }
    }
    fn with_timeout(parties: usize, timeout: Duration) -> Self {
        Self { timeout, ..Self::new(parties) }
    }
    fn wait_for(&self, timeout: Duration) -> Option<usize> {
        let mut state = self.state.lock();
        self.change.wait_while(&mut state, |state| matches!(state.0, Stage::Draining | Stage::Resetting));
        if state.0 == Stage::Broken {
            return None;
        }
        let index = state.1;
        state.1 += 1;
        if index + 1 == self.parties {
            (self.action.lock())();
            state.0 = Stage::Draining;
            self.change.notify_all();
        } else if self.change.wait_while_for(&mut state, |state| state.0 == Stage::Filling, timeout).timed_out() {
            state.0 = Stage::Broken;
            self.change.notify_all();
        }
        let stage = state.0;
        state.1 -= 1;
        if state.1 == 0 && stage != Stage::Broken {
            state.0 = Stage::Filling;
            self.change.notify_all();
        }
        (stage == Stage::Draining).then_some(index)
    }
    fn abort(&self) {
        self.state.lock().0 = Stage::Broken;
        self.change.notify_all();
    }
    fn reset(&self) {
        let mut state = self.state.lock();
        state.0 = if state.1 == 0 { Stage::Filling } else { Stage::Resetting };
        self.change.notify_all();
    }
    fn waiting(&self) -> usize {
        let state = self.state.lock();
        if state.0 == Stage::Filling { state.1 } else { 0 }
    }
    fn is_broken(&self) -> bool {
        self.state.lock().0 == Stage::Broken
    }
}

/// Runs `body` in as many threads as there are parties, and returns what they return.
fn in_all<T: Send>(body: impl Fn(usize) -> T + Sync) -> Vec<T> {
    in_threads(PARTIES, body)
}

fn threads_go_in_lockstep_over_ten_phases<B: Meeting>() {
    threads_go_in_lockstep::<B>(PARTIES, 10);
}

fn each_phase_has_one_leader<B: Meeting>() {
    the_numbers_of_each_phase_are_right::<B>(PARTIES, 10);
}

fn nobody_is_refused_as_a_party<B: Meeting>() {
    assert!(catch_unwind(|| _ = B::new(0)).is_err());
}

fn each_number_comes_once_in_each_phase<B: Breaks>() {
    let barrier = B::new(PARTIES);
    for _ in 0..10 {
        let mut numbers = in_all(|_| barrier.wait_for(Duration::from_secs(60)).unwrap());
        numbers.sort_unstable();
        assert!(numbers.into_iter().eq(0..PARTIES));
    }
}

fn the_action_runs_once_before_the_release<B: Breaks>() {
    let runs = Arc::new(AtomicUsize::new(0));
    let barrier = B::with_action(PARTIES, {
        let runs = Arc::clone(&runs);
        move || _ = runs.fetch_add(1, Ordering::Relaxed)
    });
    in_all(|_| {
        barrier.wait().unwrap();
        assert_eq!(runs.load(Ordering::Relaxed), 1);
    });
}

fn an_abort_breaks_it_for_the_others_and_it_stays_broken<B: Breaks>() {
    let barrier = B::new(PARTIES);
    let results = in_all(|number| {
        if number == PARTIES / 2 {
            barrier.abort();
            return None;
        }
        barrier.wait()
    });
    assert_eq!(results, [None; PARTIES]);
    assert!(barrier.is_broken() && barrier.wait().is_none());
}

fn a_reset_sends_the_waiters_away_and_leaves_it_usable<B: Breaks>() {
    let barrier = B::new(PARTIES);
    let results = in_all(|number| {
        if number == PARTIES / 2 {
            eventually("the others wait", || barrier.waiting() == PARTIES - 1);
            barrier.reset();
            return None;
        }
        barrier.wait()
    });
    assert_eq!(results, [None; PARTIES]);
    assert!(!barrier.is_broken());
    assert!(in_all(|_| barrier.wait()).iter().all(Option::is_some));
}

fn a_reset_after_an_abort_leaves_it_usable<B: Breaks>() {
    let barrier = B::new(PARTIES);
    an_abort_in(&barrier);
    barrier.reset();
    assert!(!barrier.is_broken());
    assert!(in_all(|_| barrier.wait()).iter().all(Option::is_some));
}

/// All but one wait, and that one aborts.
fn an_abort_in<B: Breaks>(barrier: &B) {
    in_all(|number| if number == 0 { barrier.abort() } else { assert!(barrier.wait().is_none()) });
}

fn one_that_is_late_breaks_it_for_all<B: Breaks>() {
    let barrier = B::new(PARTIES);
    let results = in_all(|number| {
        if number == PARTIES / 2 {
            eventually("the others have given up", || barrier.is_broken());
        }
        barrier.wait_for(TIMEOUT)
    });
    assert_eq!(results, [None; PARTIES]);
}

fn the_constructor_s_timeout_is_the_default<B: Breaks>() {
    let barrier = B::with_timeout(PARTIES, TIMEOUT);
    let results = in_all(|number| {
        if number == PARTIES / 2 {
            eventually("the others have given up", || barrier.is_broken());
        }
        barrier.wait()
    });
    assert_eq!(results, [None; PARTIES]);
}

/// Tests of one implementation, by the behaviours that it has.
macro_rules! conforms {
    ($name:ident: $barrier:ty, $($behaviour:ident)*) => {
        mod $name {
            $(
                #[test]
                fn $behaviour() {
                    super::$behaviour::<$barrier>();
                }
            )*
        }
    };
}

/// The behaviours of every barrier.
macro_rules! conforms_as_a_barrier {
    ($name:ident: $barrier:ty) => {
        conforms!($name: $barrier,
            threads_go_in_lockstep_over_ten_phases each_phase_has_one_leader a_single_thread_passes
        );
    };
}

/// The behaviours of barriers that can break.
macro_rules! conforms_when_broken {
    ($name:ident: $barrier:ty) => {
        conforms!($name: $barrier,
            nobody_is_refused_as_a_party each_number_comes_once_in_each_phase the_action_runs_once_before_the_release
            an_abort_breaks_it_for_the_others_and_it_stays_broken a_reset_sends_the_waiters_away_and_leaves_it_usable
            a_reset_after_an_abort_leaves_it_usable one_that_is_late_breaks_it_for_all
            the_constructor_s_timeout_is_the_default
        );
    };
}

conforms_as_a_barrier!(ours: threadcraft::Barrier);
conforms_as_a_barrier!(of_std: super::OfStd);
conforms_as_a_barrier!(reference: super::Plain);
conforms_when_broken!(ours_when_broken: threadcraft::Barrier);
conforms_when_broken!(reference_when_broken: super::Plain);

#[test]
fn debug_shows_the_state_also_when_somebody_waits() {
    let barrier = threadcraft::Barrier::new(2);
    let shown = || format!("{barrier:?}");
    assert_eq!(shown(), "Barrier { parties: 2, waiting: 0, broken: false }");
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| barrier.wait().is_err());
        eventually("one waits", || shown() == "Barrier { parties: 2, waiting: 1, broken: false }");
        barrier.abort();
        assert!(waiter.join().expect("it only waits"));
    });
    assert_eq!(shown(), "Barrier { parties: 2, waiting: 0, broken: true }");
}
