use crate::model::{Arm, Contrast, Design, Gate, Plan, Schedule};
use crate::stats::{self, Looks};

/// Chance that a run without any harmful tag fails: the family-wise error rate of the gate.
pub const ALPHA: f64 = 0.01;

/// A tag as the planner sees it.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub id: String,
    /// Tags that must be present for this one to work.
    pub needs: Vec<String>,
}

/// What the user wants of a run.
#[derive(Clone, Debug)]
pub struct Layout {
    /// In order of insertion; every id in `needs` is the id of one of them, and there is no circle.
    pub tags: Vec<Wanted>,
    pub seed: u64,
    /// Most measured blocks.
    pub max_blocks: usize,
    /// Judge once, after exactly `max_blocks`.
    pub fixed: bool,
    pub warm_up_blocks: usize,
    pub traced_blocks: usize,
}

impl Layout {
    /// Lays the run out: one contrast per tag, arms without repetition, looks from the gate's family.
    ///
    /// The control arm is the page without any of the tags. A tag's own arm adds that tag, and the tags it
    /// needs are in both of its arms.
    pub fn plan(&self, gate: &Gate) -> Plan {
        let contrasts: Vec<Contrast> = self.tags.iter().map(|tag| self.contrast(tag)).collect();
        let mut arms = vec![Arm::control()];
        for arm in contrasts.iter().flat_map(|c| [&c.without, &c.with]) {
            if !arms.contains(arm) {
                arms.push(arm.clone());
            }
        }
        Plan {
            design: Design::Blocks,
            seed: self.seed,
            arms,
            schedule: self.schedule(gate, contrasts.len()),
            contrasts,
            warm_up_blocks: self.warm_up_blocks,
            traced_blocks: self.traced_blocks,
        }
    }

    fn contrast(&self, tag: &Wanted) -> Contrast {
        let mut needed = Vec::new();
        self.collect_needs(tag, &mut needed);
        let arm = |present: &dyn Fn(&str) -> bool| {
            Arm(self
                .tags
                .iter()
                .filter(|t| present(&t.id))
                .map(|t| t.id.clone())
                .collect())
        };
        Contrast {
            tag: tag.id.clone(),
            with: arm(&|id| id == tag.id || needed.iter().any(|n| n == id)),
            without: arm(&|id| needed.iter().any(|n| n == id)),
        }
    }

    fn collect_needs(&self, tag: &Wanted, into: &mut Vec<String>) {
        for need in &tag.needs {
            if !into.contains(need) {
                into.push(need.clone());
                if let Some(found) = self.tags.iter().find(|t| &t.id == need) {
                    self.collect_needs(found, into);
                }
            }
        }
    }

    fn schedule(&self, gate: &Gate, tags: usize) -> Schedule {
        // A budget below the first useful look leaves one look, at its end.
        let looks = match stats::schedule(comparisons(gate, tags), self.max_blocks, ALPHA) {
            Ok(looks) if !self.fixed => looks,
            _ => stats::fixed(self.max_blocks).unwrap_or(Looks {
                blocks: vec![],
                weights: vec![],
            }),
        };
        Schedule {
            looks: looks.blocks,
            weights: looks.weights,
        }
    }
}

/// The effective number of comparisons: a tag's error budget is shared by weight among its gated metrics,
/// the run's among its tags.
fn comparisons(gate: &Gate, tags: usize) -> f64 {
    let heaviest = gate.metrics.iter().map(|m| m.weight).fold(0.0, f64::max);
    if heaviest > 0.0 {
        tags.max(1) as f64 / heaviest
    } else {
        tags.max(1) as f64
    }
}

/// The fewest blocks after which a single look can find the lightest gated metric regressed:
/// an exact sign-flip test on n pairs never gives a p-value below 2⁻ⁿ.
pub fn minimum_blocks(gate: &Gate, tags: usize) -> usize {
    let lightest = gate.metrics.iter().map(|m| m.weight).fold(1.0, f64::min);
    let smallest_p = ALPHA * lightest.max(1e-3) / tags.max(1) as f64;
    (-smallest_p.log2()).ceil() as usize
}

/// The number of trials if `blocks` blocks are measured.
pub fn trials(plan: &Plan, blocks: usize) -> usize {
    let arms = super::arms_of(plan.contrasts.iter()).len();
    arms * (plan.warm_up_blocks + blocks + plan.traced_blocks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{GatedMetric, Inconclusive, Margin};

    fn gate(weights: &[f64]) -> Gate {
        let metric = |weight: &f64| GatedMetric {
            metric: "cpu".into(),
            margin: Margin {
                absolute: 10.0,
                relative: 0.0,
            },
            weight: *weight,
        };
        Gate {
            metrics: weights.iter().map(metric).collect(),
            exploratory: vec![],
            forbid: vec![],
            inconclusive: Inconclusive::Report,
            require_baseline: false,
        }
    }

    fn layout(tags: &[(&str, &[&str])]) -> Layout {
        let wanted = |(id, needs): &(&str, &[&str])| Wanted {
            id: (*id).into(),
            needs: needs.iter().map(|n| (*n).into()).collect(),
        };
        Layout {
            tags: tags.iter().map(wanted).collect(),
            seed: 1,
            max_blocks: 40,
            fixed: false,
            warm_up_blocks: 1,
            traced_blocks: 2,
        }
    }

    #[test]
    fn what_a_tag_needs_is_in_both_of_its_arms() {
        let plan = layout(&[("gtag", &[]), ("pixel", &["events"]), ("events", &["gtag"])])
            .plan(&gate(&[1.0]));
        let pixel = &plan.contrasts[1];
        assert_eq!(pixel.with.to_string(), "gtag+pixel+events");
        assert_eq!(pixel.without.to_string(), "gtag+events");
        assert_eq!(plan.arms.len(), 4);
        assert_eq!(plan.arms[0], Arm::control());
        assert_eq!(trials(&plan, 10), 4 * 13);
    }

    #[test]
    fn more_tags_move_the_first_look_back() {
        let one = layout(&[("a", &[])]).plan(&gate(&[0.5, 0.5]));
        let three = layout(&[("a", &[]), ("b", &[]), ("c", &[])]).plan(&gate(&[0.5, 0.5]));
        assert!(one.schedule.looks[0] < three.schedule.looks[0]);
        assert_eq!(one.schedule.budget(), 40);
    }

    #[test]
    fn a_fixed_plan_has_one_look() {
        let plan = Layout {
            fixed: true,
            max_blocks: 12,
            ..layout(&[("a", &[])])
        }
        .plan(&gate(&[1.0]));
        assert_eq!(
            plan.schedule,
            Schedule {
                looks: vec![12],
                weights: vec![1.0]
            }
        );
    }

    #[test]
    fn the_lightest_metric_sets_the_fewest_blocks() {
        assert_eq!(minimum_blocks(&gate(&[1.0]), 1), 7);
        assert_eq!(minimum_blocks(&gate(&[0.9, 0.1]), 1), 10);
        assert_eq!(minimum_blocks(&gate(&[0.9, 0.1]), 8), 13);
    }
}
