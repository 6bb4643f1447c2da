//! The text of a schedule: which thread took each step, short enough to type.
//!
//! ```text
//! schedule = [ "v1:" ] { run | group }  spaces are ignored
//! run      = thread [ mark ] [ count ]
//! group    = "[" { run } "]" count      the runs, so many times over
//! thread   = "a" … "z" | "(" number ")" a is main, then in the order of spawning; (26) follows z
//! mark     = "!"                        its deadline passes now, although others could run (clock jump)
//!          | "*"                        the step takes its rarer way: a spurious return, a weak failure
//!          | "."                        it is started, and goes only as far as its first operation
//!          | "^" number ";"             the load reads a store that many stores old
//! count    = number                     how many such steps in a row; 1 if absent
//! ```
//!
//! `ab2c!` is: main, then b twice, then the deadline of c; `a[bc]9` is main, then b and c in turn, nine times. After its last step a schedule goes on by the default
//! rule: the running thread runs until it blocks or ends, then the runnable thread with the lowest letter. Text in
//! its shortest form ends where the rest follows by that rule.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The version of the grammar that this build writes. It is left out of the text while it is 1.
const VERSION: u32 = 1;

/// More threads than this cannot be meant.
const MAX_THREADS: usize = 4096;

/// More steps than this cannot be meant.
const MAX_STEPS: usize = 10_000_000;

/// One step's choice: which thread, and which of its ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Choice {
    /// The thread, in the order of spawning; 0 is main.
    pub thread: usize,
    /// How it goes on.
    pub way: Way,
}

/// How a thread goes on in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// As usual.
    Usual,
    /// Its deadline passes.
    Deadline,
    /// The rarer way: a spurious return, or a compare-exchange that fails without need.
    Rare,
    /// It is started, and comes only as far as its first operation, which is then a step of its own.
    Launch,
    /// A load reads a store that is so many stores old.
    Stale(u32),
}

/// Which thread took each step.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Schedule {
    choices: Vec<Choice>,
}

impl Choice {
    /// The thread goes on as usual.
    #[must_use]
    pub const fn usual(thread: usize) -> Self {
        Self { thread, way: Way::Usual }
    }
}

impl Schedule {
    /// A schedule of these choices.
    #[must_use]
    pub fn new(choices: Vec<Choice>) -> Self {
        Self { choices }
    }

    /// The choices, one a step.
    #[must_use]
    pub fn choices(&self) -> &[Choice] {
        &self.choices
    }

    /// How many steps it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.choices.len()
    }

    /// True if it leaves everything to the default rule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.choices.is_empty()
    }
}

/// The letter of a thread: `a` for main, and so on; `(26)` after `z`.
#[must_use]
pub fn letter(thread: usize) -> String {
    match u8::try_from(thread) {
        Ok(index @ 0..26) => char::from(b'a' + index).to_string(),
        _ => format!("({thread})"),
    }
}

/// The letters of several threads: `b, c`.
pub fn letters(threads: &[usize]) -> String {
    threads.iter().map(|&thread| letter(thread)).collect::<Vec<_>>().join(", ")
}

/// A repeated part is written as a group if it comes at least so often.
const GROUP_REPEATS: usize = 4;

/// The longest part that is looked for.
const GROUP_STEPS: usize = 64;

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.choices.as_slice();
        while let Some(&choice) = rest.first() {
            if let Some((period, repeats)) = repetition(rest) {
                f.write_str("[")?;
                write_runs(f, &rest[..period])?;
                write!(f, "]{repeats}")?;
                rest = &rest[period * repeats..];
            } else {
                let count = run_length(rest, choice);
                write_run(f, choice, count)?;
                rest = &rest[count..];
            }
        }
        Ok(())
    }
}

/// The shortest part, of different steps, that these choices begin with several times, and how many times.
fn repetition(choices: &[Choice]) -> Option<(usize, usize)> {
    (2..=GROUP_STEPS.min(choices.len() / GROUP_REPEATS)).find_map(|period| {
        let repeats = choices.chunks_exact(period).take_while(|part| *part == &choices[..period]).count();
        let varied = run_length(choices, choices[0]) < period;
        (repeats >= GROUP_REPEATS && varied).then_some((period, repeats))
    })
}

fn run_length(choices: &[Choice], choice: Choice) -> usize {
    choices.iter().take_while(|&&next| next == choice).count()
}

fn write_runs(f: &mut fmt::Formatter<'_>, mut choices: &[Choice]) -> fmt::Result {
    while let Some(&choice) = choices.first() {
        let count = run_length(choices, choice);
        write_run(f, choice, count)?;
        choices = &choices[count..];
    }
    Ok(())
}

fn write_run(f: &mut fmt::Formatter<'_>, choice: Choice, count: usize) -> fmt::Result {
    f.write_str(&letter(choice.thread))?;
    match choice.way {
        Way::Usual => {}
        Way::Deadline => f.write_str("!")?,
        Way::Rare => f.write_str("*")?,
        Way::Launch => f.write_str(".")?,
        Way::Stale(age) => write!(f, "^{age};")?,
    }
    if count > 1 { write!(f, "{count}") } else { Ok(()) }
}

/// Why a text is not a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleError {
    /// The position of the character that was not expected, from 1.
    pub position: usize,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "character {}: {}; a schedule is thread letters with counts, such as `ab2c` (a is main)",
            self.position, self.message
        )
    }
}

impl std::error::Error for ScheduleError {}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let mut reader = Reader { rest: text, whole: text };
        reader.version()?;
        let mut choices = Vec::new();
        loop {
            if reader.take('[') {
                let mut group = Vec::new();
                reader.runs(&mut group)?;
                if !reader.take(']') {
                    return Err(reader.error("`]` was expected"));
                }
                let count = reader.count()?;
                reader.fits(choices.len() + group.len().saturating_mul(count))?;
                choices.extend(std::iter::repeat_n(group, count).flatten());
            } else if !reader.runs(&mut choices)? {
                break;
            }
        }
        if reader.peek().is_some() {
            return Err(reader.error("`]` without `[`"));
        }
        Ok(Self { choices })
    }
}

/// Reads a text from left to right and knows where it is.
struct Reader<'text> {
    rest: &'text str,
    whole: &'text str,
}

impl Reader<'_> {
    fn error(&self, message: impl Into<String>) -> ScheduleError {
        let before = &self.whole[..self.whole.len() - self.rest.len()];
        ScheduleError { position: before.chars().count() + 1, message: message.into() }
    }

    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.rest = &self.rest[wanted.len_utf8()..];
        }
        found
    }

    fn at_digit(&mut self) -> bool {
        self.peek().is_some_and(|c| c.is_ascii_digit())
    }

    fn number(&mut self, most: usize) -> Result<usize, ScheduleError> {
        self.peek();
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return Err(self.error("a number was expected"));
        }
        match self.rest[..digits].parse() {
            Ok(number) if number <= most => {
                self.rest = &self.rest[digits..];
                Ok(number)
            }
            _ => Err(self.error(format!("the number is larger than {most}"))),
        }
    }

    fn version(&mut self) -> Result<(), ScheduleError> {
        self.peek();
        let Some(after) = self.rest.strip_prefix('v') else { return Ok(()) };
        let Some((digits, rest)) = after.split_once(':') else { return Ok(()) };
        if digits.parse() != Ok(VERSION) {
            return Err(self.error(format!("this build reads version {VERSION}, the text says `v{digits}`")));
        }
        self.rest = rest;
        Ok(())
    }

    /// Reads runs for as long as there are some; false if there was none.
    fn runs(&mut self, choices: &mut Vec<Choice>) -> Result<bool, ScheduleError> {
        let before = choices.len();
        while let Some(thread) = self.thread()? {
            let way = self.way()?;
            let count = self.count()?;
            self.fits(choices.len() + count)?;
            choices.resize(choices.len() + count, Choice { thread, way });
        }
        Ok(choices.len() > before)
    }

    fn count(&mut self) -> Result<usize, ScheduleError> {
        if self.at_digit() { self.number(MAX_STEPS) } else { Ok(1) }
    }

    fn fits(&self, steps: usize) -> Result<(), ScheduleError> {
        if steps > MAX_STEPS { Err(self.error(format!("more than {MAX_STEPS} steps"))) } else { Ok(()) }
    }

    fn thread(&mut self) -> Result<Option<usize>, ScheduleError> {
        match self.peek() {
            None | Some('[' | ']') => Ok(None),
            Some(c @ 'a'..='z') => {
                self.take(c);
                Ok(Some(usize::from(c as u8 - b'a')))
            }
            Some('(') => {
                self.take('(');
                let thread = self.number(MAX_THREADS)?;
                if self.take(')') { Ok(Some(thread)) } else { Err(self.error("`)` was expected")) }
            }
            Some(c @ 'A'..='Z') => {
                let small = c.to_ascii_lowercase();
                Err(self.error(format!("`{c}` is not a thread; letters are small: `{small}`")))
            }
            Some(c) => Err(self.error(format!("`{c}` is not a thread"))),
        }
    }

    fn way(&mut self) -> Result<Way, ScheduleError> {
        if self.take('!') {
            Ok(Way::Deadline)
        } else if self.take('*') {
            Ok(Way::Rare)
        } else if self.take('.') {
            Ok(Way::Launch)
        } else if self.take('^') {
            let age = self.number(MAX_STEPS)?;
            if !self.take(';') {
                return Err(self.error("`;` was expected after the age"));
            }
            Ok(Way::Stale(u32::try_from(age).expect("MAX_STEPS fits in u32")))
        } else {
            Ok(Way::Usual)
        }
    }
}

impl Serialize for Schedule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Schedule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_schedule_are_the_same_thing() {
        for text in ["", "a", "ab2c", "b!c*2a^3;", "a(26)12z", "abab", "a[bc]4", "a[b2c!]9d", "a5[bcd]5", "ab.c.b2"] {
            let schedule: Schedule = text.parse().expect(text);
            assert_eq!(schedule.to_string(), text);
        }
    }

    #[test]
    fn spaces_counts_of_one_and_the_version_are_read_and_not_written() {
        let schedule: Schedule = " v1: a1 b 2 ".parse().expect("valid");
        assert_eq!(schedule.to_string(), "ab2");
    }

    #[test]
    fn a_bad_text_says_where_and_what() {
        for (text, position, word) in [
            ("abX", 3, "small"),
            ("a?", 2, "not a thread"),
            ("v2:a", 1, "version"),
            ("(12", 4, "`)`"),
            ("a99999999999999999999", 2, "larger"),
            ("a^b", 3, "number"),
            ("a9999999b9999999", 17, "steps"),
            ("a[bc", 5, "`]`"),
            ("ab]", 3, "without"),
            ("[a9999999]99", 13, "steps"),
            ("a[b[c]2]2", 4, "`]`"),
        ] {
            let error = text.parse::<Schedule>().expect_err(text);
            assert_eq!(error.position, position, "{text}: {error}");
            assert!(error.message.contains(word), "{text}: {error}");
        }
    }
}
