//! A thread of the system for each explored thread: real stacks and real thread-locals, and destructors of thread-locals
//! that run before the execution counts as over.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Instant;

use parking_lot::{Condvar, Mutex};

use super::{Body, Carrier, Next};

/// Threads of the system.
#[derive(Default)]
pub(in crate::engine) struct SystemThreads {
    slots: Mutex<Vec<Slot>>,
    over: Mutex<bool>,
    ended: Condvar,
}

struct Slot {
    baton: Arc<Baton>,
    body: Option<Body>,
    stack_size: Option<usize>,
    handle: Option<JoinHandle<()>>,
}

/// The turn of one thread: given by one, taken by the other.
#[derive(Default)]
struct Baton {
    /// False: not given. True: given and not yet taken. The Release store in `give` pairs with the Acquire swap in
    /// `take`; the explored state itself is guarded by the execution's mutex.
    given: AtomicBool,
    thread: OnceLock<std::thread::Thread>,
}

impl Baton {
    fn give(&self) {
        self.given.store(true, Ordering::Release);
        self.thread.get().expect("a thread that was launched has said who it is").unpark();
    }

    fn take(&self) {
        while !self.given.swap(false, Ordering::Acquire) {
            std::thread::park();
        }
    }
}

impl SystemThreads {
    /// Launches the first thread.
    pub(in crate::engine) fn start(&self) {
        self.launch(0);
    }

    /// Waits until the execution is over, and at most until the deadline. True if it is over.
    pub(in crate::engine) fn wait_over(&self, deadline: Instant) -> bool {
        let mut over = self.over.lock();
        while !*over {
            if self.ended.wait_until(&mut over, deadline).timed_out() {
                return *over;
            }
        }
        true
    }

    /// Joins all threads of an execution that is over.
    pub(in crate::engine) fn join_all(&self) {
        let slots = std::mem::take(&mut *self.slots.lock());
        for handle in slots.into_iter().filter_map(|slot| slot.handle) {
            // The body catches every panic of the program, so an error here has been reported.
            let _ = handle.join();
        }
    }

    fn launch(&self, index: usize) {
        let mut slots = self.slots.lock();
        let slot = &mut slots[index];
        let (baton, body) = (Arc::clone(&slot.baton), slot.body.take().expect("a thread is launched once"));
        let mut builder = std::thread::Builder::new();
        if let Some(size) = slot.stack_size {
            builder = builder.stack_size(size);
        }
        let run = move || {
            baton.thread.get_or_init(std::thread::current);
            body();
        };
        match builder.spawn(run) {
            Ok(handle) => slot.handle = Some(handle),
            Err(error) => panic!("the system refuses one more thread for the exploration: {error}"),
        }
    }

    fn pass(&self, next: Next) {
        match next {
            Next::Resume(index) => {
                let baton = Arc::clone(&self.slots.lock()[index].baton);
                baton.give();
            }
            Next::Launch(index) => self.launch(index),
            Next::Over => {
                *self.over.lock() = true;
                self.ended.notify_all();
            }
        }
    }
}

impl Carrier for SystemThreads {
    fn prepare(&self, stack_size: Option<usize>, body: Body) {
        self.slots.lock().push(Slot { baton: Arc::default(), body: Some(body), stack_size, handle: None });
    }

    fn switch(&self, from: usize, next: Next) {
        let own = Arc::clone(&self.slots.lock()[from].baton);
        self.pass(next);
        own.take();
    }

    fn finish(&self, next: Next) {
        self.pass(next);
    }

    fn keeps_unwinding(&self) -> bool {
        false
    }
}
