//! What threads that do not have the turn have to say of an execution: that it is to stop.

use std::sync::atomic::{AtomicBool, Ordering};

use super::state::Stop;

/// The first such reason.
#[derive(Default)]
pub(crate) struct Outside {
    /// Set with `stop`, while that is held; looked at before each choice. Relaxed: whoever sees it takes the mutex next,
    /// which orders it after whoever has set it.
    any: AtomicBool,
    stop: parking_lot::Mutex<Option<Stop>>,
}

impl Outside {
    /// Asks for the end of the execution, from any thread. The first reason counts.
    pub(crate) fn stop(&self, stop: Stop) {
        let mut first = self.stop.lock();
        first.get_or_insert(stop);
        self.any.store(true, Ordering::Relaxed);
    }

    /// The reason, if somebody has asked.
    #[inline]
    pub(crate) fn asked(&self) -> Option<Stop> {
        if self.any.load(Ordering::Relaxed) { self.stop.lock().clone() } else { None }
    }
}
