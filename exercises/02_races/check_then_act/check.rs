//! Both are paid on the learner's schedule; then one is, on every schedule, and nobody ever sees a debt.

use threadcraft_harness::{Check, Execution, Goal, Program, facts};

pub fn check(check: &mut Check) {
    let goal = Goal::happens("both are paid", |execution| {
        execution.printed_by(0).last().is_some_and(|line| line.starts_with("paid 2 times"))
    });
    check.break_it(crate::given::main, crate::learner::SCHEDULE, goal);
    check.explore(
        Program::new("every schedule", crate::learner::main)
            .threads(2)
            .alive_at_once(2)
            .shares_with_main(2)
            .every_schedule("the balance is never below 0", never_below_zero)
            .main_ends_with("paid 1 times, balance = 20"),
    );
}

fn never_below_zero(execution: &Execution) -> Result<(), String> {
    let Some(meanwhile) = facts::lines(execution).find(|line| line.starts_with("meanwhile: ")) else {
        return Err("main does not print `meanwhile: …`".to_owned());
    };
    match facts::lines(execution).find(|line| line.contains(" -") || line.contains("= -")) {
        Some(debt) => Err(format!("main prints `{debt}`")),
        None if meanwhile["meanwhile: ".len()..].parse::<i32>().is_err() => {
            Err(format!("main prints `{meanwhile}`, and not the balance"))
        }
        None => Ok(()),
    }
}
