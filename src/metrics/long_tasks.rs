use super::Metric;
use crate::model::{Margin, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "long_tasks",
    name: "long tasks",
    unit: Unit::Count,
    what: "Number of main-thread tasks of more than 50 ms of wall time. https://www.w3.org/TR/longtasks-1/",
    floor: 0.5,
    margin: Margin {
        absolute: 0.5,
        relative: 0.0,
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
    Ok(evidence.long_tasks().count() as f64)
}
