//! What a job holds: first its closure, later its value or its panic, with their types forgotten.
//!
//! All jobs are of one size, so that the memory of one can be the next one's, whatever that is to do. What has no room in
//! it stands in a box.

use core::any::Any;
use core::marker::PhantomData;
use core::mem::{self, MaybeUninit, needs_drop};
use std::panic::{AssertUnwindSafe, catch_unwind};

use threadcraft_platform::cell::RaceCell;

use crate::error::TaskPanic;

/// Words that a closure or a value may have without a box.
const WORDS: usize = 5;

type Room = MaybeUninit<[usize; WORDS]>;

/// What stands in the room.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// Nothing: the job is running, or ended before it began, or its value was taken.
    Nothing,
    /// The closure of a job that has not begun.
    Closure,
    /// The value of one that has returned.
    Value,
    /// The panic of one that has panicked.
    Panic,
}

struct Filled {
    holds: Holds,
    room: Room,
}

/// What a panic carried, if there was one.
type Called = Result<(), Box<dyn Any + Send>>;

/// What of it depends on the types.
struct Kind {
    /// Calls the closure, of which this is the room: its value follows there, if it does not panic.
    call: unsafe fn(&RaceCell<Filled>) -> Called,
    drop_closure: unsafe fn(&Room),
    /// `None` if there is nothing to be done.
    drop_value: Option<unsafe fn(&Room)>,
}

/// The content of a job. Its state gives it to one thread at a time: see the table in `state.rs`.
pub(crate) struct Content {
    kind: &'static Kind,
    filled: RaceCell<Filled>,
}

/// Whether it needs no box.
const fn has_room<X>() -> bool {
    size_of::<X>() <= size_of::<Room>() && align_of::<X>() <= align_of::<Room>()
}

const _: () = assert!(has_room::<TaskPanic>());

/// Puts something into the room.
fn put<X>(room: &mut Room, value: X) {
    let place = room.as_mut_ptr();
    if has_room::<X>() {
        // SAFETY:
        // - the room is as large, and as aligned, as a value of this type has to have it.
        unsafe { place.cast::<X>().write(value) };
    } else {
        // SAFETY:
        // - the same of a pointer.
        unsafe { place.cast::<Box<X>>().write(Box::new(value)) };
    }
}

/// Takes it out of the room.
///
/// # Safety
///
/// A value of this type was put there, and was not taken.
unsafe fn take<X>(room: &Room) -> X {
    let place = room.as_ptr();
    if has_room::<X>() {
        // SAFETY:
        // - `put` has written one there, which the caller takes once.
        unsafe { place.cast::<X>().read() }
    } else {
        // SAFETY:
        // - `put` has written its box there, which the caller takes once.
        *unsafe { place.cast::<Box<X>>().read() }
    }
}

/// Drops it in its room.
///
/// # Safety
///
/// As for [`take`].
unsafe fn drop_in<X>(room: &Room) {
    // SAFETY:
    // - said by the caller.
    drop(unsafe { take::<X>(room) });
}

/// Calls the closure and keeps its value.
///
/// # Safety
///
/// The cell holds a closure of this type, and belongs to the caller, before and after the call.
unsafe fn call<F: FnOnce() -> T, T>(filled: &RaceCell<Filled>) -> Called {
    let closure = filled.with_mut(|filled| {
        // SAFETY:
        // - the pointer is valid for the call, and nothing else uses the cell meanwhile.
        let filled = unsafe { &mut *filled };
        assert!(mem::replace(&mut filled.holds, Holds::Nothing) == Holds::Closure, "a job is claimed once");
        // SAFETY:
        // - a closure of this type is there, and from now on the cell says that there is none.
        unsafe { take::<F>(&filled.room) }
    });
    // Unwind safe: whoever sees what the panic left half done is told of it by the future.
    let value = catch_unwind(AssertUnwindSafe(closure))?;
    fill(filled, Holds::Value, value);
    Ok(())
}

/// Puts something into an empty cell, which is the caller's.
fn fill<X>(filled: &RaceCell<Filled>, holds: Holds, value: X) {
    filled.with_mut(|filled| {
        // SAFETY:
        // - the pointer is valid for the call, and nothing else uses the cell meanwhile: it belongs to the caller.
        let filled = unsafe { &mut *filled };
        put(&mut filled.room, value);
        filled.holds = holds;
    });
}

struct KindOf<F, T>(PhantomData<(F, T)>);

impl<F: FnOnce() -> T, T> KindOf<F, T> {
    const KIND: Kind = Kind {
        call: call::<F, T>,
        drop_closure: drop_in::<F>,
        drop_value: if needs_drop::<T>() || !has_room::<T>() { Some(drop_in::<T>) } else { None },
    };
}

impl Content {
    /// Makes a content of this closure in its place: what is made elsewhere and moved is written twice.
    ///
    /// # Safety
    ///
    /// There is room for it, and nobody else uses it.
    #[inline]
    pub(crate) unsafe fn place<F: FnOnce() -> T + Send, T: Send>(content: *mut Self, closure: F) {
        let filled = RaceCell::new(Filled { holds: Holds::Closure, room: Room::uninit() });
        // SAFETY:
        // - said by the caller.
        unsafe { content.write(Self { kind: &KindOf::<F, T>::KIND, filled }) };
        // SAFETY:
        // - said by the caller, and it has just been written.
        let content = unsafe { &mut *content };
        put(&mut content.filled.get_mut().room, closure);
    }

    /// Whether a value that nobody takes has to be dropped.
    pub(crate) fn needs_drop(&self) -> bool {
        self.kind.drop_value.is_some()
    }

    /// Calls the closure, and keeps its value, or gives what it panicked with.
    #[track_caller]
    pub(crate) fn call(&self) -> Called {
        // SAFETY:
        // - the kind is that of the closure;
        // - the content of a running job belongs to the thread that runs it.
        unsafe { (self.kind.call)(&self.filled) }
    }

    /// Keeps the panic of a job that was running.
    #[track_caller]
    pub(crate) fn put_panic(&self, panic: TaskPanic) {
        fill(&self.filled, Holds::Panic, panic);
    }

    /// Takes the value, if it is there.
    ///
    /// # Safety
    ///
    /// The job's value is of this type, and the content is the caller's.
    #[track_caller]
    pub(crate) unsafe fn take_value<T>(&self) -> Option<T> {
        self.filled.with_mut(|filled| {
            // SAFETY:
            // - the pointer is valid for the call, and nothing else uses the cell meanwhile: it belongs to the caller.
            let filled = unsafe { &mut *filled };
            if filled.holds != Holds::Value {
                return None;
            }
            filled.holds = Holds::Nothing;
            // SAFETY:
            // - a value is there, of the type that the caller says, and from now on the cell says that there is none.
            Some(unsafe { take::<T>(&filled.room) })
        })
    }

    /// The panic of a job that has panicked.
    #[track_caller]
    pub(crate) fn panic(&self) -> Option<TaskPanic> {
        self.filled.with(|filled| {
            // SAFETY:
            // - the pointer is valid for the call, and a job that has panicked is never written again.
            let filled = unsafe { &*filled };
            if filled.holds != Holds::Panic {
                return None;
            }
            // SAFETY:
            // - a panic is there, and has room without a box.
            let panic = unsafe { &*filled.room.as_ptr().cast::<TaskPanic>() };
            Some(panic.clone())
        })
    }

    /// Takes what is there, to be dropped.
    #[track_caller]
    pub(crate) fn take(&self) -> Remains {
        let empty = Filled { holds: Holds::Nothing, room: Room::uninit() };
        // SAFETY:
        // - the pointer is valid for the call, and nothing else uses the cell meanwhile: the content of a job that ends
        //   before it began, and of one whose value nobody wants, belongs to the one thread that ends it.
        let filled = self.filled.with_mut(|filled| mem::replace(unsafe { &mut *filled }, empty));
        Remains { kind: self.kind, filled }
    }
}

impl Drop for Content {
    fn drop(&mut self) {
        let filled = self.filled.get_mut();
        // Most jobs leave nothing: that is not to be moved to be found out.
        if filled.holds == Holds::Nothing || filled.holds == Holds::Value && self.kind.drop_value.is_none() {
            return;
        }
        let filled = mem::replace(filled, Filled { holds: Holds::Nothing, room: Room::uninit() });
        drop(Remains { kind: self.kind, filled });
    }
}

/// What was taken out of a job: dropping it drops that.
pub(crate) struct Remains {
    kind: &'static Kind,
    filled: Filled,
}

impl Drop for Remains {
    fn drop(&mut self) {
        let drop_in = match self.filled.holds {
            Holds::Nothing => return,
            Holds::Closure => self.kind.drop_closure,
            Holds::Value => match self.kind.drop_value {
                Some(drop_value) => drop_value,
                None => return,
            },
            Holds::Panic => drop_in::<TaskPanic>,
        };
        // SAFETY:
        // - the room holds what it says, of the type that its kind says, and is not used again.
        unsafe { drop_in(&self.filled.room) };
    }
}

#[cfg(all(test, not(feature = "explore")))]
mod tests {
    use alloc::sync::Arc;

    use super::*;

    extern crate alloc;

    /// A value with an owner, as large and as aligned as a cache line.
    #[repr(align(64))]
    struct Large(Arc<()>);

    fn content<T: Send>(closure: impl FnOnce() -> T + Send) -> Content {
        let mut content = MaybeUninit::uninit();
        // SAFETY: there is room for one.
        unsafe { Content::place(content.as_mut_ptr(), closure) };
        // SAFETY: there is one now.
        unsafe { content.assume_init() }
    }

    /// Makes a job's content of a closure that owns this and returns what is made of it.
    fn of<T: Send>(owner: &Arc<()>, value: impl FnOnce(Arc<()>) -> T + Send) -> Content {
        let owner = Arc::clone(owner);
        content(move || value(owner))
    }

    #[test]
    fn whatever_it_is_it_comes_out_as_it_went_in() {
        let owner = Arc::new(());
        let small = of(&owner, |owner| owner);
        let large = of(&owner, Large);
        let [padding, number] = [[1_u64; 9], [7_u64; 9]];
        let boxed = content(move || padding.iter().zip(number).map(|(one, other)| one * other).sum::<u64>());
        let nothing = content(|| ());
        assert!([&small, &large, &boxed, &nothing].iter().all(|content| content.call().is_ok()));
        assert_eq!(Arc::strong_count(&owner), 3);
        // SAFETY: these are the types, and there is one thread.
        let small: Option<Arc<()>> = unsafe { small.take_value() };
        // SAFETY: as above.
        let large: Option<Large> = unsafe { large.take_value() };
        // SAFETY: as above.
        let sum: Option<u64> = unsafe { boxed.take_value() };
        // SAFETY: as above.
        let unit: Option<()> = unsafe { nothing.take_value() };
        // SAFETY: as above.
        let again: Option<()> = unsafe { nothing.take_value() };
        assert_eq!((sum, unit, again), (Some(63), Some(()), None));
        let large = large.expect("it is there");
        assert_eq!(core::ptr::from_ref(&large).addr() % 64, 0);
        drop((small, large.0));
        assert_eq!(Arc::strong_count(&owner), 1);
    }

    #[test]
    fn whatever_is_left_is_dropped_once() {
        let owner = Arc::new(());
        let make =
            || [of(&owner, |owner| owner), of(&owner, Large), of(&owner, |owner| [(); 1].map(|()| owner.clone()))];
        let [not_begun, ended, taken] = [make(), make(), make()];
        assert_eq!(Arc::strong_count(&owner), 10);
        drop(not_begun);
        assert_eq!(Arc::strong_count(&owner), 7);
        ended.iter().for_each(|content| assert!(content.call().is_ok()));
        assert_eq!(Arc::strong_count(&owner), 7);
        drop(ended);
        assert_eq!(Arc::strong_count(&owner), 4);
        taken.iter().for_each(|content| drop(content.take()));
        assert_eq!(Arc::strong_count(&owner), 1);
        drop(taken);
        assert_eq!(Arc::strong_count(&owner), 1);
    }

    #[test]
    fn a_panic_is_kept_in_place_of_a_value() {
        let content = content(|| -> u64 { std::panic::resume_unwind(Box::new("out of paper")) });
        let payload = content.call().expect_err("it panics");
        content.put_panic(TaskPanic::new(payload));
        assert_eq!(content.panic().expect("it is kept").message(), "out of paper");
        // SAFETY: this is the type, and there is one thread.
        assert_eq!(unsafe { content.take_value::<u64>() }, None);
    }
}
