//! What to say of an element that is not there: whatever may help to correct the selector.

use serde::Deserialize;

use crate::model::{Hands, StepError};
use crate::reader::nearest;

use super::{ANSWER, Target, shown};

/// What the page says of a selector.
#[derive(Deserialize)]
struct Seen {
    /// The selector is no CSS.
    invalid: bool,
    matches: u64,
    /// Of each looser selector.
    looser: Vec<u64>,
    /// Some ids of the page.
    ids: Vec<String>,
    url: String,
    title: String,
}

const LOOK: &str = "(selector, looser) => {
    const count = selector => {
        try { return document.querySelectorAll(selector).length } catch { return -1 }
    };
    const matches = count(selector);
    return {
        invalid: matches < 0,
        matches: Math.max(matches, 0),
        looser: looser.map(selector => Math.max(count(selector), 0)),
        ids: [...document.querySelectorAll('[id]')].slice(0, 500).map(element => element.id),
        url: location.href,
        title: document.title,
    };
}";

/// Why `target` was not found; `why` is what there is to say if the page does not answer.
pub(super) async fn explain(target: &Target, hands: &mut impl Hands, why: String) -> StepError {
    let looser = looser(&target.selector);
    let script = format!(
        "({LOOK})({}, {})",
        serde_json::json!(target.selector),
        serde_json::json!(looser)
    );
    let seen = match hands.evaluate(&script, ANSWER).await {
        Ok(value) => serde_json::from_value::<Seen>(value).ok(),
        Err(StepError::Unmet(_)) => None,
        Err(fault) => return fault,
    };
    StepError::Unmet(match seen {
        Some(seen) => describe(target, &looser, &seen),
        None => why,
    })
}

fn describe(target: &Target, looser: &[String], seen: &Seen) -> String {
    let selector = &target.selector;
    let after = target.timeout.as_secs_f64();
    if seen.invalid {
        return format!("`{selector}` is no CSS selector");
    }
    if seen.matches > 0 {
        let elements = elements(seen.matches);
        return format!("{elements} `{selector}`, but none had a box within {after:.1} s: hidden?");
    }
    let absent = format!("no element matches `{selector}` after {after:.1} s");
    let mut others = looser.iter().zip(&seen.looser);
    if let Some((other, count)) = others.find(|(_, count)| **count > 0) {
        return format!("{absent}; {} `{other}`", elements(*count));
    }
    let ids: Vec<String> = seen.ids.iter().map(|id| format!("#{id}")).collect();
    if let Some(id) = nearest(selector, ids.iter().map(String::as_str)) {
        return format!("{absent}; there is `{}`", shown(&id.into()));
    }
    let page = shown(&seen.url.as_str().into());
    match shown(&seen.title.as_str().into()) {
        title if title.is_empty() => format!("{absent}; the page is {page}"),
        title => format!("{absent}; the page is {page} ({title:?})"),
    }
}

fn elements(count: u64) -> String {
    match count {
        1 => "1 element matches".to_owned(),
        count => format!("{count} elements match"),
    }
}

/// Selectors that ask for less: the last part alone, its tag, and each of its conditions.
fn looser(selector: &str) -> Vec<String> {
    let parts = conditions(last_compound(selector));
    let whole = last_compound(selector).to_owned();
    let mut found = vec![whole];
    found.extend(parts);
    found.retain(|looser| looser != selector && !looser.is_empty() && !looser.starts_with(':'));
    found.dedup();
    found
}

/// What stands behind the last combinator.
fn last_compound(selector: &str) -> &str {
    let mut depth = 0_usize;
    let mut start = 0;
    for (at, c) in selector.char_indices() {
        match c {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            ' ' | '>' | '+' | '~' | ',' if depth == 0 => start = at + 1,
            _ => {}
        }
    }
    &selector[start..]
}

/// `button#buy.big` → `button`, `#buy`, `.big`
fn conditions(compound: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    for c in compound.chars() {
        if depth == 0 && "#.[:".contains(c) {
            parts.push(String::new());
        }
        match c {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn describe_seen(selector: &str, matches: u64, looser_counts: &[u64], ids: &[&str]) -> String {
        let target = Target {
            selector: selector.into(),
            timeout: super::super::TIMEOUT,
        };
        let seen = Seen {
            invalid: false,
            matches,
            looser: looser_counts.to_vec(),
            ids: ids.iter().map(|id| (*id).to_owned()).collect(),
            url: "https://shop.example/404".into(),
            title: "Not\nfound".into(),
        };
        describe(&target, &looser(selector), &seen)
    }

    #[test]
    fn a_selector_is_loosened_from_its_end() {
        assert_eq!(
            looser("main > button#buy.big"),
            ["button#buy.big", "button", "#buy", ".big"]
        );
        assert_eq!(looser("#buy"), Vec::<String>::new());
        assert_eq!(looser("a[href='x y']:hover"), ["a", "[href='x y']"]);
        assert_eq!(looser(""), Vec::<String>::new());
    }

    #[test]
    fn what_is_there_instead_is_told() {
        assert_eq!(
            describe_seen("button#buy", 0, &[3, 0], &[]),
            "no element matches `button#buy` after 5.0 s; 3 elements match `button`"
        );
        assert_eq!(
            describe_seen("#buy", 0, &[], &["header", "buy-now"]),
            "no element matches `#buy` after 5.0 s; there is `#buy-now`"
        );
        assert_eq!(
            describe_seen("#buy", 0, &[], &["header"]),
            "no element matches `#buy` after 5.0 s; the page is https://shop.example/404 (\"Not found\")"
        );
        assert_eq!(
            describe_seen("#buy", 2, &[], &[]),
            "2 elements match `#buy`, but none had a box within 5.0 s: hidden?"
        );
    }
}
