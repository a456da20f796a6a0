use super::Metric;
use crate::model::{Margin, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "cpu",
    name: "main-thread CPU",
    unit: Unit::Ms,
    what: "CPU time that the page's main thread used over the whole visit; waiting for a busy machine does not count. Chromium's TaskDuration in thread ticks: https://chromedevtools.github.io/devtools-protocol/tot/Performance/",
    floor: 2.0,
    margin: Margin {
        absolute: 10.0,
        relative: 0.05,
    },
    scaling: Scaling::Cpu,
    gated: true,
    weight: 0.3,
    needs_trace: false,
    needs_steps: &[],
    measure,
};

fn measure(evidence: &Evidence) -> Result<f64, String> {
    Ok(evidence.counters()?.task_ms)
}
