//! Texts that a page controls, made fit for a sentence.

use crate::model::CodeLocation;

/// Longer names and addresses are cut: a page may make them of any length.
const LONGEST_TEXT: usize = 2000;

/// A location whose texts are of bounded length.
pub fn bounded(code: &CodeLocation) -> CodeLocation {
    CodeLocation {
        url: cut(&code.url, LONGEST_TEXT),
        function: cut(&code.function, LONGEST_TEXT),
        ..*code
    }
}

/// A location for a sentence: short, and without characters that would change how the sentence is read.
pub fn shown(code: &CodeLocation) -> String {
    let code = CodeLocation {
        url: printable(&code.url, 160),
        function: printable(&code.function, 60),
        ..*code
    };
    code.to_string()
}

/// A text for a sentence: at most so many characters, none of which changes how the sentence is read.
pub fn printable(text: &str, most: usize) -> String {
    let visible = |c: char| {
        if c.is_control() || is_bidi(c) {
            '\u{fffd}'
        } else {
            c
        }
    };
    cut(text, most).chars().map(visible).collect()
}

/// <https://unicode.org/reports/tr9/#Directional_Formatting_Characters>
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

pub fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}
