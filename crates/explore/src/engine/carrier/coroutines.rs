//! A coroutine for each explored thread, all on the thread that drives the exploration.
//!
//! To move the turn, a thread says who is next and suspends itself; the driver resumes that one. What belongs to the
//! running thread and lives in thread-locals, the explorer's own context, is put back when a coroutine is resumed.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicUsize, Ordering};

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};

use super::{Body, Carrier, Next};
use crate::engine::live;
use crate::engine::mutex::{self, Mutex};

/// A coroutine that is resumed with nothing, yields nothing and returns nothing.
type Stackful = Coroutine<(), (), (), DefaultStack>;

/// How many stacks are kept for later executions.
const STACKS_KEPT: usize = 64;

thread_local! {
    /// The way out of the coroutine that runs here.
    static YIELDER: Cell<*const Yielder<(), ()>> = const { Cell::new(std::ptr::null()) };
    /// Stacks of the usual size that nobody uses now.
    static STACKS: RefCell<Vec<(usize, DefaultStack)>> = const { RefCell::new(Vec::new()) };
}

/// The size of the stack that a thread asked for, and what it runs.
type Prepared = (Option<usize>, Body);

/// Coroutines.
pub(in crate::engine) struct Coroutines {
    stack_size: usize,
    /// The threads that were prepared; `None` once launched.
    prepared: Mutex<Vec<Option<Prepared>>>,
    /// What the driver is told, by whoever suspends itself.
    ///
    /// | value | meaning |
    /// |---|---|
    /// | 0 | the execution is over |
    /// | 2 × index + 2 | this thread goes on |
    /// | 2 × index + 3 | this thread begins |
    ///
    /// Relaxed: all coroutines and the driver are one thread of the system.
    next: AtomicUsize,
}

impl Coroutines {
    /// With stacks of so many bytes.
    pub(in crate::engine) fn new(stack_size: usize) -> Self {
        Self { stack_size, prepared: mutex::owned(Vec::new()), next: AtomicUsize::new(encode(Next::Launch(0))) }
    }

    /// Runs an execution from its first thread's launch to its end.
    pub(in crate::engine) fn run(&self) {
        let mut running: Vec<Option<(usize, Stackful)>> = Vec::new();
        loop {
            let index = match decode(self.next.load(Ordering::Relaxed)) {
                Next::Over => break,
                Next::Resume(index) => index,
                Next::Launch(index) => {
                    running.resize_with(running.len().max(index + 1), || None);
                    running[index] = Some(self.coroutine(index));
                    index
                }
            };
            let (_, coroutine) = running[index].as_mut().expect("a thread that has the turn has not ended");
            if let CoroutineResult::Return(()) = coroutine.resume(()) {
                let (size, coroutine) = running[index].take().expect("it was there to be resumed");
                keep_stack(size, coroutine.into_stack());
            }
        }
        debug_assert!(running.iter().all(Option::is_none), "every thread of an execution that is over has ended");
    }

    /// The coroutine of a prepared thread.
    fn coroutine(&self, index: usize) -> (usize, Stackful) {
        let prepared = self.prepared.lock()[index].take();
        let (asked, body) = prepared.expect("a thread is launched once");
        let size = asked.unwrap_or(0).max(self.stack_size);
        let coroutine = Coroutine::with_stack(stack(size), move |yielder: &Yielder<(), ()>, ()| {
            YIELDER.set(std::ptr::from_ref(yielder));
            body();
        });
        (size, coroutine)
    }
}

fn encode(next: Next) -> usize {
    match next {
        Next::Over => 0,
        Next::Resume(index) => 2 * index + 2,
        Next::Launch(index) => 2 * index + 3,
    }
}

fn decode(word: usize) -> Next {
    match word {
        0 => Next::Over,
        word if word % 2 == 0 => Next::Resume(word / 2 - 1),
        word => Next::Launch((word - 3) / 2),
    }
}

/// A stack of this size, if possible one that was used before.
fn stack(size: usize) -> DefaultStack {
    let used = STACKS.with_borrow_mut(|stacks| {
        let found = stacks.iter().rposition(|&(kept, _)| kept == size)?;
        Some(stacks.swap_remove(found).1)
    });
    used.unwrap_or_else(|| match DefaultStack::new(size) {
        Ok(stack) => stack,
        Err(error) => panic!("the system refuses one more stack for the exploration: {error}"),
    })
}

fn keep_stack(size: usize, stack: DefaultStack) {
    STACKS.with_borrow_mut(|stacks| {
        if stacks.len() < STACKS_KEPT {
            stacks.push((size, stack));
        }
    });
}

impl Carrier for Coroutines {
    fn prepare(&self, stack_size: Option<usize>, body: Body) {
        self.prepared.lock().push(Some((stack_size, body)));
    }

    fn switch(&self, _from: usize, next: Next) {
        self.next.store(encode(next), Ordering::Relaxed);
        let (yielder, context) = (YIELDER.get(), live::leave());
        // SAFETY:
        // - the pointer was set when this coroutine began or was last resumed, and its yielder lives as long as the
        //   coroutine, which runs now;
        // - only the thread that drives the exploration gets here, and coroutines do not move to another.
        unsafe { &*yielder }.suspend(());
        live::come_back(context);
        YIELDER.set(yielder);
    }

    fn finish(&self, next: Next) {
        self.next.store(encode(next), Ordering::Relaxed);
    }

    fn keeps_unwinding(&self) -> bool {
        true
    }
}
