use crate::model::{Arm, Factor, Plan, Purpose, Slot};
use crate::stats::{Rng, fold_over};

/// The stream of the design, beyond those of any block.
const DESIGN: u64 = u64::MAX;

/// The two trials of a pair: a set of tags and its complement, the order drawn by lot.
///
/// A tag is present in its half of the pair if all that it needs is present there; otherwise the pair tells
/// nothing of it, which the joint fit knows from the arms.
pub(super) fn pair(plan: &Plan, number: usize) -> Vec<Slot> {
    let design = fold_over(
        &mut Rng::stream(plan.seed, DESIGN),
        plan.factors.len(),
        number,
    );
    // A plan without factors, or with more than there are designs for, has no pairs; it is refused before.
    let Some(pair) = design.ok().and_then(|mut pairs| pairs.pop()) else {
        return Vec::new();
    };
    let half = |sign: i8| arm(plan, &pair.signs, sign);
    let (set, complement) = (half(1), half(-1));
    let arms = if pair.set_first {
        [set, complement]
    } else {
        [complement, set]
    };
    arms.into_iter()
        .enumerate()
        .map(|(position, arm)| Slot {
            block: number,
            position,
            arm,
            purpose: Purpose::Measure,
        })
        .collect()
}

fn arm(plan: &Plan, signs: &[i8], sign: i8) -> Arm {
    let drawn = |factor: &&Factor| {
        let at = plan.factors.iter().position(|other| other == *factor);
        at.is_some_and(|at| signs.get(at) == Some(&sign))
    };
    let on: Vec<&Factor> = plan.factors.iter().filter(drawn).collect();
    let has = |id: &String| on.iter().any(|factor| factor.members.contains(id));
    let works = |factor: &&&Factor| factor.needs.iter().all(has);
    let present: Vec<&String> = on.iter().filter(works).flat_map(|f| &f.members).collect();
    let everything = plan.arms.last().cloned().unwrap_or_default();
    Arm(everything
        .0
        .into_iter()
        .filter(|id| present.contains(&id))
        .collect())
}
