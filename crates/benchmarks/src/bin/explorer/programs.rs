//! The programs by name, so that a child process can be told which one to run.

use crate::seam::Seam;
use crate::{broken, right};

macro_rules! programs {
    ($(#[$doc:meta])* $list:ident: $module:ident { $($name:ident: $what:literal,)* }) => {
        $(#[$doc])*
        pub(crate) const $list: &[Named] = &[$(Named { name: stringify!($name), what: $what },)*];

        impl Named {
            /// The program of this name on one explorer.
            fn $module<S: Seam>(name: &str) -> Option<fn()> {
                match name {
                    $(stringify!($name) => Some($module::$name::<S>),)*
                    _ => None,
                }
            }
        }
    };
}

/// A program.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named {
    pub(crate) name: &'static str,
    /// In a table.
    pub(crate) what: &'static str,
}

programs! {
    /// One bug each.
    BROKEN: broken {
        racy_counter: "counter in two steps",
        check_then_act: "check, then act",
        abba: "two locks in two orders",
        philosophers_3: "philosophers 3",
        philosophers_5: "philosophers 5",
        lost_wake_up: "lost wake-up",
        if_for_while: "`if` for `while`",
        producer_consumer: "producer–consumer, wrong one woken",
        permits_one_by_one: "semaphore: permits one by one",
        permit_in_two_steps: "semaphore: decrement in two steps",
        barrier_reuse: "barrier without phases",
        event_cleared: "event: set, then clear",
        forgotten_sleeper: "mutex: forgotten sleeper",
        published_early: "flag before data",
        unordered_flag: "flag that does not release",
    }
}

programs! {
    /// No bug.
    RIGHT: right {
        mutex_2: "mutex, 2 threads",
        mutex_2_twice: "mutex, 2 threads twice",
        mutex_3: "mutex, 3 threads",
        condition_2: "condition, 2 threads",
        barrier_2_twice: "barrier, 2 threads twice",
        barrier_3: "barrier, 3 threads",
        semaphore_2: "semaphore, 2 threads",
        semaphore_3: "semaphore, 3 threads",
        philosophers_3_ordered: "philosophers 3, ordered",
    }
}

/// The program of this name on one explorer.
pub(crate) fn find<S: Seam>(name: &str) -> Option<fn()> {
    Named::broken::<S>(name).or_else(|| Named::right::<S>(name))
}

#[cfg(test)]
mod tests {
    use threadcraft_explore::{Carrier, Explorer, Report, Strategy};

    use super::*;
    use crate::seam::Ours;

    fn explored(program: Named, strategy: Strategy) -> Report {
        let explorer = Explorer::builder().carrier(Carrier::Coroutines).strategy(strategy).build();
        explorer.explore(find::<Ours>(program.name).expect("it is in a list"))
    }

    #[test]
    fn each_broken_program_is_found_to_be() {
        for &program in BROKEN {
            let report = explored(program, Strategy::Standard);
            assert!(report.failure.is_some(), "{} passes {} schedules", program.what, report.schedules);
        }
    }

    #[test]
    fn each_right_program_is_proven_to_be() {
        for &program in RIGHT {
            let report = explored(program, Strategy::Dpor).unwrap();
            assert!(report.complete, "{}: {:?}", program.what, report.cut);
        }
    }
}
