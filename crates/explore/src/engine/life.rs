//! Where threads stand in their lives, and what of it others have seen.
//!
//! A thread's first step includes its launch, its last one its end. That it was launched earlier or ended later shows
//! to nobody but who looks, so it is decided there: the look has one way for each answer (see the README).

use smallvec::SmallVec;

use super::state::{State, Status, Thread};

/// What others saw of where a thread stands. Its first step includes its launch, its last one its end; that it was
/// launched earlier, or ended later, only shows to who looks (see the README).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Looks {
    /// Somebody looked at all.
    pub(crate) any: bool,
    /// It was seen running before its first step.
    pub(crate) seen_running: bool,
    /// It was seen to have ended: by a look, a join, or time that passed when nobody could run.
    pub(crate) seen_ended: bool,
    /// How often it was seen running although its last step was taken.
    pub(crate) late: u32,
}

/// Where a thread stands, for who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Started; nothing of it has run.
    Ready,
    /// It runs, or could.
    Running,
    /// It waits.
    Blocked,
    /// It came to its end.
    Ended,
}

/// Whom a step looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// At one thread.
    Thread(usize),
    /// At all that there are.
    All,
}

/// How often a thread may be seen running after its last step.
pub(crate) const LATE_LOOKS: u32 = 2;

/// How many threads one look may find other than they are.
const UNCERTAIN_AT_ONCE: usize = 4;

impl State {
    /// True if no thread but `me` keeps the program from its end, and some do not.
    pub(crate) fn only_daemons_but(&self, me: usize) -> bool {
        let mut others = self.threads.iter().enumerate().filter(|(index, _)| *index != me);
        let mut living = others.by_ref().filter(|(_, thread)| thread.status != Status::Ended).peekable();
        living.peek().is_some() && living.all(|(_, thread)| thread.daemon)
    }
}

/// The threads that a look may find running although they took no step yet, or their last one: each of them or not, as
/// the bits of the way say.
pub(crate) fn uncertain(threads: &[Thread], look: Look) -> SmallVec<[usize; 4]> {
    let uncertain = |&index: &usize| {
        let Thread { status, looks, .. } = &threads[index];
        match status {
            Status::New => look != Look::All && !looks.seen_running,
            Status::Ended => !looks.seen_ended && looks.late < LATE_LOOKS,
            Status::Runnable | Status::Blocked(_) => false,
        }
    };
    let looked_at = match look {
        Look::Thread(thread) => thread..thread + 1,
        Look::All => 0..threads.len(),
    };
    looked_at.filter(uncertain).take(UNCERTAIN_AT_ONCE).collect()
}
