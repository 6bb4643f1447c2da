//! Right: what always changes together lives in one lock; with one lock there is no order to get wrong.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "abc";

struct Accounts {
    savings: i32,
    current: i32,
}

pub fn main() {
    let bank = Arc::new(Lock::new(Accounts { savings: 100, current: 100 }).named("bank"));
    let saving = spawn({
        let bank = Arc::clone(&bank);
        move || transfer(&bank, 10)
    });
    let auditing = spawn({
        let bank = Arc::clone(&bank);
        move || println!("in total: {}", total(&bank))
    });
    let withdrawing = spawn({
        let bank = Arc::clone(&bank);
        move || transfer(&bank, -20)
    });
    saving.join().expect("10 were saved");
    auditing.join().expect("the accounts were looked at");
    withdrawing.join().expect("20 were withdrawn");
    let accounts = bank.lock();
    println!("savings = {}, current = {}", accounts.savings, accounts.current);
}

/// Moves an amount from current to savings, or back if it is negative.
fn transfer(bank: &Lock<Accounts>, amount: i32) {
    let mut accounts = bank.lock();
    accounts.current -= amount;
    accounts.savings += amount;
}

fn total(bank: &Lock<Accounts>) -> i32 {
    let accounts = bank.lock();
    accounts.savings + accounts.current
}
