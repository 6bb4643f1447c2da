//! What the tests of both kinds of lock share: their traits, and what one behaves like that the other does, too.

use std::fmt::Debug;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use threadcraft_tests::eventually::{eventually, for_a_while};

/// Long enough to be measured, short enough to wait for.
pub(crate) const TIMEOUT: Duration = Duration::from_millis(50);

/// What every lock can do.
pub(crate) trait Locking: Default + Debug + Send + Sync {
    type Guard<'lock>
    where
        Self: 'lock;
    fn lock(&self) -> Self::Guard<'_>;
    fn try_lock(&self) -> Option<Self::Guard<'_>>;
}

/// Locks that can give up after a time, and say whether they are held.
pub(crate) trait Timed: Locking {
    fn try_lock_for(&self, timeout: Duration) -> Option<Self::Guard<'_>>;
    fn is_locked(&self) -> bool;
}

/// What another thread sees.
pub(crate) fn elsewhere<R: Send>(body: impl FnOnce() -> R + Send) -> R {
    thread::scope(|scope| scope.spawn(body).join().expect("the body does not panic"))
}

/// Whether another thread could take the lock now.
pub(crate) fn free_for_others<L: Locking>(lock: &L) -> bool {
    elsewhere(|| lock.try_lock().is_some())
}

pub(crate) fn five_blocked_threads_all_pass_after_one_release<L: Locking>() {
    let lock = L::default();
    let (arrived, passed) = (AtomicU32::new(0), AtomicU32::new(0));
    let guard = lock.lock();
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                arrived.fetch_add(1, Ordering::Relaxed);
                let _guard = lock.lock();
                passed.fetch_add(1, Ordering::Relaxed);
            });
        }
        eventually("all arrive", || arrived.load(Ordering::Relaxed) == 5);
        for_a_while("nobody passes", || passed.load(Ordering::Relaxed) == 0);
        drop(guard);
        eventually("all pass", || passed.load(Ordering::Relaxed) == 5);
    });
}

/// Tests of one implementation, by the behaviours that it has.
macro_rules! conforms {
    ($name:ident: $lock:ty, $($behaviour:ident)*) => {
        mod $name {
            $(
                #[test]
                fn $behaviour() {
                    super::$behaviour::<$lock>();
                }
            )*
        }
    };
}

pub(crate) use conforms;
