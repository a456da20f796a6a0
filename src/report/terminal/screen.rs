//! Lines of text within a width, with or without colour.

use anstyle::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::chart::text::safe;

/// Text that grows line by line.
#[derive(Debug)]
pub struct Screen {
    pub width: usize,
    colour: bool,
    text: String,
}

/// A piece of a line and its style.
pub type Piece = (String, Style);

impl Screen {
    pub fn new(width: usize, colour: bool) -> Self {
        Self {
            width,
            colour,
            text: String::new(),
        }
    }

    pub fn done(self) -> String {
        self.text
    }

    pub fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A line of pieces as they are.
    pub fn line(&mut self, pieces: &[Piece]) {
        let mut line = String::new();
        for (text, style) in pieces {
            if self.colour && !text.trim().is_empty() {
                line += &format!("{style}{text}{style:#}");
            } else {
                line += text;
            }
        }
        self.text += line.trim_end();
        self.text.push('\n');
    }

    /// A paragraph for each text, see [`Screen::item`].
    pub fn items(&mut self, texts: &[String]) {
        for text in texts {
            self.item(text, Style::new());
        }
    }

    /// A paragraph that begins with a dash.
    pub fn item(&mut self, text: &str, style: Style) {
        let lines = wrap(text, self.width.saturating_sub(4));
        for (at, line) in lines.into_iter().enumerate() {
            let lead = if at == 0 { "  - " } else { "    " };
            self.line(&[(lead.into(), Style::new()), (line, style)]);
        }
    }

    /// A paragraph behind `pieces`, which are `indent` columns wide; its further lines stand as far in.
    pub fn pieces_then(&mut self, pieces: &[Piece], text: &str, indent: usize) {
        let mut lines = wrap(text, self.width.saturating_sub(indent)).into_iter();
        let mut first = pieces.to_vec();
        first.push((lines.next().unwrap_or_default(), Style::new()));
        self.line(&first);
        for line in lines {
            self.line(&[(" ".repeat(indent), Style::new()), (line, Style::new())]);
        }
    }

    /// A paragraph of which every line stands `indent` spaces in.
    pub fn indented(&mut self, text: &str, indent: usize, style: Style) {
        for line in wrap(text, self.width.saturating_sub(indent)) {
            self.line(&[(" ".repeat(indent), Style::new()), (line, style)]);
        }
    }
}

/// `text` in lines of at most `width` columns.
/// A word that is longer than that keeps a line of its own: cutting it would spoil a URL.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in words(text) {
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    lines.push(line);
    lines
}

/// The words of `text`; a number and its unit are one word, and so is an interval.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let unit = word.trim_end_matches([',', ';', '.', ':', ')']);
        let unit = ["ms", "s", "B", "kB", "MB", "%"].contains(&unit);
        match words.last_mut() {
            Some(last)
                if unit && last.ends_with(|c: char| c.is_ascii_digit())
                    || word == "…" && last.starts_with('[') && !last.contains(' ')
                    || last.ends_with(" …") =>
            {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// `text` filled up with spaces to `width` columns.
pub fn pad(text: &str, width: usize, right: bool) -> String {
    let gap = " ".repeat(width.saturating_sub(text.width()));
    if right {
        gap + text
    } else {
        text.to_owned() + &gap
    }
}

/// `text` in at most `width` columns, cut at its end.
pub fn cut_end(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    for c in text.chars() {
        if short.width() + c.width().unwrap_or(0) + 1 > width {
            break;
        }
        short.push(c);
    }
    short.push('…');
    short
}

/// `text` in at most `width` columns, shortened in its middle.
pub fn cut(text: &str, width: usize) -> String {
    let length = text.chars().count();
    let mut short = text.to_owned();
    let mut max = length.min(width);
    while short.width() > width && max > 0 {
        short = safe::shorten(text, length, max);
        max -= 1;
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole() {
        let lines = wrap("one two https://a.example/very/long three", 10);
        assert_eq!(lines, ["one two", "https://a.example/very/long", "three"]);
    }

    #[test]
    fn figures_stay_whole() {
        let lines = wrap("cost +12 ms [9 … 15] of 50 ms; [ … …", 9);
        assert_eq!(lines, ["cost", "+12 ms", "[9 … 15]", "of 50 ms;", "[ … …"]);
    }

    #[test]
    fn wide_letters_count_twice() {
        assert_eq!(pad("図", 4, false), "図  ");
        assert_eq!(cut("図図図図", 5), "図図…");
        assert_eq!(cut("abc", 3), "abc");
    }
}
