//! When to look, and what a look may claim: weighted repeated p-values.

use super::Error;
use super::error::{all_finite, positive, share};
use super::huber::SPARE_PAIRS;
use super::null::critical_signed_rank;

/// The looks of a run, fixed before it starts: after `blocks[k]` blocks the data are judged at the share
/// `weights[k]` of the error budget. The weights add up to 1.
///
/// Dividing each look's p-value by its weight makes the smallest of them a valid p-value by the union
/// bound, whatever the data are. Stopping early is always allowed; adding looks later is not.
#[derive(Clone, Debug, PartialEq)]
pub struct Looks {
    pub blocks: Vec<usize>,
    pub weights: Vec<f64>,
}

/// Looks before this one are of no use: their tests could not reach significance with several looks.
const FIRST_LOOK: f64 = 10.0;
/// The share of the error budget that the first look is laid out for.
const FIRST_SHARE: f64 = 0.125;
/// Pairs of the smallest screen.
const FIRST_SCREEN_LOOK: usize = 16;
/// Number of looks.
const LOOKS: usize = 5;
/// Growth from look to look beyond the last one that is laid out.
const FURTHER: f64 = 1.25;
/// Spending: after the share t of the blocks the share t^1.5 of the error budget is spent.
const SPENDING: f64 = 1.5;

/// Five looks up to `cap` blocks, geometrically spaced, for a run-level error `alpha`.
///
/// `m_eff` is by how much multiplicity divides that error: 1 for one test; for the gate of [`gate`](super::gate)
/// the number of tags divided by the largest metric weight. The first look comes when a signed-rank test
/// can be significant at all, since p ≥ 2⁻ⁿ: n₁ = max(10, ⌈log₂(m_eff / (0.125·alpha))⌉); then
/// nₖ = n₁·(cap/n₁)^(k/4), rounded, and the weights are the increments of (nₖ/cap)^1.5.
///
/// # Errors
/// `m_eff` below 1, `alpha` not between 0 and 1, or a `cap` below n₁ + 4, which is named.
pub fn schedule(m_eff: f64, cap: usize, alpha: f64) -> Result<Looks, Error> {
    share("error budget", alpha)?;
    positive("multiplicity", m_eff)?;
    if m_eff < 1.0 {
        return Err(Error::OutOfRange {
            what: "multiplicity",
            value: m_eff,
            must: "at least 1",
        });
    }
    let first = (m_eff / (FIRST_SHARE * alpha))
        .log2()
        .ceil()
        .max(FIRST_LOOK);
    let need = first as usize + LOOKS - 1;
    if cap < need {
        return Err(Error::BudgetTooSmall { need, got: cap });
    }
    let growth = cap as f64 / first;
    let blocks = (0..LOOKS)
        .map(|k| (first * growth.powf(k as f64 / (LOOKS - 1) as f64) + 0.5) as usize)
        .collect();
    Ok(spend(blocks))
}

/// One look after `blocks` blocks, with the whole error budget.
///
/// # Errors
/// No blocks.
pub fn fixed(blocks: usize) -> Result<Looks, Error> {
    if blocks == 0 {
        return Err(Error::BudgetTooSmall { need: 1, got: 0 });
    }
    Ok(spend(vec![blocks]))
}

/// Looks for a fold-over screen of `factors` tags; they count pairs of trials, not blocks.
///
/// The first comes as soon as the joint fit stands on its feet, after max(16, N + 8, 1.6·N) pairs. Beyond 50
/// factors, whose screens have not been simulated, the looks keep their ratio to the number of factors.
///
/// # Errors
/// No factors.
pub fn screen_looks(factors: usize) -> Result<Looks, Error> {
    let first = fewest_pairs(factors)
        .max(FIRST_SCREEN_LOOK)
        .max((factors * 8).div_ceil(5));
    let later = match factors {
        0 => return Err(Error::Empty),
        1..=10 => vec![24, 36, 48, 72, 96],
        11..=20 => vec![40, 48, 60, 80, 100],
        21..=50 => vec![80, 100, 120, 140],
        51.. => [10, 12, 14].map(|fifths| factors * fifths / 5).to_vec(),
    };
    let mut pairs = vec![first];
    pairs.extend(later.into_iter().filter(|look| *look > first));
    Ok(spend(pairs))
}

/// The looks before `most`, and one there, with the error budget spread anew over them. Where they end before
/// it, more follow, each after a quarter more than the one before.
pub fn up_to(looks: &Looks, most: usize) -> Looks {
    let mut blocks: Vec<usize> = looks.blocks.iter().copied().filter(|n| *n < most).collect();
    if blocks.len() == looks.blocks.len() {
        let last = blocks.last().copied();
        let further = |n: &usize| Some((*n as f64 * FURTHER).ceil() as usize);
        let more = std::iter::successors(last, further).skip(1);
        blocks.extend(more.take_while(|n| *n < most));
    }
    blocks.push(most);
    spend(blocks)
}

/// The fewest pairs that the joint fit of a screen of `factors` tags stands on.
pub fn fewest_pairs(factors: usize) -> usize {
    factors + SPARE_PAIRS
}

/// Looks at fresh blocks that confirm or clear a suspicion at 5 %: the first as soon as an exact test can, the
/// last where a cost of one standard deviation beyond its margin shows.
///
/// Looks that repeat the number of blocks of the suspicion lose more of the true ones: what became suspect had
/// luck, too.
pub fn confirmation() -> Looks {
    Looks {
        blocks: vec![6, 20, 40],
        weights: vec![0.32, 0.28, 0.40],
    }
}

/// The p-value that holds over all looks so far: min over looks of pⱼ / wⱼ, at most 1.
///
/// `p` has one value per look so far, `weights` those of all looks. Valid for any p-values that are valid
/// one by one, since Σ wⱼ = 1; it never rises from look to look.
///
/// # Errors
/// No p-values, more of them than weights, one outside 0..=1, or a weight that is not above 0.
pub fn repeated_p(p: &[f64], weights: &[f64]) -> Result<f64, Error> {
    if p.is_empty() {
        return Err(Error::Empty);
    }
    if p.len() > weights.len() {
        return Err(Error::Unpaired {
            left: p.len(),
            right: weights.len(),
        });
    }
    probabilities(p)?;
    let mut least: f64 = 1.0;
    for (p, weight) in p.iter().zip(weights) {
        positive("weight", *weight)?;
        least = least.min(p / weight);
    }
    Ok(least)
}

/// At each look, the smallest untied rank sum W⁺ with which the run may be called at level `alpha`;
/// `None` where no data could.
///
/// # Errors
/// `alpha` is not between 0 and 1.
pub fn critical_values(looks: &Looks, alpha: f64) -> Result<Vec<Option<usize>>, Error> {
    share("error budget", alpha)?;
    Ok(looks
        .blocks
        .iter()
        .zip(&looks.weights)
        .map(|(blocks, weight)| critical_signed_rank(*blocks, alpha * weight))
        .collect())
}

/// Fails on the first value that is not a probability.
pub(super) fn probabilities(p: &[f64]) -> Result<(), Error> {
    all_finite(p)?;
    match p.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        Some(value) => Err(Error::OutOfRange {
            what: "p-value",
            value: *value,
            must: "from 0 to 1",
        }),
        None => Ok(()),
    }
}

fn spend(blocks: Vec<usize>) -> Looks {
    let cap = blocks.last().copied().unwrap_or(1) as f64;
    let mut before = 0.0;
    let weights = blocks
        .iter()
        .map(|n| {
            let spent = (*n as f64 / cap).powf(SPENDING);
            let weight = spent - before;
            before = spent;
            weight
        })
        .collect();
    Looks { blocks, weights }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_budget_that_cannot_decide_is_refused_with_what_it_takes() {
        let need = 14;
        assert_eq!(
            schedule(1.0, 13, 0.01),
            Err(Error::BudgetTooSmall { need, got: 13 })
        );
        let looks = schedule(1.0, need, 0.01).unwrap();
        assert_eq!(looks.blocks, [10, 11, 12, 13, 14]);
        assert!(schedule(0.5, 40, 0.01).is_err());
        assert!(schedule(f64::NAN, 40, 0.01).is_err());
        assert!(schedule(1.0, 40, 0.0).is_err());
        assert!(fixed(0).is_err());
    }

    #[test]
    fn one_look_has_it_all() {
        let looks = fixed(20).unwrap();
        assert_eq!((looks.blocks, looks.weights), (vec![20], vec![1.0]));
    }

    #[test]
    fn screens_begin_when_the_joint_fit_can() {
        for factors in 1..=50 {
            let looks = screen_looks(factors).unwrap();
            assert!(looks.blocks[0] >= factors + 8);
            assert!(looks.blocks[0] as f64 >= 1.6 * factors as f64);
        }
        assert!(screen_looks(0).is_err());
        assert_eq!(screen_looks(100).unwrap().blocks, [160, 200, 240, 280]);
    }

    #[test]
    fn a_screen_may_have_fewer_pairs_than_laid_out_or_more() {
        let looks = screen_looks(5).unwrap();
        assert_eq!(up_to(&looks, 30).blocks, [16, 24, 30]);
        assert_eq!(up_to(&looks, 10).blocks, [10]);
        assert_eq!(up_to(&looks, 96), looks);
        assert_eq!(up_to(&looks, 105).blocks, [16, 24, 36, 48, 72, 96, 105]);
        assert_eq!(
            up_to(&looks, 200).blocks,
            [16, 24, 36, 48, 72, 96, 120, 150, 188, 200]
        );
    }

    #[test]
    fn only_probabilities_are_combined() {
        assert_eq!(repeated_p(&[], &[1.0]), Err(Error::Empty));
        assert!(repeated_p(&[0.1, 0.2], &[1.0]).is_err());
        assert!(repeated_p(&[1.1], &[1.0]).is_err());
        assert!(repeated_p(&[f64::NAN], &[1.0]).is_err());
        assert!(repeated_p(&[0.5], &[0.0]).is_err());
        assert_eq!(repeated_p(&[0.5, 0.01], &[0.25, 0.25, 0.5]), Ok(0.04));
    }

    proptest! {
        #![proptest_config(super::super::seeded())]

        #[test]
        fn schedules_ascend_and_spend_everything(m in 1.0..2000f64, cap in 14usize..400) {
            let Ok(looks) = schedule(m, cap, 0.01) else { return Ok(()) };
            prop_assert!(looks.blocks.windows(2).all(|w| w[0] < w[1]));
            prop_assert_eq!(looks.blocks[LOOKS - 1], cap);
            prop_assert!((looks.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            prop_assert!(looks.weights.iter().all(|w| *w > 0.0));
            // At a large cap the first look has little weight, and the second one is the first that can decide.
            let decides = |k: usize| 2f64.powi(-(looks.blocks[k] as i32)) / looks.weights[k] <= 0.01 / m;
            prop_assert!(decides(0) || decides(1));
        }

        #[test]
        fn a_screen_ends_where_it_is_told_to(factors in 1usize..120, most in 1usize..=1000) {
            let looks = up_to(&screen_looks(factors).unwrap(), most);
            prop_assert_eq!(looks.blocks.last(), Some(&most));
            prop_assert!(looks.blocks.windows(2).all(|w| w[0] < w[1]));
            prop_assert!((looks.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            prop_assert!(looks.weights.iter().all(|w| *w > 0.0));
        }

        #[test]
        fn the_repeated_p_never_rises(p in prop::collection::vec(0.0..=1.0f64, 5)) {
            let weights = schedule(1.0, 40, 0.01).unwrap().weights;
            let so_far: Vec<f64> = (1..=5).map(|k| repeated_p(&p[..k], &weights).unwrap()).collect();
            prop_assert!(so_far.windows(2).all(|w| w[1] <= w[0]));
            prop_assert!(so_far[4] <= 1.0);
        }
    }
}
