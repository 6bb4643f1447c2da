//! The calls of the queues: what a program writes, and what each call means for the timeline.

use core::fmt;
use core::time::Duration;

use threadcraft_platform::object::Done;

/// The calls that all four have.
macro_rules! queue {
    ($name:ident<T $(: $bound:ident)?>) => {
        impl<T $(: $bound)?> $name<T> {
            const_unless_loom! {
                /// An empty queue with room for `capacity` items: who puts one more waits.
                ///
                /// # Panics
                ///
                /// If `capacity` is zero. (For Python that means no limit; here that is [`unbounded`](Self::unbounded).)
                #[must_use]
                pub const fn new(capacity: usize) -> Self {
                    Self { raw: RawQueue::new(capacity) }
                }
            }

            const_unless_loom! {
                /// An empty queue with room for as many items as there is memory for: no put waits.
                #[must_use]
                pub const fn unbounded() -> Self {
                    Self { raw: RawQueue::new(usize::MAX) }
                }
            }

            /// The same queue, called `name` in timelines and in `Debug`. Free without the feature `explore`.
            #[must_use]
            pub const fn named(mut self, name: &'static str) -> Self {
                self.raw.object = self.raw.object.named(name);
                self
            }

            /// Adds an item, waiting for as long as there is no room.
            ///
            /// # Errors
            ///
            /// [`ShutDown`] with the item if the queue was shut down, be it while this waits.
            #[inline]
            #[track_caller]
            pub fn put(&self, item: T) -> Result<(), ShutDown<T>> {
                self.put_until_limit("put", None, item, || Limit::Never).map_err(|error| ShutDown(error.into_item()))
            }

            /// Adds an item if there is room now.
            ///
            /// # Errors
            ///
            /// [`PutError`] with the item if there is none, or if the queue was shut down.
            #[doc(alias("put_nowait", "put(block=False)"))]
            #[inline]
            #[track_caller]
            pub fn try_put(&self, item: T) -> Result<(), PutError<T>> {
                self.put_until_limit("try_put", None, item, || Limit::Now)
            }

            /// Adds an item, waiting for room for at most `timeout`. Zero means one try; a timeout beyond what the clock
            /// can count means for ever.
            ///
            /// # Errors
            ///
            /// [`PutError`] with the item if there was none in time, or if the queue was shut down.
            #[doc(alias = "put(timeout=)")]
            #[inline]
            #[track_caller]
            pub fn put_for(&self, item: T, timeout: Duration) -> Result<(), PutError<T>> {
                self.put_until_limit("put_for", Some(timeout), item, || Limit::after(timeout))
            }

            /// Adds an item, waiting for room until `deadline` at the latest.
            ///
            /// # Errors
            ///
            /// As [`put_for`](Self::put_for).
            #[inline]
            #[track_caller]
            pub fn put_until(&self, item: T, deadline: impl Into<Instant>) -> Result<(), PutError<T>> {
                let deadline = deadline.into();
                self.put_until_limit("put_until", None, item, || Limit::At(deadline))
            }

            /// Takes the next item, waiting for as long as there is none.
            ///
            /// # Errors
            ///
            /// [`ShutDown`] if there is none and the queue was shut down, be it while this waits.
            #[inline]
            #[track_caller]
            pub fn get(&self) -> Result<T, ShutDown> {
                self.get_until_limit("get", None, || Limit::Never).map_err(|_| ShutDown(()))
            }

            /// Takes the next item if there is one now.
            ///
            /// # Errors
            ///
            /// [`GetError`]: there is none, or there will be none as the queue was shut down.
            #[doc(alias("get_nowait", "get(block=False)"))]
            #[inline]
            #[track_caller]
            pub fn try_get(&self) -> Result<T, GetError> {
                self.get_until_limit("try_get", None, || Limit::Now)
            }

            /// Takes the next item, waiting for one for at most `timeout`. Zero means one try; a timeout beyond what the
            /// clock can count means for ever.
            ///
            /// # Errors
            ///
            /// [`GetError`]: there was none in time, or there will be none as the queue was shut down.
            #[doc(alias = "get(timeout=)")]
            #[inline]
            #[track_caller]
            pub fn get_for(&self, timeout: Duration) -> Result<T, GetError> {
                self.get_until_limit("get_for", Some(timeout), || Limit::after(timeout))
            }

            /// Takes the next item, waiting for one until `deadline` at the latest.
            ///
            /// # Errors
            ///
            /// As [`get_for`](Self::get_for).
            #[inline]
            #[track_caller]
            pub fn get_until(&self, deadline: impl Into<Instant>) -> Result<T, GetError> {
                let deadline = deadline.into();
                self.get_until_limit("get_until", None, || Limit::At(deadline))
            }

            /// Shuts the queue down, for good: whoever puts from now on is refused, and so is whoever waits to put.
            ///
            /// What is in the queue can still be taken, and then those who get are refused, too. If `immediate`, what is
            /// in it is dropped at once, and its tasks count as done; a task whose item was taken does not.
            #[track_caller]
            pub fn shutdown(&self, immediate: bool) {
                let argument: &dyn fmt::Display = if immediate { &"immediate" } else { &"gentle" };
                self.raw.object.holds_data(true);
                call(&self.raw.object, "shutdown", Some(argument), || self.raw.shutdown(immediate), |(), done| done.wrote());
            }

            /// Whether the queue was shut down.
            #[must_use]
            #[track_caller]
            pub fn is_shut_down(&self) -> bool {
                self.look("is_shut_down", || self.raw.is_shut_down())
            }

            /// How many items are in the queue at this moment. The answer may be out of date when it arrives, so it serves
            /// tests and displays, not decisions: to decide, use [`try_get`](Self::try_get) and [`try_put`](Self::try_put).
            #[doc(alias = "qsize")]
            #[must_use]
            #[track_caller]
            pub fn len(&self) -> usize {
                self.look("len", || self.raw.len())
            }

            /// Whether no item is in the queue at this moment; out of date as [`len`](Self::len).
            #[doc(alias = "empty")]
            #[must_use]
            #[track_caller]
            pub fn is_empty(&self) -> bool {
                self.look("is_empty", || self.raw.len() == 0)
            }

            /// Whether there is no room at this moment; out of date as [`len`](Self::len). Never so if it is unbounded.
            #[doc(alias = "full")]
            #[must_use]
            #[track_caller]
            pub fn is_full(&self) -> bool {
                self.look("is_full", || self.capacity() == Some(self.raw.len()))
            }

            /// How many items there is room for; `None` if there is no limit.
            #[doc(alias = "maxsize")]
            #[must_use]
            pub fn capacity(&self) -> Option<usize> {
                self.raw.capacity()
            }

            #[inline]
            #[track_caller]
            fn put_until_limit(
                &self,
                verb: &'static str,
                timeout: Option<Duration>,
                item: T,
                limit: impl FnOnce() -> Limit,
            ) -> Result<(), PutError<T>> {
                self.raw.object.holds_data(true);
                let put = || self.raw.put(item, limit);
                call(&self.raw.object, verb, Some(&Timeout(timeout)), put, |put, done| match put {
                    Ok(len) => changed(*len, done),
                    Err(_) => done.refused(),
                })
                .map(drop)
            }

            #[inline]
            #[track_caller]
            fn get_until_limit(
                &self,
                verb: &'static str,
                timeout: Option<Duration>,
                limit: impl FnOnce() -> Limit,
            ) -> Result<T, GetError> {
                self.raw.object.holds_data(true);
                let get = || self.raw.get(limit);
                call(&self.raw.object, verb, Some(&Timeout(timeout)), get, |got, done| match got {
                    Ok((_, len)) => changed(*len, done),
                    Err(_) => done.refused(),
                })
                .map(|(item, _)| item)
            }

            #[track_caller]
            fn look<R: fmt::Display>(&self, verb: &'static str, look: impl FnOnce() -> R) -> R {
                self.raw.object.holds_data(true);
                call(&self.raw.object, verb, None, look, |seen, done| {
                    done.read();
                    done.result(seen);
                })
            }
        }

        /// Without a limit, as in Python.
        impl<T $(: $bound)?> Default for $name<T> {
            fn default() -> Self {
                Self::unbounded()
            }
        }

        /// Shows how many items there are, or that the queue is in use. Never waits.
        impl<T $(: $bound)?> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.raw.show(stringify!($name), f)
            }
        }
    };
}

/// The calls for items that are tasks.
macro_rules! tasks {
    ($name:ident<T $(: $bound:ident)?>) => {
        impl<T $(: $bound)?> $name<T> {
            /// Says that the task of an item that was taken is done: once for each item.
            ///
            /// # Errors
            ///
            /// [`TaskDoneError`] if that was said for every item that was put. Nothing changes then.
            #[track_caller]
            pub fn task_done(&self) -> Result<(), TaskDoneError> {
                self.raw.object.holds_data(true);
                let done = || self.raw.task_done();
                call(&self.raw.object, "task_done", None, done, |unfinished, done| match unfinished {
                    Ok(unfinished) => {
                        done.wrote();
                        done.result(&format_args!("{unfinished} unfinished"));
                    }
                    Err(_) => done.refused(),
                })
                .map(drop)
            }

            /// Waits until [`task_done`](Self::task_done) was called for every item that was put. It need not be shut
            /// down; a task that is put later counts for whoever still waits.
            #[track_caller]
            pub fn join(&self) {
                self.join_until_limit("join", None, || Limit::Never);
            }

            /// The same, for at most `timeout`; true if all tasks are done.
            #[must_use]
            #[track_caller]
            pub fn join_for(&self, timeout: Duration) -> bool {
                self.join_until_limit("join_for", Some(timeout), || Limit::after(timeout))
            }

            /// The same, until `deadline` at the latest.
            #[must_use]
            #[track_caller]
            pub fn join_until(&self, deadline: impl Into<Instant>) -> bool {
                let deadline = deadline.into();
                self.join_until_limit("join_until", None, || Limit::At(deadline))
            }

            #[track_caller]
            fn join_until_limit(
                &self,
                verb: &'static str,
                timeout: Option<Duration>,
                limit: impl FnOnce() -> Limit,
            ) -> bool {
                self.raw.object.holds_data(true);
                let join = || self.raw.join(limit);
                call(&self.raw.object, verb, Some(&Timeout(timeout)), join, |&joined, done| match joined {
                    true => done.read(),
                    false => done.refused(),
                })
            }
        }
    };
}

pub(crate) use {queue, tasks};

/// What putting or taking an item means for the timeline.
pub(crate) fn changed(len: usize, done: &mut Done<'_>) {
    done.wrote();
    done.value(&len);
}

/// A timeout as the timeline shows it: nothing where there is none.
pub(crate) struct Timeout(pub(crate) Option<Duration>);

impl fmt::Display for Timeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |timeout| write!(f, "{timeout:?}"))
    }
}
