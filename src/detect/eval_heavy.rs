//! Code made from text.

use std::collections::HashSet;

use super::shared::median;
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Script, Severity, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "eval_heavy",
    name: "much code made by eval",
    severity: Severity::Warning,
    what: "Code that the tag makes from text with eval, new Function or a timer's text: how many pieces, and how many characters.",
    example: "A rule engine compiles each of its two hundred rules with new Function on every page.",
    needs_steps: &[],
    why: "The browser can neither stream, nor cache, nor compile it beside the page, so that each visit pays for it on the main thread. It also needs a Content-Security-Policy with 'unsafe-eval', which opens the door to injected code.",
    fix: "Ask the owner for a build without eval, or for rules as data that ordinary functions read.",
    thresholds: &[PIECES, LENGTH],
    detect,
};

#[rustfmt::skip]
const PIECES: Threshold = Threshold {
    id: "pieces", name: "pieces of code made from text", value: 30.0, unit: Unit::Count,
    source: "honest libraries make one or two, such as new Function(\"return this\"); template compilers of eval-heavy tags make hundreds",
};
#[rustfmt::skip]
const LENGTH: Threshold = Threshold {
    id: "length", name: "characters of code made from text", value: 50_000.0, unit: Unit::Count,
    source: "a whole bundle; what honest libraries make has less than a hundred characters",
};

fn detect(arms: &Arms) -> Vec<Finding> {
    let (most, longest) = (arms.limit(&PIECES), arms.limit(&LENGTH));
    let pieces = |evidence: &Evidence| made(evidence).len() as f64;
    let length = |evidence: &Evidence| {
        let made = made(evidence);
        made.iter()
            .map(|script| f64::from(script.length))
            .fold(0.0, |a, b| a + b)
    };
    let is_heavy = |evidence: &Evidence| pieces(evidence) >= most || length(evidence) >= longest;
    let Some(seen) = arms.seen(is_heavy) else {
        return vec![];
    };
    let by_length = median(arms.with.iter().map(pieces)) < most;
    let culprit = arms.blame_places(|evidence| {
        let makers = made(evidence).into_iter().filter_map(|script| {
            let maker = script.made_by.first()?;
            let weight = if by_length {
                f64::from(script.length)
            } else {
                1.0
            };
            Some((&maker.code, maker.script, weight))
        });
        makers.collect()
    });
    let did = format!(
        "makes {} pieces of code from text, {} characters in all",
        Unit::Count.show(arms.with(pieces).round()),
        Unit::Count.show(arms.with(length).round())
    );
    let first = arms.with.first().and_then(|evidence| {
        let at_us = evidence.tag_runs().first()?.at_us;
        evidence.step_at(at_us)
    });
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit,
            did,
            step: first.map(|step| step.text.clone()),
            figures: vec![
                arms.figure(
                    "pieces of code made from text by the tag",
                    Unit::Count,
                    pieces,
                ),
                arms.figure(
                    "characters of code made from text by the tag",
                    Unit::Count,
                    length,
                ),
            ],
        },
    )]
}

/// What the tag made from text. Chromium tells of the compiling of a script element's text, and of no other's.
fn made<'v>(evidence: &Evidence<'v>) -> Vec<&'v Script> {
    let Some(trace) = evidence.trace() else {
        return vec![];
    };
    let elements: HashSet<u32> = trace
        .events
        .iter()
        .filter(|event| event.name == "v8.compile")
        .map(|event| event.script)
        .collect();
    let scripts = trace.scripts.iter().filter(|script| {
        let maker = script.made_by.first();
        let by_tag = maker.is_some_and(|maker| evidence.is_tags(&maker.code, maker.script));
        by_tag && !evidence.lineage().is_document(&script.url) && !elements.contains(&script.id)
    });
    scripts.collect()
}
