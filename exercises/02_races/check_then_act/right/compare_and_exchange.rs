//! Right: no lock; the balance is changed only if it is still what was looked at, else the look is repeated.

use std::sync::Arc;

use threadcraft::atomic::AtomicI32;
use threadcraft::atomic::Ordering::SeqCst;
use threadcraft::prelude::*;

pub const SCHEDULE: &str = "ab2cb";

pub fn main() {
    let balance = Arc::new(AtomicI32::new(100));
    let cards = [(); 2].map(|()| {
        let balance = Arc::clone(&balance);
        spawn(move || withdraw(&balance, 80))
    });
    println!("meanwhile: {}", balance.load(SeqCst));

    let paid = cards.map(|card| card.join().expect("the machine answered"));
    let times = paid.into_iter().filter(|&paid| paid).count();
    println!("paid {times} times, balance = {}", balance.load(SeqCst));
}

/// True if the amount is paid.
fn withdraw(balance: &AtomicI32, amount: i32) -> bool {
    let mut seen = balance.load(SeqCst);
    while seen >= amount {
        match balance.compare_exchange(seen, seen - amount, SeqCst, SeqCst) {
            Ok(_) => return true,
            Err(now) => seen = now,
        }
    }
    false
}
