use super::Metric;
use crate::model::{Margin, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "requests",
    name: "requests",
    unit: Unit::Count,
    what: "Requests that the browser made in the visit, as the stage saw them; those cut off because this arm lacks the tag do not count. Names of their parts: https://fetch.spec.whatwg.org/",
    floor: 0.5,
    margin: Margin {
        absolute: 0.5,
        relative: 0.0,
    },
    scaling: Scaling::Fixed,
    gated: false,
    weight: 0.1,
    needs_trace: false,
    needs_steps: &[],
    measure,
};

fn measure(evidence: &Evidence) -> Result<f64, String> {
    Ok(evidence.requests()?.count() as f64)
}
