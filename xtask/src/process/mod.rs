//! Runs one program that nobody trusts: in its own session, under limits, and with nothing left of it afterwards.
//!
//! Design
//! * One thread supervises one program by polling its two pipes (output, report); it looks at the clock, the limits
//!   and Ctrl-C between. No helper process, no helper thread.
//! * Time: what the program itself takes of it, see [`allowance`]; a busy machine costs a right program nothing.
//! * Memory: `RLIMIT_DATA`, which counts what a process really may write to. `RLIMIT_AS` would count address space
//!   that is only reserved (each thread's malloc arena takes 64 MiB of it) and would fail programs with forty small
//!   threads. As the limit is one process's, the resident memory of the whole family is polled besides.
//! * Processes: `RLIMIT_NPROC` counts all that the user runs, and does not bind root, so the family is counted too.
//! * Files: `RLIMIT_FSIZE` for one, `RLIMIT_NOFILE` for how many are open, and a [`fence`] around the folder that it
//!   may write to.
//! * The end: the session's group is killed at one stroke; who left the group is re-parented to us, as we are a
//!   subreaper (see [`family`]), and is killed there. If we are killed ourselves, the kernel kills the program, and a
//!   [`guardian`] what it started.

mod allowance;
mod capture;
mod family;
mod fence;
mod guardian;

use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

pub(crate) use capture::Capture;
pub(crate) use family::{Companion, spare};
pub(crate) use fence::is_there as is_fenced;
pub(crate) use guardian::guard;

use allowance::Allowance;
use fence::Fence;

use crate::interrupt;

/// What a program may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Time that it takes of processors, or sleeps.
    pub(crate) time: Duration,
    /// Bytes of memory, for the program and all its descendants.
    pub(crate) memory: u64,
    /// Bytes of output.
    pub(crate) output: u64,
    /// Threads of the program and all its descendants.
    pub(crate) threads: usize,
    /// Bytes of one file.
    pub(crate) file: u64,
    /// Open files of one process.
    pub(crate) open_files: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(10),
            memory: 1 << 30,
            output: 16 << 20,
            threads: 512,
            file: 64 << 20,
            open_files: 1024,
        }
    }
}

/// A report longer than this is none.
const LONGEST_REPORT: usize = 64 << 20;

/// How often the family is looked at, and Ctrl-C is looked for.
const TICK: Duration = Duration::from_millis(50);

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// With this code.
    Exited(i32),
    /// By this signal, not ours.
    Signalled(i32),
    /// Killed: it took too long.
    TimedOut,
    /// Killed: it took too much memory.
    OutOfMemory,
    /// Killed: it printed too much.
    OutputFlood,
    /// Killed: it had too many threads or processes.
    ProcessFlood,
    /// Killed: Ctrl-C.
    Interrupted,
}

/// What is known of a program that ended.
#[derive(Debug)]
pub(crate) struct Ran {
    /// How it ended.
    pub(crate) end: End,
    /// What it printed: the beginning and the end.
    pub(crate) output: Capture,
    /// What it wrote to its report pipe.
    pub(crate) report: Vec<u8>,
    /// What it took of a processor; nothing where the system does not tell.
    pub(crate) processor: Duration,
}

/// Runs a program that may write to `folder`, where it is started, and nowhere else. `request` is called with the number of the descriptor for its report, and returns the value of
/// the environment variable that it is told by.
pub(crate) fn run(
    mut command: Command,
    folder: &Path,
    limits: &Limits,
    request: impl FnOnce(RawFd) -> (&'static str, String),
) -> io::Result<Ran> {
    let (output, output_end) = io::pipe()?;
    let (report, report_end) = io::pipe()?;
    let (name, value) = request(report_end.as_raw_fd());
    command
        .env(name, value)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(output_end.try_clone()?)
        .stderr(output_end);
    confine(&mut command, limits, Fence::around(folder)?, report_end.as_raw_fd());
    let member = family::Member::spawn(&mut command)?;
    // Our copies of the writing ends: without them the pipes end when the program does.
    drop((command, report_end));
    let supervisor = Supervisor {
        member,
        limits,
        allowance: Allowance::new(limits.time),
        counted: Instant::now(),
        output: Pipe::new(output.into())?,
        report: Pipe::new(report.into())?,
        captured: Capture::default(),
        reported: Vec::new(),
    };
    supervisor.supervise()
}

/// Makes the child lead a session of its own, die with us, and obey the limits.
fn confine(command: &mut Command, limits: &Limits, fence: Fence, report: RawFd) {
    let Limits { memory, file, open_files, .. } = *limits;
    let parent = std::process::id();
    let in_child = move || {
        die_with(parent)?;
        // SAFETY:
        // * the call touches no memory; the child was just forked, so it leads no group and this succeeds.
        succeeded(unsafe { libc::setsid() })?;
        leave_only_standard_descriptors()?;
        // SAFETY:
        // * `report` is open in the child: it is inherited, and closes only at exec, which this undoes.
        succeeded(unsafe { libc::fcntl(report, libc::F_SETFD, 0) })?;
        limit(libc::RLIMIT_CORE, 0)?;
        limit(libc::RLIMIT_FSIZE, file)?;
        limit(libc::RLIMIT_NOFILE, open_files)?;
        fence.put_on()?;
        limit(libc::RLIMIT_DATA, memory)
    };
    // SAFETY:
    // * between fork and exec the closure only makes system calls; it allocates nothing and takes no lock.
    unsafe { command.pre_exec(in_child) };
}

/// In a child: what we inherited ourselves, such as cargo's job server, is not for the program.
fn leave_only_standard_descriptors() -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        // Closed at exec and not now: the standard library reports a failing exec on one of them.
        // SAFETY:
        // * the call touches no memory; as nothing is closed yet, no owner in this process is deceived.
        let answer = unsafe { libc::syscall(libc::SYS_close_range, 3u32, u32::MAX, libc::CLOSE_RANGE_CLOEXEC) };
        let error = io::Error::last_os_error();
        // A kernel before 5.11 cannot, and then the program has some descriptors that it knows nothing of.
        if answer == -1 && !matches!(error.raw_os_error(), Some(libc::ENOSYS | libc::EINVAL)) {
            return Err(error);
        }
    }
    Ok(())
}

/// In a child: asks the kernel to kill us when `parent` is gone, however it ends.
pub(crate) fn die_with(parent: u32) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        // SAFETY:
        // * this `prctl` takes a signal number and touches no memory.
        succeeded(unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) })?;
    }
    // It may have gone before the kernel was asked.
    if std::os::unix::process::parent_id() == parent { Ok(()) } else { Err(io::ErrorKind::NotFound.into()) }
}

#[cfg(target_os = "linux")]
type Resource = libc::__rlimit_resource_t;
#[cfg(not(target_os = "linux"))]
type Resource = libc::c_int;

fn limit(resource: Resource, most: u64) -> io::Result<()> {
    let limit = libc::rlimit { rlim_cur: most, rlim_max: most };
    // SAFETY:
    // * `limit` is a valid `rlimit` for the length of the call.
    succeeded(unsafe { libc::setrlimit(resource, &raw const limit) })
}

/// What a system call answered, as a result.
fn succeeded(answer: libc::c_int) -> io::Result<()> {
    if answer == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Watches one running program.
struct Supervisor<'a> {
    member: family::Member,
    limits: &'a Limits,
    allowance: Allowance,
    counted: Instant,
    output: Pipe,
    report: Pipe,
    captured: Capture,
    reported: Vec<u8>,
}

impl Supervisor<'_> {
    fn supervise(mut self) -> io::Result<Ran> {
        let killed = loop {
            self.wait_for_news()?;
            self.read()?;
            if self.member.has_ended()? {
                break None;
            }
            if let Some(end) = self.why_kill() {
                break Some(end);
            }
        };
        let processor = self.member.processor();
        let status = self.member.end()?;
        // What was written before the end is still in the pipes; nobody is left to add to it.
        self.read()?;
        let flood = self.captured.total() > self.limits.output;
        let end = killed.unwrap_or_else(|| if flood { End::OutputFlood } else { ended(status) });
        Ok(Ran { end, output: self.captured, report: self.reported, processor })
    }

    /// Sleeps until a pipe has something, or a tick is over.
    fn wait_for_news(&self) -> io::Result<()> {
        // With both pipes closed the program is about to be gone; there is nothing to be woken by.
        let tick = if self.output.is_open() || self.report.is_open() { TICK } else { Duration::from_millis(2) };
        let wait = i32::try_from(tick.as_millis() + 1).unwrap_or(i32::MAX);
        let mut polled = [self.output.polled(), self.report.polled()];
        // SAFETY:
        // * `polled` is an array of two `pollfd` that outlives the call; a negative descriptor is skipped.
        let answer = unsafe { libc::poll(polled.as_mut_ptr(), 2, wait) };
        match succeeded(answer.min(0)) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => Err(error),
            _ => Ok(()),
        }
    }

    fn read(&mut self) -> io::Result<()> {
        let most = self.limits.output;
        let captured = &mut self.captured;
        self.output.read(|bytes| {
            captured.add(bytes);
            captured.total() <= most
        })?;
        let reported = &mut self.reported;
        self.report.read(|bytes| {
            reported.extend_from_slice(bytes);
            reported.len() <= LONGEST_REPORT
        })
    }

    fn why_kill(&mut self) -> Option<End> {
        if interrupt::requested() {
            return Some(End::Interrupted);
        }
        if self.captured.total() > self.limits.output || self.reported.len() > LONGEST_REPORT {
            return Some(End::OutputFlood);
        }
        if self.counted.elapsed() < TICK {
            return None;
        }
        self.counted = Instant::now();
        let usage = self.member.usage();
        if usage.memory > self.limits.memory {
            return Some(End::OutOfMemory);
        }
        if usage.threads > self.limits.threads {
            return Some(End::ProcessFlood);
        }
        self.allowance.is_used_up(&usage).then_some(End::TimedOut)
    }
}

fn ended(status: ExitStatus) -> End {
    match (status.code(), status.signal()) {
        (Some(code), _) => End::Exited(code),
        (None, signal) => End::Signalled(signal.unwrap_or(0)),
    }
}

/// The reading end of a pipe, which never blocks.
struct Pipe(Option<File>);

impl Pipe {
    fn new(end: OwnedFd) -> io::Result<Self> {
        // SAFETY:
        // * the descriptor is open, as `end` owns it, and F_SETFL takes an int.
        succeeded(unsafe { libc::fcntl(end.as_raw_fd(), libc::F_SETFL, libc::O_NONBLOCK) })?;
        Ok(Self(Some(end.into())))
    }

    fn is_open(&self) -> bool {
        self.0.is_some()
    }

    fn polled(&self) -> libc::pollfd {
        let fd = self.0.as_ref().map_or(-1, File::as_raw_fd);
        libc::pollfd { fd, events: libc::POLLIN, revents: 0 }
    }

    /// Reads what is there, for as long as `take` wants more; closes at the end.
    fn read(&mut self, mut take: impl FnMut(&[u8]) -> bool) -> io::Result<()> {
        let Some(file) = &mut self.0 else { return Ok(()) };
        let mut buffer = [0; 16 << 10];
        loop {
            match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) if !take(&buffer[..length]) => return Ok(()),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.0 = None;
        Ok(())
    }
}

/// Kills a child that leads a group of its own, and all of the group.
pub(crate) fn kill_group(child: &Child) {
    if let Ok(group) = i32::try_from(child.id()) {
        // SAFETY:
        // * `kill` touches no memory. The child is not reaped yet (we hold its handle), so its number is not reused.
        unsafe { libc::kill(-group, libc::SIGKILL) };
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
