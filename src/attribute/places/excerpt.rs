//! A few lines of code as they were run.

use super::position::{Position, byte};
use crate::model::{CodeLocation, Excerpt, Script};

/// Lines before and after the culprit's.
const AROUND: usize = 2;

/// Characters of a line; minified bundles have all their code in one.
const WIDTH: usize = 160;

/// Of a line that is cut, so many characters stand before the culprit's column.
const BEFORE: usize = 60;

/// The lines around the code; the beginning of the script where the code's place in it is not known.
pub fn excerpt(script: &Script, lines: &[&str], code: &CodeLocation) -> Option<Excerpt> {
    let position = Position::of(script, code).filter(|at| at.line < lines.len());
    let known = position.is_some();
    // Code without a URL has no other name than its text.
    if !known && !script.url.is_empty() {
        return None;
    }
    let at = position.unwrap_or(Position { line: 0, column: 0 });
    let first = at.line.saturating_sub(AROUND);
    let last = (at.line + AROUND).min(lines.len().checked_sub(1)?);
    let (own, column) = cut(lines.get(at.line)?, at.column);
    let shown = lines.get(first..=last)?.iter().enumerate();
    let shown = shown.map(|(nth, line)| {
        if first + nth == at.line {
            own.clone()
        } else {
            cut(line, 0).0
        }
    });
    Some(Excerpt {
        line: script
            .line
            .max(1)
            .saturating_add(u32::try_from(first).ok()?),
        lines: shown.collect(),
        at: at.line - first,
        column: if known {
            u32::try_from(column).ok()?
        } else {
            0
        },
    })
}

/// A line within the width, and the column's place in it, from 1. Ellipses stand for what was cut off.
fn cut(line: &str, column: usize) -> (String, usize) {
    let target = byte(line, column);
    let before = line[..target].chars().count();
    let length = before + line[target..].chars().take(WIDTH + 1).count();
    if length <= WIDTH {
        return (line.to_owned(), before + 1);
    }
    let from = before.saturating_sub(BEFORE);
    let mut out = String::new();
    if from > 0 {
        out.push('…');
    }
    let room = WIDTH - 2;
    out.extend(line.chars().skip(from).take(room));
    if line.chars().nth(from + room).is_some() {
        out.push('…');
    }
    (out, before - from + usize::from(from > 0) + 1)
}

#[cfg(test)]
mod tests {
    use super::super::position::lines;
    use super::*;

    fn of(source: &str, line: u32, column: u32) -> Option<Excerpt> {
        let script = Script {
            url: "https://cdn.example/t.js".into(),
            line: 1,
            column: 1,
            ..Script::default()
        };
        let code = CodeLocation {
            line,
            column,
            ..CodeLocation::default()
        };
        excerpt(&script, &lines(source), &code)
    }

    #[test]
    fn five_lines_stand_around_the_culprit() {
        let source = "1\n2\n3\n\tfour(\n5\n6\n7";
        let excerpt = of(source, 4, 2).unwrap();
        assert_eq!(excerpt.lines, ["2", "3", "\tfour(", "5", "6"]);
        assert_eq!((excerpt.line, excerpt.at, excerpt.column), (2, 2, 2));
        let first = of(source, 1, 1).unwrap();
        assert_eq!((first.line, first.at, first.lines.len()), (1, 0, 3));
        assert_eq!(of(source, 99, 1), None);
        assert_eq!(of(source, 0, 0), None);
    }

    #[test]
    fn long_lines_are_cut_around_the_column() {
        let source = format!(
            "{}onScroll=function(){}",
            "é;".repeat(5000),
            "x;".repeat(5000)
        );
        let at = source.chars().position(|c| c == '(').unwrap();
        let excerpt = of(&source, 1, u32::try_from(at).unwrap() + 1).unwrap();
        let line: Vec<char> = excerpt.lines[0].chars().collect();
        assert!(line.len() <= WIDTH && line[0] == '…' && line[line.len() - 1] == '…');
        assert_eq!(line[excerpt.column as usize - 1], '(');
    }

    #[test]
    fn code_without_a_url_shows_its_beginning() {
        let script = Script {
            url: String::new(),
            ..Script::default()
        };
        let lines = lines("for(;;);\nnext");
        let excerpt = excerpt(&script, &lines, &CodeLocation::default()).unwrap();
        assert_eq!((excerpt.at, excerpt.column), (0, 0));
        assert_eq!(excerpt.lines, ["for(;;);", "next"]);
    }
}
