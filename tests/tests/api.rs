//! Every name and signature that the crates promise, used once from outside: it fails to compile when one of them
//! changes. What they do, the other tests tell.

use std::sync::Arc;
use std::time::Duration;

use threadcraft::{
    Barrier, BarrierWait, BoundedSemaphore, BrokenBarrier, Condition, Event, Future, GetError, Instant, JoinError,
    LifoQueue, Local, Lock, LockGuard, MAX_PERMITS, Monitor, MonitorGuard, OwnedPermit, Permit, PriorityQueue,
    PutError, Queue, RLock, RLockGuard, ReleaseError, ReturnWhen, Run, Semaphore, ShutDown, Shutdown, SimpleQueue,
    StartError, TaskError, Thread, ThreadPool, ThreadState,
};

const SOON: Duration = Duration::from_millis(1);
const LATER: Duration = Duration::from_secs(60);

static LOCK: Lock<u32> = Lock::new(0);
static RLOCK: RLock<u32> = RLock::new(0);
static SEMAPHORE: Semaphore = Semaphore::new(2);
static BOUNDED: BoundedSemaphore = BoundedSemaphore::new(2);
static CONDITION: Condition = Condition::new();
static MONITOR: Monitor<u32> = Monitor::new(0);
static EVENT: Event = Event::new();
static BARRIER: Barrier = Barrier::new(1);

#[test]
fn lock() {
    let mut guard: LockGuard<'_, u32> = LOCK.lock();
    *guard += 1;
    assert!(!LockGuard::unlocked(&mut guard, || LOCK.is_locked()));
    assert!(LOCK.is_locked() && LOCK.try_lock().is_none() && LOCK.try_lock_for(SOON).is_none());
    assert!(LOCK.try_lock_until(Instant::now()).is_none() && LOCK.try_lock_until(std::time::Instant::now()).is_none());
    LockGuard::unlock_fair(guard);
    let mut own = Lock::new((1, 2)).named("own");
    *LockGuard::map(own.lock(), |pair| &mut pair.1) = 3;
    own.get_mut().0 = 4;
    assert_eq!(own.into_inner(), (4, 3));
}

#[test]
fn rlock() {
    let guard: RLockGuard<'_, u32> = RLOCK.lock();
    let again = RLOCK.try_lock().expect("it is ours");
    assert!(RLOCK.is_owned_by_current_thread() && RLOCK.is_locked() && RLOCK.depth() == 2 && *again == *guard);
    drop(again);
    assert!(RLOCK.try_lock_for(SOON).is_some() && RLOCK.try_lock_until(Instant::now()).is_some());
    drop(guard);
    let mut own = RLock::new(1).named("own");
    *own.get_mut() = 2;
    assert_eq!(own.into_inner(), 2);
}

#[test]
fn semaphore() {
    let permit: Permit<'_> = SEMAPHORE.acquire();
    drop(SEMAPHORE.acquire_many(1));
    assert!(SEMAPHORE.try_acquire().is_some() && SEMAPHORE.try_acquire_for(SOON).is_some());
    assert!(SEMAPHORE.try_acquire_until(Instant::now()).is_some());
    permit.forget();
    SEMAPHORE.release(2);
    assert_eq!(SEMAPHORE.available_permits(), 3);
    let owned: OwnedPermit = Semaphore::acquire_owned(&Arc::new(Semaphore::new(1)));
    std::thread::spawn(move || drop(owned)).join().expect("it may move to another thread");
    let refused: Result<(), ReleaseError> = BOUNDED.release(1);
    assert!(refused.is_err() && BOUNDED.available_permits() == 2 && MAX_PERMITS > 2);
}

#[test]
fn condition() {
    let lock = Lock::new(0);
    let mut guard = lock.lock();
    assert!(CONDITION.wait_for(&mut guard, SOON).timed_out());
    assert!(CONDITION.wait_until(&mut guard, Instant::now()).timed_out());
    CONDITION.wait_while(&mut guard, |_| false);
    assert!(CONDITION.wait_while_for(&mut guard, |_| true, SOON).timed_out());
    let woken: (usize, bool, usize) =
        (CONDITION.notify(&mut guard, 2), CONDITION.notify_one(&mut guard), CONDITION.notify_all(&mut guard));
    assert_eq!(woken, (0, false, 0));
    let _: fn(&Condition, &mut LockGuard<'_, u32>) = Condition::wait;

    let mut guard: MonitorGuard<'_, u32> = MONITOR.lock();
    assert!(guard.wait_for(SOON).timed_out() && guard.wait_while_for(|_| true, SOON).timed_out());
    guard.wait_while(|_| false);
    assert_eq!((guard.notify(1), guard.notify_one(), guard.notify_all()), (0, false, 0));
    let _: fn(&mut MonitorGuard<'static, u32>) = MonitorGuard::wait;
}

#[test]
fn event() {
    assert!(!EVENT.is_set() && !EVENT.wait_for(SOON) && !EVENT.wait_until(Instant::now()));
    EVENT.set();
    EVENT.wait();
    EVENT.clear();
}

#[test]
fn barrier() {
    let passed: BarrierWait = BARRIER.wait().expect("one party is enough");
    assert!(passed.is_leader() && passed.index() == 0);
    assert!(BARRIER.wait_for(LATER).is_ok());
    let pair = Barrier::with_action(2, || ());
    let broken: BrokenBarrier = pair.wait_for(SOON).expect_err("nobody comes");
    assert!(pair.is_broken() && !broken.to_string().is_empty());
    pair.reset();
    assert_eq!((pair.parties(), pair.waiting(), pair.is_broken()), (2, 0, false));
    pair.abort();
    assert!(Barrier::with_timeout(2, SOON).wait().is_err());
}

/// Python's way: a class with a method `run`.
struct Squares(u64);

impl Run for Squares {
    type Output = u64;

    fn run(self) -> u64 {
        self.0 * self.0
    }
}

static OWN: Local<u32> = Local::new();

#[test]
fn thread() {
    let mut thread = Thread::new(|| 7).name("seven").daemon(true).stack_size(1 << 20);
    assert!(thread.state() == ThreadState::New && !thread.is_alive() && thread.is_daemon());
    thread.start().expect("it can be started");
    let again: Result<(), StartError> = thread.start();
    assert!(matches!(again, Err(StartError::AlreadyStarted)));
    thread.wait();
    assert!(thread.wait_for(LATER) && thread.state() == ThreadState::Terminated);
    assert!(thread.ident().is_some() && thread.info().name() == Some("seven"));
    let _: Option<u64> = thread.native_id();
    assert_eq!(thread.join().expect("it returns"), 7);

    assert!(matches!(Thread::new(|| ()).join(), Err(JoinError::NotStarted)));
    let mut squares = Thread::from_run(Squares(3));
    squares.start().expect("it can be started");
    assert_eq!(squares.join_for(LATER).expect("it returns"), 9);
    let event = Arc::new(Event::new());
    let waiter = threadcraft::spawn({
        let event = Arc::clone(&event);
        move || event.wait()
    });
    let Err(JoinError::TimedOut(waiter)) = waiter.join_for(SOON) else { panic!("it waits") };
    event.set();
    waiter.join().expect("it was told");
    let Err(JoinError::Panicked(panic)) = threadcraft::spawn(|| panic!("told")).join() else { panic!("it panicked") };
    assert_eq!(panic.message(), "told");
    let mut counted = 0;
    threadcraft::scope(|scope| {
        scope.spawn(|| counted += 1);
    });
    assert_eq!(counted, 1);

    let _ = (threadcraft::current(), threadcraft::main_thread(), threadcraft::enumerate());
    let _ = (threadcraft::active_count(), threadcraft::get_ident(), threadcraft::get_native_id());
    let hook = threadcraft::set_except_hook(|_| ());
    hook.restore();
    OWN.set(1);
    assert_eq!(OWN.get(), Some(1));
    threadcraft::sleep(SOON);
    threadcraft::yield_now();
}

#[test]
fn queue() {
    /// The calls that all four kinds have.
    macro_rules! calls {
        ($($kind:ident)*) => {$({
            let queue = $kind::new(1);
            let done: Result<(), ShutDown<u32>> = queue.put(1);
            done.expect("there is room");
            assert!(matches!(queue.try_put(2), Err(PutError::Full(2))));
            assert!(matches!(queue.put_for(2, SOON), Err(PutError::Full(2))));
            assert!(queue.len() == 1 && !queue.is_empty() && queue.is_full());
            assert_eq!(queue.get(), Ok(1));
            assert_eq!((queue.try_get(), queue.get_for(SOON)), (Err(GetError::Empty), Err(GetError::Empty)));
            queue.shutdown(true);
            assert!(queue.get().is_err() && matches!(queue.put(3), Err(ShutDown(3))));
            assert!($kind::<u32>::unbounded().try_get().is_err());
        })*};
    }
    calls!(Queue LifoQueue PriorityQueue SimpleQueue);
    let queue = Queue::unbounded();
    queue.put(1).expect("it is open");
    queue.get().expect("there is one");
    assert!(queue.task_done().is_ok() && queue.task_done().is_err());
    queue.join();
}

#[test]
fn pool() {
    let pool = ThreadPool::builder()
        .max_workers(2)
        .thread_name_prefix("api")
        .initializer(|| ())
        .stack_size(1 << 20)
        .build()
        .expect("two workers");
    assert!(ThreadPool::builder().max_workers(0).build().is_err());
    let future: Future<i32> = pool.submit(|| 1);
    assert_eq!(future.result().expect("it returns"), 1);
    assert!(future.is_done() && !future.is_running() && !future.is_cancelled() && !future.cancel());
    assert!(future.exception().is_none());
    let panicked = pool.submit(|| panic!("told"));
    assert!(matches!(panicked.result_for(LATER), Err(TaskError::Panicked(_))));
    let called = Arc::new(Event::new());
    pool.submit(|| ()).add_done_callback({
        let called = Arc::clone(&called);
        move |_| called.set()
    });
    called.wait();
    assert_eq!(pool.map_range(1..4, |n| n * n).expect("none panics"), [1, 4, 9]);
    let squares = pool.map([1, 2, 3], |item| item * item).timeout(LATER).buffer_size(2).chunk_size(1);
    assert_eq!(squares.map(|square| square.expect("none panics")).collect::<Vec<_>>(), [1, 4, 9]);
    let base = 10;
    assert_eq!(pool.scope(|scope| scope.submit(|| base + 1).result().expect("it returns")), 11);
    let futures = || vec![pool.submit(|| 1), pool.submit(|| 2)];
    let waited = threadcraft::wait(futures(), ReturnWhen::AllCompleted, Some(LATER));
    assert_eq!((waited.done.len(), waited.not_done.len()), (2, 0));
    let _ = (ReturnWhen::FirstCompleted, ReturnWhen::FirstException);
    assert_eq!(threadcraft::as_completed(futures()).count(), 2);
    assert_eq!(threadcraft::as_completed_for(futures(), LATER).count(), 2);
    let _ = (TaskError::Cancelled, TaskError::TimedOut, Shutdown::NoWait, Shutdown::WaitCancelPending);
    pool.shutdown(Shutdown::Wait);
    assert!(!ThreadPool::new(1).submit(|| 1).is_cancelled());
}

#[test]
fn a_future_can_be_awaited() {
    fn awaited<T: std::future::Future>(_: &T) {}
    awaited(&ThreadPool::new(1).submit(|| 1));
}
