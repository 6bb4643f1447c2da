//! `Event`: one word that holds the flag, how often it was set, and whether anybody sleeps.

use core::fmt;
use core::time::Duration;

use threadcraft_platform::atomic::{AtomicU32, Ordering};
use threadcraft_platform::futex::{self, Wait};
use threadcraft_platform::{Instant, Object, Wanted, call, call_when, const_unless_loom};

/// The flag.
const SET: u32 = 1 << 0;
/// Somebody may sleep: whoever sets the flag wakes all.
const SLEEPERS: u32 = 1 << 1;
/// One setting of the flag, counted in the bits above.
const EPOCH: u32 = 1 << 2;

/// A flag that threads can wait for (Python's `threading.Event`).
///
/// ```
/// use threadcraft_event::Event;
///
/// static READY: Event = Event::new().named("ready");
/// std::thread::scope(|scope| {
///     scope.spawn(|| READY.set());
///     READY.wait();
/// });
/// assert!(READY.is_set());
/// ```
///
/// [`set`](Self::set) lets go all that wait at that moment, also if [`clear`](Self::clear) follows at once. All that
/// happened before a `set` is visible after a wait that it ended, and to whoever clears the flag after it.
///
/// # Cost
///
/// | | atomics | system calls |
/// |---|---|---|
/// | wait, set · `is_set` | 1 load | none |
/// | set, nobody sleeps · clear | 1 load, 1 compare-and-swap | none |
/// | wait, not set | 1 load and 1 compare-and-swap a round | 1 futex wait a round |
/// | set, somebody sleeps | 1 load, 1 compare-and-swap | 1 futex wake |
///
/// 4 bytes (without the feature `explore`).
///
/// # Algorithm
///
/// | bits of `word` | means | set by | cleared by |
/// |---|---|---|---|
/// | 0 set | the flag | `set` | `clear` |
/// | 1 sleepers | somebody may sleep; never together with `set` | a waiter, before each sleep | the `set` that wakes |
/// | 2–31 epoch | how often the flag went from clear to set | `set` adds one | wraps around |
///
/// A waiter remembers the epoch that it found. It goes on when the flag is set or the epoch is another: the flag was
/// set since, whatever it is now. With a flag and a sleepers bit alone it would sleep on when `clear` comes before it
/// looks. A waiter that does not get to run during exactly 2³⁰ settings, and looks when the flag is clear again, waits
/// for the next.
#[doc(alias("threading.Event", "flag", "latch"))]
pub struct Event {
    /// The word of the table above.
    word: AtomicU32,
    object: Object,
}

impl Event {
    const_unless_loom! {
        /// An event that is not set.
        #[must_use]
        pub const fn new() -> Self {
            Self { word: AtomicU32::new(0), object: Object::new("event") }
        }
    }

    /// The same event, called `name` in timelines and in `Debug`. Free without the feature `explore`.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.object = self.object.named(name);
        self
    }

    /// Whether the flag is set at this moment. If so, all that happened before it was set is visible.
    #[doc(alias = "isSet")]
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn is_set(&self) -> bool {
        // Acquire: pairs with the Release in `set` and in `clear`.
        let look = || self.word.load(Ordering::Acquire) & SET != 0;
        call(&self.object, "is_set", None, look, |set, done| {
            done.read();
            done.result(set);
        })
    }

    /// Sets the flag and lets go all that wait. Does nothing more if it is set already.
    #[inline]
    #[track_caller]
    pub fn set(&self) {
        let address = &raw const self.word;
        let set = || {
            // Relaxed: the exchange is what orders.
            let mut word = self.word.load(Ordering::Relaxed);
            loop {
                // Also if it is set already it writes: whoever sees this write sees what came before this `set`.
                let after = if word & SET != 0 { word } else { (word.wrapping_add(EPOCH) | SET) & !SLEEPERS };
                // Release: pairs with the Acquire of waiters, of `is_set` and of `clear`. From here on the event may be
                // gone: a waiter may free it. Only its address is used. Relaxed on failure: only a new attempt follows.
                match self.word.compare_exchange_weak(word, after, Ordering::Release, Ordering::Relaxed) {
                    Ok(_) if word & SLEEPERS != 0 => return wake_all(address),
                    Ok(_) => return,
                    Err(changed) => word = changed,
                }
            }
        };
        call(&self.object, "set", None, set, |(), done| {
            done.wrote();
            done.value(&"set");
        });
    }

    /// Clears the flag. Those that a `set` has let go are not held back.
    #[inline]
    #[track_caller]
    pub fn clear(&self) {
        // Acquire: pairs with the Release in `set`, so that clearing and then looking for what a `set` announced
        // misses nothing. Release: pairs with the Acquire in `is_set`, for whoever takes "not set" as an answer.
        let clear = || {
            self.word.fetch_and(!SET, Ordering::AcqRel);
        };
        call(&self.object, "clear", None, clear, |(), done| {
            done.wrote();
            done.value(&"clear");
        });
    }

    /// Waits until the flag is set. Returns at once if it is.
    #[inline]
    #[track_caller]
    pub fn wait(&self) {
        let wanted = Wanted::of(&self.word, |word| word & SET != 0);
        call_when(&self.object, "wait", None, wanted, || self.wait_deadline(|| None), |_, done| done.read());
    }

    /// Waits until the flag is set, for at most `timeout`: true if it was set. Zero means one look; a timeout beyond
    /// what the clock can count means for ever.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let event = threadcraft_event::Event::new();
    /// assert!(!event.wait_for(Duration::from_millis(10)));
    /// event.set();
    /// assert!(event.wait_for(Duration::ZERO));
    /// ```
    #[doc(alias = "wait(timeout=)")]
    #[inline]
    #[track_caller]
    pub fn wait_for(&self, timeout: Duration) -> bool {
        let wait = || match timeout.is_zero() {
            // Acquire: as in `is_set`.
            true => self.word.load(Ordering::Acquire) & SET != 0,
            false => self.wait_deadline(|| Instant::after(timeout)),
        };
        call(&self.object, "wait_for", Some(&format_args!("{timeout:?}")), wait, waited)
    }

    /// Waits until the flag is set, until `deadline` at the latest: true if it was set. In the past, it means one look.
    #[inline]
    #[track_caller]
    pub fn wait_until(&self, deadline: impl Into<Instant>) -> bool {
        let deadline = deadline.into();
        call(&self.object, "wait_until", None, || self.wait_deadline(|| Some(deadline)), waited)
    }

    /// Waits until the deadline that `deadline` computes: only one that has to wait looks at the clock.
    #[inline(always)]
    fn wait_deadline(&self, deadline: impl FnOnce() -> Option<Instant>) -> bool {
        // Acquire: pairs with the Release in `set`.
        let found = self.word.load(Ordering::Acquire);
        found & SET != 0 || self.wait_asleep(found, deadline())
    }

    /// Sleeps until the flag was set since the word was `found`, or until the deadline.
    ///
    /// An explored execution that is torn down counts as set: there is nothing left to wait for.
    #[cold]
    fn wait_asleep(&self, found: u32, deadline: Option<Instant>) -> bool {
        let mut word = found;
        while !was_set_since(found, word) {
            let asleep = word | SLEEPERS;
            if word != asleep {
                // Relaxed on success: the bit publishes nothing, and the futex compares the whole word before it sleeps.
                // Acquire on failure: what it then finds may be the `set` that ends the wait, and pairs with it.
                let announced = self.word.compare_exchange_weak(word, asleep, Ordering::Relaxed, Ordering::Acquire);
                if let Err(changed) = announced {
                    word = changed;
                    continue;
                }
            }
            let ended = futex::wait(&self.word, asleep, deadline);
            if ended == Wait::Abandoned {
                return true;
            }
            // Acquire: pairs with the Release in `set`, also through a `clear` after it: that is a read-modify-write,
            // which carries it on.
            word = self.word.load(Ordering::Acquire);
            if ended == Wait::TimedOut {
                // The bit stays: others may sleep, and if not, one wake-up of nobody is all it costs.
                return was_set_since(found, word);
            }
        }
        true
    }
}

/// Whether the flag was set at `now`, or between a clear `found` and `now`.
fn was_set_since(found: u32, now: u32) -> bool {
    now & SET != 0 || now / EPOCH != found / EPOCH
}

/// What a timed wait means for the timeline.
fn waited(&set: &bool, done: &mut threadcraft_platform::object::Done<'_>) {
    if set {
        done.read();
    } else {
        done.refused();
    }
}

/// Wakes all that sleep. `word` is an address: what stood there may be gone.
#[inline(always)]
fn wake_all(word: *const AtomicU32) {
    futex::wake(word, u32::MAX);
}

impl Default for Event {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows the flag. Never waits.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Event");
        if let Some(name) = self.object.name() {
            shown.field("name", &name);
        }
        // Relaxed: an answer that is out of date at once orders nothing.
        shown.field("set", &(self.word.load(Ordering::Relaxed) & SET != 0)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiter_that_is_present_at_set_goes_on_although_clear_follows_at_once() {
        let event = Event::new();
        for _ in 0..500 {
            std::thread::scope(|scope| {
                let waiter = scope.spawn(|| event.wait());
                // From here on the waiter has found the flag clear: it is asleep or about to.
                while event.word.load(Ordering::Relaxed) & SLEEPERS == 0 {
                    std::thread::yield_now();
                }
                event.set();
                event.clear();
                waiter.join().expect("it only waits");
            });
        }
    }

    #[test]
    fn the_count_of_settings_wraps_around() {
        let event = Event { word: AtomicU32::new(0u32.wrapping_sub(EPOCH)), object: Object::new("event") };
        let found = event.word.load(Ordering::Relaxed);
        event.set();
        event.clear();
        assert!(was_set_since(found, event.word.load(Ordering::Relaxed)));
        assert!(!event.is_set());
    }
}
