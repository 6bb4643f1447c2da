//! Wrong: there are two dancers, `b` and `c`; nobody is called `d`.

use std::sync::Arc;

use threadcraft::prelude::*;

pub const SCHEDULE: &str = "ab2d";

/// Where two wait for each other: who comes first waits to be let through by the second.
struct Gate {
    here: Lock<u32>,
    through: Semaphore,
}

impl Gate {
    fn wait(&self, name: &str) {
        let mut here = self.here.lock();
        *here += 1;
        if *here == 2 {
            *here = 0;
            self.through.release(1);
        } else {
            drop(here);
            println!("{name} waits");
            self.through.acquire().forget();
        }
    }
}

pub fn main() {
    let gate = Arc::new(Gate { here: Lock::new(0).named("here"), through: Semaphore::new(0).named("through") });
    let dancers = ["Ada", "Ben"].map(|name| {
        let gate = Arc::clone(&gate);
        spawn(move || dance(name, &gate))
    });
    for dancer in dancers {
        dancer.join().expect("the dance is over");
    }
}

/// Two figures, each begun together.
fn dance(name: &str, gate: &Gate) {
    for figure in 1..=2 {
        gate.wait(name);
        println!("{name}: figure {figure}");
        // A breath; whoever likes goes on.
        yield_now();
    }
}
