use super::Metric;
use crate::model::{Margin, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "bytes",
    name: "bytes",
    unit: Unit::Bytes,
    what: "Response body bytes that the stage sent in the visit, compressed as sent, without headers: the encoded body size of https://www.w3.org/TR/resource-timing/",
    floor: 1024.0,
    margin: Margin {
        absolute: 1024.0,
        relative: 0.01,
    },
    scaling: Scaling::Fixed,
    gated: false,
    weight: 0.1,
    needs_trace: false,
    needs_steps: &[],
    measure,
};

fn measure(evidence: &Evidence) -> Result<f64, String> {
    Ok(evidence
        .requests()?
        .map(|request| request.sent_bytes as f64)
        .sum())
}
