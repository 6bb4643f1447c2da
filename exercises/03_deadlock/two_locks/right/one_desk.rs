//! Right: a third lock is taken before any two others, so nobody meets anybody on the way.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "adb";

struct Bank {
    savings: Lock<i32>,
    current: Lock<i32>,
    /// Whoever needs more than one account stands here first.
    desk: Lock<()>,
}

pub fn main() {
    let bank = Arc::new(Bank {
        savings: Lock::new(100).named("savings"),
        current: Lock::new(100).named("current"),
        desk: Lock::new(()).named("desk"),
    });
    let saving = spawn({
        let bank = Arc::clone(&bank);
        move || save(&bank, 10)
    });
    let auditing = spawn({
        let bank = Arc::clone(&bank);
        move || println!("in total: {}", total(&bank))
    });
    let withdrawing = spawn({
        let bank = Arc::clone(&bank);
        move || withdraw(&bank, 20)
    });

    saving.join().expect("10 were saved");
    auditing.join().expect("the accounts were looked at");
    withdrawing.join().expect("20 were withdrawn");
    println!("savings = {}, current = {}", bank.savings.lock(), bank.current.lock());
}

fn save(bank: &Bank, amount: i32) {
    let _desk = bank.desk.lock();
    let mut current = bank.current.lock();
    let mut savings = bank.savings.lock();
    *current -= amount;
    *savings += amount;
}

fn withdraw(bank: &Bank, amount: i32) {
    let _desk = bank.desk.lock();
    let mut savings = bank.savings.lock();
    let mut current = bank.current.lock();
    *savings -= amount;
    *current += amount;
}

fn total(bank: &Bank) -> i32 {
    let _desk = bank.desk.lock();
    let savings = bank.savings.lock();
    let current = bank.current.lock();
    *savings + *current
}
