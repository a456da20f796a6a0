//! What a scenario types into the page.

use super::Evidence;
use crate::model::StepRecord;

/// One step's keys.
pub struct Typed<'v> {
    pub text: String,
    /// The field, as a selector: `#email`.
    pub into: &'v str,
    pub step: &'v StepRecord,
}

impl<'v> Evidence<'v> {
    /// What the scenario types, in order.
    pub fn typed(&self) -> impl Iterator<Item = Typed<'v>> {
        self.steps("type").filter_map(typed)
    }
}

/// The step in words: `type "shoes" into #search`, the text as Rust quotes it.
fn typed(step: &StepRecord) -> Option<Typed<'_>> {
    let quoted = step.text.strip_prefix("type \"")?;
    let mut text = String::new();
    let mut rest = quoted.chars();
    loop {
        match rest.next()? {
            '"' => break,
            '\\' => text.push(match rest.next()? {
                'n' => '\n',
                't' => '\t',
                'u' => unicode(&mut rest)?,
                plain => plain,
            }),
            plain => text.push(plain),
        }
    }
    let into = rest.as_str().strip_prefix(" into ")?;
    Some(Typed { text, into, step })
}

/// `{e9}`
fn unicode(rest: &mut std::str::Chars) -> Option<char> {
    let (hex, after) = rest.as_str().strip_prefix('{')?.split_once('}')?;
    *rest = after.chars();
    char::from_u32(u32::from_str_radix(hex, 16).ok()?)
}

/// A step as a finding may name it: without what was typed.
pub fn discreet(step: &StepRecord) -> String {
    match typed(step) {
        Some(typed) => format!("type … into {}", typed.into),
        None if step.kind == "type" => "type".into(),
        None => step.text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(text: &str) -> StepRecord {
        StepRecord {
            text: text.into(),
            kind: "type".into(),
            ..StepRecord::default()
        }
    }

    #[test]
    fn what_was_typed_is_read_from_the_steps_words() {
        let said = |text: &str| format!("type {text:?} into #field");
        for text in ["jane@mail.test", "a \" b \\ c", "tab\tand \u{7f}\u{e9}", ""] {
            let step = step(&said(text));
            let typed = typed(&step).unwrap();
            assert_eq!((typed.text.as_str(), typed.into), (text, "#field"));
        }
        assert!(typed(&step("type nothing")).is_none());
        assert!(typed(&step("type \"cut")).is_none());
    }

    #[test]
    fn a_finding_does_not_say_what_was_typed() {
        let email = step("type \"jane@mail.test\" into input[name=\"e\"]");
        assert_eq!(discreet(&email), "type … into input[name=\"e\"]");
        assert_eq!(discreet(&step("type \"jane@mail.test")), "type");
    }
}
