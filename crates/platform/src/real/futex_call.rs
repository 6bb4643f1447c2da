//! The system call of the futex, as one instruction where it is known.
//!
//! Through the C library it is a function in a function, each of which returns. While a thread sleeps, others run on its
//! core, and the processor forgets where those calls return to: both are mispredicted after each sleep, and the result
//! comes by way of `errno`. With the instruction in its caller a round trip of two threads on one core took a tenth less,
//! a broadcast to eight a twentieth.

use core::ffi::c_int;

/// Calls `futex(2)`: what it returns, or the negative number of the error. On other processors it goes through the C library,
/// and under Miri, which runs no instructions of a machine.
///
/// # Safety
///
/// The arguments are what the operation asks for: a word that is read, and a time, are live for the whole call.
#[inline(always)]
pub(super) unsafe fn futex_call(
    word: *const u32,
    operation: c_int,
    value: u32,
    time: *const libc::timespec,
    other: *const u32,
    mask: u32,
) -> isize {
    #[cfg(all(target_arch = "x86_64", target_pointer_width = "64", not(miri)))]
    {
        let mut result = libc::SYS_futex as isize;
        // SAFETY:
        // - this is how Linux is called: the number in `rax`, which takes the result, and six arguments; the instruction
        //   uses `rcx` and `r11`, restores the flags, and leaves the stack alone;
        // - the arguments are right, as the caller promises. That the call may touch memory is what `asm!` supposes.
        unsafe {
            core::arch::asm!(
                "syscall",
                inlateout("rax") result,
                in("rdi") word,
                in("rsi") operation as isize,
                in("rdx") value as usize,
                in("r10") time,
                in("r8") other,
                in("r9") mask as usize,
                lateout("rcx") _,
                lateout("r11") _,
                options(nostack, preserves_flags),
            );
        }
        result
    }
    #[cfg(all(target_arch = "aarch64", target_pointer_width = "64", not(miri)))]
    {
        let result: isize;
        // SAFETY:
        // - this is how Linux is called: the number in `x8`, and six arguments, of which the first takes the result;
        //   nothing else changes;
        // - the arguments are right, as the caller promises. That the call may touch memory is what `asm!` supposes.
        unsafe {
            core::arch::asm!(
                "svc 0",
                in("x8") libc::SYS_futex as isize,
                inlateout("x0") word => result,
                in("x1") operation as isize,
                in("x2") value as usize,
                in("x3") time,
                in("x4") other,
                in("x5") mask as usize,
                options(nostack, preserves_flags),
            );
        }
        result
    }
    #[cfg(not(all(any(target_arch = "x86_64", target_arch = "aarch64"), target_pointer_width = "64", not(miri))))]
    {
        // SAFETY:
        // - the arguments are right, as the caller promises.
        let result = unsafe { libc::syscall(libc::SYS_futex, word, operation, value, time, other, mask) };
        if result != -1 {
            return result as isize;
        }
        let error = std::io::Error::last_os_error().raw_os_error();
        -(error.unwrap_or(libc::EINVAL) as isize)
    }
}
