//! Coloured text, as the renderer and rustc write it, as styled lines of a screen.

use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};

/// The lines of a text with escape codes for colours; other codes are left out.
pub(crate) fn lines(text: &str) -> Vec<Line<'static>> {
    let mut style = Style::default();
    text.lines().map(|line| Line::from(spans(line, &mut style))).collect()
}

/// The pieces of one line; the style goes on in the next.
fn spans(line: &str, style: &mut Style) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let mut rest = line;
    let mut put = |text: &str, style: Style| {
        if !text.is_empty() {
            spans.push(Span::styled(text.replace('\t', "    "), style));
        }
    };
    while let Some(start) = rest.find("\u{1b}[") {
        put(&rest[..start], *style);
        let code = &rest[start + 2..];
        let Some(end) = code.find(|c: char| ('@'..='~').contains(&c)) else { return spans };
        if code[end..].starts_with('m') {
            *style = applied(*style, &code[..end]);
        }
        rest = &code[end + 1..];
    }
    put(rest, *style);
    spans
}

/// A style after the codes of one sequence, such as `1;38;5;9`.
fn applied(mut style: Style, codes: &str) -> Style {
    let mut codes = codes.split(';').map(|code| code.parse::<u8>().unwrap_or(0));
    while let Some(code) = codes.next() {
        style = match code {
            0 => Style::default(),
            1 => style.add_modifier(Modifier::BOLD),
            2 => style.add_modifier(Modifier::DIM),
            3 => style.add_modifier(Modifier::ITALIC),
            4 => style.add_modifier(Modifier::UNDERLINED),
            30..=37 => style.fg(Color::Indexed(code - 30)),
            90..=97 => style.fg(Color::Indexed(code - 90 + 8)),
            39 => Style { fg: None, ..style },
            38 => match (codes.next(), codes.next()) {
                (Some(5), Some(index)) => style.fg(Color::Indexed(index)),
                _ => style,
            },
            _ => style,
        };
    }
    style
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_become_styles_and_the_text_stays() {
        let lines = lines("\u{1b}[1;91merror\u{1b}[0m: x\n\u{1b}[38;5;12m-->\u{1b}[2K a\tb");
        let text: Vec<String> = lines.iter().map(|line| line.to_string()).collect();
        assert_eq!(text, ["error: x", "--> a    b"]);
        let error = &lines[0].spans[0];
        assert_eq!(error.style, Style::default().add_modifier(Modifier::BOLD).fg(Color::Indexed(9)));
        assert_eq!(lines[0].spans[1].style, Style::default());
        assert_eq!(lines[1].spans[0].style.fg, Some(Color::Indexed(12)));
    }

    #[test]
    fn a_style_goes_on_over_the_end_of_a_line_and_a_cut_code_is_left_out() {
        let lines = lines("\u{1b}[31mred\nstill\u{1b}[3");
        assert_eq!(lines[1].spans[0].style.fg, Some(Color::Indexed(1)));
        assert_eq!(lines[1].to_string(), "still");
    }
}
