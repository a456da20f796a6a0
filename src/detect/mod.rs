//! Named misbehaviours: one file per detector.

mod runaway_scroll;

use std::collections::BTreeMap;

use crate::model::{Arm, CodeLocation, Contrast, Finding, Purpose, Severity, TagInfo, Trial, Unit};
use crate::trace::Evidence;

/// A misbehaviour that can be told from the traced trials of a tag's two arms.
pub struct Detector {
    /// Stable, and the name of its file.
    pub id: &'static str,
    /// A few words for people.
    pub name: &'static str,
    pub severity: Severity,
    /// What it looks for, and what a scenario needs for it to be seen.
    pub what: &'static str,
    /// What it does to the people on the page.
    pub why: &'static str,
    /// What to ask of the tag's owner.
    pub fix: &'static str,
    pub thresholds: &'static [Threshold],
    /// What happens without the tag as well is not the tag's.
    pub detect: fn(&Arms) -> Vec<Finding>,
}

/// Where a detector draws a line, and on what ground.
pub struct Threshold {
    pub name: &'static str,
    /// In `unit`.
    pub value: f64,
    pub unit: Unit,
    pub source: &'static str,
}

#[rustfmt::skip]
pub static ALL: &[Detector] = &[
    runaway_scroll::DETECTOR,
];

/// The traced trials of a tag's question, those with the tag and those without.
pub struct Arms<'e, 'v> {
    pub tag: &'e TagInfo,
    pub with: &'e [Evidence<'v>],
    pub without: &'e [Evidence<'v>],
}

/// What every detector finds in the traced trials, tag by tag.
///
/// A tag is only judged when both its arms have a traced trial. Control trials whose trace is incomplete
/// are left out: they would make the tag look worse than it is.
pub fn findings<'t>(
    tags: &[TagInfo],
    contrasts: &[Contrast],
    trials: impl IntoIterator<Item = &'t Trial>,
) -> Vec<Finding> {
    let traced = trials
        .into_iter()
        .filter(|trial| trial.slot.purpose == Purpose::Explain);
    let mut arms: BTreeMap<&Arm, Vec<&Trial>> = BTreeMap::new();
    for trial in traced {
        arms.entry(&trial.slot.arm).or_default().push(trial);
    }
    let evidence = |arm: &Arm, complete: bool| -> Vec<Evidence> {
        let trials = arms.get(arm).into_iter().flatten();
        let visits = trials.filter_map(|trial| trial.outcome.as_ref().ok());
        let usable = visits.filter(|visit| {
            let trace = visit.trace.as_ref();
            trace.is_some_and(|trace| !(complete && trace.incomplete))
        });
        usable.map(Evidence::new).collect()
    };
    let of_tag = |tag: &TagInfo| -> Vec<Finding> {
        let Some(contrast) = contrasts.iter().find(|contrast| contrast.tag == tag.id) else {
            return Vec::new();
        };
        let with = evidence(&contrast.with, false);
        let without = evidence(&contrast.without, true);
        if with.is_empty() || without.is_empty() {
            return Vec::new();
        }
        let arms = Arms {
            tag,
            with: &with,
            without: &without,
        };
        let found = ALL.iter().flat_map(|detector| (detector.detect)(&arms));
        // Arms that differ by other tags as well, as in a screen, blame a tag for its own code alone.
        let alone = contrast.moved().count() <= tag.members.len().max(1);
        found
            .filter(|finding| alone || is_own(tag, finding.culprit.as_ref()))
            .collect()
    };
    tags.iter().flat_map(of_tag).collect()
}

fn is_own(tag: &TagInfo, culprit: Option<&CodeLocation>) -> bool {
    culprit.is_some_and(|code| tag.urls.iter().any(|url| url.matches(&code.url)))
}

/// At least two thirds of the trials.
///
/// A misbehaviour in a tag's code shows in every visit in which the code gets its chance. A trial may miss
/// it, when the page was slow to load the tag; a single odd trial out of three is no misbehaviour.
fn mostly(seen: &[bool]) -> bool {
    let count = seen.iter().filter(|seen| **seen).count();
    count > 0 && count * 3 >= seen.len() * 2
}

/// The middle value, or the mean of the two middle ones; zero when there are none.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => values[odd / 2],
        even => f64::midpoint(values[even / 2 - 1], values[even / 2]),
    }
}

/// Longer names and addresses are cut: a page may make them of any length.
const LONGEST_TEXT: usize = 2000;

/// A location whose texts are of bounded length.
fn bounded(code: &CodeLocation) -> CodeLocation {
    CodeLocation {
        url: cut(&code.url, LONGEST_TEXT),
        function: cut(&code.function, LONGEST_TEXT),
        ..*code
    }
}

/// A location for a sentence: short, and without characters that would change how the sentence is read.
fn shown(code: &CodeLocation) -> String {
    let printable = |text: &str, most| -> String {
        let text = cut(text, most);
        let visible = |c: char| {
            if c.is_control() || is_bidi(c) {
                '\u{fffd}'
            } else {
                c
            }
        };
        text.chars().map(visible).collect()
    };
    let code = CodeLocation {
        url: printable(&code.url, 160),
        function: printable(&code.function, 60),
        ..*code
    };
    code.to_string()
}

/// <https://unicode.org/reports/tr9/#Directional_Formatting_Characters>
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}
