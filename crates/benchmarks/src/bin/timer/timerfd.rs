//! The system's own timer: a file that can be read when its time has come.

use std::io::Read as _;
use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd};
use std::time::Instant;

/// Waits until then; returns the time at which it went on.
pub(crate) fn wait(due: Instant) -> Instant {
    // SAFETY:
    // - the call takes two numbers, and its result is looked at.
    let file = unsafe { libc::timerfd_create(libc::CLOCK_MONOTONIC, 0) };
    assert!(file >= 0, "this is Linux");
    // SAFETY:
    // - the file was just opened, and belongs to nobody else.
    let file = unsafe { OwnedFd::from_raw_fd(file) };
    let left = due.saturating_duration_since(Instant::now());
    let time = libc::timespec {
        tv_sec: libc::time_t::try_from(left.as_secs()).expect("a short time"),
        tv_nsec: libc::c_long::from(i32::try_from(left.subsec_nanos()).expect("less than a second")),
    };
    let once = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    let setting = libc::itimerspec { it_interval: once, it_value: time };
    // SAFETY:
    // - the file is open, the setting is live for the call, and what was set before is not asked for.
    let set = unsafe { libc::timerfd_settime(file.as_raw_fd(), 0, &raw const setting, std::ptr::null_mut()) };
    assert_eq!(set, 0, "the setting is right");
    let mut times = [0; 8];
    std::fs::File::from(file).read_exact(&mut times).expect("it can be read");
    Instant::now()
}
