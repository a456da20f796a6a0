//! Which trial comes when: (plan, what is decided so far) → the next slots, or an end.
//!
//! Randomised complete blocks: every arm of a comparison runs once per block, in an order drawn by lot
//! from the seed, so that drift of the machine falls on all arms alike.

mod layout;

pub use layout::{ALPHA, Layout, Wanted, minimum_blocks, trials};

use std::collections::BTreeSet;

use crate::model::{Arm, Contrast, Plan, Purpose, Slot, Stop};
use crate::stats::Rng;

/// How far a run has come.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// Warm-up blocks that have run.
    pub warm_up: usize,
    /// Measured blocks that have run.
    pub measured: usize,
    /// Tags that need no more trials.
    pub decided: BTreeSet<String>,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Run these, in this order.
    Block(Vec<Slot>),
    /// Measuring is over; what remains is to explain.
    Stop(Stop),
}

/// The next block of trials that count, or why there is none.
///
/// Decisions may only be taken at a look of the schedule: `progress.decided` must not change in between.
pub fn next(plan: &Plan, progress: &Progress) -> Next {
    if progress.warm_up < plan.warm_up_blocks {
        let arms = arms_of(plan.contrasts.iter());
        return Next::Block(block(plan, Purpose::WarmUp, progress.warm_up, &arms));
    }
    let open: Vec<&Contrast> = plan
        .contrasts
        .iter()
        .filter(|contrast| !progress.decided.contains(&contrast.tag))
        .collect();
    if open.is_empty() {
        return Next::Stop(Stop::Decided);
    }
    if progress.measured >= plan.schedule.budget() {
        return Next::Stop(Stop::BlocksSpent);
    }
    Next::Block(block(
        plan,
        Purpose::Measure,
        progress.measured + 1,
        &arms_of(open.into_iter()),
    ))
}

/// The traced trials: every arm of every contrast, `traced_blocks` times.
pub fn explain(plan: &Plan) -> Vec<Slot> {
    let arms = arms_of(plan.contrasts.iter());
    (1..=plan.traced_blocks)
        .flat_map(|number| block(plan, Purpose::Explain, number, &arms))
        .collect()
}

/// Are the data judged after this many measured blocks?
pub fn is_look(plan: &Plan, measured: usize) -> bool {
    plan.schedule.looks.contains(&measured)
}

fn arms_of<'a>(contrasts: impl Iterator<Item = &'a Contrast>) -> Vec<Arm> {
    let mut arms: Vec<Arm> = Vec::new();
    for contrast in contrasts {
        for arm in [&contrast.without, &contrast.with] {
            if !arms.contains(arm) {
                arms.push(arm.clone());
            }
        }
    }
    arms
}

/// The order depends on the seed, the purpose and the block alone, so that a resumed run draws the same.
fn block(plan: &Plan, purpose: Purpose, number: usize, arms: &[Arm]) -> Vec<Slot> {
    let stream = number as u64 * 3 + purpose as u64;
    let mut arms = arms.to_vec();
    Rng::stream(plan.seed, stream).shuffle(&mut arms);
    arms.into_iter()
        .enumerate()
        .map(|(position, arm)| Slot {
            block: number,
            position,
            arm,
            purpose,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Design, Schedule};

    fn plan() -> Plan {
        let contrast = |tag: &str, needs: &[&str]| Contrast {
            tag: tag.into(),
            with: Arm(needs.iter().chain([&tag]).map(|id| (*id).into()).collect()),
            without: Arm(needs.iter().map(|id| (*id).into()).collect()),
        };
        Plan {
            design: Design::Blocks,
            seed: 7,
            arms: vec![],
            contrasts: vec![contrast("a", &[]), contrast("b", &["a"])],
            schedule: Schedule {
                looks: vec![10, 20],
                weights: vec![0.5, 0.5],
            },
            warm_up_blocks: 1,
            traced_blocks: 2,
        }
    }

    fn slots(next: Next) -> Vec<Slot> {
        match next {
            Next::Block(slots) => slots,
            Next::Stop(stop) => panic!("stopped: {stop:?}"),
        }
    }

    #[test]
    fn every_block_has_every_arm_once_and_the_order_varies() {
        let plan = plan();
        let mut orders = BTreeSet::new();
        for measured in 0..20 {
            let progress = Progress {
                warm_up: 1,
                measured,
                ..Progress::default()
            };
            let mut arms: Vec<Arm> = slots(next(&plan, &progress))
                .into_iter()
                .map(|slot| slot.arm)
                .collect();
            orders.insert(arms.clone());
            arms.sort();
            assert_eq!(
                arms.iter().map(Arm::to_string).collect::<Vec<_>>(),
                ["control", "a", "a+b"]
            );
        }
        assert!(orders.len() > 2, "{orders:?}");
    }

    #[test]
    fn the_first_block_is_warm_up() {
        let slots = slots(next(&plan(), &Progress::default()));
        assert!(slots.iter().all(|slot| slot.purpose == Purpose::WarmUp));
    }

    #[test]
    fn a_decided_tag_takes_its_arms_along_unless_another_needs_them() {
        let mut progress = Progress {
            warm_up: 1,
            measured: 10,
            ..Progress::default()
        };
        progress.decided.insert("b".into());
        assert_eq!(slots(next(&plan(), &progress)).len(), 2);
        progress.decided.insert("a".into());
        assert_eq!(next(&plan(), &progress), Next::Stop(Stop::Decided));
    }

    #[test]
    fn the_budget_ends_it() {
        let progress = Progress {
            warm_up: 1,
            measured: 20,
            ..Progress::default()
        };
        assert_eq!(next(&plan(), &progress), Next::Stop(Stop::BlocksSpent));
    }

    #[test]
    fn the_same_seed_gives_the_same_order() {
        let progress = Progress {
            warm_up: 1,
            measured: 3,
            ..Progress::default()
        };
        assert_eq!(next(&plan(), &progress), next(&plan(), &progress));
        let other = Plan { seed: 8, ..plan() };
        let all = |plan: &Plan| {
            (0..20)
                .map(|measured| {
                    next(
                        plan,
                        &Progress {
                            warm_up: 1,
                            measured,
                            ..Progress::default()
                        },
                    )
                })
                .collect::<Vec<_>>()
        };
        assert_ne!(all(&plan()), all(&other));
    }
}
