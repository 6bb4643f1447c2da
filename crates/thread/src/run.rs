//! `Run`: what a thread does, as a type of its own.

/// What a thread does, as a type of its own: the counterpart of a subclass of Python's `Thread` that overrides `run`.
///
/// ```
/// use threadcraft_thread::{Run, Thread};
///
/// struct Adder(u32, u32);
///
/// impl Run for Adder {
///     type Output = u32;
///     fn run(self) -> u32 {
///         self.0 + self.1
///     }
/// }
///
/// let mut adder = Thread::from_run(Adder(20, 22)).name("adder");
/// adder.start()?;
/// assert_eq!(adder.join().unwrap(), 42);
/// # Ok::<(), threadcraft_thread::StartError>(())
/// ```
#[doc(alias("subclass", "Thread.run"))]
pub trait Run {
    /// What it returns.
    type Output;

    /// What the thread does.
    fn run(self) -> Self::Output;
}
