//! Style sheets that the first frame waits for.

use super::parser_blocking_script::is_blocking;
use super::shared::{median, printable};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Fetch, Figure, Finding, Severity, Unit};
use crate::trace::Evidence;

pub const DETECTOR: Detector = Detector {
    id: "render_blocking_style",
    name: "render-blocking style sheet",
    severity: Severity::Warning,
    what: "Style sheets that the tag asks for before the page's first frame and that Chromium marks as blocking: nothing is drawn until they have arrived.",
    example: "A widget's snippet puts <link rel=stylesheet href=\"https://cdn.vendor.example/widget.css\"> into the head.",
    needs_steps: &[],
    why: "The page stays white until the vendor's server has answered, though the sheet styles only the vendor's own widget.",
    fix: "Let the vendor's script add the sheet when the widget is shown, or load it with media=\"print\" and switch the medium on load.",
    thresholds: &[SHEETS],
    detect,
};

#[rustfmt::skip]
const SHEETS: Threshold = Threshold {
    id: "sheets", name: "style sheets that the first frame waits for", value: 1.0, unit: Unit::Count,
    source: "the HTML standard: a style sheet of the document blocks rendering; Chromium marks the request",
};

fn detect(arms: &Arms) -> Vec<Finding> {
    let blocks = |evidence: &Evidence, fetch: &Fetch| {
        let sheet = fetch.kind == "Stylesheet" && is_blocking(fetch);
        let early = evidence
            .first_paint_us()
            .is_none_or(|painted_us| fetch.start_us <= painted_us);
        f64::from(u8::from(sheet && early))
    };
    let Some(asked) = arms.asked(&SHEETS, blocks) else {
        return vec![];
    };
    let url = printable(&asked.fetch.url, 160);
    let did = format!("makes the page's first frame wait for the style sheet {url}");
    let sheets = Figure {
        name: "style sheets of the tag that the first frame waits for".into(),
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
            figures: vec![sheets],
        },
    )]
}
