//! What a program shows: printed lines and probes.

use std::fmt;

/// Prints, to standard output or, under the explorer, to the transcript of the execution; see `println!`.
#[track_caller]
pub fn print(text: fmt::Arguments<'_>) {
    #[cfg(feature = "explore")]
    if crate::explored::print(text) {
        return;
    }
    std::print!("{text}");
}

/// An observation for properties, such as "three are inside": a step of the explored program that depends on every
/// other probe, so that no order of two of them is left out. Does nothing on the machine.
#[inline]
#[track_caller]
pub fn probe(name: &'static str, value: i64) {
    #[cfg(feature = "explore")]
    crate::explored::probe(name, value);
    #[cfg(not(feature = "explore"))]
    let _ = (name, value);
}

/// Prints a line, as `std::println!` does; under the explorer the line goes to the transcript of the execution, and
/// printing it is a step.
#[macro_export]
macro_rules! println {
    () => { $crate::output::print(::core::format_args!("\n")) };
    ($($argument:tt)*) => { $crate::output::print(::core::format_args!("{}\n", ::core::format_args!($($argument)*))) };
}
