//! No deadlock, and whoever looks at the slip finds the sum of its prices.

use threadcraft_harness::{Check, Execution, Program, facts};

pub fn check(check: &mut Check) {
    check.explore(
        Program::new("every schedule", crate::learner::main)
            .threads(2)
            .alive_at_once(2)
            .shares_with_main(2)
            .every_schedule("whoever looks finds the sum of the prices", sums_are_right)
            .main_speaks_last()
            .main_ends_with("main: [3, 4] makes 7"),
    );
}

fn sums_are_right(execution: &Execution) -> Result<(), String> {
    let mut inspected = false;
    for line in facts::lines(execution) {
        let (who, found) = line.split_once(": ").ok_or_else(|| format!("`{line}` is printed"))?;
        if !matches!(found, "[] makes 0" | "[3] makes 3" | "[3, 4] makes 7") {
            return Err(format!("the {who} finds {found}"));
        }
        inspected |= who == "inspector";
    }
    if inspected { Ok(()) } else { Err("the inspector does not look".to_owned()) }
}
