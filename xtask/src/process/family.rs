//! A program and all its descendants: started, counted, and ended with nobody left.
//!
//! A descendant can leave the program's process group (`setsid`) and its parent (by a double fork), but not us: as a
//! *subreaper* we become the parent of every orphan below us. So after the program's end each child of ours that no
//! running program owns is killed; killing it hands its own children to us, and so on until there are none. An
//! orphan's owner is known by a tag in its environment; an orphan without a living owner is nobody's.
//!
//! Only Linux has subreapers and `/proc`; elsewhere the group alone is ended and nothing is counted.

use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::{guardian, kill_group};

/// The tag's variable.
const TAG: &str = "THREADCRAFT_RUN";

/// How long orphans that multiply are chased.
const CHASE: Duration = Duration::from_secs(2);

/// The programs that are running. Held while one is started, so that nobody takes it for an orphan meanwhile.
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// How many programs were started: makes each tag unlike all others of this process.
static COUNT: AtomicU64 = AtomicU64::new(0);

fn running() -> MutexGuard<'static, Vec<u32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a program and its descendants take.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Usage {
    /// Resident bytes.
    pub(super) memory: u64,
    /// Threads.
    pub(super) threads: usize,
    /// What was taken of processors so far.
    pub(super) processor: Duration,
    /// One of the threads is running, or waits for nothing but a processor or a disk.
    pub(super) could_run: bool,
}

/// What this command starts, such as an editor, is none of a program's orphans, even if it leaves its parent. The word
/// that says so is not known to any program.
pub(crate) fn spare(command: &mut Command) {
    command.env(TAG, spared());
}

/// The tag of what is spared.
fn spared() -> &'static str {
    static SPARED: OnceLock<String> = OnceLock::new();
    SPARED.get_or_init(|| {
        // The standard library's hash keys are random, and nothing else of it is at hand.
        let random = RandomState::new().hash_one(std::process::id());
        format!("spared.{random:x}")
    })
}

/// A process of ours that runs beside programs, such as cargo: it, and what it starts, is nobody's orphan.
pub(crate) struct Companion {
    child: Child,
    ended: bool,
}

impl Companion {
    /// Starts it.
    pub(crate) fn start(command: &mut Command) -> io::Result<Self> {
        spare(command);
        let mut running = running();
        let child = command.spawn()?;
        // Its word can be read only while it runs; when it has ended, its number says that it is not to be reaped.
        running.push(child.id());
        Ok(Self { child, ended: false })
    }

    /// For its pipes and its number.
    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Waits until it has ended.
    pub(crate) fn wait(&mut self) -> io::Result<ExitStatus> {
        let status = self.child.wait()?;
        self.ended = true;
        Ok(status)
    }
}

impl Drop for Companion {
    fn drop(&mut self) {
        // It lives only where an error of ours came before its end.
        if !self.ended {
            kill_group(&self.child);
            let _ = self.child.wait();
        }
        running().retain(|&pid| pid != self.child.id());
    }
}

/// A running program.
pub(super) struct Member {
    child: Child,
    status: Option<ExitStatus>,
}

impl Member {
    /// Starts a program that leads its own group (the command sees to that).
    pub(super) fn spawn(command: &mut Command) -> io::Result<Self> {
        become_subreaper();
        let mut running = running();
        // It is a child of ours, and no orphan.
        if let Some(guardian) = guardian::begin().filter(|guardian| !running.contains(guardian)) {
            running.push(guardian);
        }
        // Relaxed: only that no two are alike counts, which any atomic addition gives.
        let tag = format!("{}.{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let child = command.env(TAG, tag).spawn()?;
        running.push(child.id());
        Ok(Self { child, status: None })
    }

    /// True if the program has ended. It stays a zombie, so that its number still names its group.
    pub(super) fn has_ended(&mut self) -> io::Result<bool> {
        // SAFETY:
        // * `siginfo_t` is a plain C struct for which all zeroes is a valid value.
        let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
        let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
        // SAFETY:
        // * `info` is valid for writing; the child is ours and not reaped.
        let answer = unsafe { libc::waitid(libc::P_PID, self.child.id(), &raw mut info, flags) };
        if answer == -1 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY:
        // * `waitid` succeeded: it left `info` zeroed, or filled it for a child that ended.
        Ok(unsafe { info.si_pid() } != 0)
    }

    /// What the program has taken of processors. Asked before it is reaped.
    pub(super) fn processor(&self) -> Duration {
        processor(self.child.id())
    }

    /// Ends the program and all that came of it.
    pub(super) fn end(&mut self) -> io::Result<ExitStatus> {
        if let Some(status) = self.status {
            return Ok(status);
        }
        kill_group(&self.child);
        let status = self.child.wait()?;
        self.status = Some(status);
        let mut running = running();
        running.retain(|&pid| pid != self.child.id());
        let mut others: Vec<Vec<u8>> = running.iter().filter_map(|&pid| tag(pid)).collect();
        others.push(format!("={}", spared()).into_bytes());
        let until = Instant::now() + CHASE;
        while Instant::now() < until {
            let orphans = children(std::process::id()).into_iter().filter(|pid| !running.contains(pid));
            let ours: Vec<u32> = orphans.filter(|&pid| tag(pid).is_none_or(|tag| !others.contains(&tag))).collect();
            if ours.is_empty() {
                break;
            }
            ours.into_iter().for_each(kill_and_reap);
        }
        Ok(status)
    }

    /// What the program and its descendants take now.
    pub(super) fn usage(&self) -> Usage {
        let mut usage = Usage::default();
        let mut family = vec![self.child.id()];
        let mine = tag(self.child.id());
        let orphans = children(std::process::id()).into_iter().filter(|&pid| pid != self.child.id());
        family.extend(orphans.filter(|&pid| mine.is_some() && tag(pid) == mine));
        let mut most_shared = 0;
        // A family that multiplies while it is counted is large enough at any rate.
        while let Some(pid) = family.pop().filter(|_| usage.threads < 1 << 16) {
            let (own, shared) = resident(&format!("/proc/{pid}"));
            usage.memory += own;
            // What several share is there once.
            most_shared = most_shared.max(shared);
            usage.processor += processor(pid);
            for task in tasks(pid) {
                usage.threads += 1;
                usage.could_run = usage.could_run || could_run(&task);
            }
            family.extend(children(pid));
        }
        usage.memory += most_shared;
        usage
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        // Reached without `end` only by an error of ours: nothing may be left even then.
        let _ = self.end();
    }
}

/// From now on orphans below us come to us.
fn become_subreaper() {
    #[cfg(target_os = "linux")]
    // SAFETY:
    // * this `prctl` sets a flag of the process and touches no memory.
    unsafe {
        libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1);
    }
}

/// The folders of a process's threads; none where there is no `/proc`.
fn tasks(pid: u32) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten().map(|task| task.path())
}

/// The children of a process, of all its threads.
fn children(pid: u32) -> Vec<u32> {
    let lists = tasks(pid).filter_map(|task| fs::read_to_string(task.join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<u32>>()).collect()
}

/// The fields of a process's or a thread's `stat`, from its state on.
fn stat(folder: &Path) -> Vec<String> {
    let stat = fs::read_to_string(folder.join("stat")).unwrap_or_default();
    // The name before them, in parentheses, may have spaces in it.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    fields.split_whitespace().map(str::to_owned).collect()
}

/// True if a thread runs, or waits for nothing but a processor or a disk: then it is not its fault that nothing happens.
fn could_run(task: &Path) -> bool {
    stat(task).first().is_some_and(|state| matches!(state.as_str(), "R" | "D"))
}

/// What a process, and the children that it waited for, have taken of processors: user and system time of both.
fn processor(pid: u32) -> Duration {
    let fields = stat(Path::new(&format!("/proc/{pid}")));
    let ticks: u64 = fields.iter().skip(11).take(4).filter_map(|field| field.parse::<u64>().ok()).sum();
    // SAFETY:
    // * `sysconf` touches no memory.
    let second = unsafe { libc::sysconf(libc::_SC_CLK_TCK) };
    Duration::from_millis(ticks * 1000 / u64::try_from(second).ok().filter(|&second| second > 0).unwrap_or(100))
}

/// The tag that a process was started with: `=`, our number, `.`, a number of the program.
pub(super) fn tag(pid: u32) -> Option<Vec<u8>> {
    let environment = fs::read(format!("/proc/{pid}/environ")).ok()?;
    let mut variables = environment.split(|&byte| byte == 0);
    variables.find_map(|variable| Some(variable.strip_prefix(TAG.as_bytes())?.to_vec()))
}

/// The resident bytes of a process: its own, and those that others may have, too, such as the program's text.
fn resident(process: &str) -> (u64, u64) {
    let text = fs::read_to_string(Path::new(process).join("statm")).unwrap_or_default();
    let mut pages = text.split_whitespace().skip(1).map_while(|pages| pages.parse::<u64>().ok());
    let (all, shared) = (pages.next().unwrap_or(0), pages.next().unwrap_or(0));
    // SAFETY:
    // * `sysconf` touches no memory.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    let page = u64::try_from(page).unwrap_or(4096);
    (all.saturating_sub(shared) * page, shared * page)
}

fn kill_and_reap(pid: u32) {
    let Ok(pid) = i32::try_from(pid) else { return };
    // SAFETY:
    // * `kill` touches no memory of ours.
    // * `pid` is a child of ours that nobody reaps but this function, so its number is not reused.
    unsafe { libc::kill(pid, libc::SIGKILL) };
    // SAFETY:
    // * the status is not asked for, so no memory of ours is touched.
    unsafe { libc::waitpid(pid, std::ptr::null_mut(), 0) };
}
