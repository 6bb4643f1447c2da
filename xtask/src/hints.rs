//! The hints of an exercise: three rungs, `look`, `idea` and `tool`, each a section of hints.md. A rung may have other
//! words where the last verdict says what went wrong: `## look: not-broken, bad-schedule` beside `## look`.

use crate::verdict::Verdict;

/// The rungs, in the order of climbing: the heading in hints.md, and what people read.
pub(crate) const RUNGS: [(&str, &str); 3] = [("look", "where to look"), ("idea", "the idea"), ("tool", "the tool")];

/// A section of hints.md.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Section<'a> {
    line: usize,
    /// What stands after `## `.
    heading: &'a str,
    text: &'a str,
}

impl<'a> Section<'a> {
    fn rung(&self) -> &'a str {
        self.heading.split(':').next().unwrap_or_default().trim()
    }

    /// The verdicts that it is for; none of them if it is for all that no other is for.
    fn verdicts(&self) -> Vec<&'a str> {
        let (_, list) = self.heading.split_once(':').unwrap_or_default();
        list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect()
    }

    fn is_for(&self, verdict: Option<Verdict>) -> bool {
        verdict.is_some_and(|verdict| self.verdicts().contains(&verdict.name()))
    }
}

fn sections(text: &str) -> Vec<Section<'_>> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if line.starts_with("## ") {
            starts.push((index + 1, at));
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).map(|&(_, at)| at).chain([text.len()]);
    let section = |(&(line, start), end): (&(usize, usize), usize)| {
        let (heading, rest) = text[start + 3..end].split_once('\n').unwrap_or((&text[start + 3..end], ""));
        Section { line, heading: heading.trim(), text: rest.trim() }
    };
    starts.iter().zip(ends).map(section).collect()
}

/// The words of a rung for this verdict, and the heading that they stand under.
pub(crate) fn rung<'a>(text: &'a str, rung: &str, verdict: Option<Verdict>) -> Option<(&'a str, &'a str)> {
    let mut all = sections(text);
    all.retain(|section| section.rung() == rung);
    let own = all.iter().find(|section| section.is_for(verdict));
    let section = own.or_else(|| all.iter().find(|section| section.verdicts().is_empty()))?;
    Some((section.heading, section.text))
}

/// What is wrong with the headings, and in which lines.
pub(crate) fn faults(text: &str) -> Vec<(usize, String)> {
    let sections = sections(text);
    let plain: Vec<&str> =
        sections.iter().filter(|section| section.verdicts().is_empty()).map(|section| section.heading).collect();
    let mut faults = Vec::new();
    if plain != RUNGS.map(|(rung, _)| rung) {
        faults.push((0, format!("its headings must be `## look`, `## idea` and `## tool`; they are {plain:?}")));
    }
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for section in sections.iter().filter(|section| !section.verdicts().is_empty()) {
        if !RUNGS.iter().any(|(rung, _)| *rung == section.rung()) {
            faults.push((section.line, format!("`{}` is no rung: `look`, `idea` or `tool`", section.rung())));
        }
        for name in section.verdicts() {
            if let Err(unknown) = name.parse::<Verdict>() {
                faults.push((section.line, unknown.to_string()));
            }
            if seen.contains(&(section.rung(), name)) {
                let what = format!("`{}` has words for `{name}` already: leave it out here", section.rung());
                faults.push((section.line, what));
            }
            seen.push((section.rung(), name));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "## look\n\nhere\n\n## look: not-broken, bad-schedule\n\nbreak it\n\n## idea\nso\n## tool\nthis";

    fn words(name: &str, verdict: Option<Verdict>) -> Option<&'static str> {
        rung(TEXT, name, verdict).map(|(_, text)| text)
    }

    #[test]
    fn the_verdict_chooses_the_words_where_there_are_some_for_it() {
        assert_eq!(words("look", Some(Verdict::NotBroken)), Some("break it"));
        assert_eq!(words("look", Some(Verdict::BadSchedule)), Some("break it"));
        assert_eq!(words("look", Some(Verdict::Deadlock)), Some("here"));
        assert_eq!(words("look", None), Some("here"));
        assert_eq!(words("idea", Some(Verdict::NotBroken)), Some("so"));
        assert_eq!(words("tool", None), Some("this"));
        assert_eq!(words("else", None), None);
        assert_eq!(rung(TEXT, "look", None).map(|(heading, _)| heading), Some("look"));
    }

    #[test]
    fn headings_that_are_missing_misspelt_or_doubled_are_told_with_their_lines() {
        assert_eq!(faults(TEXT), []);
        let told =
            |text: &str| faults(text).into_iter().map(|(line, what)| format!("{line}: {what}")).collect::<Vec<_>>();
        assert!(told(&TEXT.replace("## idea", "## thought"))[0].starts_with("0: its headings must be"));
        let misspelt = told(&TEXT.replace("not-broken", "not-borken"));
        assert!(
            misspelt.len() == 1 && misspelt[0].starts_with("5: ") && misspelt[0].contains("not-borken"),
            "{misspelt:?}"
        );
        assert!(told(&TEXT.replace("look: not", "lok: not"))[0].starts_with("5: `lok` is no rung"));
        assert!(told(&format!("{TEXT}\n## look: not-broken\nagain"))[0].starts_with("13: `look` has words for"));
    }
}
