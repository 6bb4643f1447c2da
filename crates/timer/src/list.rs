//! What waits for its time, put in order as late as can be.
//!
//! Most timers are cancelled long before their time, and their order is never asked for. So only what is due *near* is in
//! a heap; what is *far* is in no order, and putting something there takes no comparison but one with the border. When
//! nothing is left near, the half of the far ones that is due first comes near. When more comes near than there was room
//! for, the half that is due last goes far. Each of that costs as much as what made it necessary.
//!
//! This is the lazy queue (Rönngren, Riboe and Ayani 1991), with a border that the median finds.

extern crate alloc;

use alloc::collections::BinaryHeap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::mem;

use threadcraft_platform::Instant;

use crate::due::Due;
use crate::task::Task;

/// One entry of the list.
pub(crate) struct Entry<T: ?Sized = dyn Task> {
    pub(crate) due: Due,
    /// Of several that are due at once, the first that came is called first.
    pub(crate) number: u64,
    pub(crate) task: Arc<T>,
}

/// The heap has the greatest in front: the one that is due first is the greatest.
impl<T: ?Sized> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.due.cmp(&self.due).then(other.number.cmp(&self.number))
    }
}

impl<T: ?Sized> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: ?Sized> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T: ?Sized> Eq for Entry<T> {}

/// The entries of a service.
///
/// | part | entries | order |
/// |---|---|---|
/// | near | all that come before the first far one | a heap |
/// | far | due at the border or later | none |
/// | never | due beyond what the clock can say | none |
pub(crate) struct List<T: ?Sized = dyn Task> {
    near: BinaryHeap<Entry<T>>,
    far: Vec<Entry<T>>,
    never: Vec<Entry<T>>,
    /// What is put on the list and is not due before this is far. Never, if nothing is far.
    border: Due,
    /// How many there may be near.
    room: usize,
}

/// So few are always near: one array that is soon in the cache.
const FEW: usize = 64;

impl<T: ?Sized> List<T> {
    pub(crate) const fn new() -> Self {
        Self { near: BinaryHeap::new(), far: Vec::new(), never: Vec::new(), border: Due(None), room: FEW }
    }

    pub(crate) fn len(&self) -> usize {
        self.near.len() + self.far.len() + self.never.len()
    }

    /// Whether there is something with a time. What is never due needs nobody.
    pub(crate) fn has_times(&self) -> bool {
        !(self.near.is_empty() && self.far.is_empty())
    }

    /// Puts it on the list. Its number is greater than that of all others.
    #[inline]
    pub(crate) fn push(&mut self, entry: Entry<T>) {
        if entry.due < self.border {
            self.near.push(entry);
            if self.near.len() > self.room {
                self.send_far();
            }
        } else if entry.due.0.is_some() {
            self.far.push(entry);
        } else {
            self.never.push(entry);
        }
    }

    /// The entry that is due first, if any has a time.
    pub(crate) fn first(&mut self) -> Option<&Entry<T>> {
        if self.near.is_empty() {
            self.bring_near();
        }
        self.near.peek()
    }

    /// When that is.
    pub(crate) fn first_due(&mut self) -> Option<Instant> {
        self.first().and_then(|entry| entry.due.0)
    }

    /// Takes it off.
    pub(crate) fn pop(&mut self) -> Option<Entry<T>> {
        self.first()?;
        self.near.pop()
    }

    /// Keeps those of which this is true.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&Entry<T>) -> bool) {
        self.near.retain(&mut keep);
        self.far.retain(&mut keep);
        self.never.retain(keep);
    }

    /// All of it, first those that are due first.
    pub(crate) fn into_order(self) -> Vec<Entry<T>> {
        let Self { near, mut far, mut never, .. } = self;
        far.extend(near);
        far.append(&mut never);
        far.sort_unstable_by(|one, other| other.cmp(one));
        far
    }

    /// More are near than there is room for: those that are due last go.
    #[cold]
    fn send_far(&mut self) {
        let mut entries = mem::take(&mut self.near).into_vec();
        let count = entries.len() / 2;
        self.border = last_but(&mut entries, count);
        self.far.extend(entries.drain(..count));
        self.near = BinaryHeap::from(entries);
    }

    /// Nothing is near: those of the far ones that are due first come.
    #[cold]
    fn bring_near(&mut self) {
        let stay = if self.far.len() <= FEW { 0 } else { self.far.len() / 2 };
        self.border = last_but(&mut self.far, stay);
        let mut entries = mem::take(&mut self.near).into_vec();
        entries.extend(self.far.drain(stay..));
        self.near = BinaryHeap::from(entries);
        // As many again can come before half of them has to go.
        self.room = FEW.max(2 * self.near.len());
    }
}

/// Puts so many in front of the others as are due last, and says when the first of them is due.
fn last_but<T: ?Sized>(entries: &mut [Entry<T>], count: usize) -> Due {
    let Some(last) = count.checked_sub(1) else { return Due(None) };
    entries.select_nth_unstable(last).1.due
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::time::Duration;

    /// A list, and the same in order.
    struct Pair {
        list: List<()>,
        sorted: Vec<(Due, u64)>,
        begin: Instant,
        numbers: u64,
        dice: u64,
    }

    impl Pair {
        fn new() -> Self {
            let begin = Instant::now();
            Self { list: List::new(), sorted: Vec::new(), begin, numbers: 0, dice: 0x9e37_79b9_7f4a_7c15 }
        }

        fn roll(&mut self, sides: u64) -> u64 {
            self.dice ^= self.dice << 13;
            self.dice ^= self.dice >> 7;
            self.dice ^= self.dice << 17;
            self.dice % sides
        }

        fn push(&mut self, nanos: Option<u64>) {
            let due = Due(nanos.map(|nanos| self.begin + Duration::from_nanos(nanos)));
            self.numbers += 1;
            let number = self.numbers;
            self.list.push(Entry { due, number, task: Arc::new(()) });
            let place = self.sorted.partition_point(|&other| other < (due, number));
            self.sorted.insert(place, (due, number));
        }

        fn pop(&mut self) {
            let expected = self.sorted.first().copied().filter(|&(due, _)| due != Due(None));
            assert_eq!(self.list.first_due(), expected.and_then(|(due, _)| due.0));
            let popped = self.list.pop().map(|entry| (entry.due, entry.number));
            assert_eq!(popped, expected);
            if expected.is_some() {
                self.sorted.remove(0);
            }
        }

        fn check(&mut self) {
            assert_eq!(self.list.len(), self.sorted.len());
            assert_eq!(self.list.has_times(), self.sorted.first().is_some_and(|&(due, _)| due != Due(None)));
            let first_far = self.list.far.iter().max().map(|entry| (entry.due, entry.number));
            let last_near = self.list.near.iter().min().map(|entry| (entry.due, entry.number));
            if let (Some(last_near), Some((due, number))) = (last_near, first_far) {
                assert!(last_near < (due, number) && due >= self.list.border, "what is far comes after what is near");
            }
        }
    }

    #[test]
    fn entries_come_in_the_order_of_their_times_and_then_of_their_coming() {
        // Few different times and many; more that comes than goes, and less.
        for (times, pushes) in [(5, 3), (1_000, 3), (1_000_000, 2), (1_000_000, 1)] {
            let mut pair = Pair::new();
            for step in 0..if cfg!(miri) { 300 } else { 6_000 } {
                match pair.roll(8) {
                    0 => pair.push(None),
                    sides if sides <= 2 * pushes => {
                        let nanos = pair.roll(times);
                        pair.push(Some(nanos));
                    }
                    _ => pair.pop(),
                }
                if step % 64 == 0 {
                    pair.check();
                }
            }
            while pair.list.has_times() {
                pair.pop();
            }
            pair.pop();
            pair.check();
        }
    }

    #[test]
    fn ascending_and_descending_times_come_in_their_order() {
        let count = if cfg!(miri) { 200 } else { 1_000 };
        for descending in [false, true] {
            let mut pair = Pair::new();
            (0..count).for_each(|number| pair.push(Some(if descending { count - number } else { number })));
            pair.check();
            assert!(pair.list.near.len() <= FEW, "the others are in no order yet");
            (0..=count).for_each(|_| pair.pop());
        }
    }

    #[test]
    fn what_is_left_out_and_what_is_taken_is_all_there_was() {
        let mut pair = Pair::new();
        for _ in 0..if cfg!(miri) { 200 } else { 500 } {
            let nanos = Some(pair.roll(100)).filter(|&nanos| nanos > 0);
            pair.push(nanos);
        }
        pair.list.retain(|entry| entry.number % 3 > 0);
        pair.sorted.retain(|&(_, number)| number % 3 > 0);
        pair.check();
        let taken: Vec<_> = mem::replace(&mut pair.list, List::new())
            .into_order()
            .iter()
            .map(|entry| (entry.due, entry.number))
            .collect();
        assert_eq!(taken, mem::take(&mut pair.sorted));
        pair.check();
    }
}
