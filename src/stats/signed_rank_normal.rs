//! The signed-rank test by normal approximation: for checks against other tools, not for verdicts.

use statrs::stats_tests::Alternative;

use super::Error;
use super::distribution::normal_sf;
use super::error::usable;
use super::ranks::{doubled_midranks, tie_term};

/// What becomes of differences that are exactly 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zeros {
    /// Dropped before ranking (Wilcoxon 1945); `wilcox` in scipy.
    Drop,
    /// Ranked, then dropped (Pratt 1959, with the variance of Cureton 1967); `pratt`.
    Pratt,
    /// Ranked, half of their ranks to each side; `zsplit`.
    Split,
}

/// Result of [`signed_rank_normal`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignedRankNormal {
    /// W⁺ for a one-sided alternative, the smaller of W⁺ and W⁻ for the two-sided one.
    pub statistic: f64,
    pub z: f64,
    pub p: f64,
}

/// Signed-rank test of `d` against shift 0 with z = (W⁺ − mean) / sd, tie-corrected, as
/// `scipy.stats.wilcoxon(method="asymptotic")`; `continuity` moves W⁺ half a unit towards the null.
///
/// Good to two digits from about 20 differences on; [`signed_rank_p`](super::signed_rank_p) is exact.
///
/// # Errors
/// No values, one that is not finite, or [`Error::NoSpread`] when all are 0.
pub fn signed_rank_normal(
    d: &[f64],
    zeros: Zeros,
    alternative: Alternative,
    continuity: bool,
) -> Result<SignedRankNormal, Error> {
    usable(d, 1)?;
    let ranked: Vec<f64> = match zeros {
        Zeros::Drop => d.iter().copied().filter(|v| *v != 0.0).collect(),
        Zeros::Pratt | Zeros::Split => d.to_vec(),
    };
    let sizes: Vec<f64> = ranked.iter().map(|v| v.abs()).collect();
    let ranks = doubled_midranks(&sizes);
    let side = |keep: fn(f64) -> bool| -> f64 {
        let kept = ranked.iter().zip(&ranks).filter(|(v, _)| keep(**v));
        kept.map(|(_, rank)| *rank as f64 / 2.0).sum()
    };
    let (mut plus, mut minus) = (side(|v| v > 0.0), side(|v| v < 0.0));
    let n = ranked.len() as f64;
    let mut mean = n * (n + 1.0) / 4.0;
    let mut squares = n * (n + 1.0) * (2.0 * n + 1.0);
    let mut ties = tie_term(&sizes);
    let zero = ranked.iter().filter(|v| **v == 0.0).count() as f64;
    match zeros {
        Zeros::Drop => {}
        Zeros::Pratt => {
            mean -= zero * (zero + 1.0) / 4.0;
            squares -= zero * (zero + 1.0) * (2.0 * zero + 1.0);
            ties -= zero * zero * zero - zero;
        }
        Zeros::Split => {
            let half = side(|v| v == 0.0) / 2.0;
            plus += half;
            minus += half;
        }
    }
    let sd = ((squares - ties / 2.0) / 24.0).sqrt();
    if sd.is_nan() || sd <= 0.0 {
        return Err(Error::NoSpread);
    }
    let (statistic, towards_null) = match alternative {
        Alternative::Greater => (plus, -0.5),
        Alternative::Less => (plus, 0.5),
        Alternative::TwoSided if plus == minus => (plus, 0.0),
        Alternative::TwoSided => (plus.min(minus), 0.5),
    };
    let moved = if continuity { towards_null } else { 0.0 };
    let z = (statistic - mean + moved) / sd;
    let p = match alternative {
        Alternative::Greater => normal_sf(z),
        Alternative::Less => normal_sf(-z),
        Alternative::TwoSided => (2.0 * normal_sf(z.abs())).min(1.0),
    };
    Ok(SignedRankNormal { statistic, z, p })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_alone_have_no_spread() {
        for zeros in [Zeros::Drop, Zeros::Pratt] {
            assert_eq!(
                signed_rank_normal(&[0.0; 5], zeros, Alternative::Greater, false),
                Err(Error::NoSpread)
            );
        }
        assert_eq!(
            signed_rank_normal(&[], Zeros::Drop, Alternative::Greater, false),
            Err(Error::Empty)
        );
    }
}
