use super::Metric;
use crate::model::{Margin, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "long_task_total",
    name: "long-task time",
    unit: Unit::Ms,
    what: "Total length of all main-thread tasks of more than 50 ms of wall time. https://www.w3.org/TR/longtasks-1/",
    floor: 10.0,
    margin: Margin {
        absolute: 25.0,
        relative: 0.1,
    },
    scaling: Scaling::Threshold,
    gated: true,
    weight: 0.1,
    needs_trace: false,
    needs_steps: &[],
    measure,
};

fn measure(evidence: &Evidence) -> Result<f64, String> {
    evidence.page()?;
    Ok(evidence
        .long_tasks()
        .map(|(_, task)| task.duration_ms)
        .sum())
}
