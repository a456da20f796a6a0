//! A function's name from the code before its opening bracket, where V8 gives none or an odd one.
//!
//! V8 names a function without a name by what it sees around it (`n.addEventListener.passive`), and places every
//! function at the opening bracket of its parameters.

use super::position::{Position, byte};

/// So much code before the bracket can hold a name.
const NEAR: usize = 200;

/// A name for the function at `position`, if V8's is empty or odd and the code has only one.
pub fn better(lines: &[&str], position: &Position, name: &str) -> Option<String> {
    if !is_odd(name) {
        return None;
    }
    let line = lines.get(position.line)?;
    let at = byte(line, position.column);
    let found = named(&line[..at], &line[at..])?;
    // `Recorder.onScroll` says more than `onScroll`.
    let says_so = name.rsplit('.').next() == Some(found);
    (!says_so).then(|| found.to_owned())
}

fn is_odd(name: &str) -> bool {
    name.is_empty() || !name.chars().all(is_part)
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '#')
}

/// The name of the function whose parameters begin with `after`: declared, assigned, a property or a method.
fn named<'t>(before: &'t str, after: &str) -> Option<&'t str> {
    let from = before.len().saturating_sub(NEAR);
    let from = before.floor_char_boundary(from);
    let before = before[from..].trim_end();
    // An arrow function may have a single parameter without brackets.
    let bracket = after.starts_with('(');
    let (rest, word) = last_word(before);
    match word {
        "function" => assigned(without(rest, "async")),
        "async" => assigned(rest),
        "" if before.ends_with('*') => {
            let rest = before.trim_end_matches('*').trim_end();
            let (rest, word) = last_word(rest);
            (word == "function")
                .then(|| assigned(without(rest, "async")))
                .flatten()
        }
        "" => assigned(before),
        word if !bracket || is_keyword(word) => None,
        // `function name(`, `name(`, `get name(`.
        word => {
            let begins_with_digit = word.starts_with(|c: char| c.is_numeric());
            let after_dot = rest.ends_with('.');
            (!begins_with_digit && !after_dot).then_some(word)
        }
    }
}

/// The name that a function expression is given: `name =`, `name:`.
fn assigned(before: &str) -> Option<&str> {
    let before = before.trim_end();
    let target = match before.strip_suffix('=') {
        // Not `==`, `=>`, `<=`, `+=`.
        Some(target) if !target.ends_with(['=', '!', '<', '>', '+', '-', '|', '&', '?']) => target,
        _ => before.strip_suffix(':')?,
    };
    let (rest, word) = last_word(target.trim_end());
    let conditional = before.ends_with(':') && rest.trim_end().ends_with('?');
    let sound = !word.is_empty() && !conditional && !word.starts_with(|c: char| c.is_numeric());
    (sound && !is_keyword(word)).then_some(word)
}

fn without<'t>(text: &'t str, word: &str) -> &'t str {
    let text = text.trim_end();
    text.strip_suffix(word).unwrap_or(text)
}

/// What stands before the last word, and the word.
fn last_word(text: &str) -> (&str, &str) {
    let start = text.trim_end_matches(is_part).len();
    text.split_at(start)
}

fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "if" | "for"
            | "while"
            | "switch"
            | "catch"
            | "with"
            | "return"
            | "typeof"
            | "void"
            | "new"
            | "in"
            | "of"
            | "case"
            | "default"
            | "else"
            | "do"
            | "await"
            | "yield"
            | "delete"
            | "instanceof"
            | "throw"
            | "super"
            | "import"
            | "export"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bracket is the one marked by a vertical line before it.
    fn of(code: &str, name: &str) -> Option<String> {
        let at = code.find('¦').unwrap();
        let code = code.replace('¦', "");
        let position = Position {
            line: 0,
            column: code[..at].encode_utf16().count(),
        };
        better(&[&code], &position, name)
    }

    #[test]
    fn names_stand_before_the_bracket() {
        for (code, name) in [
            ("!function(){onScroll=function¦(e){}", Some("onScroll")),
            ("a.b.onScroll = async function ¦(e)", Some("onScroll")),
            ("{measure:function¦()", Some("measure")),
            ("var t=1,later=¦()=>{}", Some("later")),
            ("const one = async ¦(x) => 1", Some("one")),
            ("later=¦e=>{}", Some("later")),
            ("class A{onScroll¦(e){", Some("onScroll")),
            ("class A{get size¦(){", Some("size")),
            ("function t¦(e)", Some("t")),
            ("gen=function*¦()", Some("gen")),
            ("addEventListener('scroll',function¦(e)", None),
            ("addEventListener('scroll',¦()=>1", None),
            ("x==function¦()", None),
            ("a?b:function¦()", None),
            ("return function¦()", None),
            ("if¦(a)", None),
            ("(function¦()", None),
            ("¦()", None),
        ] {
            assert_eq!(of(code, "").as_deref(), name, "{code}");
        }
    }

    #[test]
    fn sound_names_and_those_that_say_more_stay() {
        assert_eq!(of("onScroll=function¦(e)", "handler"), None);
        assert_eq!(of("onScroll=function¦(e)", "Recorder.onScroll"), None);
        let odd = of("a=1,onScroll=function¦(e)", "n.addEventListener.passive");
        assert_eq!(odd.as_deref(), Some("onScroll"));
    }
}
