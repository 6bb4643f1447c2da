//! The runner in a pseudo-terminal: what its screen shows, and the keys that are typed.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::num::NonZero;
use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// The longest that anything may take: a cold build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(240);

/// A program in a terminal of its own.
pub(crate) struct Pty {
    master: File,
    child: Child,
    shown: Arc<(Mutex<Shown>, Condvar)>,
}

/// What came out of the program.
struct Shown {
    screen: vt100::Parser,
    bytes: Vec<u8>,
}

/// Runs a command in a terminal of its own.
fn start(mut command: Command, rows: u16, columns: u16) -> (File, Child) {
    let (master, slave) = open(rows, columns);
    let end = || slave.try_clone().expect("a copy");
    command.stdin(end()).stdout(end()).stderr(end()).env("TERM", "xterm-256color");
    let in_child = || {
        // SAFETY:
        // * both calls touch no memory; the child was just forked, so it leads no group, and descriptor 0 is its
        //   terminal already.
        let answer = unsafe { libc::setsid() };
        // SAFETY:
        // * as above.
        let controls = unsafe { libc::ioctl(0, libc::TIOCSCTTY, 0) };
        if answer == -1 || controls == -1 { Err(std::io::Error::last_os_error()) } else { Ok(()) }
    };
    // SAFETY:
    // * between fork and exec the closure only makes system calls; it allocates nothing and takes no lock.
    unsafe { command.pre_exec(in_child) };
    (master, command.spawn().expect("xtask runs"))
}

/// Runs a command in a terminal that goes away, as a window that is closed, once this text was written and `when` says
/// so; how it ends.
pub(crate) fn hung_up(command: Command, text: &str, when: impl Fn()) -> ExitStatus {
    let (mut master, mut child) = start(command, 30, 100);
    let (mut written, mut buffer) = (Vec::new(), [0; 4096]);
    while !String::from_utf8_lossy(&written).contains(text) {
        let length = master.read(&mut buffer).expect("somebody writes");
        written.extend_from_slice(&buffer[..length]);
    }
    when();
    drop(master);
    end_of(&mut child)
}

/// Waits for the end.
fn end_of(child: &mut Child) -> ExitStatus {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait().expect("it is ours") {
            return status;
        }
        if Instant::now() >= until {
            let _ = child.kill();
            panic!("it does not end");
        }
        std::thread::yield_now();
    }
}

impl Pty {
    /// Runs a command in a terminal of so many rows and columns.
    pub(crate) fn spawn(command: Command, rows: u16, columns: u16) -> Self {
        let (master, child) = start(command, rows, columns);
        let cells = |count| NonZero::new(count).expect("a terminal has some");
        let shown = Shown { screen: vt100::Parser::new(cells(rows), cells(columns), 0), bytes: Vec::new() };
        let shown = Arc::new((Mutex::new(shown), Condvar::new()));
        let mut reader = master.try_clone().expect("a copy");
        let written = Arc::clone(&shown);
        // It ends when the last end of the terminal is closed.
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = reader.read(&mut buffer) {
                let mut shown = written.0.lock().expect("nobody panics with it");
                shown.screen.process(&buffer[..length]);
                shown.bytes.extend_from_slice(&buffer[..length]);
                written.1.notify_all();
            }
        });
        Self { master, child, shown }
    }

    /// Types.
    pub(crate) fn keys(&mut self, keys: &str) {
        self.master.write_all(keys.as_bytes()).expect("somebody reads");
    }

    /// Waits until the screen shows all of these texts.
    pub(crate) fn shows(&self, texts: &[&str]) {
        self.until(&format!("{texts:?}"), |screen| {
            let contents = screen.contents();
            texts.iter().all(|text| contents.contains(text))
        });
    }

    /// Waits until the screen is as it should be.
    pub(crate) fn until(&self, what: &str, holds: impl Fn(&vt100::Screen) -> bool) {
        let until = Instant::now() + PATIENCE;
        let mut shown = self.shown.0.lock().expect("nobody panics with it");
        while !holds(shown.screen.screen()) {
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "in vain: {what}\n{}", shown.screen.screen().contents());
            shown = self.shown.1.wait_timeout(shown, left).expect("nobody panics with it").0;
        }
    }

    /// Waits until this holds, which the screen does not show.
    pub(crate) fn wait_for(&mut self, what: &str, holds: impl Fn() -> bool) {
        let until = Instant::now() + PATIENCE;
        while !holds() {
            let ended = self.child.try_wait().expect("it is ours");
            assert!(ended.is_none() && Instant::now() < until, "in vain: {what}, {ended:?}\n{}", self.written());
            std::thread::yield_now();
        }
    }

    /// All that was written so far, codes and all.
    pub(crate) fn written(&self) -> String {
        String::from_utf8_lossy(&self.shown.0.lock().expect("nobody panics with it").bytes).into_owned()
    }

    /// The number of the process.
    pub(crate) fn pid(&self) -> i32 {
        self.child.id().try_into().expect("a process number")
    }

    /// Waits for the end, at which the terminal must be as it was.
    pub(crate) fn ended(mut self) -> ExitStatus {
        let status = end_of(&mut self.child);
        self.until("the usual screen and its cursor are back", |screen| {
            !screen.alternate_screen() && !screen.hide_cursor()
        });
        assert!(self.is_cooked(), "lines are edited and echoed again");
        status
    }

    /// True if the terminal edits and echoes lines, as a shell leaves it.
    fn is_cooked(&self) -> bool {
        // SAFETY:
        // * `termios` is a plain C struct for which all zeroes is a valid value.
        let mut modes: libc::termios = unsafe { std::mem::zeroed() };
        // SAFETY:
        // * `modes` is valid for writing, and the descriptor is open.
        let answer = unsafe { libc::tcgetattr(self.master.as_raw_fd(), &raw mut modes) };
        assert_eq!(answer, 0, "it is a terminal");
        let cooked = libc::ICANON | libc::ECHO | libc::ISIG;
        modes.c_lflag & cooked == cooked
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // Reached before the end by a test that failed: nothing may be left.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The two ends of a new terminal.
fn open(rows: u16, columns: u16) -> (File, OwnedFd) {
    let size = libc::winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    let (mut master, mut slave) = (-1, -1);
    let no_name = std::ptr::null_mut();
    // SAFETY:
    // * both numbers are valid for writing, no name and no modes are asked for, and `size` outlives the call.
    let answer = unsafe { libc::openpty(&raw mut master, &raw mut slave, no_name, std::ptr::null(), &raw const size) };
    assert_eq!(answer, 0, "there are terminals");
    // SAFETY:
    // * `openpty` succeeded: the descriptor is open, and nobody else owns it.
    let master = unsafe { File::from_raw_fd(master) };
    // SAFETY:
    // * as above.
    let slave = unsafe { OwnedFd::from_raw_fd(slave) };
    // SAFETY:
    // * the call touches no memory; without it the child would keep the master open, and never see its end.
    unsafe { libc::fcntl(master.as_raw_fd(), libc::F_SETFD, libc::FD_CLOEXEC) };
    (master, slave)
}
