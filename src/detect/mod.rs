//! Named misbehaviours: one file per detector.

use std::collections::BTreeMap;

use crate::model::{Arm, Contrast, Finding, Purpose, Severity, TagInfo, Trial, Unit};
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
pub fn findings(tags: &[TagInfo], contrasts: &[Contrast], trials: &[Trial]) -> Vec<Finding> {
    let traced = trials
        .iter()
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
        ALL.iter()
            .flat_map(|detector| (detector.detect)(&arms))
            .collect()
    };
    tags.iter().flat_map(of_tag).collect()
}
