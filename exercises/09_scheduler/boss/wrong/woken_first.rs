//! Wrong: whoever was woken goes in at once, so nobody slips in before.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "ab4c3b5c3d";

/// A vault for one, with a hall for two before it.
struct Vault {
    hall: Semaphore,
    busy: Lock<bool>,
    free: Condition,
}

pub fn main() {
    let vault = Arc::new(Vault {
        hall: Semaphore::new(2).named("hall"),
        busy: Lock::new(false).named("busy"),
        free: Condition::new().named("free"),
    });
    let guards = ["Ada", "Ben", "Cy"].map(|name| {
        let vault = Arc::clone(&vault);
        spawn(move || visit(name, &vault))
    });
    for guard in guards {
        guard.join().expect("the guard has come out");
    }
}

fn visit(name: &str, vault: &Vault) {
    let _place = vault.hall.acquire();
    let mut busy = vault.busy.lock();
    if *busy {
        vault.free.wait(&mut busy);
    }
    *busy = true;
    drop(busy);

    println!("{name} goes in");
    println!("{name} comes out");

    let mut busy = vault.busy.lock();
    *busy = false;
    vault.free.notify_one(&mut busy);
}
