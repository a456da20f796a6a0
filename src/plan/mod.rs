//! Which trial comes when: (plan, what is decided so far) → the next slots, or an end.
//!
//! Few tags have randomised complete blocks: every arm of a comparison runs once per block, in an order drawn
//! by lot from the seed, so that drift of the machine falls on all arms alike. Many tags are screened in pairs
//! of complementary halves. Either way, what is suspected is asked once more of fresh blocks.

mod fresh;
mod layout;
mod screen;

pub use fresh::confirmation;
pub use layout::{Layout, Wanted, minimum_blocks, trials};

use std::collections::BTreeSet;

use crate::model::{Arm, Confirmation, Contrast, Design, Plan, Purpose, Schedule, Slot, Stop};
use crate::stats::Rng;

/// How far a run has come.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// Warm-up blocks that have run.
    pub warm_up: usize,
    /// Measured blocks, or pairs of a screen, that have run.
    pub measured: usize,
    /// Tags that need no more trials: nothing is open, or something is suspected.
    pub decided: BTreeSet<String>,
    /// `None` until it is known what is suspected.
    pub confirming: Option<Confirming>,
}

/// How far fresh trials have come.
#[derive(Clone, Debug)]
pub struct Confirming {
    pub confirmation: Confirmation,
    /// Fresh blocks that have run.
    pub measured: usize,
    /// Tags whose suspicions are all confirmed or cleared.
    pub decided: BTreeSet<String>,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Run these, in this order.
    Block(Vec<Slot>),
    /// The first trials are over: say what they made suspect.
    Suspects(Stop),
    /// Fresh trials are over; what remains is to explain.
    Settled,
}

/// The next block of trials that count, or why there is none.
///
/// Decisions may only be taken at a look of the schedule: `progress` must not change its mind in between.
pub fn next(plan: &Plan, progress: &Progress) -> Next {
    if let Some(confirming) = &progress.confirming {
        return fresh_block(plan, confirming);
    }
    if progress.warm_up < plan.warm_up_blocks {
        return Next::Block(block(plan, Purpose::WarmUp, progress.warm_up, &plan.arms));
    }
    let open = open(&plan.contrasts, &progress.decided);
    if open.is_empty() {
        return Next::Suspects(Stop::Decided);
    }
    if progress.measured >= plan.schedule.budget() {
        return Next::Suspects(Stop::BlocksSpent);
    }
    let number = progress.measured + 1;
    Next::Block(match plan.design {
        Design::Blocks => block(plan, Purpose::Measure, number, &arms_of(open.into_iter())),
        Design::Screen => screen::pair(plan, number),
    })
}

fn fresh_block(plan: &Plan, confirming: &Confirming) -> Next {
    let Confirmation {
        contrasts,
        schedule,
    } = &confirming.confirmation;
    let open = open(contrasts, &confirming.decided);
    if open.is_empty() || confirming.measured >= schedule.budget() {
        return Next::Settled;
    }
    let arms = arms_of(open.into_iter());
    let number = confirming.measured + 1;
    Next::Block(block(plan, Purpose::Confirm, number, &arms))
}

/// The traced trials: every arm that explains, `traced_blocks` times.
pub fn explain(plan: &Plan) -> Vec<Slot> {
    let arms = plan.traced_arms();
    (1..=plan.traced_blocks)
        .flat_map(|number| block(plan, Purpose::Explain, number, &arms))
        .collect()
}

/// Are the data judged after this many blocks?
pub fn is_look(schedule: &Schedule, measured: usize) -> bool {
    schedule.looks.contains(&measured)
}

fn open<'a>(contrasts: &'a [Contrast], decided: &BTreeSet<String>) -> Vec<&'a Contrast> {
    contrasts
        .iter()
        .filter(|contrast| !decided.contains(&contrast.tag))
        .collect()
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
    let stream = number as u64 * 4 + purpose as u64;
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
    use crate::model::{Design, Factor, Schedule};

    fn plan() -> Plan {
        let contrast = |tag: &str, needs: &[&str]| Contrast {
            tag: tag.into(),
            with: Arm(needs.iter().chain([&tag]).map(|id| (*id).into()).collect()),
            without: Arm(needs.iter().map(|id| (*id).into()).collect()),
        };
        Plan {
            design: Design::Blocks,
            seed: 7,
            arms: vec![
                Arm::control(),
                Arm(vec!["a".into()]),
                Arm(vec!["a".into(), "b".into()]),
            ],
            factors: vec![],
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
            other => panic!("no block: {other:?}"),
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
        assert_eq!(next(&plan(), &progress), Next::Suspects(Stop::Decided));
    }

    #[test]
    fn the_budget_ends_it() {
        let progress = Progress {
            warm_up: 1,
            measured: 20,
            ..Progress::default()
        };
        assert_eq!(next(&plan(), &progress), Next::Suspects(Stop::BlocksSpent));
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

    fn screen(tags: &[(&str, &[&str])]) -> Plan {
        let ids = |ids: &[&str]| -> Vec<String> { ids.iter().map(|id| (*id).into()).collect() };
        let all: Vec<&str> = tags.iter().map(|(id, _)| *id).collect();
        Plan {
            design: Design::Screen,
            schedule: Schedule {
                looks: vec![20, 40],
                weights: vec![0.5, 0.5],
            },
            arms: vec![Arm::control(), Arm(ids(&all))],
            factors: tags
                .iter()
                .map(|(id, needs)| Factor {
                    tag: (*id).into(),
                    members: ids(&[id]),
                    needs: ids(needs),
                })
                .collect(),
            contrasts: tags
                .iter()
                .map(|(id, _)| Contrast {
                    tag: (*id).into(),
                    with: Arm(ids(&all)),
                    without: Arm(ids(&all).into_iter().filter(|other| other != id).collect()),
                })
                .collect(),
            ..plan()
        }
    }

    fn pairs(plan: &Plan, count: usize) -> Vec<Vec<Slot>> {
        (0..count)
            .map(|measured| {
                let progress = Progress {
                    warm_up: 1,
                    measured,
                    ..Progress::default()
                };
                slots(next(plan, &progress))
            })
            .collect()
    }

    #[test]
    fn a_screen_visits_a_half_of_the_tags_and_then_the_other() {
        let plan = screen(&[("a", &[]), ("b", &[]), ("c", &[]), ("d", &[]), ("e", &[])]);
        let pairs = pairs(&plan, 20);
        for pair in &pairs {
            let [first, second] = &pair[..] else {
                panic!("{pair:?}")
            };
            let together: Vec<&String> = first.arm.0.iter().chain(&second.arm.0).collect();
            assert_eq!(together.len(), 5);
            assert!(plan.arms[1].0.iter().all(|id| together.contains(&id)));
            // Tags are inserted in the scenario's order in every arm.
            assert!(first.arm.0.is_sorted() && second.arm.0.is_sorted());
        }
        let first_halves: BTreeSet<&Arm> = pairs.iter().map(|pair| &pair[0].arm).collect();
        assert!(first_halves.len() > 8, "{first_halves:?}");
        let of_a = pairs.iter().filter(|pair| pair[0].arm.has("a")).count();
        assert!((5..=15).contains(&of_a), "{of_a}");
    }

    #[test]
    fn a_screen_never_shows_a_tag_without_what_it_needs() {
        let plan = screen(&[("a", &[]), ("b", &["a"]), ("c", &[]), ("d", &["b", "a"])]);
        let arms: Vec<Arm> = pairs(&plan, 40)
            .into_iter()
            .flatten()
            .map(|s| s.arm)
            .collect();
        assert!(arms.iter().all(|arm| !arm.has("b") || arm.has("a")));
        assert!(arms.iter().all(|arm| !arm.has("d") || arm.has("b")));
        assert!(arms.iter().any(|arm| arm.has("d")));
        // A pair compares like with like: only one of what needs one another differs between its trials.
        for pair in pairs(&plan, 40) {
            let differs = |id: &&str| pair[0].arm.has(id) != pair[1].arm.has(id);
            assert_eq!(["a", "b", "d"].iter().filter(|id| differs(id)).count(), 1);
            assert!(differs(&"c"));
        }
    }

    #[test]
    fn suspects_are_asked_again_until_they_are_settled() {
        let plan = plan();
        let confirmation = confirmation(&plan, &["b".into()]).unwrap();
        assert_eq!(confirmation.schedule.looks, [6, 20, 40]);
        let mut confirming = Confirming {
            confirmation,
            measured: 0,
            decided: BTreeSet::new(),
        };
        let ask = |confirming: &Confirming| {
            let progress = Progress {
                confirming: Some(confirming.clone()),
                ..Progress::default()
            };
            next(&plan, &progress)
        };
        let fresh = slots(ask(&confirming));
        assert_eq!(fresh.len(), 2);
        assert!(
            fresh
                .iter()
                .all(|slot| slot.purpose == Purpose::Confirm && slot.block == 1)
        );
        confirming.measured = 40;
        assert_eq!(ask(&confirming), Next::Settled);
        confirming.measured = 6;
        confirming.decided.insert("b".into());
        assert_eq!(ask(&confirming), Next::Settled);
        assert!(super::confirmation(&plan, &[]).is_none());
    }

    #[test]
    fn a_screens_tags_are_traced_one_by_one() {
        let plan = screen(&[("a", &[]), ("b", &["a"]), ("c", &[]), ("d", &[])]);
        let arms: BTreeSet<String> = explain(&plan)
            .iter()
            .map(|slot| slot.arm.to_string())
            .collect();
        assert_eq!(
            arms,
            ["control", "a", "a+b", "c", "d"].map(String::from).into()
        );
        let asked = plan.explained();
        assert_eq!(asked[1].without.to_string(), "a");
        assert!(asked.iter().all(|contrast| contrast.moved().count() == 1));
    }
}
