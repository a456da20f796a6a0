//! What a page measured against itself tells: how noisy each metric is, and how often the test cries wolf.

use std::collections::{BTreeMap, BTreeSet};

use super::stats::{ALPHA, POWER};
use super::{Arm, Certificate, Contrast, Fitness, Gate, Noise, Purpose, Sample, Session, stats};

/// No scenario can call a tag that, so that no tag is in this arm.
const AGAIN: &str = "(again)";

/// So many relabellings tell a rate of 1 % to within a third of it.
const RELABELLED: usize = 1000;

/// Blocks for which the smallest effect is told.
const TOLD: [usize; 3] = [10, 20, 40];

/// The question of an A/A session: two arms, both the page without its tags.
pub fn contrast() -> Contrast {
    Contrast {
        tag: "A/A".into(),
        with: Arm(vec![AGAIN.into()]),
        without: Arm::control(),
    }
}

/// What of a session does not follow from its samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Name of the session.
    pub run: String,
    pub seed: u64,
    /// Gated effects, and how many of them the gate called regressed.
    pub verdicts: (usize, usize),
    /// Mean wall seconds of a trial.
    pub trial_s: f64,
}

/// Works a session out. The certificate's fitness is not known before the checks: it is unfit until then.
pub fn session(samples: &[Sample], gate: &Gate, asked: &Asked) -> Session {
    let contrast = contrast();
    let blocks: BTreeSet<usize> = gate
        .metrics
        .iter()
        .flat_map(|gated| pairs(samples, &contrast, &gated.metric).into_keys())
        .collect();
    Session {
        certificate: Certificate {
            run: asked.run.clone(),
            fitness: Fitness::Unfit,
            blocks: blocks.len(),
            effects: asked.verdicts.0,
            regressed: asked.verdicts.1,
            false_alarms: false_alarms(samples, &contrast, gate, asked.seed),
            relabelled: RELABELLED,
        },
        noise: noise(samples, &contrast, gate),
        trial_s: asked.trial_s,
    }
}

/// How noisy each gated metric is between the two arms of `contrast`, in the gate's order.
pub fn noise(samples: &[Sample], contrast: &Contrast, gate: &Gate) -> Vec<Noise> {
    gate.metrics
        .iter()
        .map(|gated| {
            let pairs = pairs(samples, contrast, &gated.metric);
            let differences: Vec<f64> = pairs
                .values()
                .map(|[without, with]| with - without)
                .collect();
            let means: Vec<f64> = pairs.values().map(|[a, b]| a / 2.0 + b / 2.0).collect();
            let control: Vec<f64> = pairs.values().map(|[without, _]| *without).collect();
            let without = stats::median(&control).ok();
            // No pairs, or too few for an interval: nothing is told.
            let seen = stats::mde(&differences, ALPHA, POWER).ok().flatten();
            Noise {
                metric: gated.metric.clone(),
                pairs: pairs.len(),
                sd: stats::sd(&differences).ok(),
                detectable: seen.map(|mde| TOLD.map(|n| stats::mde_at(mde, pairs.len(), n))),
                margin: gated.margin.at(without.unwrap_or_default()),
                without,
                // Constant values, and too few, do not drift.
                drifted: stats::drift(&means).is_ok_and(|drift| drift.raised),
            }
        })
        .collect()
}

/// Metric by metric, the noisier of two: a gate must decide the question that is hardest.
pub fn noisiest(of: Vec<Noise>, or: Vec<Noise>) -> Vec<Noise> {
    let rank = |noise: &Noise| {
        noise
            .detectable
            .map_or(f64::INFINITY, |d| d[0] / noise.margin)
    };
    of.into_iter()
        .zip(or)
        .map(|(a, b)| if rank(&b) > rank(&a) { b } else { a })
        .collect()
}

/// How often a gate without margins fails when a coin per block says which arm is which.
///
/// The arms are the same, so every labelling is as good as the one that ran. Metrics of a block move
/// together, as they do in a run. A metric that never differs has p = 1 in all of them.
fn false_alarms(samples: &[Sample], contrast: &Contrast, gate: &Gate, seed: u64) -> f64 {
    let metrics: Vec<BTreeMap<usize, f64>> = gate
        .metrics
        .iter()
        .map(|gated| {
            let pairs = pairs(samples, contrast, &gated.metric).into_iter();
            pairs
                .map(|(block, [without, with])| (block, with - without))
                .collect()
        })
        .collect();
    let weights: Vec<f64> = gate.metrics.iter().map(|gated| gated.weight).collect();
    let last = metrics
        .iter()
        .filter_map(|metric| metric.keys().last())
        .max();
    let failed = (0..RELABELLED).filter(|relabelling| {
        // The plan draws its orders from the seed itself.
        let mut lot = stats::Rng::stream(!seed, *relabelling as u64);
        let signs: Vec<f64> = (0..=last.copied().unwrap_or(0))
            .map(|_| if lot.coin() { 1.0 } else { -1.0 })
            .collect();
        let p: Vec<f64> = metrics.iter().map(|metric| p_of(metric, &signs)).collect();
        stats::gate(&[p], &weights, ALPHA)
            .is_ok_and(|verdict| verdict.iter().any(|tag| tag.regressed))
    });
    failed.count() as f64 / RELABELLED as f64
}

fn p_of(differences: &BTreeMap<usize, f64>, signs: &[f64]) -> f64 {
    let relabelled: Vec<f64> = differences
        .iter()
        .filter_map(|(block, difference)| Some(difference * signs.get(*block)?))
        .collect();
    // Without a pair there is no evidence.
    stats::signed_rank_p(&relabelled, stats::DUST).unwrap_or(1.0)
}

/// Values without and with, by measured block in which both are known.
fn pairs(samples: &[Sample], contrast: &Contrast, metric: &str) -> BTreeMap<usize, [f64; 2]> {
    let mut sides: [BTreeMap<usize, f64>; 2] = Default::default();
    for sample in samples {
        if sample.metric != metric || sample.slot.purpose != Purpose::Measure {
            continue;
        }
        let arms = [&contrast.without, &contrast.with];
        for (side, arm) in sides.iter_mut().zip(arms) {
            if let (true, Some(value)) = (sample.slot.arm == *arm, sample.reading.value()) {
                side.insert(sample.slot.block, value);
            }
        }
    }
    let [without, with] = sides;
    without
        .into_iter()
        .filter_map(|(block, value)| Some((block, [value, *with.get(&block)?])))
        .collect()
}
