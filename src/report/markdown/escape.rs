//! Strings that a page controls, for GitHub's Markdown: they shall not become markup, mentions, links or table cells.

use crate::chart::text::safe;

/// `text` as code: nothing within is markup, a mention, a reference or a link. Fit for tables.
///
/// A code span in backticks cannot hold a backtick, nor a pipe within a table; such texts become an HTML element
/// in which every sign is a character reference.
pub fn code(text: &str, max: usize) -> String {
    let text = safe::text(text, max);
    if text.is_empty() {
        return "(empty)".into();
    }
    if !text.contains(['`', '|', '\\']) {
        return format!("`{text}`");
    }
    let mut out = String::from("<code>");
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out += &format!("&#{};", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out + "</code>"
}

/// A tag's name as [`code`].
pub fn name(tag: &str) -> String {
    code(&safe::name(tag, 40), 40)
}

/// A sentence: words as they are, and as code every word that could be markup, a mention, a reference or a link.
pub fn prose(text: &str, max: usize) -> String {
    let text = safe::text(text, max);
    let words: Vec<String> = text.split(' ').map(word).collect();
    words.join(" ")
}

fn word(word: &str) -> String {
    let body = word.trim_start_matches('(');
    let body = body.trim_end_matches([')', ',', '.', ';', ':', '!', '?']);
    if is_plain(word) {
        // The bracket of an interval would begin a link.
        return word.replace('[', "\\[").replace(']', "\\]");
    }
    if body.is_empty() {
        return code(word, usize::MAX);
    }
    let start = word.len() - word.trim_start_matches('(').len();
    let (before, after) = (&word[..start], &word[start + body.len()..]);
    format!("{before}{}{after}", code(body, usize::MAX))
}

/// Letters, digits and marks that mean nothing in Markdown, but for brackets; no host name that would become a link.
fn is_plain(word: &str) -> bool {
    let bare = |c: char| c.is_alphanumeric() || !c.is_ascii() || "()[],.;:-+%/='\"!?".contains(c);
    let link = word.to_lowercase();
    let link = link.contains("www.") || link.contains("://") || link.contains("](");
    let shortcode = word.matches(':').count() > 1;
    let reference = word.to_lowercase().contains("gh-");
    word.chars().all(bare) && !link && !shortcode && !reference
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_holds_anything() {
        assert_eq!(code("heatmap", 40), "`heatmap`");
        assert_eq!(code("a|b`c", 40), "<code>a&#124;b&#96;c</code>");
        assert_eq!(code("<script>", 40), "`<script>`");
        assert_eq!(code("\u{202e}", 40), "(empty)");
    }

    #[test]
    fn sentences_stay_sentences() {
        let plain = "the effect is above the margin of 50.0 ms: +912 ms, n = 10 (98 %).";
        assert_eq!(prose(plain, 200), plain);
        assert_eq!(prose("+1 ms [0 … 2]", 99), "+1 ms \\[0 … 2\\]");
        assert_eq!(
            prose("see (runaway_scroll), now", 99),
            "see (`runaway_scroll`), now"
        );
    }

    #[test]
    fn nothing_acts() {
        for (text, expected) in [
            ("cc @team-leads!", "cc `@team-leads`!"),
            ("fixes #12 and a/b#3", "fixes `#12` and `a/b#3`"),
            (
                "see https://evil.example/x.",
                "see `https://evil.example/x`.",
            ),
            ("www.evil.example", "`www.evil.example`"),
            ("**bold** _it_ ~~no~~", "`**bold**` `_it_` `~~no~~`"),
            ("<img src=x>", "`<img` `src=x>`"),
            ("[x](y)", "`[x](y`)"),
            ("$a$ | b", "`$a$` <code>&#124;</code> b"),
            (":tada: GH-1", "`:tada`: `GH-1`"),
        ] {
            assert_eq!(prose(text, 99), expected);
        }
    }
}
