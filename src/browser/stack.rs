//! JavaScript stacks as Chromium writes them, in traces and in the protocol.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use super::{CodeLocation, StackFrame};

/// What the scripts of the harness call themselves; no file of a page has such a URL.
pub(super) const OWN_SCRIPTS: &str = "tagperf:";

/// The one of them that stands between the page's code and what that calls.
const SPY: &str = "tagperf:spy";

/// Page-controlled text is cut: a `data:` URL can hold a whole site.
const MOST_URL: usize = 2000;
const MOST_NAME: usize = 200;

/// Whoever made something stands well within so many calls; a recursion is endless.
const MOST_FRAMES: usize = 24;

/// The number of the first line and of the first column.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Counting {
    /// The protocol's way.
    FromZero,
    /// The trace's way.
    FromOne,
}

/// One frame, or an event that names its code in the same words.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct RawFrame<'a> {
    #[serde(borrow)]
    url: Cow<'a, str>,
    #[serde(borrow, rename = "functionName")]
    function: Cow<'a, str>,
    #[serde(rename = "scriptId")]
    script: Number,
    #[serde(rename = "lineNumber")]
    line: Option<i64>,
    #[serde(rename = "columnNumber")]
    column: Option<i64>,
}

impl<'a> RawFrame<'a> {
    pub fn new(
        url: &'a str,
        function: &'a str,
        script: Number,
        line: Option<i64>,
        column: Option<i64>,
    ) -> Self {
        Self {
            url: url.into(),
            function: function.into(),
            script,
            line,
            column,
        }
    }

    pub fn read(&self, counting: Counting) -> StackFrame {
        let first = i64::from(counting == Counting::FromZero);
        let number = |value: Option<i64>| {
            let value = value.and_then(|n| n.checked_add(first));
            value.and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
        };
        StackFrame {
            code: CodeLocation {
                url: url(&self.url),
                function: name(&self.function),
                line: number(self.line),
                column: number(self.column),
            },
            script: self.script.small(),
        }
    }

    /// `None` for code without a name or a place, such as a microtask.
    pub fn location(&self, counting: Counting) -> Option<CodeLocation> {
        let code = self.read(counting).code;
        (code != CodeLocation::default()).then_some(code)
    }

    pub fn script(&self) -> u32 {
        self.script.small()
    }
}

/// A stack, innermost first.
pub(super) fn frames(stack: &[RawFrame], counting: Counting) -> Vec<StackFrame> {
    let kept = pages_own(stack).take(MOST_FRAMES);
    kept.map(|frame| frame.read(counting)).collect()
}

/// The innermost frame of the page's code.
pub(super) fn innermost<'s, 'a>(stack: &'s [RawFrame<'a>]) -> Option<&'s RawFrame<'a>> {
    pages_own(stack).next()
}

/// The harness's own scripts stand between the page's code and what that calls: they are nobody's.
fn pages_own<'s, 'a>(stack: &'s [RawFrame<'a>]) -> impl Iterator<Item = &'s RawFrame<'a>> {
    stack
        .iter()
        .filter(|frame| !frame.url.starts_with(OWN_SCRIPTS))
}

/// The page's code called what the spy stands before; Chromium then writes down the spy's frame alone.
pub(super) fn is_of_spy(stack: &[RawFrame]) -> bool {
    stack.first().is_some_and(|frame| frame.url == SPY)
}

/// A number above zero that Chromium writes as such, or as text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Number(pub u64);

impl Number {
    pub fn small(self) -> u32 {
        u32::try_from(self.0).unwrap_or(0)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a number, or text that is one")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Number, E> {
                Ok(Number(number))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Number, E> {
                Ok(Number(u64::try_from(number).unwrap_or(0)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
                Ok(Number(text.parse().unwrap_or(0)))
            }
        }
        from.deserialize_any(Either)
    }
}

pub(super) fn url(text: &str) -> String {
    cut(text, MOST_URL)
}

pub(super) fn name(text: &str) -> String {
    cut(text, MOST_NAME)
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => text[..end].into(),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(json: &str, counting: Counting) -> StackFrame {
        serde_json::from_str::<RawFrame>(json)
            .unwrap()
            .read(counting)
    }

    #[test]
    fn lines_count_from_one_whoever_counts() {
        let json =
            r#"{"scriptId":"7","url":"u","functionName":"f","lineNumber":2,"columnNumber":0}"#;
        let protocol = frame(json, Counting::FromZero);
        assert_eq!((protocol.code.line, protocol.code.column), (3, 1));
        assert_eq!(protocol.script, 7);
        assert_eq!(frame(json, Counting::FromOne).code.line, 2);
        let unknown = r#"{"scriptId":0,"lineNumber":-1,"columnNumber":-1}"#;
        assert_eq!(frame(unknown, Counting::FromZero), StackFrame::default());
    }

    #[test]
    fn the_harness_is_no_part_of_a_stack() {
        let json =
            r#"[{"url":"tagperf:spy","functionName":"apply"},{"url":"https://a.test/t.js"}]"#;
        let stack: Vec<RawFrame> = serde_json::from_str(json).unwrap();
        let innermost = innermost(&stack).unwrap().read(Counting::FromOne);
        assert_eq!(innermost.code.url, "https://a.test/t.js");
        assert_eq!(frames(&stack, Counting::FromOne), [innermost]);
        assert!(is_of_spy(&stack) && !is_of_spy(&stack[1..]) && !is_of_spy(&[]));
    }

    #[test]
    fn numbers_that_are_none_are_unknown() {
        for text in ["\"x\"", "-3", "99999999999", "\"\""] {
            assert_eq!(serde_json::from_str::<Number>(text).unwrap().small(), 0);
        }
        let long = serde_json::from_str::<Number>("\"15270780549606282404\"").unwrap();
        assert_eq!(long.0, 15_270_780_549_606_282_404);
    }

    #[test]
    fn texts_are_cut_at_a_character() {
        assert_eq!(cut("äöü", 2), "äö");
        assert_eq!(cut("äö", 2), "äö");
    }
}
