//! Threads that sleep, while what they wait for has come and gone.

use std::sync::Arc;

use threadcraft::futex;
use threadcraft::prelude::*;
use threadcraft_platform::{Object, call};

use super::{join, start};

/// A pulse, set and cleared at once, is heard only by those who listen.
pub fn pulse() {
    let bell = Arc::new(Event::new().named("bell"));
    let (rings, hears) = (Arc::clone(&bell), Arc::clone(&bell));
    join([
        start("ringer", move || {
            rings.set();
            rings.clear();
        }),
        start("sleeper", move || hears.wait()),
    ]);
}

/// Who waits clears the event first, and with it what was set before.
pub fn cleared_by_the_waiter() {
    let bell = Arc::new(Event::new().named("bell"));
    let (rings, hears) = (Arc::clone(&bell), Arc::clone(&bell));
    join([
        start("ringer", move || rings.set()),
        start("sleeper", move || {
            hears.clear();
            hears.wait();
        }),
    ]);
}

/// Both wait for one setting; the first to wake clears it.
pub fn cleared_by_another() {
    let bell = Arc::new(Event::new().named("bell"));
    let (early, late) = (Arc::clone(&bell), Arc::clone(&bell));
    let listen = |bell: Arc<Event>| {
        move || {
            bell.wait();
            bell.clear();
        }
    };
    let sleepers = [start("early", listen(early)), start("late", listen(late))];
    bell.set();
    join(sleepers);
}

/// The consumer looks, and then goes to sleep: the producer saw nobody to wake in between.
pub fn looked_and_slept() {
    let shop =
        Arc::new((Shared::new(0).named("items"), Shared::new(false).named("asleep"), Event::new().named("bell")));
    let (buyer, seller) = (Arc::clone(&shop), Arc::clone(&shop));
    join([
        start("consumer", move || {
            if buyer.0.get() == 0 {
                buyer.1.set(true);
                buyer.2.wait();
            }
        }),
        start("producer", move || {
            seller.0.set(1);
            if seller.1.get() {
                seller.2.set();
            }
        }),
    ]);
}

/// A condition of a few lines, whose `notify_one` wakes who waits and leaves no trace otherwise.
struct ToyCondition {
    word: atomic::AtomicU32,
    object: Object,
}

impl ToyCondition {
    const fn new(name: &'static str) -> Self {
        Self { word: atomic::AtomicU32::new(0), object: Object::new("condition").named(name) }
    }

    #[track_caller]
    fn wait(&self) {
        call(&self.object, "wait", None, || futex::wait(&self.word, 0, None), |_, done| done.read());
    }

    #[track_caller]
    fn notify_one(&self) -> usize {
        call(
            &self.object,
            "notify_one",
            None,
            || futex::wake(&raw const self.word, 1),
            |woken, done| done.result(woken),
        )
    }
}

/// The look and the sleep are two steps: a notify between them is heard by nobody.
pub fn notified_in_between() {
    let shop = Arc::new((Shared::new(false).named("ready"), ToyCondition::new("changed")));
    let seller = Arc::clone(&shop);
    let producer = start("producer", move || {
        seller.0.set(true);
        seller.1.notify_one();
    });
    while !shop.0.get() {
        shop.1.wait();
    }
    join([producer]);
}

/// Every item is announced, every announcement is used, and there is one item less than is wanted.
pub fn nothing_more_to_come() {
    let shop = Arc::new((Shared::new(0).named("made"), ToyCondition::new("changed")));
    let seller = Arc::clone(&shop);
    let producer = start("producer", move || {
        seller.0.set(1);
        seller.1.notify_one();
    });
    for wanted in 1..=2 {
        while shop.0.get() < wanted {
            shop.1.wait();
        }
    }
    join([producer]);
}

/// A gate of a bare futex: who opens it forgets to say so in the word.
pub fn bare_futex() {
    let gate = Arc::new((atomic::AtomicBool::new(false).named("open"), atomic::AtomicU32::new(0).named("gate")));
    let keeper = Arc::clone(&gate);
    let keeper = start("keeper", move || {
        keeper.0.store(true, atomic::Ordering::Release);
        futex::wake(&raw const keeper.1, 1);
    });
    while !gate.0.load(atomic::Ordering::Acquire) {
        futex::wait(&gate.1, 0, None);
    }
    join([keeper]);
}

/// An event that nobody ever sets.
pub fn never_set() {
    let bell = Arc::new(Event::new().named("bell"));
    let hears = Arc::clone(&bell);
    join([start("sleeper", move || hears.wait()), start("watchman", || threadcraft::println!("all is well"))]);
}

/// One ring was heard, and a second is waited for.
pub fn heard_once() {
    let bell = Arc::new(Event::new().named("bell"));
    let (rings, hears) = (Arc::clone(&bell), Arc::clone(&bell));
    join([
        start("ringer", move || rings.set()),
        start("sleeper", move || {
            hears.wait();
            hears.clear();
            hears.wait();
        }),
    ]);
}

/// The waiter takes the lock after the notify, and may have seen there all that it announced.
pub fn notified_before_the_lock() {
    let shop = Arc::new((Lock::new(()).named("door"), ToyCondition::new("changed")));
    let seller = Arc::clone(&shop);
    let producer = start("producer", move || {
        let _door = seller.0.lock();
        seller.1.notify_one();
    });
    drop(shop.0.lock());
    shop.1.wait();
    join([producer]);
}

/// Nobody heard the notify, and nobody needed it: what it announced was seen, and is one less than is wanted.
pub fn seen_without_the_notify() {
    let shop = Arc::new((Shared::new(0).named("made"), ToyCondition::new("changed")));
    let seller = Arc::clone(&shop);
    join([start("producer", move || {
        seller.0.set(1);
        seller.1.notify_one();
    })]);
    while shop.0.get() < 2 {
        shop.1.wait();
    }
}
