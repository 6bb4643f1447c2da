//! Who ends what we started when we are killed ourselves.
//!
//! The kernel then kills each program (see `die_with`), but not what a program started. So a second process of ours,
//! in a session of its own, waits on a pipe of which we hold the other end: when it ends, however we ended, all that
//! bears our tag is killed. Who cleared its environment and left its parent in time is not found; nobody but a program
//! that means to do so does both.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::family::tag;
use super::succeeded;

/// The name of the command that is the guardian.
pub(crate) const COMMAND: &str = "guard";

/// How long what multiplies is chased.
const CHASE: Duration = Duration::from_secs(2);

/// Our end of the pipe, and the guardian's number: it is never closed, it ends with us.
static GUARDIAN: OnceLock<Option<(File, u32)>> = OnceLock::new();

/// Starts the guardian, once, and gives its number; none if it could not be started, which costs only its service.
pub(super) fn begin() -> Option<u32> {
    // The program of a test is not `cargo xtask`, and knows no such command.
    let start = || if cfg!(test) { None } else { start().ok() };
    GUARDIAN.get_or_init(start).as_ref().map(|(_, pid)| *pid)
}

fn start() -> io::Result<(File, u32)> {
    let (its_end, our_end) = io::pipe()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(COMMAND).arg(std::process::id().to_string());
    command.stdin(its_end).stdout(Stdio::null()).stderr(Stdio::null()).current_dir("/");
    let in_child = || {
        // SAFETY:
        // * the call touches no memory; the child was just forked, so it leads no group and this succeeds.
        succeeded(unsafe { libc::setsid() })
    };
    // SAFETY:
    // * between fork and exec the closure only makes a system call.
    unsafe { command.pre_exec(in_child) };
    let child = command.spawn()?;
    Ok((File::from(OwnedFd::from(our_end)), child.id()))
}

/// What the guardian does: waits for the end of this process, and ends what it left.
pub(crate) fn guard(pid: u32) {
    // Nobody ever writes: this returns when the other end is closed.
    while io::stdin().read(&mut [0]).is_err_and(|error| error.kind() == io::ErrorKind::Interrupted) {}
    let theirs = format!("={pid}.").into_bytes();
    let until = Instant::now() + CHASE;
    loop {
        let left: Vec<i32> = processes().filter(|&pid| bears(pid, &theirs)).collect();
        if left.is_empty() || Instant::now() > until {
            return;
        }
        for pid in left {
            // SAFETY:
            // * the call touches no memory. The process bore the tag of a moment ago, and numbers are reused in turns,
            //   so in that moment no other has come to bear this one.
            unsafe { libc::kill(pid, libc::SIGKILL) };
        }
    }
}

fn processes() -> impl Iterator<Item = i32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// True if the process was started with a tag that begins so. A zombie has no environment any more.
fn bears(pid: i32, theirs: &[u8]) -> bool {
    u32::try_from(pid).ok().and_then(tag).is_some_and(|tag| tag.starts_with(theirs))
}
