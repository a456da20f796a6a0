use super::Metric;
use crate::model::{Margin, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "layout",
    name: "layout CPU",
    unit: Unit::Ms,
    what: "Main-thread CPU time spent in style recalculation and layout over the whole visit, forced by script or not. Chromium's RecalcStyleDuration and LayoutDuration in thread ticks: https://chromedevtools.github.io/devtools-protocol/tot/Performance/",
    floor: 1.0,
    margin: Margin {
        absolute: 5.0,
        relative: 0.1,
    },
    scaling: Scaling::Cpu,
    gated: false,
    weight: 0.1,
    needs_trace: false,
    needs_steps: &[],
    measure,
};

fn measure(evidence: &Evidence) -> Result<f64, String> {
    let counters = evidence.counters()?;
    Ok(counters.style_ms + counters.layout_ms)
}
