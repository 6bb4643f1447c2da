//! Two threads that print in turns of their own, with log lines in main before, during and after: which lines come
//! between which is up to the schedule, but for the joins.

use threadcraft::prelude::*;
use threadcraft::println;

fn main() {
    run("12345", "abcde", Duration::from_millis(20));
}

/// One thread prints the first line's characters, the other the second's, each with a pause between them.
pub(crate) fn run(numbers: &'static str, letters: &'static str, pause: Duration) {
    println!("main: before the threads are made");
    let writer = move |line: &'static str| {
        move || {
            for character in line.chars() {
                println!("{character}");
                sleep(pause);
            }
        }
    };
    let threads = [spawn(writer(numbers)), spawn(writer(letters))];
    println!("main: both run");
    for thread in threads {
        thread.join().expect("they only print");
    }
    println!("main: both threads have finished");
}
