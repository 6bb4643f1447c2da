//! What an object is called, and what a call on it means for the timeline.
//!
//! Without the feature `explore` an [`Object`] has no size and [`call`] is the body that it is given.

use std::fmt;

use crate::atomic::{AtomicU32, AtomicU64};

/// The identity of a primitive: embed one in each.
pub struct Object {
    #[cfg(feature = "explore")]
    pub(crate) tag: threadcraft_explore::runtime::Tag,
}

impl Object {
    /// A primitive of this kind, such as `lock`; the timeline says `lock 2` for the second one that has no name.
    #[must_use]
    pub const fn new(kind: &'static str) -> Self {
        #[cfg(feature = "explore")]
        return Self { tag: threadcraft_explore::runtime::Tag::new(kind) };
        #[cfg(not(feature = "explore"))]
        {
            let _ = kind;
            Self {}
        }
    }

    /// The same with a name. Free without the feature `explore`: the name is dropped.
    #[must_use]
    pub const fn named(self, name: &'static str) -> Self {
        #[cfg(feature = "explore")]
        return Self { tag: self.tag.named(name) };
        #[cfg(not(feature = "explore"))]
        {
            let _ = name;
            self
        }
    }

    /// Names an object that already stands in its place, if it has no name: for wrappers that cannot move it.
    #[inline]
    pub fn adopt(&self, name: Option<&'static str>) {
        #[cfg(feature = "explore")]
        if let Some(name) = name {
            crate::explored::adopt(&self.tag, name);
        }
        #[cfg(not(feature = "explore"))]
        let _ = name;
    }

    /// The name, where it is kept.
    #[inline]
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        #[cfg(feature = "explore")]
        return self.tag.name();
        #[cfg(not(feature = "explore"))]
        None
    }

    /// To be called by a primitive that owns data which cannot be made anew: under the explorer, an object that an
    /// earlier execution used already is a verdict, as its data may not be what it was.
    #[inline]
    #[track_caller]
    pub fn holds_data(&self, data: bool) {
        #[cfg(feature = "explore")]
        if data {
            crate::explored::holds_data(&self.tag);
        }
        #[cfg(not(feature = "explore"))]
        let _ = data;
    }
}

/// To be called where a primitive is used in a way that its contract forbids, such as unlocking what is not locked:
/// under the explorer that is a verdict with the caller's line, `what` following the object's name; elsewhere nothing.
#[inline]
#[track_caller]
pub fn misuse(object: &Object, what: &str) {
    #[cfg(feature = "explore")]
    crate::explored::misuse(&object.tag, what);
    #[cfg(not(feature = "explore"))]
    let _ = (object, what);
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Object").field("name", &self.name()).finish()
    }
}

/// A name that is kept where timelines can be drawn, and takes no space elsewhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct Name {
    #[cfg(feature = "explore")]
    name: Option<&'static str>,
}

impl Name {
    /// No name.
    #[must_use]
    pub const fn none() -> Self {
        #[cfg(feature = "explore")]
        return Self { name: None };
        #[cfg(not(feature = "explore"))]
        Self {}
    }

    /// This name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        #[cfg(feature = "explore")]
        return Self { name: Some(name) };
        #[cfg(not(feature = "explore"))]
        {
            let _ = name;
            Self {}
        }
    }

    /// The name, where it is kept.
    #[inline]
    #[must_use]
    pub const fn get(self) -> Option<&'static str> {
        #[cfg(feature = "explore")]
        return self.name;
        #[cfg(not(feature = "explore"))]
        None
    }
}

/// What a finished call means. Every method costs nothing outside exploration.
#[derive(Debug)]
pub struct Done<'call> {
    #[cfg(feature = "explore")]
    pub(crate) inner: &'call mut threadcraft_explore::runtime::Done,
    #[cfg(not(feature = "explore"))]
    pub(crate) marker: core::marker::PhantomData<&'call mut ()>,
}

impl Done<'_> {
    /// The calling thread now holds the object, once more.
    #[inline]
    pub fn acquired(&mut self) {
        #[cfg(feature = "explore")]
        self.inner.acquired();
    }

    /// The calling thread holds the object no more (once less). Of an object that one thread may take and another give
    /// back, the oldest holder is taken off if the caller is none.
    #[inline]
    pub fn released(&mut self) {
        #[cfg(feature = "explore")]
        self.inner.released();
    }

    /// The call was refused: it could not have what it asked for without waiting, or gave up waiting.
    #[inline]
    pub fn refused(&mut self) {
        #[cfg(feature = "explore")]
        self.inner.refused();
    }

    /// The call wrote the object.
    #[inline]
    pub fn wrote(&mut self) {
        #[cfg(feature = "explore")]
        self.inner.wrote();
    }

    /// The call read the object.
    #[inline]
    pub fn read(&mut self) {
        #[cfg(feature = "explore")]
        self.inner.read();
    }

    /// The result may differ with whether other calls wait, see [`call_when`].
    #[inline]
    pub fn shows_waiters(&mut self) {
        #[cfg(feature = "explore")]
        self.inner.shows_waiters();
    }

    /// What the call returned, if that says something.
    #[inline]
    pub fn result(&mut self, result: &dyn fmt::Display) {
        #[cfg(feature = "explore")]
        self.inner.result(result);
        #[cfg(not(feature = "explore"))]
        let _ = result;
    }

    /// The state of the object after the call, for the value column.
    #[inline]
    pub fn value(&mut self, value: &dyn fmt::Display) {
        #[cfg(feature = "explore")]
        self.inner.value(value);
        #[cfg(not(feature = "explore"))]
        let _ = value;
    }
}

/// One call of a primitive's public interface: runs `body`.
///
/// Under the explorer it is a step of the program with this `verb` (`lock`), shown with `argument`, at the caller's
/// line; `done` says what the finished call means. In coarse grain the whole body is one step, which only a futex
/// wait divides; in fine grain each atomic operation inside is a step, and the call is where they belong.
#[inline(always)]
#[track_caller]
pub fn call<R>(
    object: &Object,
    verb: &'static str,
    argument: Option<&dyn fmt::Display>,
    body: impl FnOnce() -> R,
    done: impl FnOnce(&R, &mut Done<'_>),
) -> R {
    #[cfg(feature = "explore")]
    return crate::explored::call(&object.tag, verb, argument, None, body, done);
    #[cfg(not(feature = "explore"))]
    {
        let _ = (object, verb, argument, done);
        body()
    }
}

/// What a call waits for: a word, and which of its values let the call go on.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'word> {
    #[cfg(feature = "explore")]
    inner: threadcraft_explore::runtime::Wanted<'word>,
    #[cfg(not(feature = "explore"))]
    marker: core::marker::PhantomData<&'word AtomicU32>,
}

impl<'word> Wanted<'word> {
    /// The call goes on with those values of `word` of which `admits` is true, and with others sleeps until it is woken.
    #[inline(always)]
    #[must_use]
    pub fn of(word: &'word AtomicU32, admits: fn(u32) -> bool) -> Self {
        #[cfg(feature = "explore")]
        return Self { inner: word.wanted(admits) };
        #[cfg(not(feature = "explore"))]
        {
            let _ = (word, admits);
            Self { marker: core::marker::PhantomData }
        }
    }

    /// But it need not wait at all if `word` has this value, which nobody but the calling thread brings about or ends.
    #[inline(always)]
    #[must_use]
    pub fn unless(self, word: &AtomicU64, value: impl FnOnce() -> u64) -> Self {
        #[cfg(feature = "explore")]
        if crate::is_explored() && word.peek() == value() {
            let inner = threadcraft_explore::runtime::Wanted { admits: |_| true, ..self.inner };
            return Self { inner };
        }
        #[cfg(not(feature = "explore"))]
        let _ = (word, value);
        self
    }
}

/// The same as [`call`] for a call that waits for one word, without limit, and of which nobody can tell whether it has
/// come to wait or is still to come: not by what another call on the object returns, and not by who is served in the end.
/// Under the explorer, in coarse grain, a proof then looks at the order in which such calls are served alone, and not at
/// the order in which they come.
#[inline(always)]
#[track_caller]
pub fn call_when<R>(
    object: &Object,
    verb: &'static str,
    argument: Option<&dyn fmt::Display>,
    wanted: Wanted<'_>,
    body: impl FnOnce() -> R,
    done: impl FnOnce(&R, &mut Done<'_>),
) -> R {
    #[cfg(feature = "explore")]
    return crate::explored::call(&object.tag, verb, argument, Some(wanted.inner), body, done);
    #[cfg(not(feature = "explore"))]
    {
        let _ = (object, verb, argument, wanted, done);
        body()
    }
}
