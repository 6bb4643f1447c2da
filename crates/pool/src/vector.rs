//! A vector that several jobs fill, each a part of it: so nobody has to copy what came of them, and the memory is first
//! touched by those who write it.

extern crate alloc;

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ptr::slice_from_raw_parts_mut;

/// Memory for so many values.
struct Room<T> {
    /// Empty as long as parts are filled, and not used but for its memory.
    vector: Vec<T>,
    start: *mut T,
}

// SAFETY:
// - a room is no more than memory that it owns: each place in it belongs to one part, or to nobody, and a part sends
//   values from thread to thread, which are `Send`.
unsafe impl<T: Send> Send for Room<T> {}
// SAFETY:
// - as above: through a shared reference there is nothing to be had but an address.
unsafe impl<T: Send> Sync for Room<T> {}

/// So many places of a room, from the first one on filled with values, which it owns.
pub(crate) struct Part<T> {
    room: Arc<Room<T>>,
    first: usize,
    filled: usize,
    places: usize,
}

impl<T> Room<T> {
    fn new(places: usize) -> Option<Self> {
        let mut vector = Vec::new();
        vector.try_reserve_exact(places).ok()?;
        let start = vector.as_mut_ptr();
        Some(Self { vector, start })
    }
}

/// The first values of a room, and the parts that are still to come.
pub(crate) struct Whole<T> {
    room: Arc<Room<T>>,
    /// So many places belong to parts, or did.
    given: usize,
    /// So many values, the first ones, are the vector's.
    kept: usize,
}

impl<T> Whole<T> {
    /// An empty one, with so many places, if there is the memory.
    pub(crate) fn new(places: usize) -> Option<Self> {
        Some(Self { room: Arc::new(Room::new(places)?), given: 0, kept: 0 })
    }

    /// How many places are left.
    pub(crate) fn places(&self) -> usize {
        self.room.vector.capacity() - self.given
    }

    /// The next places, so many.
    pub(crate) fn part(&mut self, places: usize) -> Part<T> {
        assert!(places <= self.places(), "a part is inside of its room");
        let part = Part { room: Arc::clone(&self.room), first: self.given, filled: 0, places };
        self.given += places;
        part
    }

    /// Takes back a part that is full, the next one in their order.
    pub(crate) fn keep(&mut self, mut part: Part<T>) {
        let is_next = Arc::ptr_eq(&self.room, &part.room) && part.first == self.kept;
        assert!(is_next && part.filled == part.places, "parts come back in their order, and full");
        part.filled = 0;
        self.kept += part.places;
    }

    /// The vector of what was kept. No part is left.
    pub(crate) fn into_vector(mut self) -> Vec<T> {
        assert!(Arc::get_mut(&mut self.room).is_some(), "no part is left");
        let kept = core::mem::take(&mut self.kept);
        let room = Arc::get_mut(&mut self.room).expect("no part is left");
        let mut vector = core::mem::take(&mut room.vector);
        // SAFETY:
        // - so many places, the first ones, have a value, and it is nobody else's: `keep`.
        unsafe { vector.set_len(kept) };
        vector
    }
}

impl<T> Drop for Whole<T> {
    fn drop(&mut self) {
        // SAFETY:
        // - so many values are there, and they are nobody else's: `keep`.
        unsafe { slice_from_raw_parts_mut(self.room.start, self.kept).drop_in_place() };
    }
}

impl<T> Part<T> {
    /// More values, also those that come before an iterator that panics.
    ///
    /// # Panics
    ///
    /// If there are more than places.
    pub(crate) fn extend(&mut self, values: impl Iterator<Item = T>) {
        // SAFETY:
        // - the place is inside of the room, see `Whole::part`.
        let first = unsafe { self.room.start.add(self.first) };
        let mut count = Count { now: self.filled, of: &mut self.filled };
        for value in values {
            assert!(count.now < self.places, "a function gives one value an item");
            // SAFETY:
            // - as above.
            let place = unsafe { first.add(count.now) };
            // SAFETY:
            // - it belongs to this part alone, and nothing is there yet.
            unsafe { place.write(value) };
            count.now += 1;
        }
    }
}

/// A number that is written when it is known, so that it need not be in memory before.
struct Count<'a> {
    now: usize,
    of: &'a mut usize,
}

impl Drop for Count<'_> {
    fn drop(&mut self) {
        *self.of = self.now;
    }
}

impl<T> Drop for Part<T> {
    fn drop(&mut self) {
        // SAFETY:
        // - the place is inside of the room, see `Whole::part`.
        let first = unsafe { self.room.start.add(self.first) };
        // SAFETY:
        // - so many values were written there, and they are nobody else's.
        unsafe { slice_from_raw_parts_mut(first, self.filled).drop_in_place() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_become_a_vector() {
        let owner = Arc::new(());
        let mut whole = Whole::new(5).expect("there is memory");
        let mut parts = [2, 3].map(|places| whole.part(places));
        for part in parts.iter_mut().rev() {
            let first = part.first;
            part.extend((0..part.places).map(|place| (Arc::clone(&owner), first + place)));
        }
        parts.into_iter().for_each(|part| whole.keep(part));
        let vector = whole.into_vector();
        assert_eq!(vector.iter().map(|(_, place)| *place).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
        assert_eq!(Arc::strong_count(&owner), 6);
        drop(vector);
        assert_eq!(Arc::strong_count(&owner), 1);
    }

    #[test]
    fn what_does_not_become_one_is_dropped() {
        let owner = Arc::new(());
        let mut whole = Whole::new(3).expect("there is memory");
        let mut parts = [1, 2].map(|places| whole.part(places));
        parts.iter_mut().for_each(|part| part.extend([Arc::clone(&owner)].into_iter()));
        let [full, half] = parts;
        whole.keep(full);
        drop(whole);
        assert_eq!(Arc::strong_count(&owner), 2, "the part has its room");
        drop(half);
        assert_eq!(Arc::strong_count(&owner), 1);
    }

    #[test]
    fn values_without_a_size_and_more_than_there_is_memory_for() {
        let mut whole = Whole::new(2).expect("it takes no memory");
        let mut part = whole.part(2);
        part.extend([(); 2].into_iter());
        whole.keep(part);
        assert_eq!(whole.into_vector(), [(); 2]);
        assert!(Whole::<u64>::new(usize::MAX).is_none());
    }

    #[test]
    #[should_panic(expected = "one value an item")]
    fn there_is_no_place_beyond_the_last() {
        let mut part = Whole::new(2).expect("there is memory").part(1);
        part.extend([1, 2].into_iter());
    }

    #[test]
    #[should_panic(expected = "inside of its room")]
    fn there_is_no_part_beyond_the_room() {
        let mut whole = Whole::<u64>::new(2).expect("there is memory");
        let _part = whole.part(whole.places());
        let _beyond = whole.part(1);
    }

    #[test]
    #[should_panic(expected = "in their order, and full")]
    fn half_a_part_is_not_kept() {
        let mut whole = Whole::new(2).expect("there is memory");
        let mut part = whole.part(2);
        part.extend([1].into_iter());
        whole.keep(part);
    }
}
