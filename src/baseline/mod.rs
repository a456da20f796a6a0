//! An accepted run as a file that a pull request shows readably: raw samples, fingerprint, approval.

mod certify;
mod difference;
mod file;
mod history;
#[cfg(test)]
mod pretend;
mod seal;

pub use certify::{Uncertified, certificate};
pub use difference::{Change, Cost, changes};
pub use file::{BaselineError, parse, parse_unsealed, render};
pub use history::followed;
pub use seal::sealed;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Approval, Arm, Baseline, BaselineCell, Basis, Cell, Certificate, Interval, Purpose, Report,
    Speed,
};

/// What a run lacks to become a baseline.
pub struct Acceptance {
    pub approval: Approval,
    pub speed: Speed,
    pub certificate: Option<Certificate>,
}

/// The baseline that accepting this run would make, without history and not yet sealed.
///
/// Every metric with at least one measured pair is kept, gated or not, so that the gate may change later.
pub fn from_report(report: &Report, acceptance: Acceptance) -> Baseline {
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
        if !with.is_empty() {
            let kept = kept(cell, &with, &without);
            let own = tags.entry(effect.tag.clone()).or_default();
            own.insert(effect.metric.clone(), kept);
        }
    }
    Baseline {
        format: Baseline::FORMAT,
        hash: String::new(),
        scenario: report.scenario.name.clone(),
        scenario_file: report.scenario.file.clone(),
        run: report.run.clone(),
        seed: report.plan.seed,
        approval: acceptance.approval,
        browser: report.environment.browser.clone(),
        tagperf: report.environment.tagperf.clone(),
        fingerprint: report.fingerprint.clone(),
        speed: acceptance.speed,
        certificate: acceptance.certificate,
        tags,
        history: vec![],
    }
}

/// An arm's samples of a metric, by block.
type Samples = BTreeMap<usize, Option<f64>>;

fn kept(cell: &Cell, with: &Samples, without: &Samples) -> BaselineCell {
    let blocks: BTreeSet<usize> = with.keys().chain(without.keys()).copied().collect();
    let column = |of: &Samples| {
        let values = blocks.iter().map(|block| of.get(block).copied().flatten());
        values.collect()
    };
    let effect = &cell.effect;
    BaselineCell {
        gated: cell.gated,
        estimate: effect.estimate.map(rounded),
        interval: effect.interval.map(|interval| Interval {
            low: rounded(interval.low),
            high: rounded(interval.high),
            confidence: interval.confidence,
        }),
        margin: rounded(effect.margin),
        detectable: effect.detectable.map(rounded),
        without: column(without),
        with: column(with),
    }
}

fn samples(report: &Report, arm: &Arm, metric: &str) -> Samples {
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
