//! Checks in the background, one at a time: the newest wins. A check that is asked for while another runs cancels it.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crate::course::Exercise;
use crate::interrupt;
use crate::places::Places;
use crate::process::Limits;
use crate::verify::{Checked, Checker, Subject, Told};

/// What a check came to. `None`: it was cancelled.
pub(super) type Outcome = anyhow::Result<Option<Checked>>;

/// The thread that checks.
pub(super) struct Worker {
    shared: Arc<Shared>,
    done: Receiver<(u64, Outcome)>,
    /// The number of the newest check.
    newest: u64,
    thread: Option<JoinHandle<()>>,
}

/// What the thread and its owner share.
#[derive(Default)]
struct Shared {
    slot: Mutex<Slot>,
    changed: Condvar,
    /// What is being done, in words.
    doing: Mutex<String>,
}

/// What is to be done next, and whether something is being done. Whoever changes it while something is being done
/// also sets the flag that cancels, and whoever takes the next thing to do resets it, both under the lock: so the flag
/// never hits another check than it was meant for.
#[derive(Default)]
struct Slot {
    next: Option<(u64, Exercise)>,
    busy: bool,
    over: bool,
}

impl Shared {
    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is to be done, and cancels what is being done.
    fn change(&self, change: impl FnOnce(&mut Slot)) {
        let mut slot = self.slot();
        change(&mut slot);
        interrupt::cancel(slot.busy);
        self.changed.notify_all();
    }

    /// Waits for something to do; `None` at the end.
    fn take(&self) -> Option<(u64, Exercise)> {
        let mut slot = self.slot();
        loop {
            if slot.over {
                return None;
            }
            if let Some(next) = slot.next.take() {
                slot.busy = true;
                interrupt::cancel(false);
                return Some(next);
            }
            slot = self.changed.wait(slot).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// What was being done is done.
    fn finish(&self) {
        let mut slot = self.slot();
        slot.busy = false;
        interrupt::cancel(false);
        self.changed.notify_all();
    }
}

impl Shared {
    fn doing(&self) -> MutexGuard<'_, String> {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Worker {
    /// A worker with nothing to do.
    pub(super) fn new(places: Places, offline: bool) -> Self {
        let (sender, done) = mpsc::channel();
        let shared = Arc::<Shared>::default();
        let thread = std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || work(&shared, &places, offline, &sender)
        });
        Self { shared, done, newest: 0, thread: Some(thread) }
    }

    /// Checks this exercise as it is now, and nothing that was asked for before.
    pub(super) fn check(&mut self, exercise: &Exercise) {
        self.newest += 1;
        let next = Some((self.newest, exercise.clone()));
        self.shared.change(|slot| slot.next = next);
    }

    /// What the newest check came to, if it is over.
    pub(super) fn outcome(&self) -> Option<Outcome> {
        let newest = self.done.try_iter().filter(|(number, _)| *number == self.newest);
        newest.last().map(|(_, outcome)| outcome)
    }

    /// What is being done, in words.
    pub(super) fn doing(&self) -> String {
        self.shared.doing().clone()
    }

    /// Cancels everything, and waits until nothing is being done.
    pub(super) fn rest(&mut self) {
        self.newest += 1;
        self.shared.change(|slot| slot.next = None);
        let mut slot = self.shared.slot();
        while slot.busy {
            slot = self.shared.changed.wait(slot).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.shared.change(|slot| slot.over = true);
        if let Some(thread) = self.thread.take() {
            // A panic of the worker has said itself what it is.
            let _ = thread.join();
        }
    }
}

fn work(shared: &Shared, places: &Places, offline: bool, done: &Sender<(u64, Outcome)>) {
    let tell = |what: String| *shared.doing() = what;
    let checker = Checker {
        places,
        limits: Limits::default(),
        offline,
        again: false,
        afresh: false,
        schedule: None,
        progress: Told::To(&tell),
    };
    while let Some((number, exercise)) = shared.take() {
        tell("checking".to_owned());
        let subject = Subject { exercise: &exercise, file: exercise.work_file.clone(), bin: exercise.name.clone() };
        let outcome = checker.check(&[subject], &|_, _| {}).map(|mut checked| checked.pop().flatten());
        shared.finish();
        // Nobody listens any more at the end.
        let _ = done.send((number, outcome));
    }
}
