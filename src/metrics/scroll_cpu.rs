use super::Metric;
use crate::model::{Margin, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "scroll_cpu",
    name: "scroll CPU",
    unit: Unit::Ms,
    what: "CPU time that the page's main thread used during the scenario's scroll steps. Chromium's TaskDuration in thread ticks: https://chromedevtools.github.io/devtools-protocol/tot/Performance/",
    floor: 5.0,
    // Half a millisecond per scroll event, over one second of scrolling at 60 events a second.
    margin: Margin {
        absolute: 30.0,
        relative: 0.1,
    },
    scaling: Scaling::Cpu,
    gated: true,
    weight: 0.2,
    needs_trace: false,
    needs_steps: &["scroll"],
    measure,
};

fn measure(evidence: &Evidence) -> Result<f64, String> {
    let shares = evidence.steps("scroll").map(|step| step.counters.task_ms);
    let shares: Vec<f64> = shares.collect();
    if shares.is_empty() {
        return Err("no scroll step in the scenario".into());
    }
    // Scrolling cannot be had for nothing: a zero is a step whose counters were not read.
    if shares.iter().any(|share| *share <= 0.0) {
        return Err("the browser gave no counters for a scroll step".into());
    }
    Ok(shares.iter().sum())
}
