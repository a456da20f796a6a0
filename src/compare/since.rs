use crate::model::{
    Baseline, BaselineCell, Basis, Contrast, Effect, Gate, Interval, MetricInfo, Purpose, Sample,
    Scaling, Schedule, SpeedRatio, Unit,
};
use crate::stats::{ALPHA, ALPHA_CONFIRM, Growth};

use super::pairs::pair_up;
use super::{looks_reached, margin_of};

/// What a run is compared with.
pub struct Since<'a> {
    pub baseline: &'a Baseline,
    /// How much faster the run was.
    pub speed: &'a SpeedRatio,
    pub gate: &'a Gate,
    pub metrics: &'a [MetricInfo],
}

/// A tag's cost now minus its cost in the baseline, for every tag × metric that both have, and an effect without
/// pairs for each gated one that the baseline lacks, so that nothing counts as not grown unseen: a difference of
/// differences, at the speed of the baseline's machine. A page that became slower as a whole cancels in each
/// run's own difference, and a machine that became slower in the scaling.
///
/// `now` are the run's effects against its own control, from trials of `purpose`: those that measured, or the
/// fresh ones that confirm. They are judged at the looks of `schedule`, each at its share of the error. The
/// margin is the gate's, where a share is one of the tag's cost in the baseline.
pub fn since_baseline(
    samples: &[Sample],
    contrasts: &[Contrast],
    schedule: &Schedule,
    now: &[Effect],
    since: &Since,
    purpose: Purpose,
) -> Vec<Effect> {
    let fresh = purpose == Purpose::Confirm;
    now.iter()
        .filter(|effect| effect.basis == Basis::Control && effect.fresh == fresh)
        .filter_map(|effect| {
            let cells = since.baseline.tags.get(&effect.tag);
            let cell = cells
                .and_then(|cells| cells.get(&effect.metric))
                .filter(|cell| !cell.differences().is_empty());
            let Some(cell) = cell else {
                return unknown(effect, since);
            };
            let contrast = contrasts.iter().find(|c| c.tag == effect.tag)?;
            let metric = since.metrics.iter().find(|m| m.id == effect.metric)?;
            let pairs = pair_up(samples, contrast, &effect.metric, purpose);
            let looks: Vec<(f64, Vec<f64>)> = looks_reached(schedule, pairs.last_block())
                .into_iter()
                .map(|look| {
                    let until = pairs.until(look.blocks);
                    let differences = until.map(|pair| pair.with - pair.without);
                    (look.weight, differences.collect())
                })
                .collect();
            compared(&looks, cell, effect, metric, since)
        })
        .collect()
}

/// What the baseline does not know of a gated effect: all of it. Asking again would not tell.
fn unknown(now: &Effect, since: &Since) -> Option<Effect> {
    let mut gated = since.gate.metrics.iter();
    if now.fresh || !gated.any(|gated| gated.metric == now.metric) {
        return None;
    }
    Some(Effect {
        basis: Basis::Baseline,
        pairs: 0,
        dropped: 0,
        dropped_because: None,
        without: None,
        with: None,
        estimate: None,
        interval: None,
        detectable: None,
        p_regressed: None,
        p_ok: None,
        ..now.clone()
    })
}

/// `looks`: for each one reached, its share of the error and the differences so far.
fn compared(
    looks: &[(f64, Vec<f64>)],
    cell: &BaselineCell,
    now: &Effect,
    metric: &MetricInfo,
    since: &Since,
) -> Option<Effect> {
    let before = cell.differences();
    let ends_of = |after: &[f64]| -> Option<Vec<Growth>> {
        factors(metric, since.speed)
            .into_iter()
            .map(|factor| Growth::between(&before, after, factor).ok())
            .collect()
    };
    let (weight, after) = looks.last()?;
    let ends = ends_of(after)?;
    let then = ends.first()?.before();
    let margin = margin_of(since.gate, metric).at(then);
    let estimate = ends.iter().map(Growth::estimate).sum::<f64>() / ends.len() as f64;
    let repeated = |p: &dyn Fn(&Growth) -> Option<f64>| {
        let at = |(weight, after): &(f64, Vec<f64>)| Some(largest(&ends_of(after)?, p)? / weight);
        looks
            .iter()
            .filter_map(at)
            .reduce(f64::min)
            .map(|p| p.min(1.0))
    };
    let (regressed, ok) = (
        repeated(&|growth| growth.p_regressed(margin).ok()),
        repeated(&|growth| growth.p_ok(margin).ok()),
    );
    let alpha = if now.fresh { ALPHA_CONFIRM } else { ALPHA };
    let speed = since.speed;
    Some(Effect {
        basis: Basis::Baseline,
        pairs: before.len().min(after.len()),
        without: Some(then),
        with: Some(then + estimate),
        estimate: Some(estimate),
        interval: hull(&ends, alpha * weight),
        margin,
        detectable: None,
        p_regressed: or_nothing(regressed, speed.forbids_regressed(metric.scaling).is_some()),
        p_ok: or_nothing(ok, speed.forbids_ok(metric.scaling).is_some()),
        ..now.clone()
    })
}

/// What the differences of now are multiplied by; where that is not known, both ends of what it can be.
fn factors(metric: &MetricInfo, speed: &SpeedRatio) -> Vec<f64> {
    match metric.scaling {
        Scaling::Cpu => vec![speed.whole()],
        Scaling::Threshold if metric.unit == Unit::Ms => vec![speed.whole()],
        Scaling::Partly => vec![1.0, speed.whole()],
        Scaling::Threshold | Scaling::Fixed => vec![1.0],
    }
}

/// A claim must hold at every end: its p-value is the largest of them.
fn largest(ends: &[Growth], p: impl Fn(&Growth) -> Option<f64>) -> Option<f64> {
    ends.iter().map(p).reduce(|a, b| {
        let (a, b) = (a?, b?);
        Some(a.max(b))
    })?
}

/// The smallest interval that holds those of all ends, each side at the one-sided level `alpha`; `None` when a
/// run has too few pairs for one.
fn hull(ends: &[Growth], alpha: f64) -> Option<Interval> {
    let all: Vec<_> = ends
        .iter()
        .map(|end| end.interval(alpha).ok().flatten())
        .collect::<Option<_>>()?;
    let first = all.first()?;
    Some(Interval {
        low: all.iter().map(|i| i.low).fold(first.low, f64::min),
        high: all.iter().map(|i| i.high).fold(first.high, f64::max),
        confidence: first.confidence,
    })
}

/// Where a claim must not be made there is no evidence for it.
fn or_nothing(p: Option<f64>, forbidden: bool) -> Option<f64> {
    p.map(|p| if forbidden { 1.0 } else { p })
}

#[cfg(test)]
mod tests;
