//! Wrong: the event is cleared while the keeper writes, but who has passed it before reads all the same.

use std::sync::Arc;

use threadcraft::prelude::*;

struct Board {
    points: Shared<u32>,
    lit: Event,
}

pub fn main() {
    let board = Arc::new(Board { points: Shared::new(0).named("points"), lit: Event::new().named("lit") });
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
    board.lit.clear();
    board.points.set(board.points.get() + 1);
    board.points.set(board.points.get() + 1);
    board.lit.set();
}

/// Waits for the first goal, and reads.
fn look(board: &Board) -> u32 {
    board.lit.wait();
    board.points.get()
}
