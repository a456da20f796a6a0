//! What is said of an effect that is neither beyond nor within its margin.

use crate::model::{Basis, Cell, MetricInfo, Reason, ReasonId, Verdict};
use crate::stats;

use super::super::Evidence;
use super::Words;

impl Words<'_> {
    pub fn undecided(&self, evidence: &Evidence) -> Reason {
        if let Some(reason) = self.too_far() {
            return reason;
        }
        let (effect, name) = (self.effect, self.name());
        let (first, budget) = evidence.looks;
        let things = match effect.basis {
            Basis::Screen => "pairs",
            Basis::Control | Basis::Baseline => "blocks",
        };
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
            self.what_it_takes(budget, things)
        );
        self.reason(ReasonId::Undecided, text)
    }

    /// Why so many blocks did not decide, and how many would.
    fn what_it_takes(&self, budget: usize, things: &str) -> String {
        let (effect, unit) = (self.effect, self.unit());
        let Some(seen) = effect.detectable else {
            return "Measure more blocks".into();
        };
        let margin = unit.show(effect.margin);
        let blocks = |distance: f64| {
            let needed = stats::blocks_needed(seen, effect.pairs, distance).ok()?;
            Some(rounded_up(needed.max(budget + 1)))
        };
        if seen > effect.margin {
            let more = blocks(effect.margin).map_or(String::new(), |blocks| {
                format!("raise --max-blocks to about {blocks} or ")
            });
            return format!(
                "It could not see effects under {} in {} {things}; {more}the margin to {}",
                unit.show(seen),
                effect.pairs,
                unit.show(two_digits_up(seen))
            );
        }
        let distance = effect.estimate.map_or(0.0, |e| (e - effect.margin).abs());
        match blocks(distance) {
            Some(blocks) if blocks <= 1000 => format!(
                "The cost is so close to its margin of {margin} that it takes about {blocks} {things} to tell: raise --max-blocks, or move the margin"
            ),
            _ => format!(
                "The cost is about its margin of {margin} itself, which no number of {things} can decide: move the margin"
            ),
        }
    }
}

/// Up to two digits that mean something: 38.2 becomes 39.
fn two_digits_up(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return value;
    }
    let step = 10f64.powi(value.log10().floor() as i32 - 1);
    (value / step - 1e-9).ceil() * step
}

/// A number of blocks that one would ask for.
fn rounded_up(blocks: usize) -> usize {
    match blocks {
        0..=100 => blocks.div_ceil(5) * 5,
        _ => two_digits_up(blocks as f64) as usize,
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
