//! Constructors that are `const` wherever they can be.

/// A constructor that is `const`, but not under `--cfg loom`: there an atomic registers with the running model, which a
/// constant cannot. For primitives that are to run on every backend of this crate; one function a call.
///
/// ```
/// use threadcraft_platform::atomic::AtomicU32;
/// use threadcraft_platform::const_unless_loom;
///
/// struct Gate {
///     state: AtomicU32,
/// }
///
/// impl Gate {
///     const_unless_loom! {
///         /// A closed gate.
///         pub const fn new() -> Self {
///             Self { state: AtomicU32::new(0) }
///         }
///     }
/// }
///
/// static GATE: Gate = Gate::new();
/// # let _ = &GATE.state;
/// ```
#[cfg(not(loom))]
#[macro_export]
macro_rules! const_unless_loom {
    ($($constructor:tt)*) => { $($constructor)* };
}

/// A constructor that is not `const` in this build, which is one for loom.
#[cfg(loom)]
#[macro_export]
macro_rules! const_unless_loom {
    ($(#[$attribute:meta])* $visibility:vis const fn $($rest:tt)*) => {
        $(#[$attribute])*
        $visibility fn $($rest)*
    };
}
