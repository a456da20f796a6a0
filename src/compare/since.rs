use crate::model::{
    Baseline, BaselineCell, Basis, Contrast, Effect, Interval, Plan, Purpose, Sample,
};
use crate::stats::Growth;

use super::pairs::pair_up;

/// One-sided error rate of each end of the interval.
const ALPHA: f64 = 0.01;

/// A tag's cost now minus its cost in the baseline, for every tag × metric that both have: a difference of
/// differences, so that a page that became slower or faster as a whole does not count for the tag.
///
/// `now` are the run's effects against its own control; they give the margins.
pub fn since_baseline(
    samples: &[Sample],
    plan: &Plan,
    now: &[Effect],
    baseline: &Baseline,
) -> Vec<Effect> {
    now.iter()
        .filter(|effect| effect.basis == Basis::Control)
        .filter_map(|effect| {
            let cell = baseline.tags.get(&effect.tag)?.get(&effect.metric)?;
            let contrast = plan.contrasts.iter().find(|c| c.tag == effect.tag)?;
            since(samples, contrast, effect, cell)
        })
        .collect()
}

fn since(
    samples: &[Sample],
    contrast: &Contrast,
    now: &Effect,
    then: &BaselineCell,
) -> Option<Effect> {
    let pairs = pair_up(samples, contrast, &now.metric, Purpose::Measure);
    if pairs.last_block() == 0 {
        return None;
    }
    let (before, after) = (differences(then), pairs.differences());
    // Fingerprints match, so it is the same machine, at the same speed.
    let growth = Growth::between(&before, &after, 1.0).ok()?;
    let interval = growth.interval(ALPHA).ok()?;
    Some(Effect {
        basis: Basis::Baseline,
        pairs: before.len().min(after.len()),
        without: Some(growth.before()),
        with: now.estimate,
        estimate: Some(growth.estimate()),
        interval: interval.map(|i| Interval {
            low: i.low,
            high: i.high,
            confidence: i.confidence,
        }),
        p_regressed: growth.p_regressed(now.margin).ok(),
        p_ok: growth.p_ok(now.margin).ok(),
        ..now.clone()
    })
}

fn differences(cell: &BaselineCell) -> Vec<f64> {
    cell.with
        .iter()
        .zip(&cell.without)
        .filter_map(|(with, without)| Some((*with)? - (*without)?))
        .collect()
}
