//! Names and values in a text of any form: a query, a form, JSON.

/// Longer values are no names, keys or addresses.
const LONGEST: usize = 4096;

/// Of one text.
const MOST: usize = 5000;

/// Each name with its value, wherever the text has the shape of `name=value`, `"name":"value"`, `"name":12` or of a
/// form's part `name="name"` with its value two lines below.
pub fn pairs(text: &str) -> Vec<(&str, &str)> {
    let mut all = assigned(text);
    all.extend(quoted(text));
    all.retain(|(name, value)| !name.is_empty() && !value.is_empty() && value.len() <= LONGEST);
    all.truncate(MOST);
    all
}

/// `name=value`
fn assigned(text: &str) -> Vec<(&str, &str)> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']');
    let ends = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '&' | ';' | ',' | '"' | '\'' | '<' | '>' | '#' | '{' | '}'
            )
    };
    let found = text.match_indices('=').map(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + 1..]);
        let name = before.rfind(|c| !is_name(c)).map_or(0, |end| {
            end + before[end..].chars().next().map_or(0, char::len_utf8)
        });
        let value = after.find(ends).unwrap_or(after.len());
        (&before[name..], &after[..value])
    });
    found.take(MOST).collect()
}

/// `"name":"value"`, `"name":12`, and a form's part.
fn quoted(text: &str) -> Vec<(&str, &str)> {
    let mut parts: Vec<&str> = text.split('"').take(4 * MOST).collect();
    // A form's part has nothing quoted behind it.
    parts.push("");
    let found = parts.windows(3).enumerate().filter_map(|(at, three)| {
        let [name, between, value] = three else {
            return None;
        };
        let bare = between.trim();
        if bare == ":" {
            return Some((*name, *value));
        }
        if let Some(number) = bare.strip_prefix(':') {
            let number = number.trim_start();
            let end = number
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(number.len());
            return Some((*name, &number[..end]));
        }
        let is_form = at > 0 && parts[at - 1].ends_with("name=");
        let value = between.strip_prefix("\r\n\r\n").filter(|_| is_form)?;
        Some((*name, value.split("\r\n").next().unwrap_or(value)))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_found_in_any_form() {
        let texts = [
            "https://t.test/c?a=1&email=jane&z",
            r#"{"a":[{"email" : "jane"}]}"#,
            "--x\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\njane\r\n--x--",
            "email=jane",
        ];
        for text in texts {
            assert!(
                pairs(text).contains(&("email", "jane")),
                "{text}: {:?}",
                pairs(text)
            );
        }
        assert!(pairs(r#"{"card":4111111111111111}"#).contains(&("card", "4111111111111111")));
    }

    #[test]
    fn odd_texts_do_no_harm() {
        assert_eq!(pairs("===="), []);
        assert_eq!(pairs("é=ü\u{202e}"), [("é", "ü\u{202e}")]);
        assert_eq!(pairs("\"\"\"\""), []);
    }
}
