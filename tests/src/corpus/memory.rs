//! Atomics: orderings that are too weak, and algorithms that overlook a step between two others.

use std::sync::Arc;

use threadcraft::Lock;
use threadcraft_platform::atomic::{AtomicBool, AtomicU32, Ordering, fence};
use threadcraft_platform::cell::RaceCell;

use super::{Entry, Setting, each, start};
use crate::model::Unprotected;

pub(super) fn entries() -> Vec<Entry> {
    vec![
        Entry::new(
            "relaxed publication",
            "the flag publishes nothing",
            "Boehm, Adve 2008; Bos, Rust Atomics and Locks, 3",
        )
        .broken(|| publish(Ordering::Relaxed))
        .right(|| publish(Ordering::Release))
        .setting(Setting::Fine)
        .fails_by("data-race")
        .outcomes_of_right(&["0", "1"])
        .preemptions(1),
        Entry::new(
            "double-checked locking",
            "the first check receives nothing",
            "Bacon and others, The \"Double-Checked Locking is Broken\" Declaration",
        )
        .broken(|| initialise_once(Ordering::Relaxed))
        .right(|| initialise_once(Ordering::Acquire))
        .setting(Setting::Fine)
        .fails_by("data-race")
        .outcomes_of_right(&["[1, 1]"]),
        Entry::new("relaxed Peterson", "the algorithm orders nothing but itself", "Peterson 1981")
            .broken(|| peterson(Ordering::Relaxed, Ordering::Relaxed))
            .right(|| peterson(Ordering::SeqCst, Ordering::SeqCst))
            .setting(Setting::Fine)
            .fails_by("data-race")
            .outcomes_of_right(&["2"]),
        Entry::new(
            "relaxed reference count",
            "the last owner does not see what the others did",
            "Bos, Rust Atomics and Locks, 6",
        )
        .broken(|| reference_count(false))
        .right(|| reference_count(true))
        .setting(Setting::Fine)
        .fails_by("data-race"),
        Entry::new(
            "torn read",
            "the reader of a sequence lock does not look again",
            "Lameter 2005; Boehm 2012 (seqlocks)",
        )
        .broken(|| sequence_lock(false))
        .right(|| sequence_lock(true))
        .setting(Setting::Fine)
        .comes_to("(0, 1)", &["(0, 0)", "(1, 1)"])
        .preemptions(1),
        Entry::new(
            "ABA",
            "the head is what it was, and what is under it is not",
            "IBM System/370 Principles of Operation; Treiber 1986",
        )
        .broken(|| stack(false))
        .right(|| stack(true))
        .setting(Setting::Fine)
        .comes_to("false", &["true"])
        .preemptions(1),
    ]
}

/// Comes to what a reader adds that may come too early.
fn publish(storing: Ordering) -> u32 {
    let shared = Arc::new((Unprotected::new(), AtomicBool::new(false)));
    let writer = start(&shared, move |(number, ready)| {
        number.add_one();
        // Release: pairs with the Acquire below; Relaxed is the fault.
        ready.store(true, storing);
    });
    let seen = if shared.1.load(Ordering::Acquire) { shared.0.get() } else { 0 };
    writer.join().expect("it does not panic");
    seen
}

struct Lazily {
    done: AtomicBool,
    lock: Lock<()>,
    number: Unprotected,
}

/// Two threads use a number that the first of them makes.
fn initialise_once(looking: Ordering) -> Vec<u32> {
    let lazily = Arc::new(Lazily { done: AtomicBool::new(false), lock: Lock::new(()), number: Unprotected::new() });
    each(&lazily, 2, move |lazily, _| {
        // Acquire: pairs with the Release below; Relaxed is the fault.
        if !lazily.done.load(looking) {
            let _held = lazily.lock.lock();
            // Relaxed: the lock orders it.
            if !lazily.done.load(Ordering::Relaxed) {
                lazily.number.add_one();
                lazily.done.store(true, Ordering::Release);
            }
        }
        lazily.number.get()
    })
}

/// Mutual exclusion of two by loads and stores alone.
fn peterson(loading: Ordering, storing: Ordering) -> u32 {
    let shared = Arc::new(([AtomicBool::new(false), AtomicBool::new(false)], AtomicU32::new(0), Unprotected::new()));
    each(&shared, 2, move |(wants, turn, number), me| {
        let other = 1 - me;
        wants[me].store(true, storing);
        turn.store(other as u32, storing);
        while wants[other].load(loading) && turn.load(loading) == other as u32 {}
        number.add_one();
        wants[me].store(false, storing);
    });
    shared.2.get()
}

/// Two owners; the last one that lets go takes the value apart.
fn reference_count(ordered: bool) {
    let shared = Arc::new((AtomicU32::new(2), RaceCell::new(0)));
    each(&shared, 2, move |(owners, value), _| {
        // SAFETY: an access that is not ordered with this one is what the explorer is to find.
        value.with(|value| unsafe { value.read() });
        // Release: pairs with the Acquire fence below; Relaxed is the fault.
        let releasing = if ordered { Ordering::Release } else { Ordering::Relaxed };
        if owners.fetch_sub(1, releasing) == 1 {
            fence(Ordering::Acquire);
            // SAFETY: as above.
            value.with_mut(|value| unsafe { value.write(1) });
        }
    });
}

/// | `sequence` | means |
/// |---|---|
/// | even | nobody writes |
/// | odd | somebody does |
struct Sequenced {
    sequence: AtomicU32,
    values: [AtomicU32; 2],
}

/// One writes a pair; comes to the pair that another reads.
fn sequence_lock(looks_again: bool) -> (u32, u32) {
    let shared = Arc::new(Sequenced { sequence: AtomicU32::new(0), values: [AtomicU32::new(0), AtomicU32::new(0)] });
    let writer = start(&shared, |shared| {
        // Relaxed, with the fence: no value is written before the sequence is odd.
        shared.sequence.store(1, Ordering::Relaxed);
        fence(Ordering::Release);
        for value in &shared.values {
            value.store(1, Ordering::Relaxed);
        }
        // Release: pairs with the Acquire of a reader that sees it even.
        shared.sequence.store(2, Ordering::Release);
    });
    let read = || {
        let before = shared.sequence.load(Ordering::Acquire);
        // Relaxed, with the fence: no value is read after the sequence is looked at again.
        let pair = (shared.values[0].load(Ordering::Relaxed), shared.values[1].load(Ordering::Relaxed));
        fence(Ordering::Acquire);
        let undisturbed = before.is_multiple_of(2) && shared.sequence.load(Ordering::Relaxed) == before;
        (undisturbed || !looks_again).then_some(pair)
    };
    let pair = loop {
        if let Some(pair) = read() {
            break pair;
        }
    };
    writer.join().expect("it does not panic");
    pair
}

const NOTHING: u32 = 0xff;

/// How far a tag is shifted.
const TAG: u32 = 8;

/// A stack of the nodes 0, 1, 2: the lowest byte of `head` is the top node, the rest a tag that grows.
struct Stack {
    head: AtomicU32,
    below: [AtomicU32; 3],
    tagged: bool,
}

impl Stack {
    /// What `head` becomes.
    fn next(&self, before: u32, node: u32) -> u32 {
        if self.tagged { ((before >> TAG) + 1) << TAG | node } else { node }
    }

    fn pop(&self) -> u32 {
        let mut before = self.head.load(Ordering::Acquire);
        loop {
            let node = before & NOTHING;
            if node == NOTHING {
                return NOTHING;
            }
            // Relaxed: what `head` published includes it.
            let below = self.below[node as usize].load(Ordering::Relaxed);
            let after = self.next(before, below);
            // Acquire: pairs with the Release in `push`, for who takes the node.
            match self.head.compare_exchange(before, after, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return node,
                Err(now) => before = now,
            }
        }
    }

    fn push(&self, node: u32) {
        let mut before = self.head.load(Ordering::Relaxed);
        loop {
            self.below[node as usize].store(before & NOTHING, Ordering::Relaxed);
            let after = self.next(before, node);
            // Release: pairs with the Acquire in `pop`.
            match self.head.compare_exchange(before, after, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => return,
                Err(now) => before = now,
            }
        }
    }
}

/// One pops; another pops two and pushes the first of them again. Comes to whether every node is in one place.
fn stack(tagged: bool) -> bool {
    let below = [1, 2, NOTHING].map(AtomicU32::new);
    let stack = Arc::new(Stack { head: AtomicU32::new(0), below, tagged });
    let other = start(&stack, |stack| {
        let (first, second) = (stack.pop(), stack.pop());
        stack.push(first);
        second
    });
    let mut nodes = vec![stack.pop()];
    nodes.push(other.join().expect("it does not panic"));
    nodes.push(stack.pop());
    nodes.sort_unstable();
    nodes.dedup();
    nodes.len() == 3
}
