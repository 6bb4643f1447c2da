//! Bytes of memory: counted, not measured.

use std::mem::size_of;

use threadcraft::{Barrier, Condition, Event, Lock, RLock, Semaphore};
use threadcraft_benchmarks::{Table, met};

/// Prints the table.
///
/// # Panics
///
/// If the primitives are not as they are for users: explored ones are larger, and slower.
pub(crate) fn print() {
    assert!(!threadcraft_platform::is_explored());
    assert_eq!(size_of::<Lock<()>>(), 4, "built with the feature `explore`: `cargo xtask bench` builds groups apart");
    let mut table = Table::new(&[
        ("what", false),
        ("bytes", true),
        ("target", true),
        ("met", false),
        ("std", true),
        ("parking_lot", true),
    ]);
    let std = |bytes: Option<usize>| bytes.map_or("–".to_owned(), |bytes| bytes.to_string());
    let mut line = |what: &str, bytes: usize, most: usize, of_std: Option<usize>, parking_lot: Option<usize>| {
        let met = met(Some(bytes <= most)).to_owned();
        table.line(vec![what.to_owned(), bytes.to_string(), format!("≤ {most}"), met, std(of_std), std(parking_lot)]);
    };
    let std_lock = size_of::<std::sync::Mutex<()>>();
    line("Lock<()>", size_of::<Lock<()>>(), 4, Some(std_lock), Some(size_of::<parking_lot::Mutex<()>>()));
    line("RLock<()>", size_of::<RLock<()>>(), 24, None, Some(size_of::<parking_lot::ReentrantMutex<()>>()));
    line("Semaphore", size_of::<Semaphore>(), 4, None, None);
    line("Event", size_of::<Event>(), 4, None, None);
    let std_condition = size_of::<std::sync::Condvar>();
    line("Condition", size_of::<Condition>(), 24, Some(std_condition), Some(size_of::<parking_lot::Condvar>()));
    // The action is a fat pointer.
    let (barrier, action) = (size_of::<Barrier>(), size_of::<Box<dyn FnMut()>>());
    line("Barrier", barrier, 24 + action, Some(size_of::<std::sync::Barrier>()), None);
    println!("### Memory\n\n{table}");
}
