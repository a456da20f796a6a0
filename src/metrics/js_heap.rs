use super::Metric;
use crate::model::{Margin, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "js_heap",
    name: "JS heap",
    unit: Unit::Bytes,
    what: "JavaScript heap in use at the end of the visit, after a forced garbage collection. Chromium's JSHeapUsedSize counter: https://chromedevtools.github.io/devtools-protocol/tot/Performance/",
    floor: 64.0 * 1024.0,
    margin: Margin {
        absolute: 256.0 * 1024.0,
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
    Ok(evidence.holdings()?.heap_bytes)
}
