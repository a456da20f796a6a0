use super::Metric;
use crate::model::{Margin, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "cls",
    name: "CLS",
    unit: Unit::Score,
    what: "Largest burst of unexpected layout shifts: the sum of scores in the worst session window (at most 1 s between shifts, 5 s in all) of the worst document. https://web.dev/articles/cls",
    floor: 0.005,
    margin: Margin {
        absolute: 0.02,
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
    evidence.page()?;
    Ok(evidence.cls())
}
