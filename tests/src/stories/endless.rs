//! Programs that never end, and yet run.

use std::sync::Arc;

use threadcraft::prelude::*;

use super::{join, start};

/// Both step aside, for ever.
pub fn polite() {
    let pair = Arc::new((Lock::new(()).named("left"), Lock::new(()).named("right")));
    let (one, other) = (Arc::clone(&pair), Arc::clone(&pair));
    fn pass(mine: &Lock<()>, yours: &Lock<()>) {
        loop {
            let _mine = mine.lock();
            if yours.try_lock().is_some() {
                break;
            }
        }
    }
    join([start("after-you", move || pass(&one.0, &one.1)), start("no-you", move || pass(&other.1, &other.0))]);
}

/// A flag that nobody raises.
pub fn spinning() {
    let flag = Shared::new(false).named("flag");
    while !flag.get() {}
}

/// It gets on, and does not come to an end.
pub fn counting() {
    let count = Shared::new(0_u64).named("count");
    loop {
        count.set(count.get() + 1);
    }
}
