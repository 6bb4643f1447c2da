//! For the seam (`threadcraft-platform`): the operations of explored threads.
//!
//! Programs and primitives do not use this module; they use the seam, which asks it at each operation.

use std::panic::Location as Place;

pub use crate::engine::context::{AccessKind, Begun, Bits, Call, Context, Done};
pub use crate::engine::life::Stage;
pub use crate::engine::queue::QueueAt;
pub use crate::engine::ready::Wanted;
pub use crate::engine::state::{Hook, Wait};
pub use crate::engine::tag::Tag;

/// True if the calling thread is part of an explored execution.
#[inline]
#[must_use]
pub fn is_explored() -> bool {
    crate::engine::current()
}

/// Runs `body` with the calling thread's context; `None` if it is not explored.
#[inline]
pub fn with_current<R>(body: impl FnOnce(&Context) -> R) -> Option<R> {
    crate::engine::with_current(body)
}

/// To be called where an object is used by a thread that is not explored.
#[inline]
pub fn used_by_other_thread(tag: &Tag, place: &'static Place<'static>) {
    crate::engine::is_foreign(tag, place);
}

/// True for a panic payload that unwinds a thread of an execution that is over; pass it on.
#[must_use]
pub fn is_teardown(payload: &(dyn std::any::Any + Send)) -> bool {
    crate::engine::core::is_teardown(payload)
}

/// Notes that the running explored thread ended by a panic with this payload.
pub fn note_panic(context: &Context, payload: &(dyn std::any::Any + Send)) {
    let (message, location) = crate::engine::last_panic(payload);
    context.note_panic(&message, location);
}
