//! Scripts that the parser waits for.

use super::shared::median;
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Fetch, Figure, Finding, Severity, Unit};

pub const DETECTOR: Detector = Detector {
    id: "parser_blocking_script",
    name: "parser-blocking script",
    severity: Severity::Warning,
    what: "Scripts of the tag that stand in the page's document without async or defer, as Chromium says of the request: the parser waits until they have arrived and run.",
    example: "A snippet puts <script src=\"https://cdn.vendor.example/tag.js\"></script> into the head.",
    needs_steps: &[],
    why: "All that follows in the document waits for the vendor's server: with a slow one the page stays white, and when the server hangs it stays white until the time-out.",
    fix: "Load the script with async or defer, or create the element by script. When its code must run first, put that code into the document itself.",
    thresholds: &[SCRIPTS],
    detect,
};

#[rustfmt::skip]
const SCRIPTS: Threshold = Threshold {
    id: "scripts", name: "scripts that the parser waits for", value: 1.0, unit: Unit::Count,
    source: "the HTML standard: a classic script without async and defer blocks the parser; Chromium marks the request",
};

fn detect(arms: &Arms) -> Vec<Finding> {
    // A script that was written by script is another matter: it has a stack.
    let blocks = |fetch: &Fetch| {
        fetch.kind == "Script" && fetch.stack.is_empty() && is_blocking(fetch) && !fetch.preload
    };
    let Some(asked) = arms.asked(&SCRIPTS, |_, fetch| f64::from(u8::from(blocks(fetch)))) else {
        return vec![];
    };
    let waited = asked
        .fetch
        .end_us
        .map(|end_us| (end_us - asked.fetch.start_us) / 1e3);
    let did = match waited {
        Some(ms) if ms > 0.0 => format!(
            "stands in the document without async or defer: the parser had to wait for it, which arrived after {}",
            Unit::Ms.show(ms)
        ),
        _ => "stands in the document without async or defer: the parser has to wait for it".into(),
    };
    let scripts = Figure {
        name: "scripts of the tag that the parser waits for".into(),
        unit: Unit::Count,
        with: median(asked.costs.iter().copied()),
        without: 0.0,
    };
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            step: arms.step_at(Some(asked.fetch.start_us)),
            seen: asked.seen,
            culprit: Some(asked.culprit),
            did,
            figures: vec![scripts],
        },
    )]
}

/// Chromium's word for what the parser or the first frame waits for.
pub fn is_blocking(fetch: &Fetch) -> bool {
    matches!(
        fetch.render_blocking.as_str(),
        "blocking" | "in_body_parser_blocking"
    )
}
