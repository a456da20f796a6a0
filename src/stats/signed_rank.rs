//! The exact one-sided signed-rank test: the one test that verdicts rest on.

use super::Error;
use super::error::{all_finite, usable};
use super::null::flip_sums;
use super::ranks::doubled_midranks;

/// A step for [`signed_rank_p`] that removes rounding error and nothing else: finer than the resolution of
/// any metric (0.001 ms, 1 byte, 1 event, 0.0001 of a layout-shift score), coarser than the rounding error
/// of differences of values up to a thousand million.
pub const DUST: f64 = 1e-6;

/// P-value of "the shift of `d` is above 0", exact for every sample, with ties and zeros as they are.
///
/// `d` are paired differences, already less the margin: `d − δ` asks "regressed?", `δ − d` asks "ok?".
/// They are rounded to multiples of `step` first (0 leaves them alone), so that rounding error makes neither
/// ties nor differences; give a step that is small against the metric's resolution, such as [`DUST`],
/// since rounding moves the margin by up to half a step. Zeros are dropped and |d| gets midranks; then
/// W⁺ = Σ rank over d > 0 and p = P(W⁺ ≥ observed) over all 2ᵐ signs of the m values left.
///
/// Assumes only that under the null hypothesis each sign is a fair coin, which the random order within a
/// block provides; neither normality nor independence of the sizes. Never below 2⁻ᵐ. O(m³).
/// All zeros: 1, there is no evidence either way. Source: Wilcoxon (1945); Streitberg & Röhmel (1986).
///
/// # Errors
/// No values, one that is not finite, or a step that is negative or so small that `d / step` overflows.
pub fn signed_rank_p(d: &[f64], step: f64) -> Result<f64, Error> {
    usable(d, 1)?;
    let d: Vec<f64> = quantised(d, step)?
        .into_iter()
        .filter(|v| *v != 0.0)
        .collect();
    let sizes: Vec<f64> = d.iter().map(|v| v.abs()).collect();
    let ranks = doubled_midranks(&sizes);
    let observed: usize = ranks
        .iter()
        .zip(&d)
        .filter(|(_, v)| **v > 0.0)
        .map(|(rank, _)| rank)
        .sum();
    let p = flip_sums(&ranks);
    Ok(p[observed..].iter().rev().sum::<f64>().min(1.0))
}

/// In multiples of `step`; unchanged when it is 0.
fn quantised(d: &[f64], step: f64) -> Result<Vec<f64>, Error> {
    if step == 0.0 {
        return Ok(d.to_vec());
    }
    if !(step > 0.0 && step.is_finite()) {
        return Err(Error::OutOfRange {
            what: "step",
            value: step,
            must: "0, or a finite number above 0",
        });
    }
    let steps: Vec<f64> = d.iter().map(|v| (v / step).round()).collect();
    all_finite(&steps)?;
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn degenerate_input() {
        assert_eq!(signed_rank_p(&[], 0.0), Err(Error::Empty));
        assert_eq!(signed_rank_p(&[0.0, 0.0, -0.0], 0.0), Ok(1.0));
        assert!(signed_rank_p(&[f64::NAN], 0.0).is_err());
        assert!(signed_rank_p(&[1.0], -1.0).is_err());
        assert!(signed_rank_p(&[1.0], f64::NAN).is_err());
        assert!(signed_rank_p(&[1e300], 1e-300).is_err());
    }

    #[test]
    fn rounding_error_makes_no_difference() {
        let tied = [3.0, -3.0, 3.0, 3.0, 1.0, 3.0];
        let dusty = [3.0, -3.0 - 4e-16, 3.0 + 4e-16, 0.1 + 2.9, 1.0, 3.0];
        assert_eq!(signed_rank_p(&dusty, DUST), signed_rank_p(&tied, 0.0));
        assert_eq!(signed_rank_p(&[1e-15, 1.0], DUST), Ok(0.5));
    }

    fn differences() -> impl Strategy<Value = Vec<f64>> {
        // Few distinct values, so that ties and zeros are common.
        prop_oneof![
            prop::collection::vec((-6i32..=6).prop_map(f64::from), 1..24),
            prop::collection::vec(-1e3..1e3f64, 1..24),
        ]
    }

    proptest! {
        #![proptest_config(super::super::seeded())]

        #[test]
        fn p_is_a_probability_that_few_values_cannot_make_small(d in differences()) {
            let p = signed_rank_p(&d, 0.0).unwrap();
            let used = d.iter().filter(|v| **v != 0.0).count();
            prop_assert!(p <= 1.0 && p >= 2f64.powi(-(used as i32)));
        }

        #[test]
        fn the_two_directions_cannot_both_be_significant(d in differences()) {
            let flipped: Vec<f64> = d.iter().map(|v| -v).collect();
            let sum = signed_rank_p(&d, 0.0).unwrap() + signed_rank_p(&flipped, 0.0).unwrap();
            prop_assert!(sum >= 1.0);
        }

        #[test]
        fn neither_order_nor_scale_matters(d in differences(), turn in 0usize..24, scale in -20i32..20) {
            let p = signed_rank_p(&d, 0.0);
            let mut other: Vec<f64> = d.iter().map(|v| v * 2f64.powi(scale)).collect();
            other.rotate_left(turn % d.len());
            prop_assert_eq!(signed_rank_p(&other, 0.0), p);
        }

        #[test]
        fn a_larger_shift_is_never_less_significant(d in differences(), shift in 0.0..50f64) {
            // Zeros are dropped, which breaks this order when a shift makes or unmakes them.
            let moved: Vec<f64> = d.iter().map(|v| v + shift).collect();
            prop_assume!(d.iter().chain(&moved).all(|v| *v != 0.0));
            // Ties of sizes likewise: the order holds between samples without them.
            let untied = |d: &[f64]| {
                let ranks = doubled_midranks(&d.iter().map(|v| v.abs()).collect::<Vec<_>>());
                ranks.iter().all(|r| r % 2 == 0) && {
                    let mut seen = ranks.clone();
                    seen.sort_unstable();
                    seen.windows(2).all(|w| w[0] != w[1])
                }
            };
            prop_assume!(untied(&d) && untied(&moved));
            prop_assert!(signed_rank_p(&moved, 0.0).unwrap() <= signed_rank_p(&d, 0.0).unwrap());
        }
    }
}
