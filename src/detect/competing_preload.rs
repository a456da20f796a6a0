//! What the tag asks for before the page's main content has arrived.

use super::parser_blocking_script::is_blocking;
use super::shared::{median, printable};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Fetch, Figure, Finding, Severity, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "competing_preload",
    name: "preloads that compete with the page's main content",
    severity: Severity::Warning,
    what: "Bytes that the tag preloads, or asks for with high priority, before the page's largest content is painted. Scripts and style sheets that block the page are another matter.",
    example: "A video widget preloads its player and three fonts from the head, before the hero image has arrived.",
    needs_steps: &[],
    why: "The connection's bandwidth is shared: on a slow one the page's own main image comes later by as long as the vendor's files take.",
    fix: "Ask the owner to leave out the preloads, to use fetchpriority=\"low\", or to wait for the page's load event.",
    thresholds: &[BYTES],
    detect,
};

#[rustfmt::skip]
const BYTES: Threshold = Threshold {
    id: "bytes", name: "preloaded or urgent bytes before the largest paint", value: 100_000.0, unit: Unit::Bytes,
    source: "half a second of a slow 4G connection (1.6 Mbit/s); settings that honest tags fetch early have a few kB",
};

fn detect(arms: &Arms) -> Vec<Finding> {
    let Some(asked) = arms.asked(&BYTES, competing) else {
        return vec![];
    };
    let bytes = median(asked.costs.iter().copied());
    let did = format!(
        "asks for {} with high priority before the page's main content is there, most of them for {}",
        Unit::Bytes.show(bytes),
        printable(&asked.fetch.url, 160)
    );
    let figure = Figure {
        name: "preloaded or urgent bytes of the tag before the largest paint".into(),
        unit: Unit::Bytes,
        with: bytes,
        without: 0.0,
    };
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            step: arms.step_at(Some(asked.fetch.start_us)),
            seen: asked.seen,
            culprit: Some(asked.culprit),
            did,
            figures: vec![figure],
        },
    )]
}

fn competing(evidence: &Evidence, fetch: &Fetch) -> f64 {
    let urgent = fetch.preload || matches!(fetch.priority.as_str(), "VeryHigh" | "High");
    let before = evidence
        .largest_paint_us()
        .is_some_and(|painted_us| fetch.start_us < painted_us);
    let is_paint = evidence.page().is_ok_and(|page| {
        let largest = page.largest_contentful_paint.as_ref();
        largest.is_some_and(|paint| paint.url.as_deref() == Some(fetch.url.as_str()))
    });
    if urgent && before && !is_blocking(fetch) && !is_paint {
        fetch.encoded_bytes.max(0.0)
    } else {
        0.0
    }
}
