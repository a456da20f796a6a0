use std::collections::BTreeSet;

use crate::model::{Basis, Cell, Effect, Gate, Purpose, Reason, Verdict};
use crate::stats;

use super::{Evidence, LOST_AT_MOST, words};

/// Chance that a gate fails a run without any harmful tag.
const ALPHA_REGRESSED: f64 = 0.01;

/// Chance, per cell, that a cost at or above its margin is called ok.
const ALPHA_OK: f64 = 0.05;

pub(super) fn judge(evidence: &Evidence, gate: &Gate) -> Vec<Cell> {
    let regressed: BTreeSet<(Basis, &str, &str)> = [Basis::Control, Basis::Baseline]
        .into_iter()
        .flat_map(|basis| regressed(evidence.effects, gate, basis))
        .collect();
    evidence
        .effects
        .iter()
        .map(|effect| {
            let gated = gate
                .metrics
                .iter()
                .any(|gated| gated.metric == effect.metric);
            let beyond = if gated {
                regressed.contains(&(effect.basis, &effect.tag, &effect.metric))
            } else {
                effect.p_regressed.is_some_and(|p| p <= ALPHA_REGRESSED)
            };
            let (verdict, reason) = verdict(effect, beyond, evidence);
            Cell {
                effect: effect.clone(),
                gated,
                verdict,
                reason,
            }
        })
        .collect()
}

fn verdict(effect: &Effect, beyond: bool, evidence: &Evidence) -> (Verdict, Reason) {
    let words = words::Words {
        effect,
        metric: evidence.metrics.iter().find(|m| m.id == effect.metric),
        baseline: evidence.baseline,
    };
    let seen = effect.pairs + effect.dropped;
    if effect.pairs == 0 || effect.dropped as f64 > LOST_AT_MOST * seen as f64 {
        return (Verdict::NotMeasured, words.missing());
    }
    let within = effect.p_ok.is_some_and(|p| p <= ALPHA_OK);
    match (beyond, within) {
        (true, _) => (Verdict::Regressed, words.beyond()),
        (false, true) => (Verdict::Ok, words.within()),
        (false, false) => (Verdict::Inconclusive, words.undecided(evidence.looks)),
    }
}

/// Gated cells that are regressed: Holm's rule over all tags, and inside a flagged tag over its metrics.
///
/// Each basis answers a question of its own and has its own error budget. A cell without a p-value counts
/// as the least evidence there can be, so that it neither blames nor clears a tag.
fn regressed<'a>(
    effects: &'a [Effect],
    gate: &'a Gate,
    basis: Basis,
) -> Vec<(Basis, &'a str, &'a str)> {
    let mut tags: Vec<&str> = Vec::new();
    for effect in effects.iter().filter(|effect| effect.basis == basis) {
        if !tags.contains(&effect.tag.as_str()) {
            tags.push(&effect.tag);
        }
    }
    let p_of = |tag: &str, metric: &str| {
        let own = |e: &&Effect| e.basis == basis && e.tag == tag && e.metric == metric;
        effects
            .iter()
            .find(own)
            .and_then(|effect| effect.p_regressed)
            .unwrap_or(1.0)
    };
    let p: Vec<Vec<f64>> = tags
        .iter()
        .map(|tag| {
            gate.metrics
                .iter()
                .map(|gated| p_of(tag, &gated.metric))
                .collect()
        })
        .collect();
    let weights: Vec<f64> = gate.metrics.iter().map(|gated| gated.weight).collect();
    // The weights come from a checked gate and the p-values from tests: there is no error to be had, and
    // without a result no cell is called regressed, which the exit code then shows as undecided.
    let verdicts = stats::gate(&p, &weights, ALPHA_REGRESSED).unwrap_or_default();
    tags.into_iter()
        .zip(verdicts)
        .flat_map(|(tag, verdict)| {
            verdict
                .blamed
                .into_iter()
                .map(move |metric| (basis, tag, gate.metrics[metric].metric.as_str()))
        })
        .collect()
}

/// Tags that need no more trials: one gated metric regressed, or all of them ok.
pub fn tags_decided(cells: &[Cell]) -> BTreeSet<String> {
    let tags: BTreeSet<&String> = cells.iter().map(|cell| &cell.effect.tag).collect();
    tags.into_iter()
        .filter(|tag| {
            let mut own = cells
                .iter()
                .filter(|cell| {
                    cell.gated && cell.effect.basis == Basis::Control && cell.effect.tag == **tag
                })
                .peekable();
            if own.peek().is_none() {
                return false;
            }
            let verdicts: Vec<Verdict> = own.map(|cell| cell.verdict).collect();
            verdicts.contains(&Verdict::Regressed) || verdicts.iter().all(|v| *v == Verdict::Ok)
        })
        .cloned()
        .collect()
}

/// Too many trials without evidence, or many more in one arm than in another.
pub(super) fn lost_trials(evidence: &Evidence) -> Option<Reason> {
    let measured: Vec<_> = evidence
        .trials
        .iter()
        .filter(|trial| trial.slot.purpose == Purpose::Measure)
        .collect();
    if measured.is_empty() {
        return Some(words::no_trials(evidence.trials, evidence.stop));
    }
    let arms: BTreeSet<_> = measured.iter().map(|trial| &trial.slot.arm).collect();
    for arm in arms {
        // A retry in the same block replaces the trial that failed.
        let blocks: BTreeSet<usize> = measured
            .iter()
            .filter(|t| t.slot.arm == *arm)
            .map(|t| t.slot.block)
            .collect();
        let lost: Vec<_> = blocks
            .iter()
            .filter(|block| {
                !measured
                    .iter()
                    .any(|t| t.slot.arm == *arm && t.slot.block == **block && t.fault.is_none())
            })
            .collect();
        if lost.len() as f64 > LOST_AT_MOST * blocks.len() as f64 {
            let fault = measured
                .iter()
                .filter(|t| t.slot.arm == *arm)
                .find_map(|t| t.fault.as_ref());
            return Some(words::lost(arm, lost.len(), blocks.len(), fault));
        }
    }
    None
}
