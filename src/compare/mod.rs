//! Samples → effects: with the tag against without it, pair by pair, and now against the baseline.

mod page;
mod pairs;
mod since;
mod speed;

pub use page::page_changes;
pub use since::{Since, since_baseline};
pub use speed::{speed, speed_ratio};

use crate::model::{
    Basis, Contrast, Effect, Gate, Interval, Margin, MetricInfo, Plan, Purpose, Sample,
};
use crate::stats::{DUST, WalshAverages, median, signed_rank_p};

use pairs::{Pairs, pair_up};

/// Family-wise error rate that the intervals share with the gate.
const ALPHA: f64 = 0.01;

/// The effect of every tag on every metric, tags in the plan's order, metrics in the table's.
pub fn effects(
    samples: &[Sample],
    plan: &Plan,
    gate: &Gate,
    metrics: &[MetricInfo],
) -> Vec<Effect> {
    let mut effects = Vec::new();
    for contrast in &plan.contrasts {
        for metric in metrics {
            let pairs = pair_up(samples, contrast, &metric.id, Purpose::Measure);
            effects.push(effect(
                &pairs,
                contrast,
                metric,
                plan,
                margin_of(gate, metric),
            ));
        }
    }
    effects
}

/// The margin that the gate gives a metric; one that it does not name tolerates its floor.
fn margin_of(gate: &Gate, metric: &MetricInfo) -> Margin {
    gate.metrics
        .iter()
        .chain(&gate.exploratory)
        .find(|gated| gated.metric == metric.id)
        .map_or(
            Margin {
                absolute: metric.floor,
                relative: 0.0,
            },
            |gated| gated.margin,
        )
}

fn effect(
    pairs: &Pairs,
    contrast: &Contrast,
    metric: &MetricInfo,
    plan: &Plan,
    margin: Margin,
) -> Effect {
    let differences = pairs.differences();
    let looks = looks_reached(plan, pairs.last_block());
    // Frozen at the first look, so that later data cannot move the goal.
    let first = looks.first().map_or(usize::MAX, |look| look.blocks);
    let control: Vec<f64> = pairs.until(first).map(|pair| pair.without).collect();
    let margin = margin.at(median(&control).unwrap_or_default());
    let repeated = |sign: f64| {
        looks
            .iter()
            .filter_map(|look| {
                let shifted: Vec<f64> = pairs
                    .until(look.blocks)
                    .map(|pair| sign * (pair.with - pair.without - margin))
                    .collect();
                // No pairs up to this look: nothing is known from it.
                Some(signed_rank_p(&shifted, DUST).ok()? / look.weight)
            })
            .reduce(f64::min)
            .map(|p| p.min(1.0))
    };
    let level = looks.last().map(|look| ALPHA * look.weight);
    // Without a single pair there is no estimate, and the judge says so.
    let walsh = WalshAverages::of(&differences).ok();
    Effect {
        tag: contrast.tag.clone(),
        metric: metric.id.clone(),
        basis: Basis::Control,
        fresh: false,
        detectable: None,
        pairs: differences.len(),
        dropped: pairs.dropped,
        dropped_because: pairs.dropped_because.clone(),
        without: median(&pairs.all().map(|pair| pair.without).collect::<Vec<_>>()).ok(),
        with: median(&pairs.all().map(|pair| pair.with).collect::<Vec<_>>()).ok(),
        estimate: walsh.as_ref().map(WalshAverages::estimate),
        interval: walsh
            .zip(level)
            .and_then(|(walsh, level)| interval(&walsh, level)),
        margin,
        p_regressed: repeated(1.0),
        p_ok: repeated(-1.0),
    }
}

/// The interval whose ends each err with at most `level`; `None` when the pairs are too few for that.
fn interval(walsh: &WalshAverages, level: f64) -> Option<Interval> {
    let found = walsh.interval(level).ok()??;
    Some(Interval {
        low: found.low,
        high: found.high,
        confidence: found.confidence,
    })
}

/// A look that has been reached, and its share of the error budget.
struct Look {
    blocks: usize,
    weight: f64,
}

/// The looks up to `last_block`. A run that was stopped between two looks has its last look there, at the
/// weight of the one that it did not reach: time and Ctrl-C do not know the data.
fn looks_reached(plan: &Plan, last_block: usize) -> Vec<Look> {
    let mut reached = Vec::new();
    for (&blocks, &weight) in plan.schedule.looks.iter().zip(&plan.schedule.weights) {
        if blocks > last_block {
            let last = reached.last().map_or(0, |look: &Look| look.blocks);
            if last_block > last {
                reached.push(Look {
                    blocks: last_block,
                    weight,
                });
            }
            break;
        }
        reached.push(Look { blocks, weight });
    }
    reached
}

#[cfg(test)]
mod tests;
