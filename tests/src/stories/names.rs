//! Names that are not made of Latin letters.

use std::sync::Arc;

use threadcraft::prelude::*;

use super::{join, start};

/// Two threads, two locks, names of wide, accented and combined characters.
pub fn of_all_scripts() {
    let tools = Arc::new((Lock::new(()).named("はさみ"), Lock::new(()).named("kładka 🪜")));
    let (one, other) = (Arc::clone(&tools), Arc::clone(&tools));
    join([
        start("哲学者", move || {
            let _first = one.0.lock();
            let _second = one.1.lock();
        }),
        start("Zoe\u{308}", move || {
            let _first = other.1.lock();
            let _second = other.0.lock();
        }),
    ]);
}
