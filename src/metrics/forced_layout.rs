use super::Metric;
use crate::model::{Margin, Scaling, Unit};
use crate::trace::{Evidence, any_holds};

pub const METRIC: Metric = Metric {
    id: "forced_layout",
    name: "forced layout",
    unit: Unit::Ms,
    what: "Main-thread CPU time of layouts and style recalculations that script forced by asking for geometry or style, in traced trials. https://web.dev/articles/avoid-large-complex-layouts-and-layout-thrashing",
    floor: 1.0,
    margin: Margin {
        absolute: 5.0,
        relative: 0.1,
    },
    scaling: Scaling::Cpu,
    gated: false,
    weight: 0.1,
    needs_trace: true,
    needs_steps: &[],
    measure,
};

fn measure(evidence: &Evidence) -> Result<f64, String> {
    let Some(trace) = &evidence.visit.trace else {
        return Err("the trial was not traced".into());
    };
    if trace.incomplete {
        return Err("the trace is incomplete: the browser's buffer overflowed".into());
    }
    if trace.events.is_empty() {
        return Err("the trace holds no event of the page".into());
    }
    // Between the steps, and in steps of its own, the harness asks for styles itself.
    let steps = evidence.scenario_spans();
    let forced = evidence.forced(evidence.tree().all());
    let forced = forced.filter(|node| any_holds(&steps, node.start_us));
    Ok(forced.map(|node| node.cpu_us).fold(0.0, |a, b| a + b) / 1e3)
}
