//! Wrong: the light goes on after the last goal, so the first is kept from the spectator.

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
            board.lit.set();
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
}

/// Waits for the first goal, and reads.
fn look(board: &Board) -> u32 {
    board.lit.wait();
    *board.points.lock()
}
