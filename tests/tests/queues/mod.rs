//! Queues and channels behind the same traits, each with what it can do.

use std::sync::{Mutex, mpsc};
use std::time::Duration;

/// What every queue and channel can do.
pub(crate) trait Passes: Sync + Sized {
    fn bounded(capacity: usize) -> Self;
    fn unbounded() -> Self;
    /// `Err` gives the item back: it is closed.
    fn put(&self, item: u32) -> Result<(), u32>;
    /// `Err` gives the item back: it is full or closed.
    fn try_put(&self, item: u32) -> Result<(), u32>;
    /// `None`: it is closed and empty.
    fn get(&self) -> Option<u32>;
    /// `None`: it is empty.
    fn try_get(&self) -> Option<u32>;
    fn get_for(&self, timeout: Duration) -> Option<u32>;
    /// No more items come: the gentle end.
    fn close(&self);
    /// In which order it gives back what it is given in this one.
    fn order(items: [u32; 3]) -> [u32; 3];
}

/// Those that several may get from, that can be looked at, and that wait for room for a while.
pub(crate) trait Shared: Passes {
    fn put_for(&self, item: u32, timeout: Duration) -> Result<(), u32>;
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool;
    fn is_full(&self) -> bool;
}

/// Those that drop what they hold when they are shut down at once, and refuse every put from then on.
pub(crate) trait ShutsDown: Shared {
    fn shut_down_at_once(&self);
}

/// Those that count tasks.
pub(crate) trait Tasks: ShutsDown {
    fn task_done(&self) -> bool;
    fn join(&self);
    fn join_for(&self, timeout: Duration) -> bool;
}

macro_rules! ours {
    ($($queue:ident: $order:expr;)*) => {
        $(
            impl Passes for threadcraft::$queue<u32> {
                fn bounded(capacity: usize) -> Self {
                    Self::new(capacity)
                }
                fn unbounded() -> Self {
                    Self::unbounded()
                }
                fn put(&self, item: u32) -> Result<(), u32> {
                    self.put(item).map_err(|error| error.into_item())
                }
                fn try_put(&self, item: u32) -> Result<(), u32> {
                    self.try_put(item).map_err(|error| error.into_item())
                }
                fn get(&self) -> Option<u32> {
                    self.get().ok()
                }
                fn try_get(&self) -> Option<u32> {
                    self.try_get().ok()
                }
                fn get_for(&self, timeout: Duration) -> Option<u32> {
                    self.get_for(timeout).ok()
                }
                fn close(&self) {
                    self.shutdown(false);
                }
                fn order(items: [u32; 3]) -> [u32; 3] {
                    $order(items)
                }
            }

            impl Shared for threadcraft::$queue<u32> {
                fn put_for(&self, item: u32, timeout: Duration) -> Result<(), u32> {
                    self.put_for(item, timeout).map_err(|error| error.into_item())
                }
                fn len(&self) -> usize {
                    self.len()
                }
                fn is_empty(&self) -> bool {
                    self.is_empty()
                }
                fn is_full(&self) -> bool {
                    self.is_full()
                }
            }

            impl ShutsDown for threadcraft::$queue<u32> {
                fn shut_down_at_once(&self) {
                    self.shutdown(true);
                }
            }
        )*
    };
}

ours! {
    Queue: |items| items;
    SimpleQueue: |items| items;
    LifoQueue: |[first, second, third]: [u32; 3]| [third, second, first];
    PriorityQueue: |mut items: [u32; 3]| { items.sort_unstable(); items };
}

macro_rules! tasks {
    ($($queue:ident)*) => {
        $(
            impl Tasks for threadcraft::$queue<u32> {
                fn task_done(&self) -> bool {
                    self.task_done().is_ok()
                }
                fn join(&self) {
                    self.join();
                }
                fn join_for(&self, timeout: Duration) -> bool {
                    self.join_for(timeout)
                }
            }
        )*
    };
}

tasks!(Queue LifoQueue PriorityQueue);

/// A channel whose sender can be dropped while others use it.
pub(crate) struct Channel<S, R> {
    sender: Mutex<Option<S>>,
    receiver: R,
}

impl<S: Clone, R> Channel<S, R> {
    fn new((sender, receiver): (S, R)) -> Self {
        Self { sender: Mutex::new(Some(sender)), receiver }
    }

    fn sender(&self) -> Option<S> {
        self.sender.lock().expect("nobody panics with it").clone()
    }

    fn drop_sender(&self) {
        self.sender.lock().expect("nobody panics with it").take();
    }
}

pub(crate) type Crossbeam = Channel<crossbeam_channel::Sender<u32>, crossbeam_channel::Receiver<u32>>;

impl Passes for Crossbeam {
    fn bounded(capacity: usize) -> Self {
        Self::new(crossbeam_channel::bounded(capacity))
    }
    fn unbounded() -> Self {
        Self::new(crossbeam_channel::unbounded())
    }
    fn put(&self, item: u32) -> Result<(), u32> {
        self.sender().ok_or(item)?.send(item).map_err(|error| error.0)
    }
    fn try_put(&self, item: u32) -> Result<(), u32> {
        self.sender().ok_or(item)?.try_send(item).map_err(|error| error.into_inner())
    }
    fn get(&self) -> Option<u32> {
        self.receiver.recv().ok()
    }
    fn try_get(&self) -> Option<u32> {
        self.receiver.try_recv().ok()
    }
    fn get_for(&self, timeout: Duration) -> Option<u32> {
        self.receiver.recv_timeout(timeout).ok()
    }
    fn close(&self) {
        self.drop_sender();
    }
    fn order(items: [u32; 3]) -> [u32; 3] {
        items
    }
}

impl Shared for Crossbeam {
    fn put_for(&self, item: u32, timeout: Duration) -> Result<(), u32> {
        self.sender().ok_or(item)?.send_timeout(item, timeout).map_err(|error| error.into_inner())
    }
    fn len(&self) -> usize {
        self.receiver.len()
    }
    fn is_empty(&self) -> bool {
        self.receiver.is_empty()
    }
    fn is_full(&self) -> bool {
        self.receiver.is_full()
    }
}

/// The standard library's channel: one thread at a time receives.
pub(crate) type Std = Channel<mpsc::SyncSender<u32>, Mutex<mpsc::Receiver<u32>>>;

impl Passes for Std {
    fn bounded(capacity: usize) -> Self {
        let (sender, receiver) = mpsc::sync_channel(capacity);
        Self::new((sender, Mutex::new(receiver)))
    }
    fn unbounded() -> Self {
        // The unbounded one has a sender of another type; for these tests, room for all is as good.
        Self::bounded(10_000)
    }
    fn put(&self, item: u32) -> Result<(), u32> {
        self.sender().ok_or(item)?.send(item).map_err(|error| error.0)
    }
    fn try_put(&self, item: u32) -> Result<(), u32> {
        self.sender().ok_or(item)?.try_send(item).map_err(|error| match error {
            mpsc::TrySendError::Full(item) | mpsc::TrySendError::Disconnected(item) => item,
        })
    }
    fn get(&self) -> Option<u32> {
        self.receiver.lock().expect("nobody panics with it").recv().ok()
    }
    fn try_get(&self) -> Option<u32> {
        self.receiver.lock().expect("nobody panics with it").try_recv().ok()
    }
    fn get_for(&self, timeout: Duration) -> Option<u32> {
        self.receiver.lock().expect("nobody panics with it").recv_timeout(timeout).ok()
    }
    fn close(&self) {
        self.drop_sender();
    }
    fn order(items: [u32; 3]) -> [u32; 3] {
        items
    }
}
