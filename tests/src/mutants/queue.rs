//! Broken queues.

use std::collections::VecDeque;
use std::time::Duration;

use threadcraft::{Condition, Instant, Lock, LockGuard};

use crate::model::queue::Passes;

/// The decisions of a queue; the defaults are right.
pub trait Choices: Send + Sync + 'static {
    /// A put notifies those who wait for an item, not those who wait for room.
    const PUT_NOTIFIES_GETTERS: bool = true;
    /// Those who wait for an item and those who wait for room have a condition each.
    const TWO_CONDITIONS: bool = true;
    /// Whoever was notified looks whether there is an item still.
    const LOOKS_AGAIN: bool = true;
    /// One whose time is up looks, too.
    const LOOKS_AFTER_DEADLINE: bool = true;
    /// One whose time is up and who finds an item returns it.
    const KEEPS_AN_ITEM_AFTER_DEADLINE: bool = true;
    /// A put that has waited looks whether the queue was shut down.
    const PUT_LOOKS_FOR_SHUTDOWN: bool = true;
    /// A get takes what is left in a queue that was shut down.
    const DRAINS: bool = true;
    /// A join waits for tasks, not for an empty queue.
    const JOINS_TASKS: bool = true;
    /// The last task done lets all go on who wait for it.
    const LAST_TASK_NOTIFIES_ALL: bool = true;
    /// A shutdown lets all getters and putters go on: none, one or all.
    const SHUTDOWN_NOTIFIES: usize = usize::MAX;
    /// An immediate one counts what it drops as done.
    const SHUTDOWN_DOES_TASKS: bool = true;
    /// And lets those go on who wait for that.
    const SHUTDOWN_RELEASES_JOIN: bool = true;
}

#[derive(Debug, Default)]
struct State {
    items: VecDeque<u32>,
    unfinished: usize,
    shut_down: bool,
}

type Guard<'lock> = LockGuard<'lock, State>;

/// A queue with these decisions.
#[derive(Debug)]
pub struct MutantQueue<C> {
    state: Lock<State>,
    not_empty: Condition,
    not_full: Condition,
    all_done: Condition,
    capacity: usize,
    choices: std::marker::PhantomData<C>,
}

impl<C: Choices> MutantQueue<C> {
    fn not_full(&self) -> &Condition {
        if C::TWO_CONDITIONS { &self.not_full } else { &self.not_empty }
    }

    /// Waits for `changed` while `unmet`; true if its time was up.
    fn wait(
        changed: &Condition,
        state: &mut Guard<'_>,
        deadline: Option<Instant>,
        unmet: impl Fn(&State) -> bool,
    ) -> bool {
        while unmet(state) {
            match deadline {
                Some(deadline) => drop(changed.wait_until(state, deadline)),
                None => changed.wait(state),
            }
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return true;
            }
            if !C::LOOKS_AGAIN {
                return false;
            }
        }
        false
    }

    fn put_until(&self, item: u32, deadline: Option<Instant>) -> bool {
        let mut state = self.state.lock();
        if state.shut_down {
            return false;
        }
        let unmet = |state: &State| state.items.len() >= self.capacity && !state.shut_down;
        Self::wait(self.not_full(), &mut state, deadline, unmet);
        if state.shut_down && C::PUT_LOOKS_FOR_SHUTDOWN || state.items.len() >= self.capacity && !state.shut_down {
            return false;
        }
        state.items.push_back(item);
        state.unfinished += 1;
        let notified = if C::PUT_NOTIFIES_GETTERS { &self.not_empty } else { self.not_full() };
        notified.notify_one(&mut state);
        true
    }

    fn get_until(&self, deadline: Option<Instant>) -> Option<u32> {
        let mut state = self.state.lock();
        let unmet = |state: &State| state.items.is_empty() && !state.shut_down;
        let by_clock = Self::wait(&self.not_empty, &mut state, deadline, unmet);
        if by_clock && !C::LOOKS_AFTER_DEADLINE || state.shut_down && !C::DRAINS {
            return None;
        }
        let item = state.items.pop_front()?;
        self.not_full().notify_one(&mut state);
        (!by_clock || C::KEEPS_AN_ITEM_AFTER_DEADLINE).then_some(item)
    }
}

impl<C: Choices> Passes for MutantQueue<C> {
    fn new(capacity: usize) -> Self {
        Self {
            state: Lock::default(),
            not_empty: Condition::new(),
            not_full: Condition::new(),
            all_done: Condition::new(),
            capacity,
            choices: std::marker::PhantomData,
        }
    }

    fn put(&self, item: u32) -> bool {
        self.put_until(item, None)
    }

    fn put_for(&self, item: u32, timeout: Duration) -> bool {
        self.put_until(item, Instant::after(timeout))
    }

    fn get(&self) -> Option<u32> {
        self.get_until(None)
    }

    fn get_for(&self, timeout: Duration) -> Option<u32> {
        self.get_until(Instant::after(timeout))
    }

    fn task_done(&self) {
        let mut state = self.state.lock();
        state.unfinished -= 1;
        if state.unfinished == 0 {
            self.all_done.notify(&mut state, if C::LAST_TASK_NOTIFIES_ALL { usize::MAX } else { 1 });
        }
    }

    fn join(&self) {
        let mut state = self.state.lock();
        let left = |state: &State| if C::JOINS_TASKS { state.unfinished } else { state.items.len() };
        self.all_done.wait_while(&mut state, |state| left(state) > 0);
    }

    fn shutdown(&self, immediate: bool) {
        let mut state = self.state.lock();
        state.shut_down = true;
        if immediate {
            let dropped = state.items.drain(..).count();
            if C::SHUTDOWN_DOES_TASKS {
                state.unfinished -= dropped;
            }
            if C::SHUTDOWN_RELEASES_JOIN && state.unfinished == 0 {
                self.all_done.notify_all(&mut state);
            }
        }
        self.not_empty.notify(&mut state, C::SHUTDOWN_NOTIFIES);
        self.not_full().notify(&mut state, C::SHUTDOWN_NOTIFIES);
    }
}

/// Mutants: each with what is wrong, and the decision that makes it so.
macro_rules! mutants {
    ($($(#[$what:meta])* $name:ident: $($choice:ident: $type:ty = $value:expr)?;)*) => {
        $(
            $(#[$what])*
            #[derive(Debug)]
            pub struct $name;
            impl Choices for $name {
                $(const $choice: $type = $value;)?
            }
        )*
    };
}

mutants! {
    /// Right in everything.
    Faithful: ;
    /// It tells those who wait for room that there is an item.
    NotifiesTheWrongSide: PUT_NOTIFIES_GETTERS: bool = false;
    /// The one that is notified may wait for the other thing.
    OneConditionForBoth: TWO_CONDITIONS: bool = false;
    /// `if` where there must be `while`: somebody else took the item meanwhile.
    LooksOnce: LOOKS_AGAIN: bool = false;
    /// It was notified and its time is up: the item stays, and the others sleep.
    GivesUpBlindly: LOOKS_AFTER_DEADLINE: bool = false;
    /// It takes the item, and says that there was none.
    LosesTheItemInHaste: KEEPS_AN_ITEM_AFTER_DEADLINE: bool = false;
    /// It puts into a queue that was shut down while it waited for room.
    PutsAfterShutdown: PUT_LOOKS_FOR_SHUTDOWN: bool = false;
    /// What was in the queue when it was shut down is never taken.
    ForgetsWhatIsLeft: DRAINS: bool = false;
    /// It goes on when the last item is taken, and not done.
    JoinsTooEarly: JOINS_TASKS: bool = false;
    /// One of those who join goes on.
    ReleasesOneJoin: LAST_TASK_NOTIFIES_ALL: bool = false;
    /// Whoever waits when the queue is shut down waits for ever.
    ShutsDownInSilence: SHUTDOWN_NOTIFIES: usize = 0;
    /// The second one that waits does.
    ShutdownNotifiesOne: SHUTDOWN_NOTIFIES: usize = 1;
    /// What it drops is never done.
    ShutdownKeepsTasks: SHUTDOWN_DOES_TASKS: bool = false;
    /// What it drops is done, and nobody is told.
    ShutdownForgetsJoin: SHUTDOWN_RELEASES_JOIN: bool = false;
}
