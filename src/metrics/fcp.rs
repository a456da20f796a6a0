use super::Metric;
use crate::model::{Margin, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "fcp",
    name: "FCP",
    unit: Unit::Ms,
    what: "When the first document first painted text or an image, after its navigation start. https://www.w3.org/TR/paint-timing/",
    floor: 16.0,
    margin: Margin {
        absolute: 50.0,
        relative: 0.05,
    },
    scaling: Scaling::Partly,
    gated: false,
    weight: 0.1,
    needs_trace: false,
    needs_steps: &[],
    measure,
};

fn measure(evidence: &Evidence) -> Result<f64, String> {
    let painted = evidence.page()?.first_contentful_paint_ms;
    painted.ok_or_else(|| "the page painted no content".into())
}
