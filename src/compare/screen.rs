//! Many tags at once: every pair of trials informs every tag, through a joint fit.

use std::collections::BTreeMap;

use crate::model::{
    Arm, Basis, Confounding, Contrast, Effect, Gate, Interval, MetricInfo, Plan, Purpose, Reading,
    Sample, Screen, TagInteraction,
};
use crate::stats::{ALPHA, DUST, HuberFit, POWER, huber, median};

use super::{looks_reached, margin_of};

/// Correlation of two tags' columns above which their costs are told apart poorly.
const CONFOUNDED: f64 = 0.5;

/// Error rate of all interactions of a metric that are looked at.
const ALPHA_INTERACTION: f64 = 0.01;

/// The two trials of a pair, in the order in which they ran.
struct Halves<'a> {
    block: usize,
    arms: [&'a Arm; 2],
    readings: [&'a Reading; 2],
}

impl Halves<'_> {
    /// Both values, if both trials have one.
    fn values(&self) -> Option<[f64; 2]> {
        Some([self.readings[0].value()?, self.readings[1].value()?])
    }

    /// 1 if the tag is present in the first trial alone, −1 if in the second alone, else 0.
    fn sign(&self, tag: &[&String]) -> i8 {
        let present = self.present(tag);
        i8::from(present[0]) - i8::from(present[1])
    }

    fn present(&self, tag: &[&String]) -> [bool; 2] {
        self.arms.map(|arm| tag.iter().all(|id| arm.has(id)))
    }
}

/// The ids that each contrast moves: what a column of the design stands for.
fn columns(plan: &Plan) -> Vec<Vec<&String>> {
    plan.contrasts.iter().map(|c| c.moved().collect()).collect()
}

fn halves<'a>(samples: &'a [Sample], metric: &str) -> Vec<Halves<'a>> {
    let mut blocks: BTreeMap<usize, BTreeMap<usize, &Sample>> = BTreeMap::new();
    let measured = samples
        .iter()
        .filter(|s| s.metric == metric && s.slot.purpose == Purpose::Measure);
    for sample in measured {
        let block = blocks.entry(sample.slot.block).or_default();
        block.insert(sample.slot.position, sample);
    }
    let pairs = blocks.into_iter().filter_map(|(block, trials)| {
        let (first, second) = (trials.get(&0)?, trials.get(&1)?);
        Some(Halves {
            block,
            arms: [&first.slot.arm, &second.slot.arm],
            readings: [&first.reading, &second.reading],
        })
    });
    pairs.collect()
}

/// The joint fit of the pairs up to a block; `None` while they are too few.
fn fit<'a>(
    pairs: impl Iterator<Item = &'a Halves<'a>>,
    columns: &[Vec<&String>],
) -> Option<HuberFit> {
    let mut signs: Vec<Vec<i8>> = Vec::new();
    let mut differences = Vec::new();
    for pair in pairs {
        let Some([first, second]) = pair.values() else {
            continue;
        };
        signs.push(columns.iter().map(|tag| pair.sign(tag)).collect());
        differences.push(first - second);
    }
    huber(&signs, &differences).ok()
}

/// The effect of every tag on every metric that was measured.
pub(super) fn effects(
    samples: &[Sample],
    plan: &Plan,
    gate: &Gate,
    metrics: &[MetricInfo],
) -> Vec<Effect> {
    let columns = columns(plan);
    let by_metric: Vec<Vec<Effect>> = metrics
        .iter()
        .map(|metric| of_metric(samples, plan, gate, metric, &columns))
        .collect();
    let of_tag = |tag: usize| {
        by_metric
            .iter()
            .filter_map(move |all| all.get(tag).cloned())
    };
    (0..columns.len()).flat_map(of_tag).collect()
}

fn of_metric(
    samples: &[Sample],
    plan: &Plan,
    gate: &Gate,
    metric: &MetricInfo,
    columns: &[Vec<&String>],
) -> Vec<Effect> {
    let pairs = halves(samples, &metric.id);
    let gated = gate.metrics.iter().any(|gated| gated.metric == metric.id);
    // Nothing measured of a gated metric is an answer of its own.
    if pairs.is_empty() && !gated {
        return Vec::new();
    }
    let last = pairs.last().map_or(0, |pair| pair.block);
    let looks = looks_reached(&plan.schedule, last);
    let fits: Vec<(f64, Option<HuberFit>)> = looks
        .iter()
        .map(|look| {
            let until = pairs.iter().filter(|pair| pair.block <= look.blocks);
            (look.weight, fit(until, columns))
        })
        .collect();
    let first = looks.first().map_or(usize::MAX, |look| look.blocks);
    let lost: Vec<&Halves> = pairs.iter().filter(|p| p.values().is_none()).collect();
    let why = lost
        .iter()
        .flat_map(|pair| pair.readings)
        .find_map(|reading| match reading {
            Reading::Missing(why) => Some(why.clone()),
            Reading::Value(_) => None,
        });
    let effect = |(at, contrast): (usize, &Contrast)| {
        let values = |wanted: bool, until: usize| -> Vec<f64> {
            let pairs = pairs.iter().filter(|pair| pair.block <= until);
            pairs
                .flat_map(|pair| pair.present(&columns[at]).into_iter().zip(pair.readings))
                .filter(|(present, _)| *present == wanted)
                .filter_map(|(_, reading)| reading.value())
                .collect()
        };
        let margin = margin_of(gate, metric);
        let margin = margin.at(median(&values(false, first)).unwrap_or_default());
        let repeated = |p: &dyn Fn(&HuberFit) -> Option<f64>| {
            let p = fits
                .iter()
                .filter_map(|(weight, fit)| Some(p(fit.as_ref()?)? / weight));
            p.reduce(f64::min).map(|p| p.min(1.0))
        };
        let latest = fits
            .iter()
            .rev()
            .find_map(|(weight, fit)| Some((weight, fit.as_ref()?)));
        Effect {
            tag: contrast.tag.clone(),
            metric: metric.id.clone(),
            basis: Basis::Screen,
            fresh: false,
            pairs: pairs.len() - lost.len(),
            dropped: lost.len(),
            dropped_because: why.clone(),
            without: median(&values(false, usize::MAX)).ok(),
            with: median(&values(true, usize::MAX)).ok(),
            estimate: latest.and_then(|(_, fit)| fit.estimates.get(at).copied()),
            interval: latest.and_then(|(weight, fit)| {
                let level = ALPHA * weight;
                Some(Interval {
                    low: fit.lower(at, level)?,
                    high: fit.upper(at, level)?,
                    confidence: 1.0 - 2.0 * level,
                })
            }),
            margin,
            // What is not told from the margin but by rounding error is at the margin.
            p_regressed: repeated(&|fit| fit.p_above(at, margin + DUST)),
            p_ok: repeated(&|fit| fit.p_below(at, margin - DUST)),
            detectable: latest.and_then(|(_, fit)| fit.detectable(at, ALPHA, POWER)),
        }
    };
    plan.contrasts.iter().enumerate().map(effect).collect()
}

/// What the screen shows beyond single effects: interactions on gated metrics, and what the design as it was
/// measured cannot tell apart.
pub fn screen(samples: &[Sample], plan: &Plan, gate: &Gate, effects: &[Effect]) -> Screen {
    let columns = columns(plan);
    let names: Vec<&str> = plan.contrasts.iter().map(|c| c.tag.as_str()).collect();
    let mut screen = Screen::default();
    for gated in &gate.metrics {
        let pairs = halves(samples, &gated.metric);
        let pairs: Vec<&Halves> = pairs.iter().filter(|p| p.values().is_some()).collect();
        screen.pairs = screen.pairs.max(pairs.len());
        let margin = |tag: &str| {
            let own = |e: &&Effect| e.tag == tag && e.metric == gated.metric && !e.fresh;
            effects.iter().find(own).map_or(0.0, |effect| effect.margin)
        };
        for (tags, found) in interactions(&pairs, &columns) {
            let tags = tags.map(|at| names[at].to_owned());
            // An interaction within the margin is of no consequence.
            if found.estimate.abs() > margin(&tags[0]) {
                screen.interactions.push(TagInteraction {
                    tags,
                    metric: gated.metric.clone(),
                    estimate: found.estimate,
                    interval: found.interval,
                    pairs: pairs.len(),
                });
            }
        }
    }
    let any = gate
        .metrics
        .first()
        .map(|m| halves(samples, &m.metric))
        .unwrap_or_default();
    for i in 0..columns.len() {
        for j in 0..i {
            let correlation = correlation(&any, &columns[j], &columns[i]);
            screen.largest_correlation = screen.largest_correlation.max(correlation.abs());
            if correlation.abs() >= CONFOUNDED {
                screen.confounded.push(Confounding {
                    tags: [names[j].to_owned(), names[i].to_owned()],
                    correlation,
                });
            }
        }
    }
    screen
}

/// Cosine of two columns of the design: the fit has no intercept.
fn correlation(pairs: &[Halves], a: &[&String], b: &[&String]) -> f64 {
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for pair in pairs {
        let (a, b) = (f64::from(pair.sign(a)), f64::from(pair.sign(b)));
        ab += a * b;
        aa += a * a;
        bb += b * b;
    }
    if aa * bb == 0.0 {
        0.0
    } else {
        ab / (aa * bb).sqrt()
    }
}

struct Found {
    estimate: f64,
    interval: Interval,
}

/// Interactions of tags that each cost something, from the means of the pairs: there, single costs cancel and
/// what two tags have only together remains.
///
/// A tag without any cost of its own cannot hide in here: half of every interaction shows as a cost of each.
fn interactions(pairs: &[&Halves], columns: &[Vec<&String>]) -> Vec<([usize; 2], Found)> {
    let Some(costs) = fit(pairs.iter().copied(), columns) else {
        return Vec::new();
    };
    let notable = |at: &usize| {
        let costs_something = |p: Option<f64>| p.is_some_and(|p| p <= ALPHA_INTERACTION);
        costs_something(costs.p_above(*at, 0.0)) || costs_something(costs.p_below(*at, 0.0))
    };
    let notable: Vec<usize> = (0..columns.len()).filter(notable).collect();
    let couples: Vec<[usize; 2]> = notable
        .iter()
        .enumerate()
        .flat_map(|(at, i)| notable[..at].iter().map(move |j| [*j, *i]))
        .collect();
    if couples.is_empty() {
        return Vec::new();
    }
    let together = |pair: &Halves, tags: &[usize; 2]| -> i8 {
        let [a, b] = tags.map(|at| pair.present(&columns[at]));
        (0..2).map(|half| i8::from(a[half] && b[half])).sum()
    };
    // How often a tag is present in a pair is constant, unless it needs another one.
    let wavering: Vec<usize> = notable
        .iter()
        .copied()
        .filter(|at| pairs.iter().any(|pair| pair.sign(&columns[*at]) == 0))
        .collect();
    let mut rows: Vec<Vec<i8>> = Vec::new();
    let mut means = Vec::new();
    for pair in pairs {
        let Some([first, second]) = pair.values() else {
            continue;
        };
        let mut row = vec![1];
        row.extend(couples.iter().map(|tags| together(pair, tags)));
        row.extend(wavering.iter().map(|at| {
            let present = pair.present(&columns[*at]);
            i8::from(present[0]) + i8::from(present[1])
        }));
        rows.push(row);
        means.push((first + second) / 2.0);
    }
    let Ok(fit) = huber(&rows, &means) else {
        return Vec::new();
    };
    let level = ALPHA_INTERACTION / couples.len() as f64 / 2.0;
    let found = couples.into_iter().enumerate().filter_map(|(at, tags)| {
        let column = at + 1;
        let (low, high) = (fit.lower(column, level)?, fit.upper(column, level)?);
        let estimate = *fit.estimates.get(column)?;
        // Both tags are present in one trial of two: the mean moves by half of what they have together.
        (low > 0.0 || high < 0.0).then_some((
            tags,
            Found {
                estimate: 2.0 * estimate,
                interval: Interval {
                    low: 2.0 * low,
                    high: 2.0 * high,
                    confidence: 1.0 - 2.0 * level,
                },
            },
        ))
    });
    found.collect()
}
