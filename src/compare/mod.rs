//! Samples → effects: with the tag against without it, pair by pair, and now against the baseline.

mod page;
mod pairs;
mod screen;
mod since;
mod speed;

pub use page::page_changes;
pub use screen::screen;
pub use since::{Since, since_baseline};
pub use speed::{speed, speed_ratio};

use crate::model::{
    Basis, Confirmation, Contrast, Design, Effect, Gate, Interval, Margin, MetricInfo, Plan,
    Purpose, Sample, Schedule,
};
use crate::stats::{ALPHA, ALPHA_CONFIRM, DUST, POWER, WalshAverages, mde, median, signed_rank_p};

use pairs::{Pairs, pair_up};

/// The effect of every tag on every metric, tags in the plan's order, metrics in the table's.
pub fn effects(
    samples: &[Sample],
    plan: &Plan,
    gate: &Gate,
    metrics: &[MetricInfo],
) -> Vec<Effect> {
    if plan.design == Design::Screen {
        return screen::effects(samples, plan, gate, metrics);
    }
    let mut effects = Vec::new();
    for contrast in &plan.contrasts {
        for metric in metrics {
            let margin = margin_of(gate, metric);
            let question = Question {
                contrast,
                schedule: &plan.schedule,
                alpha: ALPHA,
                fresh: false,
            };
            let pairs = pair_up(samples, contrast, &metric.id, purpose(samples, &metric.id));
            let margin = question.frozen(&pairs, margin);
            effects.push(question.effect(&pairs, &metric.id, margin));
        }
    }
    effects
}

/// What fresh trials say of the gated effects that are asked again. `first` are the effects that made them
/// suspect: their margins stay.
pub fn fresh_effects(
    samples: &[Sample],
    confirmation: &Confirmation,
    gate: &Gate,
    first: &[Effect],
) -> Vec<Effect> {
    let mut effects = Vec::new();
    for contrast in &confirmation.contrasts {
        for gated in &gate.metrics {
            let own = |e: &&Effect| {
                e.tag == contrast.tag && e.metric == gated.metric && e.basis != Basis::Baseline
            };
            let Some(first) = first.iter().find(own) else {
                continue;
            };
            let question = Question {
                contrast,
                schedule: &confirmation.schedule,
                alpha: ALPHA_CONFIRM,
                fresh: true,
            };
            let pairs = pair_up(samples, contrast, &gated.metric, Purpose::Confirm);
            // Nothing has been asked again yet.
            if pairs.all().next().is_none() && pairs.dropped == 0 {
                continue;
            }
            effects.push(question.effect(&pairs, &gated.metric, first.margin));
        }
    }
    effects
}

/// Trials that count, or the traced ones when a metric comes from traces alone.
fn purpose(samples: &[Sample], metric: &str) -> Purpose {
    let measured = |s: &Sample| s.metric == metric && s.slot.purpose == Purpose::Measure;
    if samples.iter().any(measured) {
        Purpose::Measure
    } else {
        Purpose::Explain
    }
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

/// A contrast that is judged at the looks of a schedule.
struct Question<'a> {
    contrast: &'a Contrast,
    schedule: &'a Schedule,
    /// Error rate over all looks.
    alpha: f64,
    fresh: bool,
}

impl Question<'_> {
    /// The margin as the first look sees it, so that later data cannot move the goal.
    fn frozen(&self, pairs: &Pairs, margin: Margin) -> f64 {
        let looks = looks_reached(self.schedule, pairs.last_block());
        let first = looks.first().map_or(usize::MAX, |look| look.blocks);
        let control: Vec<f64> = pairs.until(first).map(|pair| pair.without).collect();
        margin.at(median(&control).unwrap_or_default())
    }

    fn effect(&self, pairs: &Pairs, metric: &str, margin: f64) -> Effect {
        let differences = pairs.differences();
        let looks = looks_reached(self.schedule, pairs.last_block());
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
        let level = looks.last().map(|look| self.alpha * look.weight);
        // Without a single pair there is no estimate, and the judge says so.
        let walsh = WalshAverages::of(&differences).ok();
        Effect {
            tag: self.contrast.tag.clone(),
            metric: metric.to_owned(),
            basis: Basis::Control,
            fresh: self.fresh,
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
            detectable: mde(&differences, ALPHA, POWER).ok().flatten(),
        }
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
fn looks_reached(schedule: &Schedule, last_block: usize) -> Vec<Look> {
    let mut reached = Vec::new();
    for (&blocks, &weight) in schedule.looks.iter().zip(&schedule.weights) {
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
