//! A keeper writes on a board, a spectator reads it.

use std::sync::Arc;

use threadcraft::prelude::*;

struct Board {
    points: Shared<u32>,
    lit: Shared<bool>,
}

pub fn main() {
    let board = Arc::new(Board { points: Shared::new(0).named("points"), lit: Shared::new(false).named("lit") });
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
    // TODO: nobody may read between the two strokes …
    board.lit.set(false);
    board.points.set(board.points.get() + 1);
    board.points.set(board.points.get() + 1);
    board.lit.set(true);
}

/// Waits for the first goal, and reads.
fn look(board: &Board) -> u32 {
    // TODO: … and who waits should sleep.
    while !board.lit.get() {
        yield_now();
    }
    board.points.get()
}
