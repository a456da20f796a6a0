//! The page's largest content, later.

use super::lcp_replaced::{image, largest};
use super::shared::{Culprit, asker, median};
use super::{Arms, Detector, Sighting, Threshold};
use super::{
    anti_flicker, competing_preload, document_write, heavy_evaluation, lcp_replaced, long_task,
    parser_blocking_script, render_blocking_style, sync_request,
};
use crate::model::{Finding, Severity, Unit};
use crate::trace::{Evidence, last_before};

pub const DETECTOR: Detector = Detector {
    id: "lcp_delayed",
    name: "largest content delayed",
    severity: Severity::Warning,
    what: "The page's largest contentful paint comes later with the tag than in every visit without it, and the tag's code is seen to be the reason: it changed the page just before, asked for the image, or kept the main thread busy until then. Reasons that have a finding of their own, such as a blocking script or a hidden page, are told there.",
    example: "A tag hides the hero image until its own settings have arrived, or swaps its address for a lazy loader's.",
    needs_steps: &[],
    why: "Visitors wait for what they came for; LCP is one of the three Core Web Vitals by which search engines rate a page.",
    fix: "Ask the owner to leave the hero alone, and to start after the page's load event.",
    thresholds: &[DELAY],
    detect,
};

#[rustfmt::skip]
const DELAY: Threshold = Threshold {
    id: "delay", name: "LCP beyond the latest without the tag", value: 250.0, unit: Unit::Ms,
    source: "ninety tags in Chromium 156: differences of up to 110 ms with honest tags on a busy machine",
};

/// Findings that say why the page's content is late.
const REASONS: &[Detector] = &[
    anti_flicker::DETECTOR,
    competing_preload::DETECTOR,
    document_write::DETECTOR,
    heavy_evaluation::DETECTOR,
    lcp_replaced::DETECTOR,
    long_task::DETECTOR,
    parser_blocking_script::DETECTOR,
    render_blocking_style::DETECTOR,
    sync_request::DETECTOR,
];

/// A change is the reason for what is painted when it comes so shortly before: some frames, and an image's decoding.
const JUST_BEFORE_US: f64 = 150e3;

fn detect(arms: &Arms) -> Vec<Finding> {
    let time = |evidence: &Evidence| largest(evidence).map_or(0.0, |paint| paint.time_ms);
    let missing = arms
        .without
        .iter()
        .any(|evidence| largest(evidence).is_none());
    let Some(seen) = arms.exceeds(&DELAY, time).filter(|_| !missing) else {
        return vec![];
    };
    if REASONS.iter().any(|reason| !arms.ask(reason).is_empty()) {
        return vec![];
    }
    let delay_ms = arms.with(time) - arms.most_without(time);
    let Some((culprit, how)) = reason(arms, delay_ms) else {
        return vec![];
    };
    let did = format!(
        "{how}: the page's largest content comes {} later",
        Unit::Ms.show(delay_ms)
    );
    let at_us = arms.with.first().and_then(Evidence::largest_paint_us);
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit: Some(culprit),
            did,
            step: arms.step_at(at_us),
            figures: vec![
                arms.figure("largest contentful paint", Unit::Ms, time),
                arms.figure("tag's CPU before it", Unit::Ms, busy_ms),
            ],
        },
    )]
}

fn reason(arms: &Arms, delay_ms: f64) -> Option<(Culprit, &'static str)> {
    let (evidence, fetch) = arms
        .with
        .iter()
        .find_map(|evidence| Some((evidence, image(evidence))))?;
    if let Some(fetch) = fetch.filter(|fetch| evidence.asked_by_tag(fetch)) {
        return Some((
            asker(evidence, fetch),
            "asks for the page's main image itself",
        ));
    }
    if median(arms.with.iter().map(busy_ms)) >= delay_ms / 2.0 {
        let culprit = arms.blame_places(|evidence| {
            let until_us = evidence.largest_paint_us().unwrap_or(f64::MIN);
            let runs = evidence
                .runs()
                .into_iter()
                .filter(|run| run.start_us < until_us);
            runs.filter(|run| evidence.is_tags(run.code, run.script))
                .map(|run| (run.code, run.script, run.cpu_us))
                .collect()
        })?;
        return Some((culprit, "keeps the main thread busy while the page loads"));
    }
    let culprit = arms.blame_places(|evidence| {
        let touches = evidence.touches();
        let just_before = evidence.largest_paint_us().and_then(|painted_us| {
            let touch = last_before(&touches, painted_us)?;
            (painted_us - touch.at_us <= JUST_BEFORE_US).then_some(touch)
        });
        let named = just_before.map(|touch| (touch.code, touch.script, 1.0));
        named.into_iter().collect()
    })?;
    Some((
        culprit,
        "changes the page just before its main content appears",
    ))
}

/// CPU time of the tag's code before the largest paint, milliseconds.
fn busy_ms(evidence: &Evidence) -> f64 {
    let until_us = evidence.largest_paint_us().unwrap_or(f64::MIN);
    let tasks = evidence.tag_tasks().into_iter();
    let before = tasks.filter(|task| task.start_us < until_us);
    before
        .map(|task| task.called_us + task.evaluated_us)
        .fold(0.0, |a, b| a + b)
        / 1e3
}
