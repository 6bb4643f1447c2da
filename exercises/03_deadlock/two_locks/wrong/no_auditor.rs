//! Wrong: the one who looks at both accounts is sent away, as it had a part in the standstill.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "abd";

struct Bank {
    savings: Lock<i32>,
    current: Lock<i32>,
}

pub fn main() {
    let bank = Arc::new(Bank { savings: Lock::new(100).named("savings"), current: Lock::new(100).named("current") });
    let saving = spawn({
        let bank = Arc::clone(&bank);
        move || save(&bank, 10)
    });
    let withdrawing = spawn({
        let bank = Arc::clone(&bank);
        move || withdraw(&bank, 20)
    });

    saving.join().expect("10 were saved");
    withdrawing.join().expect("20 were withdrawn");
    println!("savings = {}, current = {}", bank.savings.lock(), bank.current.lock());
}

fn save(bank: &Bank, amount: i32) {
    let mut savings = bank.savings.lock();
    let mut current = bank.current.lock();
    *current -= amount;
    *savings += amount;
}

fn withdraw(bank: &Bank, amount: i32) {
    let mut savings = bank.savings.lock();
    let mut current = bank.current.lock();
    *savings -= amount;
    *current += amount;
}
