use super::Metric;
use crate::model::{Margin, Scaling, Unit};
use crate::trace::Evidence;

pub const METRIC: Metric = Metric {
    id: "cpu_total",
    name: "CPU of all processes",
    unit: Unit::Ms,
    what: "CPU time of all processes of the browser over the whole visit: it also sees workers, cross-site frames, network and painting. As the operating system accounts for it (Linux: utime and stime of /proc/pid/stat, proc(5)).",
    floor: 10.0,
    margin: Margin {
        absolute: 20.0,
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
    let total = evidence.visit.counters.processes_ms;
    total.ok_or_else(|| "this system does not tell the CPU time of processes".into())
}
