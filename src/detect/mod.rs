//! Named misbehaviours: one file per detector.

mod runaway_scroll;

use std::collections::BTreeMap;

use crate::model::{
    Arm, CodeLocation, Contrast, Fault, Finding, NoTrace, Purpose, Severity, TagInfo, Trial, Unit,
    Unseen,
};
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

/// What the traced trials show, and of which tags they cannot show anything.
#[derive(Debug, Default)]
pub struct Findings {
    pub found: Vec<Finding>,
    pub unseen: Vec<Unseen>,
}

/// What every detector finds in the traced trials, tag by tag. The arms of a contrast must differ by its tag alone.
///
/// A tag is only judged when both its arms have a traced trial. Control trials whose trace is incomplete
/// are left out: they would make the tag look worse than it is.
pub fn findings<'t>(
    tags: &[TagInfo],
    contrasts: &[Contrast],
    trials: impl IntoIterator<Item = &'t Trial>,
) -> Findings {
    let traced = Traced::new(trials);
    let mut all = Findings::default();
    for tag in tags {
        let contrast = contrasts.iter().find(|contrast| contrast.tag == tag.id);
        all.unseen.extend(traced.unseen(tag, contrast));
        if let Some(contrast) = contrast {
            all.found.extend(traced.found(tag, contrast));
        }
    }
    all
}

/// The traced trials, by arm.
struct Traced<'t>(BTreeMap<&'t Arm, Vec<&'t Trial>>);

impl<'t> Traced<'t> {
    fn new(trials: impl IntoIterator<Item = &'t Trial>) -> Self {
        let mut arms: BTreeMap<&Arm, Vec<&Trial>> = BTreeMap::new();
        for trial in trials {
            if trial.slot.purpose == Purpose::Explain {
                arms.entry(&trial.slot.arm).or_default().push(trial);
            }
        }
        Self(arms)
    }

    fn of(&self, arm: &Arm) -> &[&'t Trial] {
        self.0.get(arm).map_or(&[], Vec::as_slice)
    }

    fn evidence(&self, arm: &Arm, complete: bool) -> Vec<Evidence<'t>> {
        let trials = self.of(arm).iter();
        let visits = trials.filter_map(|trial| trial.outcome.as_ref().ok());
        let usable = visits.filter(|visit| {
            let trace = visit.trace.as_ref();
            trace.is_some_and(|trace| !(complete && trace.incomplete))
        });
        usable.map(Evidence::new).collect()
    }

    /// Why the arm cannot show that there is nothing: a trace that breaks off may have missed it.
    fn lacks(&self, arm: &Arm) -> Option<NoTrace> {
        if !self.evidence(arm, true).is_empty() {
            return None;
        }
        let trials = self.of(arm).iter();
        let faults: Vec<&Fault> = trials
            .filter_map(|trial| trial.outcome.as_ref().err())
            .collect();
        Some(match faults.first() {
            Some(first) if faults.len() == self.of(arm).len() => NoTrace::Failed((*first).clone()),
            None if self.of(arm).is_empty() => NoTrace::NotMade,
            _ => NoTrace::Incomplete,
        })
    }

    fn unseen(&self, tag: &TagInfo, contrast: Option<&Contrast>) -> Option<Unseen> {
        let (with, why) = match contrast {
            None => (true, NoTrace::NotMade),
            Some(contrast) => {
                let with = self.lacks(&contrast.with).map(|why| (true, why));
                with.or_else(|| Some((false, self.lacks(&contrast.without)?)))?
            }
        };
        Some(Unseen {
            tag: tag.id.clone(),
            with,
            why,
        })
    }

    fn found(&self, tag: &TagInfo, contrast: &Contrast) -> Vec<Finding> {
        let with = self.evidence(&contrast.with, false);
        let without = self.evidence(&contrast.without, true);
        if with.is_empty() || without.is_empty() {
            return Vec::new();
        }
        let arms = Arms {
            tag,
            with: &with,
            without: &without,
        };
        let detectors = ALL.iter();
        detectors
            .flat_map(|detector| (detector.detect)(&arms))
            .collect()
    }
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
