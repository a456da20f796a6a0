use super::Metric;
use crate::model::{Margin, PageRecord, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "tbt",
    name: "TBT",
    unit: Unit::Ms,
    what: "Total blocking time: what the long tasks after first contentful paint have beyond 50 ms each. As in Lighthouse, but the window ends with the visit and not at time to interactive, so that it covers the steps too. https://web.dev/articles/tbt",
    floor: 10.0,
    margin: Margin {
        absolute: 30.0,
        relative: 0.1,
    },
    scaling: Scaling::Threshold,
    gated: true,
    weight: 0.15,
    needs_trace: false,
    needs_steps: &[],
    measure,
};

const BLOCKING_MS: f64 = 50.0;

fn measure(evidence: &Evidence) -> Result<f64, String> {
    if evidence.page()?.first_contentful_paint_ms.is_none() {
        return Err("the page painted no content".into());
    }
    // A later document that was left before it painted has no time after its first paint.
    let pages = evidence.visit.pages.iter();
    Ok(pages.filter_map(blocking_after_first_paint).sum())
}

fn blocking_after_first_paint(page: &PageRecord) -> Option<f64> {
    let painted = page.first_contentful_paint_ms?;
    let blocking = page.long_tasks.iter().map(|task| {
        let end = task.start_ms + task.duration_ms;
        let after_paint = end - task.start_ms.max(painted);
        (after_paint - BLOCKING_MS).max(0.0)
    });
    Some(blocking.sum())
}
