//! Right: a barrier by hand, from a monitor: who is there, which coat it is, and whether somebody fell.

use std::sync::Arc;

use threadcraft::prelude::*;

pub struct Crew {
    painters: usize,
    site: Monitor<Site>,
}

struct Site {
    there: usize,
    coat: u32,
    called_off: bool,
}

impl Crew {
    pub fn new(painters: usize) -> Self {
        let site = Site { there: 0, coat: 1, called_off: false };
        Self { painters, site: Monitor::new(site).named("site") }
    }

    pub fn paint(&self, coat: impl Fn(u32)) -> bool {
        for number in 1..=3 {
            let leaving = Leaving(&self.site);
            coat(number);
            std::mem::forget(leaving);
            if !self.meet(number) {
                return false;
            }
        }
        true
    }

    /// Waits for all; false if somebody fell.
    fn meet(&self, number: u32) -> bool {
        let mut site = self.site.lock();
        site.there += 1;
        if site.there == self.painters {
            site.there = 0;
            site.coat += 1;
            site.notify_all();
        }
        site.wait_while(|site| site.coat == number && !site.called_off);
        site.coat > number
    }
}

struct Leaving<'a>(&'a Monitor<Site>);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        let mut site = self.0.lock();
        site.called_off = true;
        site.notify_all();
    }
}

pub fn main() {
    let crew = Arc::new(Crew::new(3));
    let painters = ["Ada", "Ben", "Cem"].map(|painter| {
        let crew = Arc::clone(&crew);
        spawn(move || crew.paint(|coat| println!("{painter} paints coat {coat}")))
    });
    for painter in painters {
        let finished = painter.join().expect("nobody fell off the ladder");
        println!("all coats painted: {finished}");
    }
}
