//! Broken conditions.
//!
//! The copy keeps its nodes on the heap, so that one that is used too late is a wrong verdict and not a crash.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use threadcraft::{Lock, LockGuard};
use threadcraft_lock::lock_api::RawMutex;
use threadcraft_platform::Instant;
use threadcraft_platform::atomic::{AtomicBool, AtomicU32, Ordering};
use threadcraft_platform::cell::RaceCell;
use threadcraft_platform::futex::{self, Wait};

use crate::model::condition::{CountedSignals, Guard, Signals};

const ASLEEP: u32 = 0;
const CALLED: u32 = 1;

/// How many of those that are notified together are called at a time.
const AT_A_TIME: usize = 2;

/// The decisions of a condition; the defaults are right.
pub trait Choices: Send + Sync + 'static {
    /// A waiter takes its place in the queue before it releases the lock.
    const QUEUES_BEFORE_RELEASE: bool = true;
    /// A waiter that the clock woke looks, with the lock held again, whether it was notified.
    const LOOKS_AFTER_DEADLINE: bool = true;
    /// A waiter that gives up leaves the queue.
    const LEAVES_THE_QUEUE: bool = true;
    /// Whoever was called calls one more that was notified with it.
    const CALLS_THE_NEXT: bool = true;
    /// Also if the clock woke it.
    const CALLS_THE_NEXT_AFTER_DEADLINE: bool = true;
    /// A waiter that goes on before it was called is not called any more.
    const LEAVES_THE_CHAIN: bool = true;
    /// A waiter sleeps again if it was woken for no reason.
    const LOOKS_AFTER_WAKING: bool = true;
    /// The word says called before the wake-up is sent.
    const CALLS_BEFORE_WAKING: bool = true;
    /// One notification takes one waiter, not all.
    const COUNTS: bool = true;
    /// The ordering with which the first to wait takes the queue over, from a lock that was used before.
    const TAKES_OVER: Ordering = Ordering::Acquire;
    /// The ordering with which the last to leave the queue gives it up.
    const GIVES_UP: Ordering = Ordering::Release;
    /// The answer is how many were notified, not how many were to be.
    const TELLS_WHAT_IT_DID: bool = true;
}

/// Those that were notified together and have not gone on.
type Chain = Arc<RaceCell<VecDeque<Arc<Node>>>>;

/// One that waits.
#[derive(Debug)]
struct Node {
    word: AtomicU32,
    /// Where it is once it is notified.
    chain: RaceCell<Option<Chain>>,
    called: RaceCell<bool>,
}

impl Node {
    fn read<T: Clone>(cell: &RaceCell<T>) -> T {
        // SAFETY:
        // - one explored thread runs at a time; an access that the lock does not order is what the explorer reports.
        cell.with(|value| unsafe { (*value).clone() })
    }

    fn write<T>(cell: &RaceCell<T>, new: T) {
        // SAFETY:
        // - as above.
        cell.with_mut(|value| unsafe { *value = new });
    }

    fn call<C: Choices>(&self, guard: &mut Guard<'_>) {
        Self::write(&self.called, true);
        if !C::CALLS_BEFORE_WAKING {
            futex::wake(&raw const self.word, 1);
        }
        // Relaxed: the lock orders what it means.
        self.word.store(CALLED, Ordering::Relaxed);
        if C::CALLS_BEFORE_WAKING {
            LockGuard::wake_after_release(guard, &raw const self.word);
        }
    }
}

/// Takes a waiter out.
fn remove(nodes: &mut VecDeque<Arc<Node>>, node: &Arc<Node>) {
    nodes.retain(|other| !Arc::ptr_eq(other, node));
}

/// Uses a chain.
fn in_chain<R>(chain: &Chain, body: impl FnOnce(&mut VecDeque<Arc<Node>>) -> R) -> R {
    // SAFETY:
    // - as in `Node::read`.
    chain.with_mut(|nodes| body(unsafe { &mut *nodes }))
}

/// A condition with these decisions.
#[derive(Debug)]
pub struct MutantCondition<C> {
    queue: RaceCell<VecDeque<Arc<Node>>>,
    /// Whether a lock guards the queue: the programs here use another lock only when nobody is left in it.
    bound: AtomicBool,
    choices: std::marker::PhantomData<C>,
}

impl<C: Choices> MutantCondition<C> {
    fn in_queue<R>(&self, body: impl FnOnce(&mut VecDeque<Arc<Node>>) -> R) -> R {
        let (result, is_empty) = self.queue.with_mut(|queue| {
            // SAFETY:
            // - as in `Node::read`.
            let queue = unsafe { &mut *queue };
            let was_empty = queue.is_empty();
            (body(queue), !was_empty && queue.is_empty())
        });
        if is_empty {
            self.bound.store(false, C::GIVES_UP);
        }
        result
    }

    fn enter(&self, node: &Arc<Node>) {
        self.bound.swap(true, C::TAKES_OVER);
        self.in_queue(|queue| queue.push_back(Arc::clone(node)));
    }

    /// True if the clock ended it.
    fn sleep(node: &Node, deadline: Option<Instant>) -> bool {
        // Relaxed: the lock orders what it means.
        while node.word.load(Ordering::Relaxed) == ASLEEP {
            match futex::wait(&node.word, ASLEEP, deadline) {
                Wait::Woken if C::LOOKS_AFTER_WAKING => {}
                Wait::TimedOut => return true,
                Wait::Woken | Wait::Abandoned => return false,
            }
        }
        false
    }

    fn wait_until(&self, guard: &mut Guard<'_>, deadline: Option<Instant>) -> bool {
        let (word, chain, called) = (AtomicU32::new(ASLEEP), RaceCell::new(None), RaceCell::new(false));
        let node = Arc::new(Node { word, chain, called });
        if C::QUEUES_BEFORE_RELEASE {
            self.enter(&node);
        }
        // SAFETY:
        // - the lock is taken again below; only the end of an execution unwinds before, and the lock is not used after it.
        unsafe { LockGuard::release(guard, || ()) };
        if !C::QUEUES_BEFORE_RELEASE {
            self.enter(&node);
        }
        let by_clock = Self::sleep(&node, deadline);
        LockGuard::raw(guard).lock();
        if by_clock && !C::LOOKS_AFTER_DEADLINE {
            self.in_queue(|queue| remove(queue, &node));
            return false;
        }
        let Some(chain) = Node::read(&node.chain) else {
            if C::LEAVES_THE_QUEUE {
                self.in_queue(|queue| remove(queue, &node));
            }
            return !by_clock;
        };
        let called = Node::read(&node.called);
        if called || C::LEAVES_THE_CHAIN {
            in_chain(&chain, |nodes| remove(nodes, &node));
        }
        let passes_on = called && C::CALLS_THE_NEXT && (!by_clock || C::CALLS_THE_NEXT_AFTER_DEADLINE);
        let uncalled = |nodes: &mut VecDeque<Arc<Node>>| nodes.iter().find(|node| !Node::read(&node.called)).cloned();
        if let Some(heir) = in_chain(&chain, uncalled).filter(|_| passes_on) {
            heir.call::<C>(guard);
        }
        true
    }
}

impl<C: Choices> Signals for MutantCondition<C> {
    fn new() -> Self {
        Self { queue: RaceCell::new(VecDeque::new()), bound: AtomicBool::new(false), choices: std::marker::PhantomData }
    }

    fn wait<'lock>(&self, _: &'lock Lock<u32>, mut guard: Guard<'lock>) -> Guard<'lock> {
        self.wait_until(&mut guard, None);
        guard
    }

    fn notify_one(&self, guard: &mut Guard<'_>) {
        self.notify(guard, 1);
    }

    fn notify_all(&self, guard: &mut Guard<'_>) {
        self.notify(guard, usize::MAX);
    }
}

impl<C: Choices> CountedSignals for MutantCondition<C> {
    fn wait_for(&self, guard: &mut Guard<'_>, timeout: Duration) -> bool {
        self.wait_until(guard, Instant::after(timeout))
    }

    fn notify(&self, guard: &mut Guard<'_>, count: usize) -> usize {
        let taken = self.in_queue(|queue| {
            let count = if C::COUNTS { count.min(queue.len()) } else { queue.len() };
            queue.drain(..count).collect::<VecDeque<_>>()
        });
        let chain = Arc::new(RaceCell::new(taken.clone()));
        for node in &taken {
            Node::write(&node.chain, Some(Arc::clone(&chain)));
        }
        for node in taken.iter().take(AT_A_TIME) {
            node.call::<C>(guard);
        }
        if C::TELLS_WHAT_IT_DID { taken.len() } else { count }
    }
}

/// Right in everything.
#[derive(Debug)]
pub struct Faithful;
impl Choices for Faithful {}

/// Between the release and its place in the queue, nobody can notify it; and the queue has no guard.
#[derive(Debug)]
pub struct QueuesAfterRelease;
impl Choices for QueuesAfterRelease {
    const QUEUES_BEFORE_RELEASE: bool = false;
}

/// Whoever brings another lock does not see what was done to the queue under the one before.
#[derive(Debug)]
pub struct RelaxedTakeover;
impl Choices for RelaxedTakeover {
    const TAKES_OVER: Ordering = Ordering::Relaxed;
}

/// What was done to the queue is not published to whoever brings another lock.
#[derive(Debug)]
pub struct RelaxedGivingUp;
impl Choices for RelaxedGivingUp {
    const GIVES_UP: Ordering = Ordering::Relaxed;
}

/// One whose deadline passed takes a notification along that counted it.
#[derive(Debug)]
pub struct SwallowsNotification;
impl Choices for SwallowsNotification {
    const LOOKS_AFTER_DEADLINE: bool = false;
}

/// One that gave up is notified in the place of one that waits.
#[derive(Debug)]
pub struct StaysInTheQueue;
impl Choices for StaysInTheQueue {
    const LEAVES_THE_QUEUE: bool = false;
}

/// Of several that are notified together, the first two go on alone.
#[derive(Debug)]
pub struct ForgetsTheNext;
impl Choices for ForgetsTheNext {
    const CALLS_THE_NEXT: bool = false;
}

/// Those that are called first forget the others if their deadline passed.
#[derive(Debug)]
pub struct ForgetsTheNextInHaste;
impl Choices for ForgetsTheNextInHaste {
    const CALLS_THE_NEXT_AFTER_DEADLINE: bool = false;
}

/// Those that went on before they were called are called in the place of one that waits.
#[derive(Debug)]
pub struct StaysInTheChain;
impl Choices for StaysInTheChain {
    const LEAVES_THE_CHAIN: bool = false;
}

/// A waiter goes on although nobody notified it.
#[derive(Debug)]
pub struct GoesOnForNoReason;
impl Choices for GoesOnForNoReason {
    const LOOKS_AFTER_WAKING: bool = false;
}

/// The waiter is woken, sees that it was not called, and sleeps for ever.
#[derive(Debug)]
pub struct WakesBeforeCalling;
impl Choices for WakesBeforeCalling {
    const CALLS_BEFORE_WAKING: bool = false;
}

/// A notification for one lets all go on.
#[derive(Debug)]
pub struct NotifiesAll;
impl Choices for NotifiesAll {
    const COUNTS: bool = false;
}

/// It says that it notified as many as it was told to.
#[derive(Debug)]
pub struct TellsWhatItWasTold;
impl Choices for TellsWhatItWasTold {
    const TELLS_WHAT_IT_DID: bool = false;
}
