//! Pages that are hidden until the tag is ready.

use super::shared::{median, printable};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Hidden, Severity, Unit};
use crate::trace::{Evidence, last_before};

pub const DETECTOR: Detector = Detector {
    id: "anti_flicker",
    name: "page hidden by anti-flicker code",
    severity: Severity::Severe,
    what: "Time for which the page's root or body cannot be seen, by visibility, opacity or display, beyond the page without the tag.",
    example: "An A/B testing snippet sets opacity: 0 on the page until its experiments have arrived, or for four seconds.",
    needs_steps: &[],
    why: "Visitors look at a white page though everything is there. When the vendor's server is slow, that is as long as the snippet's time-out; many leave.",
    fix: "Hide only the elements that an experiment changes, shorten the time-out to some hundred milliseconds, or decide about experiments on the server.",
    thresholds: &[HIDDEN],
    detect,
};

#[rustfmt::skip]
const HIDDEN: Threshold = Threshold {
    id: "hidden", name: "time for which the page is hidden, beyond the control arm", value: 150.0, unit: Unit::Ms,
    source: "some frames, which anybody may notice; snippets of A/B testing vendors hide for up to 4 s, tags that behave not at all",
};

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some(seen) = arms.exceeds(&HIDDEN, hidden_ms) else {
        return vec![];
    };
    let culprit = arms.blame_places(|evidence| {
        let (touches, runs) = (evidence.touches(), evidence.tag_runs());
        let blamed = stretches(evidence).filter_map(|hidden| {
            let start_us = evidence.at_us(hidden.start_ms)?;
            let touch = last_before(&touches, start_us).or_else(|| last_before(&runs, start_us))?;
            Some((touch.code, touch.script, hidden.end_ms - hidden.start_ms))
        });
        blamed.collect()
    });
    let longest = arms.with.iter().find_map(|evidence| {
        let longest = stretches(evidence).max_by(|a, b| length(a).total_cmp(&length(b)))?;
        Some((longest, evidence.at_us(longest.start_ms)))
    });
    let how = longest.map_or("", |(longest, _)| longest.how.as_str());
    let first_paint = |evidence: &Evidence| {
        let page = evidence.page().ok();
        page.and_then(|page| page.first_contentful_paint_ms)
            .unwrap_or(0.0)
    };
    let did = format!(
        "hides the page for {} ({}) while it loads",
        Unit::Ms.show(median(arms.with.iter().map(hidden_ms))),
        printable(how, 40)
    );
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit,
            did,
            step: arms.step_at(longest.and_then(|(_, at_us)| at_us)),
            figures: vec![
                arms.figure("time for which the page is hidden", Unit::Ms, hidden_ms),
                arms.figure("first contentful paint", Unit::Ms, first_paint),
            ],
        },
    )]
}

fn stretches<'v>(evidence: &Evidence<'v>) -> impl Iterator<Item = &'v Hidden> + use<'v> {
    let hidden = evidence.inventory().map_or(&[][..], |all| &all.hidden);
    hidden.iter().filter(|hidden| length(hidden) > 0.0)
}

fn length(hidden: &Hidden) -> f64 {
    hidden.end_ms - hidden.start_ms
}

/// How long root or body were hidden, in whatever way.
fn hidden_ms(evidence: &Evidence) -> f64 {
    let mut spans: Vec<(f64, f64)> = stretches(evidence)
        .map(|h| (h.start_ms, h.end_ms))
        .collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut sum, mut until) = (0.0, f64::NEG_INFINITY);
    for (start, end) in spans {
        sum += (end - start.max(until)).max(0.0);
        until = until.max(end);
    }
    sum
}
