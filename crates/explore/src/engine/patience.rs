//! Whether a thread that takes no step is stuck, or only waits for a processor: on a busy machine a right program may
//! stand still for seconds.
//!
//! That can be told only where the whole process belongs to the exploration: then a stuck thread has either computed for
//! long, or nobody could run.

use std::time::Duration;

use crate::explorer::Settings;

/// Looks, one each hang limit, at how far an execution is.
pub(super) struct Patience {
    limit: Duration,
    exclusive: bool,
    /// What was seen last.
    seen: Option<(usize, usize)>,
    /// What the process had taken of processors when that was first seen.
    processor: Duration,
}

impl Patience {
    pub(super) fn new(settings: &Settings) -> Self {
        Self { limit: settings.hang_limit, exclusive: settings.exclusive, seen: None, processor: Duration::ZERO }
    }

    /// True if nothing has changed since the last look, and no busy machine is to blame.
    pub(super) fn is_over(&mut self, progress: (usize, usize)) -> bool {
        let processor = processor_time();
        if self.seen != Some(progress) {
            (self.seen, self.processor) = (Some(progress), processor);
            return false;
        }
        // On an idle machine it computes from one look to the next, but for what it takes to be woken.
        let computed = processor.saturating_sub(self.processor);
        !self.exclusive || computed >= self.limit * 9 / 10 || !another_could_run()
    }
}

/// What this process has taken of processors.
fn processor_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY:
    // * `time` is valid for writing during the call.
    let answer = unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time) };
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let nanoseconds = u32::try_from(time.tv_nsec).unwrap_or(0);
    if answer == 0 { Duration::new(seconds, nanoseconds) } else { Duration::MAX }
}

/// True if some thread of this process but our own runs, or waits for nothing but a processor or a disk. False where the
/// system does not say.
fn another_could_run() -> bool {
    let own = std::fs::read_link("/proc/thread-self").unwrap_or_default();
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let others = tasks.filter(|task| own.file_name() != Some(&task.file_name()));
    others.filter_map(|task| std::fs::read_to_string(task.path().join("stat")).ok()).any(|stat| {
        // The state follows the name, which stands in parentheses and may have some in it.
        let state = stat.rsplit_once(") ").and_then(|(_, fields)| fields.chars().next());
        matches!(state, Some('R' | 'D'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn others_are_told_apart_by_whether_they_could_run() {
        // The threads of other tests are of this process, too; only what is surely so can be said.
        let (sender, receiver) = mpsc::channel::<()>();
        let busy = std::thread::spawn(move || while receiver.try_recv() == Err(mpsc::TryRecvError::Empty) {});
        assert!(another_could_run());
        drop(sender);
        busy.join().expect("it only looks");
    }

    #[test]
    fn a_thread_that_computed_for_long_is_stuck_and_so_is_one_whose_process_is_not_ours_alone() {
        let settings = |exclusive| Settings { hang_limit: Duration::ZERO, exclusive, ..Settings::default() };
        for exclusive in [false, true] {
            let mut patience = Patience::new(&settings(exclusive));
            assert!(!patience.is_over((1, 1)), "seen for the first time");
            assert!(!patience.is_over((2, 1)), "it went on");
            assert!(patience.is_over((2, 1)), "it stands still");
        }
    }
}
