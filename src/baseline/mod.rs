//! An accepted run as a file that a pull request shows readably: raw samples, fingerprint, approval.

mod difference;
mod file;

pub use difference::{Change, changes};
pub use file::{BaselineError, parse, render};

use std::collections::BTreeMap;

use crate::model::{Approval, Arm, Baseline, BaselineCell, Basis, Purpose, Report};

/// The baseline that accepting this run would make.
///
/// Every metric with at least one measured pair is kept, gated or not, so that the gate may change later.
pub fn from_report(report: &Report, approval: Approval) -> Baseline {
    let mut tags: BTreeMap<String, BTreeMap<String, BaselineCell>> = BTreeMap::new();
    for cell in &report.judgement.cells {
        let effect = &cell.effect;
        let Some(contrast) = report.plan.contrasts.iter().find(|c| c.tag == effect.tag) else {
            continue;
        };
        if effect.basis != Basis::Control || effect.fresh || effect.pairs == 0 {
            continue;
        }
        let with = samples(report, &contrast.with, &effect.metric);
        let without = samples(report, &contrast.without, &effect.metric);
        // A metric of traced trials alone has no samples that could be compared later.
        if with.is_empty() {
            continue;
        }
        let blocks = with
            .keys()
            .chain(without.keys())
            .copied()
            .collect::<std::collections::BTreeSet<usize>>();
        let column = |of: &BTreeMap<usize, Option<f64>>| {
            blocks
                .iter()
                .map(|block| of.get(block).copied().flatten())
                .collect()
        };
        tags.entry(effect.tag.clone()).or_default().insert(
            effect.metric.clone(),
            BaselineCell {
                estimate: effect.estimate.map(rounded),
                interval: effect.interval.map(|mut interval| {
                    interval.low = rounded(interval.low);
                    interval.high = rounded(interval.high);
                    interval
                }),
                without: column(&without),
                with: column(&with),
            },
        );
    }
    Baseline {
        format: Baseline::FORMAT,
        scenario: report.scenario.name.clone(),
        run: report.run.clone(),
        approval,
        fingerprint: report.fingerprint.clone(),
        tags,
    }
}

fn samples(report: &Report, arm: &Arm, metric: &str) -> BTreeMap<usize, Option<f64>> {
    let mut by_block = BTreeMap::new();
    for trial in &report.trials {
        if trial.slot.purpose != Purpose::Measure || trial.slot.arm != *arm {
            continue;
        }
        if let Some(reading) = trial.readings.get(metric) {
            by_block.insert(trial.slot.block, reading.value().map(rounded));
        }
    }
    by_block
}

/// Finer than any clock that a metric is read from, and short enough to read in a diff.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
