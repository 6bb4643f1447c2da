//! What can be deleted from a program: each statement that has to do with synchronisation, and each loop around one.
//!
//! The source is parsed for its places only; a deletion leaves blanks behind, so that all lines stay where they are.

use std::collections::BTreeSet;
use std::ops::Range;

use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprCall, ExprClosure, ExprMethodCall, Item, ItemFn, Stmt};

use crate::lines::line_of;

/// The calls that have to do with synchronisation: by these names, or names that begin so and go on after a `_`.
const CALLS: [&str; 24] = [
    "abort",
    "acquire",
    "cancel",
    "clear",
    "compare_exchange",
    "drop",
    "fetch",
    "forget",
    "join",
    "lock",
    "notify",
    "put",
    "release",
    "reset",
    "set",
    "shutdown",
    "store",
    "swap",
    "task_done",
    "try_acquire",
    "try_lock",
    "unlock",
    "wait",
    "wake",
];

/// Before a loop that is left in, and gone through once.
const ONCE: &str = "once: ";

/// A program with something left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Deletion {
    /// Where.
    pub(super) line: usize,
    /// What, with single spaces between its words; after `once: `, a loop that is gone through once.
    pub(super) statement: String,
    /// The rest.
    pub(super) rest: String,
}

/// All deletions of a program, in order; those of `main` too, if it counts.
pub(super) fn of(source: &str, main_counts: bool) -> syn::Result<Vec<Deletion>> {
    let file = syn::parse_file(source)?;
    let mut finder = Finder { cuts: Vec::new(), main_counts };
    finder.visit_file(&file);
    let deletion = |Cut { whole, cut, instead }: Cut| {
        let blank = |c: char| if c == '\n' { '\n' } else { ' ' };
        let gap: String = source[cut.clone()].chars().map(blank).collect();
        let rest = format!("{}{instead}{gap}{}", &source[..cut.start], &source[cut.end..]);
        let words: Vec<&str> = source[whole.clone()].split_whitespace().collect();
        let mark = if cut == whole { "" } else { ONCE };
        Deletion { line: line_of(source, whole.start), statement: format!("{mark}{}", words.join(" ")), rest }
    };
    Ok(finder.cuts.into_iter().map(deletion).collect())
}

/// One place to cut at.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cut {
    /// The bytes of the statement or loop.
    whole: Range<usize>,
    /// The bytes that go.
    cut: Range<usize>,
    /// What comes in their place.
    instead: &'static str,
}

struct Finder {
    cuts: Vec<Cut>,
    main_counts: bool,
}

impl Finder {
    fn cut(&mut self, whole: &Range<usize>, cut: Range<usize>, instead: &'static str) {
        let cut = Cut { whole: whole.clone(), cut, instead };
        if !self.cuts.contains(&cut) {
            self.cuts.push(cut);
        }
    }

    /// A loop around a synchronising call: gone altogether, or gone through once.
    fn cut_loop(&mut self, statement: &Range<usize>, expression: &Expr) {
        let (keyword, label, body, instead) = match expression {
            Expr::While(it) => (it.while_token.span, &it.label, &it.body, "if"),
            Expr::Loop(it) => (it.loop_token.span, &it.label, &it.body, ""),
            _ => return,
        };
        if calls_in(|calls| calls.visit_block(body), Depth::All) {
            self.cut(statement, statement.clone(), "");
            let start = label.as_ref().map_or(keyword.byte_range().start, |label| label.span().byte_range().start);
            self.cut(statement, start..keyword.byte_range().end, instead);
        }
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        if self.main_counts || function.sig.ident != "main" {
            visit::visit_item_fn(self, function);
        }
    }

    fn visit_block(&mut self, block: &'ast Block) {
        for statement in &block.stmts {
            let range = statement.span().byte_range();
            if !matches!(statement, Stmt::Item(_)) && calls_in(|calls| calls.visit_stmt(statement), Depth::Own) {
                self.cut(&range, range.clone(), "");
            }
            if let Stmt::Expr(expression, _) = statement {
                self.cut_loop(&range, expression);
            }
        }
        visit::visit_block(self, block);
    }

    fn visit_expr_closure(&mut self, closure: &'ast ExprClosure) {
        // A body without braces is a statement, too.
        if !matches!(*closure.body, Expr::Block(_)) && calls_in(|calls| calls.visit_expr(&closure.body), Depth::Own) {
            let range = closure.body.span().byte_range();
            self.cut(&range, range.clone(), "()");
        }
        visit::visit_expr_closure(self, closure);
    }
}

/// How far to look for a call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// Not into blocks, whose statements are looked at themselves, nor into closures.
    Own,
    /// Into blocks, but not into closures.
    All,
}

/// True if what is visited makes a call that has to do with synchronisation.
fn calls_in(look: impl FnOnce(&mut Calls), depth: Depth) -> bool {
    let mut calls = Calls { depth, names: BTreeSet::new() };
    look(&mut calls);
    let counts = |name: &String| {
        let rest = |call: &str| name.strip_prefix(call).map(|rest| rest.is_empty() || rest.starts_with('_'));
        CALLS.iter().any(|call| rest(call) == Some(true))
    };
    calls.names.iter().any(counts)
}

/// The names of what is called.
struct Calls {
    depth: Depth,
    names: BTreeSet<String>,
}

impl<'ast> Visit<'ast> for Calls {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        self.names.insert(call.method.to_string());
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(path) = &*call.func
            && let Some(last) = path.path.segments.last()
        {
            self.names.insert(last.ident.to_string());
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_block(&mut self, block: &'ast Block) {
        if self.depth == Depth::All {
            visit::visit_block(self, block);
        }
    }

    fn visit_expr_closure(&mut self, _: &'ast ExprClosure) {}

    fn visit_item(&mut self, _: &'ast Item) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<(usize, String, String)> {
        let deletions = of(source, true).expect("it can be parsed").into_iter();
        deletions.map(|it| (it.line, it.statement, it.rest.split_whitespace().collect::<Vec<_>>().join(" "))).collect()
    }

    fn statements(source: &str) -> Vec<String> {
        found(source).into_iter().map(|(_, statement, _)| statement).collect()
    }

    #[test]
    fn a_statement_goes_and_leaves_its_lines() {
        let source = "fn f() {\n    let _turn = DOOR\n        .lock();\n    work();\n}\n";
        let [deletion] = &of(source, true).expect("it can be parsed")[..] else { panic!("one") };
        assert_eq!((deletion.line, deletion.statement.as_str()), (2, "let _turn = DOOR .lock();"));
        assert_eq!(deletion.rest.lines().nth(3), Some("    work();"), "where it was");
        assert!(!deletion.rest.contains("lock") && deletion.rest.len() == source.len());
    }

    #[test]
    fn only_what_synchronises_counts_and_only_the_innermost_statement() {
        assert_eq!(statements("fn f() { lockers(); unlocked; locking.get(); println!(\"lock\"); }"), [""; 0]);
        assert_eq!(statements("fn f() { if x { c.notify_all(&mut g); } }"), ["c.notify_all(&mut g);"]);
        assert_eq!(statements("fn f() { spawn(move || { gate.wait(); go(); }); }"), ["gate.wait();"]);
        assert_eq!(
            statements("fn f() { for t in all { t.join().expect(\"ended\"); } }"),
            ["t.join().expect(\"ended\");"]
        );
        assert_eq!(statements("fn f() { fn g() { drop(guard); } }"), ["drop(guard);"]);
        assert_eq!(
            statements("impl X { fn f(&self) { self.word.store(0, Release) } }"),
            ["self.word.store(0, Release)"]
        );
    }

    #[test]
    fn a_closure_without_braces_is_a_statement() {
        let [(_, statement, rest)] = &found("fn f() { let t = spawn(move || *n.lock() += 1); }")[..] else {
            panic!("one")
        };
        assert_eq!(statement, "*n.lock() += 1");
        assert_eq!(rest, "fn f() { let t = spawn(move || () ); }");
    }

    #[test]
    fn a_loop_around_a_wait_goes_or_is_gone_through_once() {
        let source = "fn f() { 'again: while !*ready { c.wait(&mut ready); } }";
        assert!(statements(source)[1].starts_with("once: 'again: while"), "another deletion than the loop's own");
        let rests: Vec<String> = found(source).into_iter().map(|(_, _, rest)| rest).collect();
        let expected =
            ["fn f() { }", "fn f() { if !*ready { c.wait(&mut ready); } }", "fn f() { 'again: while !*ready { } }"];
        assert_eq!(rests, expected);
        assert_eq!(found("fn f() { loop { e.wait(); } }")[1].2, "fn f() { { e.wait(); } }");
        assert_eq!(found("fn f() { while e.wait_for(d) {} }").len(), 1, "in its condition");
        assert_eq!(statements("fn f() { loop { go(|| gate.wait()) } }"), ["gate.wait()"], "no loop of the closure's");
    }

    #[test]
    fn a_main_that_nobody_runs_does_not_count() {
        let source = "fn main() { a.join(); }\nfn f() { b.join(); }";
        let count = |main_counts: bool| of(source, main_counts).expect("it can be parsed").len();
        assert_eq!((count(true), count(false)), (2, 1));
    }

    #[test]
    fn what_cannot_be_parsed_is_said() {
        assert!(of("fn f( {", true).is_err());
    }
}
