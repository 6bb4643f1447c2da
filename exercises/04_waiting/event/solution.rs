//! A keeper writes on a board, a spectator sleeps until there is something to read.

use std::sync::Arc;

use threadcraft::prelude::*;

struct Board {
    points: Lock<u32>,
    lit: Event,
}

pub fn main() {
    let board = Arc::new(Board { points: Lock::new(0).named("points"), lit: Event::new().named("lit") });
    let keeper = spawn({
        let board = Arc::clone(&board);
        move || {
            goal(&board);
            goal(&board);
        }
    });
    let spectator = spawn({
        let board = Arc::clone(&board);
        move || println!("the board says {}", look(&board))
    });
    keeper.join().expect("the keeper went home");
    spectator.join().expect("the spectator went home");
}

/// A goal counts two points, and each is a stroke of chalk.
fn goal(board: &Board) {
    let mut points = board.points.lock();
    *points += 1;
    *points += 1;
    board.lit.set();
}

/// Waits for the first goal, and reads.
fn look(board: &Board) -> u32 {
    board.lit.wait();
    *board.points.lock()
}
