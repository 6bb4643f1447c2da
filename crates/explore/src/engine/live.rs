//! Which executions run in this process, and on which threads.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, Weak};

use parking_lot::Mutex;

use super::context::Context;
use super::core::{Core, is_teardown};
use super::state::{Place, Stop};
use super::tag::Tag;
use crate::report::{FailureKind, Location};

thread_local! {
    /// The context of the explored thread that runs here; it lives on this thread's stack while it is set.
    static CURRENT: Cell<*const Context> = const { Cell::new(std::ptr::null()) };
    /// True once an explored thread has run here and ended: destructors of thread-locals run on the machine.
    static RETIRED: Cell<bool> = const { Cell::new(false) };
    /// True on a thread that drives an exploration: what it does between executions is nobody's business.
    static DRIVER: Cell<bool> = const { Cell::new(false) };
    /// The last panic of this thread: its message and place.
    static LAST_PANIC: RefCell<Option<(String, Option<Location>)>> = const { RefCell::new(None) };
}

/// How many executions run now. Relaxed: only zero or not is asked, by threads that need no order with it.
static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// The executions that run now.
static LIVE: Mutex<Vec<Weak<Core>>> = Mutex::new(Vec::new());

/// The number of a new execution, from 1; after 2^32 they come again, when no object remembers the old ones.
pub(super) fn next_epoch() -> u32 {
    static LAST: AtomicU32 = AtomicU32::new(0);
    // Relaxed: only that no two get the same number matters.
    let epoch = LAST.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
    if epoch == 0 { next_epoch() } else { epoch }
}

/// Keeps an execution in the list of those that run.
pub(super) struct Registered(*const Core);

impl Registered {
    pub(super) fn new(core: &Arc<Core>) -> Self {
        LIVE.lock().push(Arc::downgrade(core));
        RUNNING.fetch_add(1, Ordering::Relaxed);
        Self(Arc::as_ptr(core))
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        RUNNING.fetch_sub(1, Ordering::Relaxed);
        LIVE.lock().retain(|core| core.as_ptr() != self.0);
    }
}

/// Runs `body` as an explored thread.
pub(super) fn enter(context: &Context, body: impl FnOnce()) {
    CURRENT.set(std::ptr::from_ref(context));
    body();
    CURRENT.set(std::ptr::null());
    RETIRED.set(true);
}

/// The explored thread that runs here is suspended; what this returns is for [`come_back`].
#[inline]
pub(super) fn leave() -> *const Context {
    CURRENT.replace(std::ptr::null())
}

/// The explored thread that [`leave`] was called in runs here again.
#[inline]
pub(super) fn come_back(context: *const Context) {
    CURRENT.set(context);
}

/// The explored thread that runs here, if one does.
#[inline]
pub(crate) fn with_current<R>(body: impl FnOnce(&Context) -> R) -> Option<R> {
    let context = CURRENT.get();
    // SAFETY:
    // - the pointer is null or set by `enter`, whose reference outlives the time for which it is set;
    // - it is only read by the thread that set it, and the context is only borrowed shared.
    unsafe { context.as_ref() }.map(body)
}

/// True if an explored thread runs here.
#[inline]
pub(crate) fn current() -> bool {
    !CURRENT.get().is_null()
}

/// True if an explored thread ran here and has ended.
pub(crate) fn is_retired() -> bool {
    RETIRED.get()
}

/// A thread that no execution knows uses an object: if the object belongs to an execution that runs, or the process
/// to the exploration, that execution fails.
pub(crate) fn is_foreign(tag: &Tag, place: Place) {
    if RUNNING.load(Ordering::Relaxed) == 0 || is_retired() {
        return;
    }
    let cores: Vec<Arc<Core>> = LIVE.lock().iter().filter_map(Weak::upgrade).collect();
    for core in cores {
        let mine = tag.epoch() == Some(core.epoch);
        if mine || core.settings.exclusive && !DRIVER.get() {
            let what = match tag.name() {
                Some(name) => format!("a thread that the explorer does not know uses the {} `{name}`", tag.kind()),
                None => format!("a thread that the explorer does not know uses a {}", tag.kind()),
            };
            let instead = "start threads with `threadcraft::spawn`, not with `std::thread::spawn`".to_owned();
            let kind = FailureKind::Foreign { what, instead, location: Some(place.into()) };
            core.outside.stop(Stop::Failure(kind));
        }
    }
}

/// This thread drives an exploration, and is what it was before when it is over.
pub(super) struct Driver {
    drove: bool,
    retired: bool,
}

impl Driver {
    pub(super) fn begin() -> Self {
        Self { drove: DRIVER.replace(true), retired: RETIRED.get() }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        DRIVER.set(self.drove);
        RETIRED.set(self.retired);
    }
}

/// Keeps this thread, and those that it starts, on one processor, in turn over those that are allowed: handing over
/// a turn between two processors costs ten times as much. Best effort: without it everything is only slower.
pub(super) fn stay_on_one_processor() {
    DRIVER.set(true);
    #[cfg(target_os = "linux")]
    {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        // Relaxed: only the spread matters. The process number spreads processes that run side by side.
        let turn = NEXT.fetch_add(1, Ordering::Relaxed).wrapping_add(std::process::id() as usize);
        let Some(allowed) = allowed_processors() else { return };
        let set = allowed[turn % allowed.len()];
        // SAFETY:
        // - the set is live for the call and as large as is said; 0 means this thread.
        unsafe { libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const set) };
    }
}

/// For each processor that this thread may run on, the set of that one.
#[cfg(target_os = "linux")]
fn allowed_processors() -> Option<Vec<libc::cpu_set_t>> {
    // SAFETY:
    // - all zeroes is a valid `cpu_set_t`, the empty one.
    let empty: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    let mut allowed = empty;
    // SAFETY:
    // - the set is live for the call and as large as is said; 0 means this thread.
    if unsafe { libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &raw mut allowed) } != 0 {
        return None;
    }
    let one = |processor| {
        let mut set = empty;
        // SAFETY:
        // - the processor is less than the number of bits of a set.
        unsafe { libc::CPU_SET(processor, &mut set) };
        set
    };
    // SAFETY:
    // - the processor is less than the number of bits of a set.
    let is_allowed = |processor: &usize| unsafe { libc::CPU_ISSET(*processor, &allowed) };
    let sets: Vec<_> = (0..8 * size_of::<libc::cpu_set_t>()).filter(is_allowed).map(one).collect();
    (!sets.is_empty()).then_some(sets)
}

/// Panics of explored threads are part of the report; they are not printed while thousands of schedules run.
pub(super) fn install_panic_hook() {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
            if current() {
                let message = message_of(info.payload());
                let _ = LAST_PANIC.try_with(|last| {
                    last.replace(Some((message, info.location().map(Into::into))));
                });
            } else {
                before(info);
            }
        }));
    });
}

/// The message and the place of the panic with this payload.
pub(crate) fn last_panic(payload: &(dyn Any + Send)) -> (String, Option<Location>) {
    debug_assert!(!is_teardown(payload));
    let message = message_of(payload);
    let noted = LAST_PANIC.take().filter(|(noted, _)| *noted == message);
    (message, noted.and_then(|(_, location)| location))
}

fn message_of(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a value that is not text".to_owned())
}
