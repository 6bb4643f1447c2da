//! A fence around a program's writing: it can change files in its own folder and nowhere else, and send signals to
//! nobody but itself and its descendants.
//!
//! Landlock, where the kernel has it (Linux 5.13 and later; signals from 6.12 on). The rules are made before the fork,
//! as that allocates; the child then only puts them on itself, for good. What Landlock does not cover is changing the
//! mode, owner or times of a file; reading is free everywhere. Elsewhere there is no fence, and [`is_there`] says so.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

/// The rules, ready to be put on.
pub(super) struct Fence(Option<OwnedFd>);

/// Set to anything, this leaves the fence out: for tests of what else holds.
const WITHOUT: &str = "THREADCRAFT_WITHOUT_FENCE";

impl Fence {
    /// Around this folder; no fence where the kernel has none.
    pub(super) fn around(folder: &Path) -> io::Result<Self> {
        Ok(Self(imp::rules(folder)?))
    }

    /// In a child: puts the fence around it. Only system calls, as between fork and exec nothing else may be done.
    pub(super) fn put_on(&self) -> io::Result<()> {
        self.0.as_ref().map_or(Ok(()), imp::restrict_self)
    }
}

/// True if programs are fenced in on this machine.
pub(crate) fn is_there() -> bool {
    imp::version() > 0
}

#[cfg(target_os = "linux")]
mod imp {
    use std::fs::OpenOptions;
    use std::io;
    use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd};
    use std::os::unix::fs::OpenOptionsExt as _;
    use std::path::Path;

    use super::WITHOUT;
    use crate::process::succeeded;

    /// The kernel's `landlock_ruleset_attr`.
    #[repr(C)]
    struct Ruleset {
        files: u64,
        network: u64,
        scoped: u64,
    }

    /// The kernel's `landlock_path_beneath_attr`, which is packed.
    #[repr(C, packed)]
    struct PathBeneath {
        allowed: u64,
        parent: i32,
    }

    const WRITE_FILE: u64 = 1 << 1;
    /// Writing, removing and making files of every sort: bits 1 and 4 to 12.
    const CHANGE: u64 = WRITE_FILE | 0x1ff0;
    /// Moving files between folders, since version 2.
    const REFER: u64 = 1 << 13;
    /// Cutting files off, since version 3.
    const TRUNCATE: u64 = 1 << 14;
    /// Signals to processes outside, since version 6.
    const SCOPE_SIGNALS: u64 = 1 << 1;
    /// Asks `landlock_create_ruleset` for its version only.
    const VERSION: u32 = 1;
    /// The one type of rule used here.
    const PATH_BENEATH: i32 = 1;

    /// The version of Landlock; 0 if there is none.
    pub(super) fn version() -> i64 {
        if std::env::var_os(WITHOUT).is_some() {
            return 0;
        }
        // SAFETY:
        // * without attributes and with this flag the call touches no memory.
        let version =
            unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, std::ptr::null::<Ruleset>(), 0usize, VERSION) };
        version.max(0)
    }

    pub(super) fn rules(folder: &Path) -> io::Result<Option<OwnedFd>> {
        let version = version();
        if version < 1 {
            return Ok(None);
        }
        let since = |first: i64, right: u64| if version >= first { right } else { 0 };
        let files = CHANGE | since(2, REFER) | since(3, TRUNCATE);
        let ruleset = Ruleset { files, network: 0, scoped: since(6, SCOPE_SIGNALS) };
        // An older kernel knows a shorter form, and takes a longer one if what it does not know is zero.
        let size = size_of::<Ruleset>();
        // SAFETY:
        // * `ruleset` is valid for reading `size` bytes during the call.
        let fd = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, &raw const ruleset, size, 0u32) };
        let fd = i32::try_from(fd).ok().filter(|&fd| fd >= 0).ok_or_else(io::Error::last_os_error)?;
        // SAFETY:
        // * the call just opened this descriptor, so nobody else owns it.
        let rules = unsafe { OwnedFd::from_raw_fd(fd) };
        allow(&rules, folder, files)?;
        allow(&rules, Path::new("/dev/null"), WRITE_FILE | since(3, TRUNCATE))?;
        Ok(Some(rules))
    }

    fn allow(rules: &OwnedFd, path: &Path, allowed: u64) -> io::Result<()> {
        let parent = OpenOptions::new().read(true).custom_flags(libc::O_PATH).open(path)?;
        let rule = PathBeneath { allowed, parent: parent.as_raw_fd() };
        // SAFETY:
        // * both descriptors are open, and `rule` is valid for reading during the call.
        let answer = unsafe {
            libc::syscall(libc::SYS_landlock_add_rule, rules.as_raw_fd(), PATH_BENEATH, &raw const rule, 0u32)
        };
        if answer == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    pub(super) fn restrict_self(rules: &OwnedFd) -> io::Result<()> {
        // SAFETY:
        // * this `prctl` sets a flag of the process and touches no memory.
        succeeded(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) })?;
        // SAFETY:
        // * the descriptor is open; the call touches no memory.
        let answer = unsafe { libc::syscall(libc::SYS_landlock_restrict_self, rules.as_raw_fd(), 0u32) };
        if answer == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }
}

#[cfg(not(target_os = "linux"))]
mod imp {
    use std::io;
    use std::os::fd::OwnedFd;
    use std::path::Path;

    pub(super) fn version() -> i64 {
        0
    }

    pub(super) fn rules(_folder: &Path) -> io::Result<Option<OwnedFd>> {
        Ok(None)
    }

    pub(super) fn restrict_self(_rules: &OwnedFd) -> io::Result<()> {
        Ok(())
    }
}
