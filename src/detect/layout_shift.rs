//! Content that jumps.

use super::shared::printable;
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, LayoutShift, PageRecord, Severity, Unit};
use crate::trace::{Evidence, Touch, last_before};

pub const DETECTOR: Detector = Detector {
    id: "layout_shift",
    name: "layout shift",
    severity: Severity::Warning,
    what: "Cumulative layout shift beyond that of every visit without the tag, where the tag's code changed the page before it.",
    example: "A consent bar is put in at the top of the page when everything is already there, and pushes it all down.",
    needs_steps: &[],
    why: "People lose the line that they read, and click what has moved under the pointer. CLS is one of the three Core Web Vitals by which search engines rate a page.",
    fix: "Ask for a bar that lies over the page (position: fixed), or reserve its room in the page's own styles.",
    thresholds: &[SCORE],
    detect,
};

#[rustfmt::skip]
const SCORE: Threshold = Threshold {
    id: "score", name: "cumulative layout shift beyond the control arm", value: 0.05, unit: Unit::Score,
    source: "half of what web.dev calls good (0.1); ninety tags in Chromium 156: 0 in those that behave, at least 0.19 in those that do not",
};

fn detect(arms: &Arms) -> Vec<Finding> {
    let before = arms.most_without(Evidence::cls);
    let limit = arms.limit(&SCORE);
    let is_tags =
        |evidence: &Evidence| evidence.cls() - before >= limit && !shifted(evidence).is_empty();
    let Some(seen) = arms.seen(is_tags) else {
        return vec![];
    };
    let culprit = arms.blame_places(|evidence| {
        let shifted = shifted(evidence).into_iter();
        shifted
            .map(|(shift, touch)| (touch.code, touch.script, shift.score))
            .collect()
    });
    let largest = arms.with.iter().find_map(|evidence| {
        let shifted = shifted(evidence).into_iter();
        let (shift, touch) = shifted.max_by(|a, b| a.0.score.total_cmp(&b.0.score))?;
        Some((
            shift,
            evidence.step_at(touch.at_us).map(|step| step.text.clone()),
        ))
    });
    let moved = largest
        .as_ref()
        .and_then(|(shift, _)| shift.elements.first());
    let moved = moved.map_or("the page's content".into(), |element| {
        printable(element, 80)
    });
    let cls = arms.figure("cumulative layout shift", Unit::Score, Evidence::cls);
    let did = format!(
        "moves {moved}: the layout shifts by {} in all",
        Unit::Score.show(cls.with)
    );
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit,
            did,
            step: largest.and_then(|(_, step)| step),
            figures: vec![cls],
        },
    )]
}

/// Unexpected shifts, each with the tag's change to the page before it.
fn shifted<'v>(evidence: &Evidence<'v>) -> Vec<(&'v LayoutShift, Touch<'v>)> {
    let (touches, runs) = (evidence.touches(), evidence.tag_runs());
    let pages = evidence.visit.pages.iter();
    let shifts =
        pages.flat_map(|page: &PageRecord| page.shifts.iter().map(move |shift| (page, shift)));
    let unexpected = shifts.filter(|(_, shift)| !shift.after_input && shift.score > 0.0);
    let named = unexpected.filter_map(|(page, shift)| {
        let at_us = evidence.page_us(page, shift.time_ms)?;
        let touch = last_before(&touches, at_us).or_else(|| last_before(&runs, at_us))?;
        Some((shift, *touch))
    });
    named.collect()
}
