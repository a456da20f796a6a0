use super::Metric;
use crate::model::{Margin, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "longest_task",
    name: "longest task",
    unit: Unit::Ms,
    what: "Wall time of the longest main-thread task of more than 50 ms; 0 when no task was that long. https://www.w3.org/TR/longtasks-1/",
    floor: 10.0,
    margin: Margin {
        absolute: 25.0,
        relative: 0.1,
    },
    scaling: Scaling::Threshold,
    gated: false,
    weight: 0.1,
    needs_trace: false,
    needs_steps: &[],
    measure,
};

fn measure(evidence: &Evidence) -> Result<f64, String> {
    evidence.page()?;
    let lengths = evidence.long_tasks().map(|(_, task)| task.duration_ms);
    Ok(lengths.fold(0.0, f64::max))
}
