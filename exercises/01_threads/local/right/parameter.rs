//! Right: what a function needs, it is told; a parameter is as much the thread's own as can be.

use threadcraft::prelude::*;

pub fn main() {
    let [ada, ben] = ["Ada", "Ben"].map(|reader| spawn(move || slip(reader)));
    let ada = ada.join().expect("Ada was served");
    let ben = ben.join().expect("Ben was served");
    println!("Ada got {ada}, Ben got {ben}");
}

fn slip(reader: &str) -> String {
    format!("{reader}'s slip")
}
