//! What Python's event tests ask of an event, by behaviour, of ours and of a plain one from a mutex and a condition
//! variable: no peer has an event that can be cleared.

use std::fmt::Debug;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use threadcraft_tests::eventually::{Watched, eventually};
use threadcraft_tests::model::behaviour::TIMEOUT;
use threadcraft_tests::model::behaviour::event::{
    timed_waits_say_whether_it_was_set, waiters_go_on_and_a_second_wait_is_immediate,
};
use threadcraft_tests::model::event::{Flag, VisibleFlag};

/// The reference: the flag and how often it was set, a mutex, a condition variable.
#[derive(Default)]
struct Plain {
    flag: Mutex<(bool, u32)>,
    change: Condvar,
}

impl Flag for Plain {
    fn new() -> Self {
        Self::default()
    }
    fn set(&self) {
        let mut flag = self.flag.lock();
        flag.1 += u32::from(!flag.0);
        flag.0 = true;
        self.change.notify_all();
    }
    fn clear(&self) {
        self.flag.lock().0 = false;
    }
    fn wait(&self) {
        let mut flag = self.flag.lock();
        let found = flag.1;
        self.change.wait_while(&mut flag, |(set, times)| !*set && *times == found);
    }
    fn wait_for(&self, timeout: Duration) -> bool {
        let mut flag = self.flag.lock();
        let found = flag.1;
        !self.change.wait_while_for(&mut flag, |(set, times)| !*set && *times == found, timeout).timed_out()
    }
}

impl VisibleFlag for Plain {
    fn is_set(&self) -> bool {
        self.flag.lock().0
    }
}

fn setting_and_clearing_may_be_repeated<E: VisibleFlag>() {
    let event = E::new();
    assert!(!event.is_set());
    for _ in 0..2 {
        event.set();
        assert!(event.is_set());
        event.set();
        assert!(event.is_set());
        event.clear();
        assert!(!event.is_set());
        event.clear();
        assert!(!event.is_set());
    }
}

fn five_waiters_go_on_and_a_second_wait_is_immediate<E: Flag>() {
    waiters_go_on_and_a_second_wait_is_immediate::<E>(5);
}

fn an_immediate_clear_still_releases_all_five<E: Flag>() {
    let event = E::new();
    for _ in 0..10 {
        let (tell, told) = mpsc::channel();
        thread::scope(|scope| {
            let wait = |tell: mpsc::Sender<Watched>| {
                tell.send(Watched::current()).expect("the test listens");
                event.wait_for(10 * TIMEOUT)
            };
            let waiters: Vec<_> = (0..5).map(|_| tell.clone()).map(|tell| scope.spawn(move || wait(tell))).collect();
            let asleep: Vec<_> = told.iter().take(waiters.len()).collect();
            eventually("all wait", || asleep.iter().all(Watched::is_asleep));
            event.set();
            event.clear();
            for waiter in waiters {
                assert!(waiter.join().expect("it only waits"), "a waiter was held back by the clear");
            }
        });
    }
}

/// Tests of one implementation.
macro_rules! conforms {
    ($name:ident: $event:ty) => {
        conforms!($name: $event,
            setting_and_clearing_may_be_repeated five_waiters_go_on_and_a_second_wait_is_immediate
            timed_waits_say_whether_it_was_set an_immediate_clear_still_releases_all_five
        );
    };
    ($name:ident: $event:ty, $($behaviour:ident)*) => {
        mod $name {
            $(
                #[test]
                fn $behaviour() {
                    super::$behaviour::<$event>();
                }
            )*
        }
    };
}

conforms!(ours: threadcraft::Event);
conforms!(reference: super::Plain);

#[test]
fn debug_shows_the_flag() {
    fn shown(event: &impl Debug) -> String {
        format!("{event:?}")
    }
    let event = threadcraft::Event::new();
    assert_eq!(shown(&event), "Event { set: false }");
    event.set();
    assert_eq!(shown(&event), "Event { set: true }");
}
