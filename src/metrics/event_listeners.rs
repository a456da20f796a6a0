use super::Metric;
use crate::model::{Margin, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "event_listeners",
    name: "listeners",
    unit: Unit::Count,
    what: "Event listeners alive at the end of the visit, after a forced garbage collection; a tag that adds one per event leaks. Chromium's JSEventListeners counter: https://chromedevtools.github.io/devtools-protocol/tot/Performance/",
    floor: 1.0,
    margin: Margin {
        absolute: 20.0,
        relative: 0.1,
    },
    scaling: Scaling::Fixed,
    gated: false,
    weight: 0.1,
    needs_trace: false,
    needs_steps: &[],
    measure,
};

fn measure(evidence: &Evidence) -> Result<f64, String> {
    Ok(evidence.holdings()?.listeners)
}
