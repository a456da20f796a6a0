//! What is said of an effect that is neither beyond nor within its margin.

use crate::model::{Basis, Cell, MetricInfo, Purpose, Reason, ReasonId, Schedule, Verdict};
use crate::stats;

use super::super::Evidence;
use super::Words;
use super::again::open_after_fresh;

impl Words<'_> {
    pub fn undecided(&self, evidence: &Evidence) -> Reason {
        if let Some(reason) = self.too_far() {
            return reason;
        }
        let (effect, name) = (self.effect, self.name());
        let first = evidence.looks.0;
        let things = match effect.basis {
            Basis::Screen => "pairs",
            Basis::Control | Basis::Baseline => "blocks",
        };
        if let Some(reason) = self.no_fit(evidence) {
            return reason;
        }
        let counts = effect.p_regressed.is_some() || effect.basis == Basis::Screen;
        if counts && !effect.fresh && effect.pairs < first && effect.basis != Basis::Baseline {
            let text = format!(
                "{} {name}: {} {things} are too few to decide, the first look is after {first}",
                effect.tag, effect.pairs
            );
            return self.reason(ReasonId::TooFewBlocks, text);
        }
        if effect.p_regressed.is_none() {
            let text = format!(
                "{} {name}: {}: shown, not judged",
                effect.tag,
                self.figures()
            );
            return self.reason(ReasonId::Undecided, text);
        }
        if effect
            .interval
            .is_some_and(|interval| interval.low > effect.margin)
        {
            let text = format!(
                "{} {name} is beyond its margin as far as measured: {}. Alone it is not yet proof",
                effect.tag,
                self.figures()
            );
            return self.reason(ReasonId::Undecided, text);
        }
        let text = format!(
            "{} {name} is undecided: {}. {}",
            effect.tag,
            self.figures(),
            self.what_it_takes(evidence, things)
        );
        self.reason(ReasonId::Undecided, text)
    }

    /// A screen that is too small for its joint fit, whatever its budget finds.
    fn no_fit(&self, evidence: &Evidence) -> Option<Reason> {
        let (effect, tags, budget) = (self.effect, evidence.tags.len(), evidence.looks.1);
        let fewest = stats::fewest_pairs(tags);
        let none = effect.basis == Basis::Screen && effect.estimate.is_none();
        if !none || budget >= fewest {
            return None;
        }
        let text = format!(
            "{} {}: {budget} pairs are too few to estimate it, the joint fit of {tags} tags needs at least {fewest}: raise --max-blocks, or measure with --design blocks",
            effect.tag,
            self.name()
        );
        Some(self.reason(ReasonId::TooFewBlocks, text))
    }

    /// Why so many blocks did not decide, and what would.
    fn what_it_takes(&self, evidence: &Evidence, things: &str) -> String {
        let (effect, unit) = (self.effect, self.unit());
        if effect.fresh {
            return open_after_fresh(evidence).into();
        }
        if effect.basis == Basis::Baseline {
            return self.what_the_baseline_takes(evidence);
        }
        let Some(seen) = effect.detectable else {
            let more = more_blocks(evidence);
            return format!("So few {things} show no effect of any size: {more}");
        };
        let advice = |distance: f64| {
            let needed = stats::blocks_needed(seen, effect.pairs, distance).ok()?;
            Advice::of(needed, evidence)
        };
        if seen > effect.margin {
            let margin = unit.show(stats::two_digits_up(seen));
            let what = match advice(effect.margin) {
                Some(Advice::Resume) => {
                    format!("go on with --resume, or raise the margin to {margin}")
                }
                Some(Advice::Raise(blocks)) => {
                    format!("raise --max-blocks to about {blocks} or the margin to {margin}")
                }
                None => format!("no budget that is allowed would do: raise the margin to {margin}"),
            };
            return format!(
                "It could not see effects under {} in {} {things}; {what}",
                unit.show(seen),
                effect.pairs
            );
        }
        let margin = unit.show(effect.margin);
        let distance = effect.estimate.map_or(0.0, |e| (e - effect.margin).abs());
        match advice(distance) {
            Some(Advice::Resume) => format!(
                "The cost is so close to its margin of {margin} that it takes all {} {things} to tell: go on with --resume",
                evidence.looks.1
            ),
            Some(Advice::Raise(blocks)) => format!(
                "The cost is so close to its margin of {margin} that it takes about {blocks} {things} to tell: raise --max-blocks, or move the margin"
            ),
            None => format!(
                "The cost is about its margin of {margin} itself, which no number of {things} can decide: move the margin"
            ),
        }
    }

    /// A difference of two runs is as fine as both allow: the interval's half width goes with
    /// √(1/before + 1/now).
    fn what_the_baseline_takes(&self, evidence: &Evidence) -> String {
        let effect = self.effect;
        let own = evidence.effects.iter().find(|own| {
            let same = own.tag == effect.tag && own.metric == effect.metric;
            same && own.basis == Basis::Control && own.fresh == effect.fresh
        });
        // The effect has the pairs of the run that has fewer.
        let (before, now) = (effect.pairs, own.map_or(effect.pairs, |own| own.pairs));
        let needed = effect.estimate.zip(effect.interval).map(|(growth, at)| {
            let half = if growth < effect.margin {
                at.high - growth
            } else {
                growth - at.low
            };
            let both = 2.0 / (1.0 / before as f64 + 1.0 / now as f64);
            both * (half / (growth - effect.margin)).powi(2)
        });
        if needed.is_some_and(|blocks| blocks > Schedule::MOST as f64) {
            return format!(
                "The growth is about its margin of {} itself, which no budget that is allowed can decide: move the margin",
                self.unit().show(effect.margin)
            );
        }
        let about = needed.map_or(String::new(), |blocks| {
            let blocks = rounded_up((blocks.ceil() as usize).max(before + 1));
            format!(": about {blocks} blocks in both would do")
        });
        let more = more_blocks(evidence);
        if before < now {
            format!(
                "The baseline's n = {before} limits it, this run has n = {now}; accept a baseline of more blocks{about}"
            )
        } else {
            format!(
                "This run's n = {now} limits it, and so does the baseline's if it is no larger; {more}, and accept a baseline of as many blocks{about}"
            )
        }
    }
}

fn more_blocks(evidence: &Evidence) -> &'static str {
    match evidence.has_left(Purpose::Measure, evidence.looks.1) {
        true => "go on with --resume",
        false => "raise --max-blocks",
    }
}

/// More blocks that would decide an effect.
enum Advice {
    /// Those that the run's budget still has.
    Resume,
    /// A larger budget.
    Raise(usize),
}

impl Advice {
    /// `None` where it takes more blocks than may be asked for.
    fn of(needed: usize, evidence: &Evidence) -> Option<Self> {
        let budget = evidence.looks.1;
        if needed <= budget && evidence.has_left(Purpose::Measure, budget) {
            return Some(Self::Resume);
        }
        let blocks = rounded_up(needed.max(budget + 1));
        (blocks <= Schedule::MOST).then_some(Self::Raise(blocks))
    }
}

/// A number of blocks that one would ask for.
fn rounded_up(blocks: usize) -> usize {
    match blocks {
        0..=100 => blocks.div_ceil(5) * 5,
        _ => stats::two_digits_up(blocks as f64) as usize,
    }
}

/// After the first look: what the whole budget will hardly be able to decide, a sentence per gated effect.
pub fn forecast(cells: &[Cell], metrics: &[MetricInfo], budget: usize) -> Vec<String> {
    let gated = cells
        .iter()
        .filter(|cell| cell.gated && !cell.effect.fresh && cell.verdict == Verdict::Inconclusive);
    gated
        .filter_map(|cell| {
            let effect = &cell.effect;
            let metric = metrics.iter().find(|metric| metric.id == effect.metric);
            let at_the_end = stats::mde_at(effect.detectable?, effect.pairs, budget);
            if at_the_end <= effect.margin {
                return None;
            }
            let words = Words {
                effect,
                metric,
                speed: None,
            };
            let unit = words.unit();
            Some(format!(
                "{} {}: the noise here hides effects under about {} in {budget} blocks, and the margin is {}",
                effect.tag,
                words.name(),
                unit.show(at_the_end),
                unit.show(effect.margin)
            ))
        })
        .collect()
}
