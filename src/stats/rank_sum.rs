//! The exact rank-sum (Mann–Whitney) test, for samples that are not paired.

use statrs::stats_tests::Alternative;

use super::Error;
use super::error::usable;
use super::ranks::doubled_midranks;

/// P-value of "`y` lies above `x`" (or below, or either), exact given the ties: over all ways to deal the
/// pooled midranks to the two samples.
///
/// Assumes that every trial was as likely in either sample: random order, or no drift. Where trials were
/// paired in blocks use the signed-rank test, which drift does not disturb. Two-sided is twice the smaller
/// tail. O(n₁·(n₁+n₂)³). The normal approximation is in `statrs`.
/// Source: Mann & Whitney (1947); Streitberg & Röhmel (1986).
///
/// # Errors
/// A side has no values, or one that is not finite.
pub fn rank_sum_p(x: &[f64], y: &[f64], alternative: Alternative) -> Result<f64, Error> {
    usable(x, 1)?;
    usable(y, 1)?;
    let pooled: Vec<f64> = x.iter().chain(y).copied().collect();
    let ranks = doubled_midranks(&pooled);
    let observed: usize = ranks[x.len()..].iter().sum();
    let ways = deals(&ranks, y.len());
    let all: f64 = ways.iter().sum();
    let above = ways[observed..].iter().rev().sum::<f64>() / all;
    let below = ways[..=observed].iter().sum::<f64>() / all;
    Ok(match alternative {
        Alternative::Greater => above.min(1.0),
        Alternative::Less => below.min(1.0),
        Alternative::TwoSided => (2.0 * above.min(below)).min(1.0),
    })
}

/// In how many ways `size` of the `ranks` add up to each sum, all scaled by one power of two per rank so
/// that large samples do not overflow.
fn deals(ranks: &[usize], size: usize) -> Vec<f64> {
    let total: usize = ranks.iter().sum();
    let mut ways = vec![vec![0.0; total + 1]; size + 1];
    ways[0][0] = 1.0;
    let mut high = 0;
    for (dealt, &rank) in ranks.iter().enumerate() {
        high += rank;
        for taken in (0..=size.min(dealt + 1)).rev() {
            let (fewer, rest) = ways.split_at_mut(taken);
            for sum in (0..=high).rev() {
                let with = match fewer.last() {
                    Some(fewer) if sum >= rank => fewer[sum - rank],
                    _ => 0.0,
                };
                rest[0][sum] = (rest[0][sum] + with) / 2.0;
            }
        }
    }
    ways.swap_remove(size)
}

#[cfg(test)]
mod tests {
    use super::super::rank_sum_sf;
    use super::*;

    #[test]
    fn without_ties_it_is_the_null_distribution() {
        let (x, y) = ([1.0, 4.0, 6.0], [2.0, 5.0, 7.0, 8.0]);
        // Pairs with y > x: 1 + 2 + 3 + 3.
        let expected = rank_sum_sf(3, 4)[9];
        let p = rank_sum_p(&x, &y, Alternative::Greater).unwrap();
        assert!((p - expected).abs() < 1e-12);
    }

    #[test]
    fn equal_samples_are_no_evidence() {
        for alternative in [
            Alternative::Greater,
            Alternative::Less,
            Alternative::TwoSided,
        ] {
            assert_eq!(rank_sum_p(&[5.0; 4], &[5.0; 3], alternative), Ok(1.0));
        }
        assert!(rank_sum_p(&[], &[1.0], Alternative::Less).is_err());
    }
}
