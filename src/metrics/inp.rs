use super::Metric;
use crate::model::{Margin, PageRecord, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "inp",
    name: "INP",
    unit: Unit::Ms,
    what: "Interaction to next paint: the slowest interaction of the worst document, one in fifty left out. Wall time, in steps of 8 ms. https://web.dev/articles/inp",
    floor: 8.0,
    margin: Margin {
        absolute: 40.0,
        relative: 0.1,
    },
    scaling: Scaling::Partly,
    gated: false,
    weight: 0.1,
    needs_trace: false,
    needs_steps: INTERACTIVE,
    measure,
};

/// Steps that make interactions in the sense of the Event Timing API: taps and keys.
const INTERACTIVE: &[&str] = &["click", "press", "type"];

const ONE_LEFT_OUT_IN: usize = 50;

fn measure(evidence: &Evidence) -> Result<f64, String> {
    let pages = evidence.visit.pages.iter();
    if let Some(worst) = pages.filter_map(slowest).max_by(f64::total_cmp) {
        return Ok(worst);
    }
    let mut steps = evidence.visit.steps.iter();
    if steps.any(|step| INTERACTIVE.contains(&step.kind.as_str())) {
        // Event Timing keeps quiet about events below this; how far below is not known.
        return Err("every interaction took less than the 16 ms that the browser reports".into());
    }
    Err("no interaction in the scenario".into())
}

fn slowest(page: &PageRecord) -> Option<f64> {
    let interactions = page.interactions.iter();
    let mut durations: Vec<f64> = interactions.map(|one| one.duration_ms).collect();
    durations.sort_by(|a, b| b.total_cmp(a));
    durations.get(durations.len() / ONE_LEFT_OUT_IN).copied()
}
