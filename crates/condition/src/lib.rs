//! Waiting for a change of what a lock protects: [`Condition`], 24 bytes beside the lock, and [`Monitor`], both in one.
//! Exact notifications, timeouts, no spurious wake-ups, explorable.
//!
//! Waiters are nodes on their own stacks, in a queue that the user's own lock guards: notifying takes the lock's guard,
//! costs one load when nobody waits, and wakes after the release. Under `threadcraft-explore` a wait shows as the lock's
//! release, the wait, and the taking of the lock.
//!
//! ```
//! use threadcraft_condition::Condition;
//! use threadcraft_lock::Lock;
//!
//! let (room, not_full) = (Lock::new(0), Condition::new());
//! std::thread::scope(|scope| {
//!     for guest in 0..4 {
//!         let (room, not_full) = (&room, &not_full);
//!         scope.spawn(move || {
//!             let mut inside = room.lock();
//!             not_full.wait_while(&mut inside, |inside| *inside == 2);
//!             *inside += 1;
//!             drop(inside);
//!             println!("guest {guest} is in");
//!             let mut inside = room.lock();
//!             *inside -= 1;
//!             not_full.notify_one(&mut inside);
//!         });
//!     }
//! });
//! assert_eq!(room.into_inner(), 0);
//! ```
//!
//! # Coming from Python
//!
//! | `threading` | here |
//! |---|---|
//! | `Condition()` with a lock of its own | `Monitor::new(data)`; `let mut guard = monitor.lock();`, then `guard.wait()`, `guard.notify_one()` |
//! | `Condition(lock)`, several for one lock | `Condition::new()` beside a `Lock`: the lock's guard is the argument of each call |
//! | `condition.wait()` | `condition.wait(&mut guard)` |
//! | `condition.wait(timeout=0.5)`, a `bool` | `condition.wait_for(&mut guard, …)`, whose `timed_out()` is the opposite |
//! | `condition.wait_for(lambda: items)` | `condition.wait_while(&mut guard, \|items\| items.is_empty())`: the opposite sense |
//! | `condition.wait_for(predicate, timeout)` | `condition.wait_while_for(&mut guard, …)` |
//! | `condition.notify()`, `notify(n)`, `notify_all()` | `notify_one`, `notify`, `notify_all`, which also say how many went on |
//! | `wait` or `notify` without the lock: `RuntimeError` | does not compile: there is no guard |
//!
//! Python's `Condition()` makes an `RLock`, and a wait releases all its levels. Ours takes a [`Lock`] alone: with a
//! re-entrant lock, a function that waits gives away what its callers, further up, believe to hold; that is a bug which
//! nobody sees at the line where it happens. Besides, an `RLock` gives `&T`, so what is waited for could not change
//! without another cell.
//!
//! # Cost
//!
//! | | |
//! |---|---|
//! | notifying nobody | 1 load |
//! | notifying `n` | `n` steps along the queue; the first is woken by 1 system call after the release |
//! | waiting | the lock's release, 1 system call, the lock; 1 more system call to wake the next of those notified with it |
//! | bytes | `Condition` 24, a waiter's node on its own stack; `Monitor` 4 and 24 beside the data; nothing is allocated |
//!
//! # Errors
//!
//! There are none but a bug: while threads wait with one lock, a call with another panics, with both named. The guard
//! has to belong to a lock that is held, and is borrowed for the whole wait:
//!
//! ```compile_fail,E0505
//! let (lock, changed) = (threadcraft_lock::Lock::new(1), threadcraft_condition::Condition::new());
//! let mut guard = lock.lock();
//! let seen = &mut *guard;
//! drop(guard);
//! changed.notify_one(&mut lock.lock());
//! *seen += 1;
//! ```
//!
//! A timed wait that gives up says so by `timed_out()`, and loses no notification; a deadline in the past lets others in
//! once, and a timeout beyond what the clock can count means for ever. A panic in a predicate leaves the lock held until
//! the guard ends, and the condition usable.
//!
//! ```
//! use std::time::Duration;
//! use threadcraft_condition::Monitor;
//!
//! let items = Monitor::new(Vec::new());
//! let mut guard = items.lock();
//! assert!(guard.wait_for(Duration::from_millis(1)).timed_out());
//! assert!(guard.wait_while_for(|items| items.is_empty(), Duration::from_millis(1)).timed_out());
//! guard.push(1);
//! guard.wait_while(|items| items.is_empty());
//! assert_eq!((guard.notify_all(), guard.len()), (0, 1));
//! ```
//!
//! # Sharing
//!
//! ```
//! fn anywhere<T: Send + Sync + 'static>() {}
//! anywhere::<threadcraft_condition::Condition>();
//! anywhere::<threadcraft_condition::Monitor<Vec<u8>>>();
//! ```
//!
//! A monitor makes data shareable that can be sent, and nothing else:
//!
//! ```compile_fail,E0277
//! fn share(_: &impl Sync) {}
//! share(&threadcraft_condition::Monitor::new(std::rc::Rc::new(1)));
//! ```
//!
//! # Features
//!
//! `explore` lets the explorer in; `portable` uses `parking_lot_core` as the futex on every system.

mod condition;
mod monitor;
mod raw;
mod timeout;
mod waiters;

pub use condition::Condition;
pub use monitor::{Monitor, MonitorGuard};
pub use threadcraft_lock::{Lock, LockGuard};
pub use timeout::WaitTimeoutResult;
