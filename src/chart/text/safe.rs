//! Strings that a page controls, made fit to be shown: one line, nothing invisible, no more than so many characters.

use anstream::adapter::strip_str;
use unicode_width::UnicodeWidthChar;

use crate::model::CodeLocation;

/// Two marks on a letter are an accent and its tone; more is a way to paint over the neighbours.
const MARKS_PER_LETTER: usize = 2;

/// `raw` as one line of at most `max` characters; an ellipsis stands for what was cut off.
///
/// Terminal escapes, control characters, bidirectional overrides and invisible characters are removed:
/// they could hide, reorder or repaint what stands around them. White space of any kind becomes one space.
pub fn text(raw: &str, max: usize) -> String {
    let mut out = String::new();
    let (mut length, mut marks, mut gap) = (0, 0, false);
    for c in strip_str(raw).flat_map(str::chars) {
        if c.is_whitespace() {
            gap = !out.is_empty();
            continue;
        }
        if is_hidden(c) {
            continue;
        }
        marks = if c.width() == Some(0) { marks + 1 } else { 0 };
        if marks > MARKS_PER_LETTER {
            continue;
        }
        let needed = 1 + usize::from(gap);
        if length + needed > max {
            return cut(out, length, max);
        }
        if std::mem::take(&mut gap) {
            out.push(' ');
        }
        out.push(c);
        length += needed;
    }
    out
}

/// A line of code as [`text`], with its blanks: a tab is two.
pub fn code(raw: &str, max: usize) -> String {
    let shown = |c: char| match c {
        '\t' => 2,
        c if c.is_whitespace() => 1,
        _ => 0,
    };
    let start = raw.len() - raw.trim_start().len();
    let indent: usize = raw[..start].chars().map(shown).sum();
    let indent = indent.min(max / 2);
    " ".repeat(indent) + &text(&raw[start..], max - indent)
}

/// A name as [`text`], but cut in its middle: names of a kind differ at their ends.
pub fn name(raw: &str, max: usize) -> String {
    let all = text(raw, usize::MAX);
    shorten(&all, all.chars().count(), max)
}

/// `text` of `length` characters, with an ellipsis in its middle if they are more than `max`.
pub fn shorten(text: &str, length: usize, max: usize) -> String {
    if length <= max {
        return text.to_owned();
    }
    let kept = max.saturating_sub(1);
    let tail = kept * 2 / 5;
    let head = text.chars().take(kept - tail);
    let tail = text.chars().skip(length - tail);
    head.chain(['…']).chain(tail).collect()
}

/// A URL as [`text`], without user, password, query and fragment: they may hold secrets, and a report is published.
pub fn url(raw: &str, max: usize) -> String {
    let end = raw.find(['?', '#']).unwrap_or(raw.len());
    let kept = &raw[..end];
    let kept = match kept.split_once("://") {
        Some((scheme, rest)) => {
            let authority = rest.find('/').unwrap_or(rest.len());
            let host = rest[..authority].rfind('@').map_or(0, |at| at + 1);
            format!("{scheme}://{}", &rest[host..])
        }
        None => kept.to_owned(),
    };
    text(&kept, max)
}

/// `onScroll https://cdn.example/t.js:212:9`, within about `max` characters; the line and column always stay.
pub fn place(at: &CodeLocation, max: usize) -> String {
    let function = match text(&at.function, max / 3) {
        name if name.is_empty() => "(anonymous)".into(),
        name => name,
    };
    let mut place = format!("{function} {}", url(&at.url, max * 2 / 3));
    for number in [at.line, at.column] {
        if number == 0 {
            break;
        }
        place += &format!(":{number}");
    }
    place
}

/// `text` for the text or a quoted attribute of XML and HTML.
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

fn cut(mut out: String, length: usize, max: usize) -> String {
    if length >= max {
        out.pop();
    }
    if max > 0 {
        out.push('…');
    }
    out
}

/// Controls, format characters and fillers by the Unicode character database 16.0, and what XML 1.0 does not allow.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1345f}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_repaint_or_reorder_is_gone() {
        assert_eq!(text("a\u{1b}[31mred\u{1b}[0m\u{9b}2Jb", 99), "ared2Jb");
        assert_eq!(
            text("\u{1b}]8;;https://evil.example\u{7}link\u{1b}]8;;\u{7}", 99),
            "link"
        );
        assert_eq!(
            text("abc\u{202e}fed\u{2066}x\u{200b}\u{feff}\u{e0041}y", 99),
            "abcfedxy"
        );
        assert_eq!(text("  a\r\n\tb\u{2028}c\u{a0} ", 99), "a b c");
        assert_eq!(
            text(&format!("z{}", "\u{30d}".repeat(500)), 99),
            "z\u{30d}\u{30d}"
        );
    }

    #[test]
    fn long_strings_end_in_an_ellipsis() {
        assert_eq!(text("heatmap", 7), "heatmap");
        assert_eq!(text("heatmaps", 7), "heatma…");
        assert_eq!(text("heat map", 5), "heat…");
        assert_eq!(text("abc", 0), "");
        assert_eq!(text(&"x".repeat(1 << 20), 40).chars().count(), 40);
    }

    #[test]
    fn code_keeps_its_indent() {
        assert_eq!(code("\t  if (a)\t{\u{202e}}", 99), "    if (a) {}");
        assert_eq!(code(&" ".repeat(500), 10), "     ");
        assert_eq!(code("", 0), "");
    }

    #[test]
    fn names_keep_both_ends() {
        assert_eq!(name("heatmap-of-partner-13", 21), "heatmap-of-partner-13");
        assert_eq!(name("heatmap-of-partner-13", 12), "heatmap…r-13");
        assert_eq!(name("abc", 0), "…");
    }

    #[test]
    fn urls_lose_their_secrets() {
        assert_eq!(
            url("https://u:p@tag.example/gtm.js?gtm_auth=s3cret#x", 99),
            "https://tag.example/gtm.js"
        );
        assert_eq!(
            url("https://tag.example/a@b.js#x", 99),
            "https://tag.example/a@b.js"
        );
        assert_eq!(url("", 99), "");
    }

    #[test]
    fn a_place_keeps_line_and_column() {
        let mut at = CodeLocation {
            url: "https://cdn.example/t.js".into(),
            function: String::new(),
            line: 212,
            column: 9,
        };
        assert_eq!(place(&at, 90), "(anonymous) https://cdn.example/t.js:212:9");
        at.function = "f".repeat(5000);
        at.url = "https://".to_owned() + &"u".repeat(5000);
        assert!(place(&at, 90).ends_with("…:212:9"));
        assert!(place(&at, 90).chars().count() < 110);
        (at.line, at.column) = (0, 0);
        assert!(place(&at, 90).ends_with("…"));
    }
}
