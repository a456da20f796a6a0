//! Lines and columns within a script's own text. V8 counts columns in UTF-16 units.

use crate::model::{CodeLocation, Script};

/// A place in a script's text; both from 0, the column in UTF-16 units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

impl Position {
    /// `None` for a place that is unknown or before the script's beginning.
    ///
    /// A script that stands in a document begins somewhere in it, and its code is named by the document's lines.
    pub fn of(script: &Script, code: &CodeLocation) -> Option<Self> {
        let line = code.line.checked_sub(script.line.max(1))?;
        let mut column = code.column.saturating_sub(1);
        if line == 0 {
            column = column.checked_sub(script.column.saturating_sub(1))?;
        }
        Some(Self {
            line: usize::try_from(line).ok()?,
            column: usize::try_from(column).ok()?,
        })
    }
}

/// The lines of a text as JavaScript divides them: <https://tc39.es/ecma262/#sec-line-terminators>.
pub fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\n', '\r', '\u{2028}', '\u{2029}']) {
        let (line, after) = rest.split_at(at);
        lines.push(line);
        let mut ended = after.chars();
        ended.next();
        rest = ended.as_str();
        if after.starts_with("\r\n") {
            rest = rest.strip_prefix('\n').unwrap_or(rest);
        }
    }
    lines.push(rest);
    lines
}

/// The byte of a line at which a UTF-16 column is; the line's end if it is shorter.
pub fn byte(line: &str, column: usize) -> usize {
    let mut units = 0;
    for (at, c) in line.char_indices() {
        if units >= column {
            return at;
        }
        units += c.len_utf16();
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_in_javascript() {
        assert_eq!(lines("a\nb\r\nc\rd\u{2028}e"), ["a", "b", "c", "d", "e"]);
        assert_eq!(lines(""), [""]);
        assert_eq!(lines("\n"), ["", ""]);
    }

    #[test]
    fn columns_count_utf16_units() {
        assert_eq!(byte("aé🙂b", 0), 0);
        assert_eq!(byte("aé🙂b", 2), 3);
        assert_eq!(byte("aé🙂b", 4), 7);
        assert_eq!(byte("ab", 99), 2);
    }

    #[test]
    fn code_in_a_document_is_counted_from_its_script() {
        let script = Script {
            line: 10,
            column: 9,
            ..Script::default()
        };
        let at = |line, column| {
            let code = CodeLocation {
                line,
                column,
                ..CodeLocation::default()
            };
            Position::of(&script, &code)
        };
        assert_eq!(at(10, 9), Some(Position { line: 0, column: 0 }));
        assert_eq!(at(11, 4), Some(Position { line: 1, column: 3 }));
        assert_eq!(at(10, 3), None);
        assert_eq!(at(0, 0), None);
    }
}
