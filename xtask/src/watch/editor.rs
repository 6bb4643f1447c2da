//! Opens the learner's file in their editor, at the line that the verdict speaks of.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::process;

/// How an editor is told a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `+31 file`
    Plus,
    /// `-g file:31`
    Goto,
    /// `file:31`
    Colon,
    /// The file alone.
    File,
}

/// The editor that is asked for, in this order: by the command line, `$VISUAL`, `$EDITOR`, VS Code.
pub(super) fn chosen(asked: Option<&str>) -> Option<String> {
    let variable = |name: &str| env::var(name).ok().filter(|value| !value.trim().is_empty());
    let code = || {
        let paths = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&paths).any(|folder| folder.join("code").is_file()).then(|| "code".to_owned())
    };
    asked.map(str::to_owned).or_else(|| variable("VISUAL")).or_else(|| variable("EDITOR")).or_else(code)
}

/// The command that opens a file. The editor is a piece of shell, as everywhere; `{file}` and `{line}` in it are
/// filled in, and if there is no `{file}` the file comes last.
pub(super) fn command(editor: &str, file: &Path, line: Option<u32>) -> Command {
    let mut command = Command::new("sh");
    if editor.contains("{file}") {
        let line = line.unwrap_or(1).to_string();
        let script = editor.replace("{file}", "\"$1\"").replace("{line}", "\"$2\"");
        command.arg("-c").arg(script).arg(editor).arg(file).arg(line);
    } else {
        command.arg("-c").arg(format!("{editor} \"$@\"")).arg(editor).args(arguments(form(editor), file, line));
    }
    // An editor goes on when the check, or we, are over.
    process::spare(&mut command);
    command
}

/// How the editors that are known are told a line.
fn form(editor: &str) -> Form {
    let program = editor.split_whitespace().next().unwrap_or_default();
    match Path::new(program).file_name().and_then(|name| name.to_str()).unwrap_or_default() {
        "vi" | "vim" | "nvim" | "gvim" | "nano" | "emacs" | "emacsclient" | "kak" | "micro" | "joe" => Form::Plus,
        "code" | "code-insiders" | "codium" | "cursor" | "windsurf" => Form::Goto,
        "hx" | "helix" | "subl" | "zed" => Form::Colon,
        _ => Form::File,
    }
}

fn arguments(form: Form, file: &Path, line: Option<u32>) -> Vec<String> {
    let file = file.display().to_string();
    match (form, line) {
        (Form::Plus, Some(line)) => vec![format!("+{line}"), file],
        (Form::Goto, Some(line)) => vec!["-g".to_owned(), format!("{file}:{line}")],
        (Form::Colon, Some(line)) => vec![format!("{file}:{line}")],
        (Form::File, _) | (_, None) => vec![file],
    }
}

/// The first line of a file that a text names, as in `a/b.rs:31:24`.
pub(super) fn line_in(text: &str, file: &str) -> Option<u32> {
    let after = text.split(&format!("{file}:")).nth(1)?;
    let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    after[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_editor_is_told_the_line_in_its_own_way() {
        let told = |editor: &str| arguments(form(editor), Path::new("/w/a.rs"), Some(7)).join(" ");
        assert_eq!(told("/usr/bin/nvim -p"), "+7 /w/a.rs");
        assert_eq!(told("code --wait"), "-g /w/a.rs:7");
        assert_eq!(told("hx"), "/w/a.rs:7");
        assert_eq!(told("ed"), "/w/a.rs");
        assert_eq!(arguments(Form::Plus, Path::new("a.rs"), None), ["a.rs"]);
    }

    #[test]
    fn an_editor_is_shell_and_its_file_may_have_any_name() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("my file.rs");
        std::fs::write(&file, "").expect("written");
        for editor in ["printf '%s' > \"$OUT\"", "printf '%s:%s' {file} {line} > \"$OUT\""] {
            let out = folder.path().join("out");
            let status = command(editor, &file, Some(3)).env("OUT", &out).status().expect("there is a shell");
            assert!(status.success(), "{editor}");
            let said = std::fs::read_to_string(&out).expect("written");
            assert!(said.starts_with(&file.display().to_string()), "{editor}: {said}");
        }
    }

    #[test]
    fn the_line_is_that_of_the_first_place_in_the_file() {
        assert_eq!(line_in("error\n --> w/b.rs:3:1\n --> w/a.rs:31:24\n w/a.rs:9", "w/a.rs"), Some(31));
        assert_eq!(line_in("nothing of w/a.rs", "w/a.rs"), None);
    }
}
