//! What looks odd in a run's data: warnings beside a verdict, which stays valid.
//!
//! The thresholds come from simulation and are set so that clean data seldom trip them.

use super::describe::{MAD_TO_SD, mad, mean, median, sd, sorted};
use super::error::usable;
use super::ranks::{correlation, doubled_midranks};
use super::{Error, signed_rank_p};

/// A figure, the limit it is held against, and whether it went beyond.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diagnostic {
    pub value: f64,
    pub limit: f64,
    pub raised: bool,
}

impl Diagnostic {
    fn above(value: f64, limit: f64) -> Self {
        Self {
            value,
            limit,
            raised: value > limit,
        }
    }
}

/// z for a two-sided 0.1 %.
const DRIFT_Z: f64 = 3.29;
const REGIME_LAG1: f64 = 0.5;
/// Robust standard deviations.
const OUTLIER_SDS: f64 = 5.0;
const POSITION_P: f64 = 0.001;
const CALIBRATION_CV: f64 = 0.10;
/// A mode holds at least one in so many of the values.
const LEAST_MODE: usize = 5;
/// Values beyond so many robust standard deviations are pulled in before modes are sought.
const WINSOR_SDS: f64 = 4.0;
/// Number of values, and the share of their variance that two modes must explain.
const MODES: [(f64, f64); 3] = [(20.0, 0.884), (40.0, 0.829), (80.0, 0.792)];

/// Spearman's rank correlation of `values` with their order in time, from −1 to 1.
///
/// # Errors
/// Fewer than two values, one that is not finite, or [`Error::NoSpread`].
pub fn spearman_index(values: &[f64]) -> Result<f64, Error> {
    usable(values, 2)?;
    let index: Vec<f64> = (0..values.len()).map(|i| i as f64).collect();
    correlation(&ranks(values), &index).ok_or(Error::NoSpread)
}

/// Correlation of each value's rank with the next one's; ranks are taken once, over all values.
///
/// # Errors
/// Fewer than three values, one that is not finite, or [`Error::NoSpread`].
pub fn rank_lag1(values: &[f64]) -> Result<f64, Error> {
    usable(values, 3)?;
    let ranks = ranks(values);
    correlation(&ranks[..ranks.len() - 1], &ranks[1..]).ok_or(Error::NoSpread)
}

/// Did the machine or the page become steadily slower or faster? |Spearman|·√(n−1) of the blocks' means
/// against z = 3.29. Blocks of fewer than twelve can never raise it.
///
/// # Errors
/// As [`spearman_index`].
pub fn drift(block_means: &[f64]) -> Result<Diagnostic, Error> {
    let rho = spearman_index(block_means)?;
    let z = rho.abs() * ((block_means.len() - 1) as f64).sqrt();
    Ok(Diagnostic::above(z, DRIFT_Z))
}

/// Did conditions come in spells, such as a busy neighbour? [`rank_lag1`] of the blocks' means above 0.5.
///
/// # Errors
/// As [`rank_lag1`].
pub fn regime(block_means: &[f64]) -> Result<Diagnostic, Error> {
    Ok(Diagnostic::above(rank_lag1(block_means)?, REGIME_LAG1))
}

/// Is the first measured block unlike the others? |first − median| / (1.4826·MAD) above 5: one more
/// warm-up block is needed.
///
/// # Errors
/// Fewer than five blocks, a value that is not finite, or [`Error::NoSpread`] when the MAD is 0.
pub fn warm_up_outlier(block_means: &[f64]) -> Result<Diagnostic, Error> {
    usable(block_means, 5)?;
    let spread = MAD_TO_SD * mad(block_means)?;
    if spread == 0.0 {
        return Err(Error::NoSpread);
    }
    let away = (block_means[0] - median(block_means)?).abs();
    Ok(Diagnostic::above(away / spread, OUTLIER_SDS))
}

/// Do the later trials of a block differ from the earlier ones? Two-sided exact signed-rank p of each
/// block's last value minus its first, below 0.001. The order within blocks is random, so the effects stay
/// fair; but trials disturb each other.
///
/// # Errors
/// As [`signed_rank_p`].
pub fn position_effect(last_minus_first: &[f64], step: f64) -> Result<Diagnostic, Error> {
    let flipped: Vec<f64> = last_minus_first.iter().map(|v| -v).collect();
    let (up, down) = (
        signed_rank_p(last_minus_first, step)?,
        signed_rank_p(&flipped, step)?,
    );
    let p = (2.0 * up.min(down)).min(1.0);
    Ok(Diagnostic {
        value: p,
        limit: POSITION_P,
        raised: p < POSITION_P,
    })
}

/// Was the machine's speed itself unsteady? Coefficient of variation of the calibration times above 10 %.
///
/// # Errors
/// Fewer than two values, one that is not finite, or a mean that is not above 0.
pub fn contended(calibration: &[f64]) -> Result<Diagnostic, Error> {
    let spread = sd(calibration)?;
    let center = mean(calibration)?;
    super::error::positive("mean calibration time", center)?;
    Ok(Diagnostic::above(spread / center, CALIBRATION_CV))
}

/// Are all values one and the same? Then the metric does not respond to the page, or is broken.
/// An empty list is not constant.
pub fn constant(values: &[f64]) -> bool {
    values
        .split_first()
        .is_some_and(|(first, rest)| rest.iter().all(|v| v == first))
}

/// Two groups that explain most of the variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bimodality {
    /// Share of the variance that lies between the groups.
    pub diagnostic: Diagnostic,
    /// Median of the upper group minus median of the lower one.
    pub distance: f64,
    /// Share of the values in the upper group.
    pub upper_share: f64,
}

/// Does the page have two states, such as a fast and a slow path? The best split of both arms' values, each
/// arm less its median, pulled in to 4 robust standard deviations; each group at least a fifth.
///
/// The limit falls from 0.884 at 20 values to 0.829 at 40 and 0.792 from 80 on, linear in 1/√n between:
/// at most 1 % false alarms, 6 to 13 % under heavy spikes. It finds modes that are 5 standard deviations
/// apart and often misses those at 3.
///
/// # Errors
/// Fewer than twenty values in all, an arm without values, one that is not finite, or [`Error::NoSpread`]
/// when the MAD is 0.
pub fn bimodality(without: &[f64], with: &[f64]) -> Result<Bimodality, Error> {
    let mut pooled = Vec::with_capacity(without.len() + with.len());
    for arm in [without, with] {
        let center = median(arm)?;
        pooled.extend(arm.iter().map(|v| v - center));
    }
    usable(&pooled, MODES[0].0 as usize)?;
    let (center, reach) = (median(&pooled)?, WINSOR_SDS * MAD_TO_SD * mad(&pooled)?);
    if reach == 0.0 {
        return Err(Error::NoSpread);
    }
    let values = sorted(&pooled);
    let pulled_in: Vec<f64> = values
        .iter()
        .map(|v| v.clamp(center - reach, center + reach))
        .collect();
    let (share, split) = best_split(&pulled_in);
    let (lower, upper) = values.split_at(split);
    Ok(Bimodality {
        diagnostic: Diagnostic::above(share, modes_limit(values.len() as f64)),
        distance: median(upper)? - median(lower)?,
        upper_share: upper.len() as f64 / values.len() as f64,
    })
}

/// Share of the variance between the groups at the best cut of sorted values, and the lower group's size.
fn best_split(values: &[f64]) -> (f64, usize) {
    let n = values.len() as f64;
    let center = values.iter().sum::<f64>() / n;
    let total: f64 = values.iter().map(|v| (v - center).powi(2)).sum();
    let least = values.len().div_ceil(LEAST_MODE);
    let mut best = (0.0, least);
    let mut below = 0.0;
    for (index, value) in values.iter().enumerate() {
        below += value - center;
        let size = index + 1;
        if size < least || size + least > values.len() {
            continue;
        }
        // Both group means follow from the lower group's sum, since all deviations add up to 0.
        let between = below * below / size as f64 + below * below / (n - size as f64);
        if between / total > best.0 {
            best = (between / total, size);
        }
    }
    best
}

fn modes_limit(n: f64) -> f64 {
    for pair in MODES.windows(2) {
        let ((from, high), (to, low)) = (pair[0], pair[1]);
        if n <= to {
            let at = (1.0 / from.sqrt() - 1.0 / n.sqrt()) / (1.0 / from.sqrt() - 1.0 / to.sqrt());
            return high + at * (low - high);
        }
    }
    MODES[MODES.len() - 1].1
}

fn ranks(values: &[f64]) -> Vec<f64> {
    doubled_midranks(values).iter().map(|r| *r as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wobble(n: usize) -> Vec<f64> {
        let mut rng = super::super::Rng::seeded(5);
        (0..n)
            .map(|_| rng.unit() + rng.unit() + rng.unit())
            .collect()
    }

    #[test]
    fn steady_noise_raises_nothing() {
        let clean = wobble(40);
        assert!(!drift(&clean).unwrap().raised);
        assert!(!regime(&clean).unwrap().raised);
        assert!(!warm_up_outlier(&clean).unwrap().raised);
        assert!(
            !bimodality(&clean[..20], &clean[20..])
                .unwrap()
                .diagnostic
                .raised
        );
        let centered: Vec<f64> = clean.iter().map(|v| v - 1.5).collect();
        assert!(!position_effect(&centered, 0.0).unwrap().raised);
        assert!(!constant(&clean));
    }

    #[test]
    fn a_trend_is_drift_in_either_direction() {
        let noise = wobble(20);
        for slope in [0.2, -0.2] {
            let moved: Vec<f64> = noise
                .iter()
                .enumerate()
                .map(|(i, v)| v + slope * i as f64)
                .collect();
            assert!(drift(&moved).unwrap().raised);
        }
    }

    #[test]
    fn a_spell_is_a_regime_and_no_drift() {
        let mut spell = wobble(30);
        spell[10..20].iter_mut().for_each(|v| *v += 5.0);
        assert!(regime(&spell).unwrap().raised);
        assert!(!drift(&spell).unwrap().raised);
    }

    #[test]
    fn a_cold_first_block_is_an_outlier_and_a_cold_second_one_is_not() {
        let mut blocks = wobble(12);
        blocks[0] += 20.0;
        assert!(warm_up_outlier(&blocks).unwrap().raised);
        blocks.swap(0, 1);
        assert!(!warm_up_outlier(&blocks).unwrap().raised);
    }

    #[test]
    fn two_states_are_found_with_their_distance() {
        let mut with = wobble(30);
        let mut without = wobble(60)[30..].to_vec();
        for arm in [&mut with, &mut without] {
            arm.iter_mut().step_by(3).for_each(|v| *v += 10.0);
        }
        let found = bimodality(&without, &with).unwrap();
        assert!(found.diagnostic.raised);
        assert!((found.distance - 10.0).abs() < 1.0, "{found:?}");
        assert!((found.upper_share - 1.0 / 3.0).abs() < 0.05);
        // A tag that costs ten is no second state of the page.
        let slower: Vec<f64> = wobble(30).iter().map(|v| v + 10.0).collect();
        assert!(!bimodality(&wobble(30), &slower).unwrap().diagnostic.raised);
    }

    #[test]
    fn the_limit_passes_through_its_anchors() {
        for (n, limit) in MODES {
            assert!((modes_limit(n) - limit).abs() < 1e-12);
        }
        assert!(modes_limit(30.0) < 0.884 && modes_limit(30.0) > 0.829);
        assert_eq!(modes_limit(500.0), 0.792);
    }

    #[test]
    fn position_and_contention() {
        let later: Vec<f64> = (1..=12).map(f64::from).collect();
        assert!(position_effect(&later, 0.0).unwrap().raised);
        let earlier: Vec<f64> = later.iter().map(|v| -v).collect();
        assert!(position_effect(&earlier, 0.0).unwrap().raised);
        assert!(contended(&[10.0, 14.0, 10.0, 10.0]).unwrap().raised);
        assert!(!contended(&[10.0, 10.4, 10.0, 10.0]).unwrap().raised);
    }

    #[test]
    fn degenerate_input() {
        assert_eq!(drift(&[3.0; 20]), Err(Error::NoSpread));
        assert_eq!(regime(&[3.0; 20]), Err(Error::NoSpread));
        assert_eq!(warm_up_outlier(&[3.0; 20]), Err(Error::NoSpread));
        assert_eq!(bimodality(&[3.0; 20], &[3.0; 20]), Err(Error::NoSpread));
        assert!(bimodality(&[1.0; 9], &[1.0; 10]).is_err());
        assert!(rank_lag1(&[1.0, 2.0]).is_err());
        assert!(contended(&[0.0, 0.0]).is_err());
        assert!(constant(&[2.0, 2.0]) && !constant(&[]) && !constant(&[f64::NAN, f64::NAN]));
    }
}
