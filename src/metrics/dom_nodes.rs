use super::Metric;
use crate::model::{Margin, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "dom_nodes",
    name: "DOM nodes",
    unit: Unit::Count,
    what: "DOM nodes alive at the end of the visit, after a forced garbage collection. Chromium's Nodes counter: https://chromedevtools.github.io/devtools-protocol/tot/Performance/",
    floor: 1.0,
    margin: Margin {
        absolute: 50.0,
        relative: 0.05,
    },
    scaling: Scaling::Fixed,
    gated: false,
    weight: 0.1,
    needs_trace: false,
    needs_steps: &[],
    measure,
};

fn measure(evidence: &Evidence) -> Result<f64, String> {
    Ok(evidence.holdings()?.dom_nodes)
}
