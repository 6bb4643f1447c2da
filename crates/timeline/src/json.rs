//! The machine form of a report: JSON, by serde.
//!
//! ```
//! use threadcraft_timeline::Report;
//!
//! let report = Report::empty("nobody had the time");
//! let text = report.to_json();
//! assert_eq!(Report::from_json(&text).unwrap(), report);
//! ```
//!
//! # The form
//!
//! All types of [`report`](crate::report) are serde types, whose fields are the keys. Keys are added over time and none
//! is changed or taken away; a reader should pass over what it does not know.
//!
//! | key | of | value |
//! |---|---|---|
//! | `version` | the document | [`VERSION`] |
//! | `schedules`, `complete`, `cut` | the document | how many were run, whether that was all, and why not |
//! | `outcomes` | the document | outcome → `times`, `schedule`, `preemptions` |
//! | `failure` | the document | `null`, or what went wrong |
//! | `kind` | the failure | the [kind](crate::report::FailureKind): its own `kind` is the name, such as `deadlock`, beside what is particular to it |
//! | `why` | the failure | [`Why`](crate::why::Why): `what`, `because`, `pattern`, and `marks` of `step` and `text` |
//! | `schedule`, `preemptions`, `found_after` | the failure | how to see it again, how simple it is, when it was found |
//! | `trace` | the failure | [`Trace`](crate::report::Trace): `threads`, `objects`, `steps`, `printed`, `outcome` |
//!
//! Threads, objects and steps are numbers everywhere: their places in the trace, from 0. (In texts, steps count from 1.)
//! A schedule is the text that [`schedule`](crate::schedule) describes. A time is `secs` and `nanos`. Nothing in it is
//! an address, a hash or a time of day: the same search gives the same text.
//!
//! `why` is made from the rest when it is written, and is not read back.
//!
//! Reading and writing are `#[inline]`, which is: compiled where they are used. They are a fifth of the code of this
//! crate, and most programs that are explored do neither.

use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde::{Deserialize, Serialize as DeriveSerialize};

use crate::report::{Failure, Report};

/// The version of this form.
pub const VERSION: u32 = 1;

/// A report with the version of its form.
#[derive(DeriveSerialize)]
struct Written<'report> {
    version: u32,
    #[serde(flatten)]
    report: &'report Report,
}

/// What is read before the report itself.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

impl Report {
    /// The report as JSON, indented, with a newline at its end.
    #[must_use]
    #[inline]
    pub fn to_json(&self) -> String {
        let written = Written { version: VERSION, report: self };
        let text = serde_json::to_string_pretty(&written).expect("strings, numbers and lists are JSON");
        text + "\n"
    }

    /// The report that was written as this text.
    ///
    /// # Errors
    ///
    /// If it is no JSON, no report, or of another version.
    #[inline]
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        let Version { version } = serde_json::from_str(text)?;
        if version != VERSION {
            let what = format!("a report of version {version}, where {VERSION} is known");
            return Err(serde::de::Error::custom(what));
        }
        serde_json::from_str(text)
    }
}

/// As it is, and why it went wrong.
impl Serialize for Failure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { kind, trace, schedule, preemptions, found_after } = self;
        let mut form = serializer.serialize_struct("Failure", 6)?;
        form.serialize_field("kind", kind)?;
        form.serialize_field("why", &self.why())?;
        form.serialize_field("schedule", schedule)?;
        form.serialize_field("preemptions", preemptions)?;
        form.serialize_field("found_after", found_after)?;
        form.serialize_field("trace", trace)?;
        form.end()
    }
}
