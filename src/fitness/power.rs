//! Noise → blocks: what the gate's margins take on this machine.

use super::stats::{ALPHA, POWER};
use super::{Gate, Longest, Needed, Noise, Plan, Power, stats};

/// The pairs that noise is given for; any number would do, since it goes with their square root.
const PAIRS: usize = 20;

/// How many blocks the gate needs until each of its metrics is decided, as `plan` looks at the data.
///
/// A cost of nothing shall be shown ok, and one of twice the margin regressed: both lie one margin away from
/// it, so that the minimum detectable effect must not exceed the margin. The metric with weight v must, at
/// look k with weight wₖ and among T tags, reach p ≤ αₖ = 1 %·v·wₖ/T (the first step of Holm over the tags;
/// "ok" asks 5 %·wₖ, which is less). With the MDE m(n) that noise gives for n pairs at a one-sided 1 %, it takes
///
/// nₖ = n·(m(n)/margin · (z₁₋αₖ + z₀.₈)/(z₀.₉₉ + z₀.₈))², and at least log₂(1/αₖ), since p ≥ 2⁻ⁿ.
///
/// The answer is the first look that has so many blocks. What earlier looks might already have decided is
/// not counted: the figure errs to the cautious side. If no look has enough, it is nₖ of the last.
///
/// `trials` tells the trials of so many blocks, warm-up and traced ones included; `trial_s` what each takes.
pub fn power(
    noise: &[Noise],
    gate: &Gate,
    plan: &Plan,
    trials: impl Fn(usize) -> usize,
    trial_s: f64,
) -> Power {
    let tags = plan.contrasts.len().max(1) as f64;
    let asked: Vec<Asked> = noise
        .iter()
        .map(|noise| {
            let own = gate
                .metrics
                .iter()
                .find(|gated| gated.metric == noise.metric);
            let weight = own.map_or(1.0, |gated| gated.weight);
            Asked {
                noise,
                looks: looks(plan, ALPHA * weight / tags),
            }
        })
        .collect();
    let metrics: Vec<Needed> = asked.iter().map(Asked::needed).collect();
    let blocks: Option<Vec<usize>> = metrics.iter().map(|needed| needed.blocks).collect();
    let blocks = blocks.and_then(|all| all.into_iter().max());
    let budget = plan.schedule.budget();
    Power {
        longest: longest(&asked, &metrics, budget),
        design: plan.design,
        budget,
        blocks,
        effort: blocks.map(|blocks| (trials(blocks), trials(blocks) as f64 * trial_s)),
        metrics,
    }
}

/// A look: its blocks, and the level at which a metric must pass.
type Look = (usize, f64);

fn looks(plan: &Plan, level: f64) -> Vec<Look> {
    let schedule = &plan.schedule;
    let looks = schedule.looks.iter().zip(&schedule.weights);
    looks
        .map(|(blocks, weight)| (*blocks, level * weight))
        .collect()
}

struct Asked<'a> {
    noise: &'a Noise,
    looks: Vec<Look>,
}

impl Asked<'_> {
    fn needed(&self) -> Needed {
        let last = self.looks.last();
        Needed {
            metric: self.noise.metric.clone(),
            sd: self.noise.sd,
            margin: self.noise.margin,
            blocks: self.blocks(),
            least_margin: last.and_then(|(blocks, _)| self.margin(*blocks)),
        }
    }

    fn blocks(&self) -> Option<usize> {
        for look in &self.looks {
            if self.at(look.1)? <= look.0 {
                return Some(look.0);
            }
        }
        self.at(self.looks.last()?.1)
    }

    /// Blocks until the margin is told from nothing at `level`.
    fn at(&self, level: f64) -> Option<usize> {
        let seen = self.seen(level)?;
        let needed = stats::blocks_needed(seen, PAIRS, self.noise.margin).ok()?;
        Some(needed.max((-level.log2()).ceil() as usize))
    }

    /// The smallest effect that [`PAIRS`] pairs see at `level`.
    fn seen(&self, level: f64) -> Option<f64> {
        let z = |p| stats::normal_quantile(p).ok();
        let stricter = (z(1.0 - level)? + z(POWER)?) / (z(1.0 - ALPHA)? + z(POWER)?);
        let [_, twenty, _] = self.noise.detectable?;
        Some(twenty * stricter)
    }

    /// The smallest margin that a look after `blocks` blocks decides, in two digits, rounded up.
    fn margin(&self, blocks: usize) -> Option<f64> {
        let (_, level) = self
            .looks
            .iter()
            .find(|look| look.0 >= blocks)
            .or(self.looks.last())?;
        Some(stats::two_digits_up(stats::mde_at(
            self.seen(*level)?,
            PAIRS,
            blocks,
        )))
    }
}

/// The metric that alone holds the others up, and the margin with which it would not.
fn longest(asked: &[Asked], metrics: &[Needed], budget: usize) -> Option<Longest> {
    let (at, most) = metrics
        .iter()
        .enumerate()
        .max_by_key(|(_, needed)| needed.blocks)?;
    let others = metrics.iter().enumerate().filter(|(other, _)| *other != at);
    let others = others.filter_map(|(_, needed)| needed.blocks).max();
    let own = asked.get(at)?;
    let first = own.looks.first()?.0;
    let target = others.unwrap_or(first).clamp(first, budget);
    if target >= most.blocks? {
        return None;
    }
    Some(Longest {
        metric: most.metric.clone(),
        margin: own.margin(target)?,
        blocks: target,
    })
}
