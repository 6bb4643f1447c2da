//! `explain`: a page on each verdict, in `xtask/explain`: what it means, a small program that gets it, and what to do.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use colored::Colorize as _;

use crate::exit::Exit;
use crate::places::Places;
use crate::show::markdown;
use crate::verdict::Verdict;

/// Runs the command.
pub(crate) fn run(places: &Places, verdict: Option<Verdict>) -> anyhow::Result<Exit> {
    let Some(verdict) = verdict else {
        let width = Verdict::ALL.iter().map(|verdict| verdict.name().len()).max().unwrap_or(0);
        for verdict in Verdict::ALL {
            println!("{}  {}", format!("{verdict:width$}").bold(), verdict.meaning());
        }
        println!("\na page on each: cargo xtask explain VERDICT");
        return Ok(Exit::Success);
    };
    let file = page(places, verdict);
    let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", places.shown(&file)))?;
    println!("{}", markdown(&text).trim_end());
    Ok(Exit::Success)
}

fn page(places: &Places, verdict: Verdict) -> PathBuf {
    places.root.join(format!("xtask/explain/{verdict}.md"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_has_a_page_with_its_name_and_meaning() {
        let places = Places::find();
        for &verdict in Verdict::ALL {
            let text = fs::read_to_string(page(&places, verdict)).expect("a page");
            let title = format!("# {verdict}: {}\n", verdict.meaning());
            assert!(text.starts_with(&title), "the page on `{verdict}` must begin with `{}`", title.trim_end());
            assert!(text.contains("\n## What to do\n"), "{verdict}");
        }
        let pages = fs::read_dir(places.root.join("xtask/explain")).expect("the pages").count();
        assert_eq!(pages, Verdict::ALL.len(), "a page on no verdict");
    }
}
