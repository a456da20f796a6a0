use crate::model::{Arm, Factor, Plan, Purpose, Slot};
use crate::stats::{Rng, fold_over};

/// The stream of the design, beyond those of any block.
const DESIGN: u64 = u64::MAX;

/// What a pair asks of a factor.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    /// Absent from both trials.
    Off,
    /// In the one trial or the other, as its sign says.
    Varies,
    /// In both trials.
    On,
}

/// The two trials of a pair: a set of tags and its complement, the order drawn by lot.
///
/// What others need is drawn by lot, pair by pair: either it varies and they are absent, or it is in both trials
/// and they vary. So every pair compares like with like, and tells of the one or of the others.
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
    let roles = roles(
        &plan.factors,
        &mut Rng::stream(plan.seed, DESIGN - number as u64),
    );
    let half = |sign: i8| arm(plan, &roles, &pair.signs, sign);
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

/// The factors' roles. What a factor needs may stand behind it in the list, so they are settled from the roots on.
fn roles(factors: &[Factor], lot: &mut Rng) -> Vec<Role> {
    let needs =
        |one: &Factor, other: &Factor| one.needs.iter().any(|id| other.members.contains(id));
    let coins: Vec<bool> = factors.iter().map(|_| lot.coin()).collect();
    let mut order: Vec<usize> = (0..factors.len()).collect();
    // Needs are transitive: what is needed has fewer of them.
    order.sort_by_key(|at| factors[*at].needs.len());
    let mut roles = vec![Role::Off; factors.len()];
    for at in order {
        let own = &factors[at];
        let parents = factors
            .iter()
            .zip(&roles)
            .filter(|(other, _)| needs(own, other));
        let ready = parents.map(|(_, role)| *role).all(|role| role == Role::On);
        let is_needed = factors.iter().any(|other| needs(other, own));
        roles[at] = match (ready, is_needed && coins[at]) {
            (false, _) => Role::Off,
            (true, true) => Role::On,
            (true, false) => Role::Varies,
        };
    }
    roles
}

fn arm(plan: &Plan, roles: &[Role], signs: &[i8], sign: i8) -> Arm {
    let factors = plan.factors.iter().zip(roles).zip(signs);
    let present: Vec<&String> = factors
        .filter(|((_, role), own)| match role {
            Role::Off => false,
            Role::On => true,
            Role::Varies => **own == sign,
        })
        .flat_map(|((factor, _), _)| &factor.members)
        .collect();
    let everything = plan.arms.last().cloned().unwrap_or_default();
    Arm(everything
        .0
        .into_iter()
        .filter(|id| present.contains(&id))
        .collect())
}
