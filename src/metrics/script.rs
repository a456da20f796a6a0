use super::Metric;
use crate::model::{Margin, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "script",
    name: "script CPU",
    unit: Unit::Ms,
    what: "Main-thread CPU time spent in JavaScript over the whole visit. Chromium's ScriptDuration in thread ticks: https://chromedevtools.github.io/devtools-protocol/tot/Performance/",
    floor: 2.0,
    margin: Margin {
        absolute: 10.0,
        relative: 0.05,
    },
    scaling: Scaling::Cpu,
    gated: false,
    weight: 0.1,
    needs_trace: false,
    needs_steps: &[],
    measure,
};

fn measure(evidence: &Evidence) -> Result<f64, String> {
    Ok(evidence.counters()?.script_ms)
}
