//! What the explorer cannot control: a turn that never ends, and foreign tools.

use std::time::Duration;

use super::{Story, primary};
use crate::render::names::Names;
use crate::render::text::{duration, harmless};
use crate::report::{Location, ThreadIndex};

pub(super) fn stuck(names: Names<'_>, thread: ThreadIndex, waited: Duration, location: Option<&Location>) -> Story {
    let who = names.who(thread);
    let mut story = Story::of(format!("{who} has kept its turn for {} and does not give it away", duration(waited)))
        .label(primary(location, format!("the last that is known of {}", names.tag(thread))))
        .note("it runs in a loop without any call of threadcraft, or it is blocked on something else")
        .help(
            "in a loop that waits for another thread, wait on an event or call `yield_now()`; \
             use threadcraft's `Lock`, `spawn` and `sleep` instead of those of `std`",
        );
    story.view.keep.extend(names.last_step(thread));
    story
}

pub(super) fn foreign(what: &str, instead: &str, location: Option<&Location>) -> Story {
    let story = Story::of(format!("not under the control of the explorer: {}", harmless(what)));
    let story = story.label(primary(location, "used here"));
    if instead.is_empty() { story } else { story.help(harmless(instead)) }
}
