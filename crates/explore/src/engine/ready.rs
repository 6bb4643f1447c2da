//! Calls that wait for a word: whether a call would go on now, or only queue up.
//!
//! A primitive says of a call which word it waits for, and with which values it goes on. The scheduler then knows before
//! the call runs whether it would block, and a proof need not try in what order threads come to wait (see the README).

use super::state::{Object, State};
use super::tag::Tag;

/// What a primitive says of a call that may wait.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'word> {
    /// The identity of the word.
    pub word: &'word Tag,
    /// Its value.
    pub value: u32,
    /// Its value at the start of each execution, if an earlier one used it.
    pub initial: u32,
    /// Whether the call gets on without being woken, by the value.
    pub admits: fn(u32) -> bool,
}

/// The same with the word's number in the execution.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ready {
    pub(crate) word: usize,
    admits: fn(u32) -> bool,
}

impl Ready {
    /// True if the call goes on where the word has this value.
    pub(crate) fn admits(self, value: u64) -> bool {
        u32::try_from(value).is_ok_and(self.admits)
    }
}

impl State {
    /// A deadline that may pass at any point tells who waits for this word: whoever comes after others may still sleep when
    /// it passes, although what they all wait for is there.
    pub(super) fn waited_with_deadline(&mut self, word: usize) {
        self.objects[word].timed = true;
        self.waiters_show(word);
    }

    fn waiters_show(&mut self, word: usize) {
        let Object { wanted, timed, .. } = self.objects[word];
        if let Some(step) = self.steps.last_mut() {
            step.reveals |= wanted && timed;
        }
    }

    /// Takes note of what a call waits for.
    pub(super) fn ready(&mut self, wanted: Wanted<'_>) -> Ready {
        let word = super::context::object_of(self, wanted.word);
        let object = &mut self.objects[word];
        let value = if object.to_restore { wanted.initial } else { wanted.value };
        object.value.get_or_insert(value.into());
        object.wanted = true;
        self.waiters_show(word);
        Ready { word, admits: wanted.admits }
    }
}
