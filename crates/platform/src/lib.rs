//! The seam between threading primitives and what they run on.
//!
//! A primitive that is written against this crate runs on the machine, and also under the explorer
//! (`threadcraft-explore`), which decides at each operation who goes next, and under loom, which also decides which of
//! the values that a load may return it does. Three backends, one interface:
//!
//! | | real | explored | loom |
//! |---|---|---|---|
//! | chosen by | default | feature `explore`, then each thread at run time | `RUSTFLAGS="--cfg loom"` |
//! | atomics | the standard library's | steps of the explored program | loom's |
//! | futex | the system's | the explorer's | a table of who sleeps |
//! | clock | the system's | virtual | stands still, but any deadline may pass |
//! | constructors | `const` | `const` | not `const`: see [`const_unless_loom`] |
//! | finds | what happens to happen | deadlocks, races, livelocks, with their shortest schedule | missing orderings |
//!
//! - Without the feature `explore` this crate is the standard library's atomics and the system's futex, re-exported
//!   or inlined: nothing of the explorer is compiled in, and [`call`] is the body it is given.
//! - With it, each operation asks a thread-local whether this thread runs under the explorer. If so the operation is a
//!   step of the explored program; if not it runs on the machine as before. One binary does both.
//! - Under `--cfg loom`, a build of its own and without that feature, nothing runs outside `loom::model`. The README in
//!   `src/under_loom` says what each part of the seam is there, and what loom cannot find.
//!
//! | module | gives |
//! |---|---|
//! | [`atomic`] | atomics, `Ordering`, `fence` |
//! | [`futex`] | wait until a deadline, wake n, requeue |
//! | [`thread`] | start, join, sleep, yield |
//! | [`time`] | the clock |
//! | [`cell`] | a plain cell whose races are found |
//! | [`object`] | names, and what a call means for the timeline |
//! | [`output`] | printing and probes |

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod atomic;
#[cfg(not(loom))]
pub mod cell;
mod constness;
#[cfg(feature = "explore")]
mod explored;
pub mod futex;
pub mod object;
pub mod output;
mod program;
mod quiet;
#[cfg(not(loom))]
mod real;
mod shared;
pub mod thread;
pub mod time;
#[cfg(loom)]
mod under_loom;

#[cfg(not(loom))]
use real as backend;
#[cfg(loom)]
use under_loom as backend;

pub use object::{Object, Wanted, call, call_when};
pub use output::probe;
pub use program::PerProgram;
pub use quiet::Quiet;
pub use shared::Shared;
pub use time::Instant;
#[cfg(loom)]
pub use under_loom::cell;

#[cfg(all(loom, feature = "explore"))]
compile_error!("one model at a time: `--cfg loom` and the feature `explore` exclude each other");

/// True if this thread runs under the explorer now.
#[inline]
#[must_use]
pub fn is_explored() -> bool {
    #[cfg(feature = "explore")]
    {
        threadcraft_explore::runtime::is_explored()
    }
    #[cfg(not(feature = "explore"))]
    {
        false
    }
}

/// True if this thread is unwound because its explored execution is over: waits return at once then, in destructors, and
/// what they wait for does not come. A loop that waits ends here.
#[inline]
#[must_use]
pub fn is_torn_down() -> bool {
    #[cfg(feature = "explore")]
    {
        explored::is_torn_down()
    }
    #[cfg(not(feature = "explore"))]
    {
        false
    }
}

#[cfg(all(test, not(any(feature = "explore", loom))))]
mod tests {
    use std::any::TypeId;

    use super::*;

    #[test]
    fn without_the_feature_the_seam_is_the_standard_library_itself() {
        assert!(!is_explored());
        assert_eq!(TypeId::of::<atomic::AtomicU32>(), TypeId::of::<core::sync::atomic::AtomicU32>());
        assert_eq!(TypeId::of::<atomic::AtomicPtr<u8>>(), TypeId::of::<core::sync::atomic::AtomicPtr<u8>>());
        assert_eq!(size_of::<Object>(), 0);
        assert_eq!(size_of::<object::Name>(), 0);
        assert_eq!(size_of::<object::Done<'_>>(), 0);
        assert_eq!(size_of::<cell::RaceCell<u32>>(), size_of::<u32>());
        assert_eq!(size_of::<Shared<u64>>(), size_of::<u64>());
    }

    #[test]
    fn a_call_is_its_body() {
        let object = Object::new("lock").named("unused");
        let result = call(&object, "verb", Some(&"argument"), || 7, |_, _| unreachable!("nobody asks what it meant"));
        assert_eq!(result, 7);
        assert_eq!(object.name(), None, "names are not kept");
    }

    #[test]
    fn a_deadline_beyond_the_clock_is_none() {
        assert!(Instant::after(std::time::Duration::MAX).is_none());
        assert!(Instant::after(std::time::Duration::from_secs(1)).is_some());
    }
}
