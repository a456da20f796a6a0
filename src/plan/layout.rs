use crate::model::{Arm, Contrast, Design, Factor, Gate, Plan, Schedule};
use crate::stats::{self, ALPHA, Looks};

/// So many factors and more are screened together: apart, they would need more trials.
const MANY: usize = 4;

/// A tag as the planner sees it.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub id: String,
    /// Tags that must be present for this one to work.
    pub needs: Vec<String>,
    /// Tags of one group are present or absent together.
    pub group: Option<String>,
}

/// What the user wants of a run.
#[derive(Clone, Debug)]
pub struct Layout {
    /// In order of insertion; every id in `needs` is the id of one of them, and there is no circle.
    pub tags: Vec<Wanted>,
    pub seed: u64,
    /// `None`: blocks for few tags, a screen for many.
    pub design: Option<Design>,
    /// Most measured blocks, or pairs of a screen; `None` is the method's own budget.
    pub max_blocks: Option<usize>,
    /// Judge once, after exactly `max_blocks`.
    pub fixed: bool,
    pub warm_up_blocks: usize,
    pub traced_blocks: usize,
}

/// Blocks that are enough for a cost of one standard deviation beyond its margin.
const BLOCKS: usize = 40;

impl Layout {
    /// Lays the run out.
    ///
    /// In blocks, the control arm is the page without any of the tags; a tag's own arm adds that tag, and the
    /// tags it needs are in both of its arms. In a screen, arms are drawn pair by pair, and a tag's question is
    /// what removing it from everything saves.
    pub fn plan(&self, gate: &Gate) -> Plan {
        let factors = self.factors();
        let many = if factors.len() >= MANY {
            Design::Screen
        } else {
            Design::Blocks
        };
        let design = self.design.unwrap_or(many);
        let everything = self.arm(|_| true);
        let contrasts: Vec<Contrast> = factors
            .iter()
            .map(|factor| match design {
                Design::Blocks => self.added(factor),
                Design::Screen => self.removed(factor, &factors),
            })
            .collect();
        let mut arms = vec![Arm::control()];
        match design {
            Design::Screen => arms.push(everything),
            Design::Blocks => {
                for arm in contrasts.iter().flat_map(|c| [&c.without, &c.with]) {
                    if !arms.contains(arm) {
                        arms.push(arm.clone());
                    }
                }
            }
        }
        Plan {
            seed: self.seed,
            arms,
            schedule: self.schedule(design, gate, factors.len()),
            contrasts,
            design,
            factors,
            warm_up_blocks: self.warm_up_blocks,
            traced_blocks: self.traced_blocks,
        }
    }

    /// Tags and groups, in the order in which their first tag is inserted.
    fn factors(&self) -> Vec<Factor> {
        let mut factors: Vec<Factor> = Vec::new();
        for tag in &self.tags {
            let name = tag.group.as_ref().unwrap_or(&tag.id);
            match factors.iter_mut().find(|factor| factor.tag == *name) {
                Some(factor) => factor.members.push(tag.id.clone()),
                None => factors.push(Factor {
                    tag: name.clone(),
                    members: vec![tag.id.clone()],
                    needs: vec![],
                }),
            }
        }
        for factor in &mut factors {
            let mut present = factor.members.clone();
            self.close(&mut present);
            present.retain(|id| !factor.members.contains(id));
            factor.needs = present;
        }
        factors
    }

    /// Adds what the tags of `present` need, and the rest of their groups, until nothing is missing.
    fn close(&self, present: &mut Vec<String>) {
        let mut at = 0;
        while let Some(id) = present.get(at).cloned() {
            at += 1;
            let Some(tag) = self.tags.iter().find(|tag| tag.id == id) else {
                continue;
            };
            let group = self
                .tags
                .iter()
                .filter(|other| tag.group.is_some() && other.group == tag.group)
                .map(|other| &other.id);
            for wanted in tag.needs.iter().chain(group) {
                if !present.contains(wanted) {
                    present.push(wanted.clone());
                }
            }
        }
    }

    /// The tags that are `present`, in the order of insertion.
    fn arm(&self, present: impl Fn(&String) -> bool) -> Arm {
        let ids = self.tags.iter().map(|tag| &tag.id);
        Arm(ids.filter(|id| present(id)).cloned().collect())
    }

    fn added(&self, factor: &Factor) -> Contrast {
        Contrast {
            tag: factor.tag.clone(),
            with: self.arm(|id| factor.members.contains(id) || factor.needs.contains(id)),
            without: self.arm(|id| factor.needs.contains(id)),
        }
    }

    /// What needs the factor cannot work without it, so it is in neither arm.
    fn removed(&self, factor: &Factor, all: &[Factor]) -> Contrast {
        let is_needed = |other: &&Factor| other.needs.iter().any(|id| factor.members.contains(id));
        let depends: Vec<&String> = all
            .iter()
            .filter(is_needed)
            .flat_map(|other| &other.members)
            .collect();
        Contrast {
            tag: factor.tag.clone(),
            with: self.arm(|id| !depends.contains(&id)),
            without: self.arm(|id| !depends.contains(&id) && !factor.members.contains(id)),
        }
    }

    fn schedule(&self, design: Design, gate: &Gate, factors: usize) -> Schedule {
        let looks = match design {
            Design::Blocks => self.block_looks(gate, factors),
            Design::Screen => self.screen_looks(factors),
        };
        looks.into()
    }

    fn block_looks(&self, gate: &Gate, factors: usize) -> Looks {
        let most = self.max_blocks.unwrap_or(BLOCKS);
        // A budget below the first useful look leaves one look, at its end.
        match stats::schedule(comparisons(gate, factors), most, ALPHA) {
            Ok(looks) if !self.fixed => looks,
            _ => one_look(most),
        }
    }

    fn screen_looks(&self, factors: usize) -> Looks {
        match (stats::screen_looks(factors), self.max_blocks) {
            (Ok(looks), None) => looks,
            (Ok(looks), Some(most)) if !self.fixed => stats::up_to(&looks, most),
            (_, most) => one_look(most.unwrap_or(BLOCKS)),
        }
    }
}

fn one_look(blocks: usize) -> Looks {
    stats::fixed(blocks).unwrap_or(Looks {
        blocks: vec![],
        weights: vec![],
    })
}

impl From<Looks> for Schedule {
    fn from(looks: Looks) -> Self {
        Self {
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

/// The fewest blocks after which a single look can find any metric regressed, which the heaviest gated one is
/// the first to be: an exact sign-flip test on n pairs never gives a p-value below 2⁻ⁿ. In a screen, the fewest
/// pairs that its fit needs.
pub fn minimum_blocks(plan: &Plan, gate: &Gate) -> usize {
    let factors = plan.contrasts.len();
    if plan.design == Design::Screen {
        return stats::fewest_pairs(factors);
    }
    (comparisons(gate, factors) / ALPHA).log2().ceil() as usize
}

/// The number of trials if `blocks` blocks are measured and nothing is suspected.
pub fn trials(plan: &Plan, blocks: usize) -> usize {
    let each = match plan.design {
        Design::Blocks => plan.arms.len(),
        Design::Screen => 2,
    };
    let traced = plan.traced_arms().len() * plan.traced_blocks;
    each * blocks + plan.arms.len() * plan.warm_up_blocks + traced
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
            forbid_chosen: false,
            limits: vec![],
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
            group: None,
        };
        Layout {
            tags: tags.iter().map(wanted).collect(),
            seed: 1,
            design: None,
            max_blocks: None,
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
            max_blocks: Some(12),
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
    fn the_heaviest_metric_sets_the_fewest_blocks() {
        let fewest = |design: Design, weights: &[f64], tags: &[&str]| {
            let tags: Vec<(&str, &[&str])> = tags.iter().map(|id| (*id, &[] as &[&str])).collect();
            let gate = gate(weights);
            let plan = Layout {
                design: Some(design),
                ..layout(&tags)
            }
            .plan(&gate);
            minimum_blocks(&plan, &gate)
        };
        let eight = ["a", "b", "c", "d", "e", "f", "g", "h"];
        assert_eq!(fewest(Design::Blocks, &[1.0], &["a"]), 7);
        assert_eq!(fewest(Design::Blocks, &[0.9, 0.1], &["a"]), 7);
        assert_eq!(fewest(Design::Blocks, &[0.5, 0.5], &["a"]), 8);
        assert_eq!(fewest(Design::Blocks, &[0.9, 0.1], &eight), 10);
        assert_eq!(fewest(Design::Screen, &[1.0], &eight), 16);
    }

    #[test]
    fn four_tags_are_screened_and_asked_by_removal() {
        let plan = layout(&[("a", &[]), ("b", &[]), ("c", &["a"]), ("d", &[])]).plan(&gate(&[1.0]));
        assert_eq!(plan.design, Design::Screen);
        let arms: Vec<String> = plan.arms.iter().map(Arm::to_string).collect();
        assert_eq!(arms, ["control", "a+b+c+d"]);
        let asked = |at: usize| {
            let contrast: &Contrast = &plan.contrasts[at];
            (contrast.with.to_string(), contrast.without.to_string())
        };
        assert_eq!(asked(1), ("a+b+c+d".into(), "a+c+d".into()));
        // c cannot work without a, so it is in neither arm of a's question.
        assert_eq!(asked(0), ("a+b+d".into(), "b+d".into()));
        assert_eq!(plan.schedule.looks, [16, 24, 36, 48, 72, 96]);
        // Warm-up of two arms; control, a, b, c with a, and d are traced.
        assert_eq!(trials(&plan, 16), 32 + 2 + 5 * 2);
    }

    #[test]
    fn a_group_is_one_factor() {
        let mut layout = layout(&[("a", &[]), ("b", &[]), ("c", &[]), ("d", &["b"])]);
        for at in [0, 1] {
            layout.tags[at].group = Some("consent".into());
        }
        let plan = layout.plan(&gate(&[1.0]));
        assert_eq!(plan.design, Design::Blocks);
        let names: Vec<&str> = plan.factors.iter().map(|f| f.tag.as_str()).collect();
        assert_eq!(names, ["consent", "c", "d"]);
        assert_eq!(plan.contrasts[0].with.to_string(), "a+b");
        assert_eq!(plan.contrasts[0].moved().count(), 2);
        // d needs b, and b never goes without a.
        assert_eq!(plan.contrasts[2].without.to_string(), "a+b");
    }

    #[test]
    fn a_screen_keeps_to_the_budget() {
        let tags: Vec<(&str, &[&str])> = ["a", "b", "c", "d", "e"]
            .iter()
            .map(|id| (*id, &[] as &[&str]))
            .collect();
        let plan = |max_blocks, fixed| {
            Layout {
                max_blocks,
                fixed,
                ..layout(&tags)
            }
            .plan(&gate(&[1.0]))
            .schedule
        };
        assert_eq!(plan(Some(30), false).looks, [16, 24, 30]);
        assert_eq!(plan(Some(30), true).looks, [30]);
        assert_eq!(plan(Some(105), false).budget(), 105);
        assert!((plan(Some(30), false).weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
