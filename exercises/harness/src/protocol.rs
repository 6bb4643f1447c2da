//! The two ends of the runner's line: a request in one environment variable, a report on one file descriptor.
//!
//! The variable is removed and the descriptor closed to child processes before anything of the exercise runs, so
//! that a program cannot speak for its own check by accident.

use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{FromRawFd, RawFd};

use serde::Deserialize;
use threadcraft_explore::check::CheckReport;

/// The variable that carries the request.
const VARIABLE: &str = "THREADCRAFT_CHECK";

/// What the runner asks for.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    /// Goes back in the report, so that a report of another run is not taken for this one's.
    pub(crate) token: String,
    /// Where the report is to be written.
    fd: RawFd,
    /// Only this schedule is to be run and shown.
    pub(crate) schedule: Option<String>,
    /// The title of the program that is meant, if the check has several.
    #[serde(default)]
    pub(crate) title: Option<String>,
    /// The schedule that failed last time, to be tried first.
    pub(crate) saved: Option<String>,
    /// The schedule is being played, on this program: how it stands after the last letter is reported, too.
    pub(crate) play: Option<Played>,
}

/// The programs of an exercise that can be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Played {
    /// The one to be broken.
    Given,
    /// The learner's own.
    Yours,
}

/// Why there is no request.
#[derive(Debug)]
pub(crate) enum ProtocolError {
    /// Nobody asked: the program was started by hand.
    NotAsked,
    /// The request does not parse.
    Malformed(serde_json::Error),
    /// The descriptor of the request is not open.
    Closed(RawFd, io::Error),
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAsked => {
                f.write_str("this program checks an exercise for the runner; run `cargo xtask verify` instead")
            }
            Self::Malformed(error) => write!(f, "{VARIABLE} is not a request: {error}"),
            Self::Closed(fd, error) => write!(f, "{VARIABLE} names descriptor {fd} for the report: {error}"),
        }
    }
}

/// Takes the request out of the environment. To be called first, while the process has one thread.
pub(crate) fn take_request() -> Result<(Request, File), ProtocolError> {
    let text = std::env::var(VARIABLE).map_err(|_| ProtocolError::NotAsked)?;
    // SAFETY:
    // - no other thread reads the environment meanwhile: this is the first thing `main` does, before any is started.
    unsafe { std::env::remove_var(VARIABLE) };
    let request: Request = serde_json::from_str(&text).map_err(ProtocolError::Malformed)?;
    let pipe = keep_to_ourselves(request.fd)?;
    Ok((request, pipe))
}

/// Makes an inherited descriptor ours: child processes do not get it.
fn keep_to_ourselves(fd: RawFd) -> Result<File, ProtocolError> {
    // SAFETY:
    // - F_SETFD takes an int and touches no memory of ours; a descriptor that is not open gives an error.
    let answer = unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) };
    if answer == -1 {
        return Err(ProtocolError::Closed(fd, io::Error::last_os_error()));
    }
    // SAFETY:
    // - `fd` is open, as fcntl just said.
    // - nobody else owns it: the runner opened it for this report alone, and this function runs once.
    Ok(unsafe { File::from_raw_fd(fd) })
}

/// Writes the report as one JSON document and closes the pipe.
pub(crate) fn send_report(mut pipe: File, report: &CheckReport) -> io::Result<()> {
    let text = serde_json::to_vec(report)?;
    pipe.write_all(&text)?;
    pipe.flush()
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::fd::IntoRawFd;

    use super::*;

    #[test]
    fn a_request_needs_a_token_and_a_descriptor_and_nothing_else() {
        let request: Request =
            serde_json::from_str(r#"{"token": "t", "fd": 3}"#).expect("schedule and saved are optional");
        assert_eq!((request.token.as_str(), request.fd, request.schedule, request.saved), ("t", 3, None, None));
        assert_eq!(request.play, None);
        let request: Request =
            serde_json::from_str(r#"{"token":"t","fd":3,"schedule":"bc","saved":null}"#).expect("null");
        assert_eq!(request.schedule.as_deref(), Some("bc"));
        serde_json::from_str::<Request>(r#"{"fd": 3}"#).expect_err("a request without a token");
    }

    #[test]
    fn a_descriptor_that_is_not_open_is_named() {
        let error = keep_to_ourselves(987).expect_err("nobody opened it").to_string();
        assert!(error.contains("987"), "{error}");
    }

    #[test]
    fn a_report_arrives_whole_and_the_descriptor_does_not_reach_child_processes() {
        let (mut reader, writer) = io::pipe().expect("a pipe");
        let fd = writer.into_raw_fd();
        let pipe = keep_to_ourselves(fd).expect("it is open");
        // SAFETY:
        // - F_GETFD touches no memory.
        let flags = unsafe { libc::fcntl(fd, libc::F_GETFD) };
        assert_eq!(flags & libc::FD_CLOEXEC, libc::FD_CLOEXEC);

        let report = CheckReport { version: 1, token: "t".into(), exercise: "spawn".into(), parts: Vec::new() };
        send_report(pipe, &report).expect("somebody reads");
        let mut text = String::new();
        reader.read_to_string(&mut text).expect("the writer is closed, so this ends");
        assert_eq!(serde_json::from_str::<CheckReport>(&text).expect("JSON"), report);
    }
}
