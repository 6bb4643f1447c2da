//! The group `queue`: ours beside crossbeam's and the standard library's channels, and Python's queue.
//!
//! What Python does is a function of `python_queue.py`, by the name under which [`Python::compare`] asks for it.

mod passing;

use threadcraft::Queue;
use threadcraft_benchmarks::{Contender, Figures, Python, Target, interleaved, judged};

use passing::{Crossbeam, Passes, Std, alone, passing};

/// What Python does.
const SCRIPT: &str = include_str!("../../../python_queue.py");

/// Long ones: the threads have to run beside each other, not one after the other.
const ROUNDS: usize = 21;
const ITEMS: u64 = 1_000_000;
/// Small enough to be full at times.
const CAPACITY: usize = 1_000;

fn main() {
    eprintln!("Python");
    let python = Python::run(SCRIPT);
    let mut table = judged::table();
    for capacity in [None, Some(CAPACITY)] {
        let room = capacity.map_or("no limit".to_owned(), |capacity| format!("room for {capacity}"));
        let room_of_python = capacity.unwrap_or(0);
        for producers in [0, 1, 2] {
            let who = match producers {
                0 => "one thread",
                1 => "1 producer",
                _ => "2 producers",
            };
            let what = format!("{who}, {room}");
            eprintln!("{what}");
            let figures = measure(capacity, producers);
            judged::compare(&mut table, &what, " ns", &figures, None, |_| Target::AtMost(1.5));
            judged::compare_python(
                &python,
                " ns",
                &mut table,
                &what,
                &figures,
                None,
                &format!("{producers}-{room_of_python}"),
            );
        }
    }
    println!(
        "### Put and get\n\n{ROUNDS} rounds of {ITEMS} items, nanoseconds an item. One thread puts and gets in turns; producers \
         are threads, beside one that gets.\n\n{}\n\n{table}",
        judged::LEGEND
    );
}

/// All in turns.
fn measure(capacity: Option<usize>, producers: u64) -> Figures {
    let contenders = vec![
        contender::<Queue<u64>>("ours", capacity, producers),
        contender::<Crossbeam>("crossbeam-channel", capacity, producers),
        contender::<Std>("std mpsc", capacity, producers),
    ];
    interleaved(ROUNDS, contenders)
}

fn contender<Q: Passes>(name: &str, capacity: Option<usize>, producers: u64) -> Contender<'static> {
    Contender::new(name, move || match producers {
        0 => alone::<Q>(capacity, ITEMS),
        _ => passing::<Q>(capacity, producers, ITEMS),
    })
}
