//! The threads that live, and the end of the program, which waits for those that are no daemons.
//!
//! Explored threads are not here: their execution knows them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::{Life, MAIN_ID, current_id, machine_name, native_id};

/// Those that were started here or made themselves known, by number: in the order of coming.
static ROSTER: Mutex<BTreeMap<u64, Arc<Life>>> = Mutex::new(BTreeMap::new());

fn roster() -> MutexGuard<'static, BTreeMap<u64, Arc<Life>>> {
    // Nothing panics while it is held; if something did, the map would be whole all the same.
    ROSTER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The main thread, which is never taken off the list.
pub(super) fn main() -> Arc<Life> {
    static MAIN: OnceLock<Arc<Life>> = OnceLock::new();
    // The first thread's number is that of the process.
    let life = || Arc::new(Life::running(Some("main".to_owned()), MAIN_ID, false, u64::from(std::process::id())));
    Arc::clone(MAIN.get_or_init(life))
}

/// All that live, in the order of coming, main first.
pub(super) fn living() -> Vec<Arc<Life>> {
    let others = roster().values().cloned().collect::<Vec<_>>();
    std::iter::once(main()).chain(others).collect()
}

/// A thread that is about to be started is listed from now on, and waited for at the end if it is no daemon.
pub(super) fn add(life: &Arc<Life>) {
    if !life.is_daemon() {
        wait_at_exit();
    }
    roster().insert(life.id(), Arc::clone(life));
}

/// It has ended, or could not be started.
pub(super) fn remove(life: &Life) {
    let removed = roster().remove(&life.id());
    // Dropped here, where the list is not held.
    drop(removed);
}

thread_local! {
    static CURRENT: RefCell<Option<Listed>> = const { RefCell::new(None) };
}

/// The running thread's place on the list.
enum Listed {
    /// Started here: whoever runs it takes it off.
    Here(Arc<Life>),
    /// Started elsewhere: taken off when its thread-locals are dropped.
    Elsewhere(Arc<Life>),
}

impl Drop for Listed {
    fn drop(&mut self) {
        if let Self::Elsewhere(life) = self {
            remove(life);
            life.finish();
        }
    }
}

/// The running thread was started here.
pub(super) fn enter(life: Arc<Life>) {
    CURRENT.set(Some(Listed::Here(life)));
}

/// The running thread. One that was started elsewhere is listed from its first call until it ends.
pub(super) fn current() -> Arc<Life> {
    if current_id() == MAIN_ID {
        return main();
    }
    let known = CURRENT.try_with(|current| match &*current.borrow() {
        Some(Listed::Here(life) | Listed::Elsewhere(life)) => Some(Arc::clone(life)),
        None => None,
    });
    if let Ok(Some(life)) = known {
        return life;
    }
    let life = Arc::new(Life::running(machine_name(), current_id(), true, native_id()));
    if known.is_ok() {
        roster().insert(life.id(), Arc::clone(&life));
        CURRENT.set(Some(Listed::Elsewhere(Arc::clone(&life))));
    }
    life
}

/// See [`super::inherits_daemon`].
pub(super) fn inherits_daemon() -> bool {
    let is_daemon =
        |current: &RefCell<Option<Listed>>| matches!(&*current.borrow(), Some(Listed::Here(life)) if life.is_daemon());
    CURRENT.try_with(is_daemon).unwrap_or(false)
}

/// Sees to it, once, that the end of the program waits.
fn wait_at_exit() {
    // Under loom nothing outlives its model, and a failed one would be waited for in vain.
    #[cfg(all(any(unix, windows), not(loom)))]
    {
        static ASKED: std::sync::Once = std::sync::Once::new();
        ASKED.call_once(|| {
            // SAFETY:
            // - the function does not unwind, and is there for as long as the program is.
            let refused = unsafe { libc::atexit(wait_for_all) };
            assert_eq!(refused, 0, "the system keeps no function for the end of the program");
        });
    }
}

/// What is called at the end of the program.
static AT_EXIT: Mutex<Vec<fn()>> = Mutex::new(Vec::new());

/// Has `function` called at the end of the program, when no thread is left but daemons and those that are waited for last
/// (see [`Builder::last`](super::Builder::last)): for those who have such threads, to end them. Not explored, where an
/// execution that leaves threads behind is a failure. It can be called several times, and must not panic.
pub fn at_exit(function: fn()) {
    AT_EXIT.lock().unwrap_or_else(PoisonError::into_inner).push(function);
}

/// Waits until no thread is left but daemons and the one that ends the program. Others may be started meanwhile.
///
/// Runs when the thread-locals of the ending thread are gone: nothing here has one with a destructor.
#[cfg(all(any(unix, windows), not(loom)))]
extern "C" fn wait_for_all() {
    let me = current_id();
    let next = |is_last: bool| {
        let waits_for = |life: &&Arc<Life>| !life.is_daemon() && life.id() != me && life.is_last() == is_last;
        roster().values().find(waits_for).cloned()
    };
    loop {
        let life = next(false).or_else(|| {
            let functions = AT_EXIT.lock().unwrap_or_else(PoisonError::into_inner).clone();
            functions.iter().for_each(|function| function());
            next(true)
        });
        match life {
            Some(life) => life.wait(None),
            None => return,
        };
    }
}
