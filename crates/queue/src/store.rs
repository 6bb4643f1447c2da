//! What keeps the items, and in which order it gives them back.

extern crate alloc;

use alloc::collections::VecDeque;
use alloc::vec::Vec;

/// Where items are between their put and their get.
pub(crate) trait Store {
    type Item;
    /// Nothing, without an allocation.
    const EMPTY: Self;
    fn len(&self) -> usize;
    /// Adds an item. It is in, also if a comparison panics.
    fn push(&mut self, item: Self::Item);
    /// Takes the next item out. If a comparison panics, all are still in.
    fn pop(&mut self) -> Option<Self::Item>;
}

/// First in, first out.
impl<T> Store for VecDeque<T> {
    type Item = T;
    const EMPTY: Self = Self::new();

    #[inline]
    fn len(&self) -> usize {
        self.len()
    }

    #[inline]
    fn push(&mut self, item: T) {
        self.push_back(item);
    }

    #[inline]
    fn pop(&mut self) -> Option<T> {
        self.pop_front()
    }
}

/// Last in, first out.
impl<T> Store for Vec<T> {
    type Item = T;
    const EMPTY: Self = Self::new();

    #[inline]
    fn len(&self) -> usize {
        self.len()
    }

    #[inline]
    fn push(&mut self, item: T) {
        self.push(item);
    }

    #[inline]
    fn pop(&mut self) -> Option<T> {
        self.pop()
    }
}

/// A binary heap, the least item first (Williams, "Algorithm 232: Heapsort", 1964).
///
/// The standard library's would lose an item whose comparison panics while it is taken: the item is out of the heap by
/// then. Here the items are compared where they are, and only an item that is about to be returned leaves.
pub(crate) struct Heap<T> {
    /// The children of the item at `i` are at `2i + 1` and `2i + 2`, and neither is less.
    items: Vec<T>,
}

impl<T: Ord> Heap<T> {
    /// Moves the item at `at` up to where its parent is not greater.
    fn rise(&mut self, mut at: usize) {
        while at > 0 {
            let parent = (at - 1) / 2;
            if self.items[parent] <= self.items[at] {
                return;
            }
            self.items.swap(parent, at);
            at = parent;
        }
    }

    /// Moves the first item down, within the first `end`, to where no child is less.
    fn sink(&mut self, end: usize) {
        let mut at = 0;
        loop {
            let (left, right) = (2 * at + 1, 2 * at + 2);
            if left >= end {
                return;
            }
            let least = if right < end && self.items[right] < self.items[left] { right } else { left };
            if self.items[at] <= self.items[least] {
                return;
            }
            self.items.swap(at, least);
            at = least;
        }
    }
}

impl<T: Ord> Store for Heap<T> {
    type Item = T;
    const EMPTY: Self = Self { items: Vec::new() };

    fn len(&self) -> usize {
        self.items.len()
    }

    fn push(&mut self, item: T) {
        self.items.push(item);
        self.rise(self.items.len() - 1);
    }

    fn pop(&mut self) -> Option<T> {
        let last = self.items.len().checked_sub(1)?;
        self.items.swap(0, last);
        self.sink(last);
        self.items.pop()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heap_gives_the_least_first_in_all_orders_of_coming() {
        // Every order of five items, two of them equal.
        fn permuted(rest: &[u32], chosen: &mut Vec<u32>) {
            if rest.is_empty() {
                let mut heap = Heap::EMPTY;
                chosen.iter().for_each(|&item| heap.push(item));
                let popped: Vec<u32> = core::iter::from_fn(|| heap.pop()).collect();
                return assert_eq!(popped, [1, 2, 2, 3, 4], "came as {chosen:?}");
            }
            for index in 0..rest.len() {
                let mut rest = rest.to_vec();
                chosen.push(rest.remove(index));
                permuted(&rest, chosen);
                chosen.pop();
            }
        }
        permuted(&[1, 2, 2, 3, 4], &mut Vec::new());
    }
}
