//! The shift between two independent samples: Hodges–Lehmann estimate and Mann–Whitney interval.

use super::describe::{middle, sorted};
use super::error::{share, usable};
use super::null::{critical_rank_sum, rank_sum_sf};
use super::{Error, Interval};

/// Median of all differences yⱼ − xᵢ: how far `y` lies above `x`. For samples that are not paired, such as
/// two runs; within a run the paired estimate is sharper and survives drift.
///
/// # Errors
/// A side has no values, or one that is not finite.
pub fn hodges_lehmann_shift(x: &[f64], y: &[f64]) -> Result<f64, Error> {
    Ok(middle(&differences(x, y)?))
}

/// Interval for the shift from the order statistics of yⱼ − xᵢ, each side at the one-sided level `alpha`.
///
/// Assumes independent samples whose distributions differ by a shift alone; ties make it wider than
/// needed. `None` when the samples are too small for the level.
/// Source: Hollander, Wolfe & Chicken, *Nonparametric Statistical Methods*, 4.3.
///
/// # Errors
/// A side has no values or one that is not finite, or `alpha` is not between 0 and 1.
pub fn shift_interval(x: &[f64], y: &[f64], alpha: f64) -> Result<Option<Interval>, Error> {
    share("one-sided level", alpha)?;
    let all = differences(x, y)?;
    Ok(
        critical_rank_sum(x.len(), y.len(), alpha).map(|u| Interval {
            low: all[all.len() - u],
            high: all[u - 1],
            confidence: 1.0 - 2.0 * rank_sum_sf(x.len(), y.len())[u],
        }),
    )
}

fn differences(x: &[f64], y: &[f64]) -> Result<Vec<f64>, Error> {
    usable(x, 1)?;
    usable(y, 1)?;
    let all: Vec<f64> = x
        .iter()
        .flat_map(|a| y.iter().map(move |b| b - a))
        .collect();
    Ok(sorted(&all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degenerate_input() {
        assert_eq!(hodges_lehmann_shift(&[], &[1.0]), Err(Error::Empty));
        assert_eq!(shift_interval(&[1.0], &[2.0], 0.01), Ok(None));
        assert!(shift_interval(&[1.0], &[2.0], 1.0).is_err());
    }
}
