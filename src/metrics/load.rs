use super::Metric;
use crate::model::{Margin, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "load",
    name: "load event",
    unit: Unit::Ms,
    what: "When the load event of the first document had ended, after its navigation start; a vendor script that hangs delays it for ever. https://www.w3.org/TR/navigation-timing-2/",
    floor: 16.0,
    margin: Margin {
        absolute: 100.0,
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
    let loaded = evidence.page()?.load_ms;
    loaded.ok_or_else(|| "the load event did not come".into())
}
