//! Numbers read off one visit: one file per metric.

mod bytes;
mod cls;
mod cpu;
mod cpu_total;
mod dom_nodes;
mod event_listeners;
mod fcp;
mod forced_layout;
mod inp;
mod js_heap;
mod layout;
mod lcp;
mod load;
mod long_task_total;
mod long_tasks;
mod longest_task;
mod requests;
mod script;
mod scroll_cpu;
mod tbt;

use std::collections::BTreeMap;

use crate::model::{Margin, MetricInfo, Purpose, Reading, Sample, Scaling, Trial, Unit};
use crate::trace::Evidence;

/// A number that a visit has, and how much of it a tag may cost.
pub struct Metric {
    /// Stable, and the name of its file.
    pub id: &'static str,
    /// Short name for tables.
    pub name: &'static str,
    pub unit: Unit,
    /// One or two sentences, with the source of the definition.
    pub what: &'static str,
    /// The effect too small to matter: what one trial cannot resolve, or nobody would notice.
    pub floor: f64,
    /// The effect that a gate tolerates unless the scenario says otherwise.
    pub margin: Margin,
    /// What becomes of it on a slower machine.
    pub scaling: Scaling,
    /// In the gated family of a scenario that names none; otherwise exploratory.
    pub gated: bool,
    /// Share of a tag's error budget beside the others of its family; the default family's add up to 1.
    pub weight: f64,
    /// Read from traced trials only. Tracing costs time itself, so that the two kinds never mix.
    pub needs_trace: bool,
    /// Kinds of steps without any of which there is nothing to measure; empty if every scenario will do.
    pub needs_steps: &'static [&'static str],
    /// The value in `unit`, or why there is none. It is never zero for "unknown".
    pub measure: fn(&Evidence) -> Result<f64, String>,
}

#[rustfmt::skip]
pub static ALL: &[Metric] = &[
    cpu::METRIC,
    lcp::METRIC,
    tbt::METRIC,
    long_task_total::METRIC,
    scroll_cpu::METRIC,
    fcp::METRIC,
    load::METRIC,
    inp::METRIC,
    cls::METRIC,
    long_tasks::METRIC,
    longest_task::METRIC,
    cpu_total::METRIC,
    script::METRIC,
    layout::METRIC,
    forced_layout::METRIC,
    requests::METRIC,
    bytes::METRIC,
    js_heap::METRIC,
    dom_nodes::METRIC,
    event_listeners::METRIC,
];

/// Every metric of every trial, in the order of trials: the last attempt of each slot counts, and a
/// fault stands as the reason why each of its metrics is missing.
pub fn samples<'t>(trials: impl IntoIterator<Item = &'t Trial>) -> Vec<Sample> {
    let trials: Vec<&Trial> = trials.into_iter().collect();
    let key = |trial: &Trial| (trial.slot.purpose, trial.slot.block, trial.slot.arm.clone());
    let last: BTreeMap<_, usize> = trials
        .iter()
        .enumerate()
        .map(|(index, trial)| (key(trial), index))
        .collect();
    let mut indices: Vec<usize> = last.into_values().collect();
    indices.sort_unstable();
    indices
        .into_iter()
        .flat_map(|index| samples_of(trials[index]))
        .collect()
}

fn samples_of(trial: &Trial) -> Vec<Sample> {
    let evidence = trial.outcome.as_ref().map(Evidence::new);
    let traced = trial.slot.purpose == Purpose::Explain;
    let metrics = ALL.iter().filter(|metric| metric.needs_trace == traced);
    metrics
        .map(|metric| Sample {
            slot: trial.slot.clone(),
            metric: metric.id.into(),
            reading: match &evidence {
                Ok(evidence) => reading(metric, evidence),
                Err(fault) => Reading::Missing(fault.to_string()),
            },
        })
        .collect()
}

fn reading(metric: &Metric, evidence: &Evidence) -> Reading {
    match (metric.measure)(evidence) {
        // An empty sum is minus zero.
        Ok(value) if value.is_finite() && value >= 0.0 => Reading::Value(value + 0.0),
        Ok(value) => Reading::Missing(format!("the browser reported {value}")),
        Err(reason) => Reading::Missing(reason),
    }
}

/// What reports need to know of each metric, in the order of the table.
pub fn infos() -> Vec<MetricInfo> {
    let info = |metric: &Metric| MetricInfo {
        id: metric.id.into(),
        name: metric.name.into(),
        unit: metric.unit,
        what: metric.what.into(),
        floor: metric.floor,
        scaling: metric.scaling,
    };
    ALL.iter().map(info).collect()
}

#[cfg(test)]
mod tests;
