use super::Metric;
use crate::model::{Margin, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "lcp",
    name: "LCP",
    unit: Unit::Ms,
    what: "When the largest image or text of the first document had been painted, after its navigation start; candidates end at the first input. https://www.w3.org/TR/largest-contentful-paint/",
    floor: 16.0,
    margin: Margin {
        absolute: 50.0,
        relative: 0.05,
    },
    scaling: Scaling::Partly,
    gated: true,
    weight: 0.25,
    needs_trace: false,
    needs_steps: &[],
    measure,
};

fn measure(evidence: &Evidence) -> Result<f64, String> {
    let page = evidence.page()?;
    match (
        &page.largest_contentful_paint,
        page.first_contentful_paint_ms,
    ) {
        (Some(paint), _) => Ok(paint.time_ms),
        (None, Some(_)) => Err("the page painted, but nothing that counts for LCP".into()),
        (None, None) => Err("the page painted no content".into()),
    }
}
