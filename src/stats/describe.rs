//! Summaries of one list of values.

use super::Error;
use super::error::{share, usable};

/// A normal sample's standard deviation per raw median absolute deviation: 1 / Φ⁻¹(3/4), rounded as
/// is customary.
pub const MAD_TO_SD: f64 = 1.4826;

/// The middle value, or the mean of the two middle ones.
///
/// # Errors
/// No values, or one that is not finite.
pub fn median(values: &[f64]) -> Result<f64, Error> {
    usable(values, 1)?;
    Ok(middle(&sorted(values)))
}

/// Raw median absolute deviation: the median of |x − median|. Times [`MAD_TO_SD`] it estimates a normal
/// sample's standard deviation.
///
/// # Errors
/// No values, or one that is not finite.
pub fn mad(values: &[f64]) -> Result<f64, Error> {
    let center = median(values)?;
    let away: Vec<f64> = values.iter().map(|v| (v - center).abs()).collect();
    median(&away)
}

/// The `p` quantile by linear interpolation between order statistics: type 7 of Hyndman & Fan (1996),
/// the default of numpy and R. `p` may be 0 or 1.
///
/// # Errors
/// No values, one that is not finite, or `p` outside 0..=1.
pub fn quantile(values: &[f64], p: f64) -> Result<f64, Error> {
    usable(values, 1)?;
    if p != 0.0 && p != 1.0 {
        share("quantile", p)?;
    }
    let sorted = sorted(values);
    let at = p * (sorted.len() - 1) as f64;
    let low = at.floor() as usize;
    let high = (low + 1).min(sorted.len() - 1);
    Ok(sorted[low] + (at - low as f64) * (sorted[high] - sorted[low]))
}

/// Arithmetic mean.
///
/// # Errors
/// No values, or one that is not finite.
pub fn mean(values: &[f64]) -> Result<f64, Error> {
    usable(values, 1)?;
    Ok(values.iter().sum::<f64>() / values.len() as f64)
}

/// Standard deviation with divisor n − 1.
///
/// # Errors
/// Fewer than two values, or one that is not finite.
pub fn sd(values: &[f64]) -> Result<f64, Error> {
    usable(values, 2)?;
    let center = mean(values)?;
    let squares: f64 = values.iter().map(|v| (v - center).powi(2)).sum();
    Ok((squares / (values.len() - 1) as f64).sqrt())
}

/// Mean of what is left after `⌊cut·n⌋` values are cut from each end; `cut` from 0 to below 1/2.
///
/// # Errors
/// No values, one that is not finite, or `cut` outside 0..0.5.
pub fn trimmed_mean(values: &[f64], cut: f64) -> Result<f64, Error> {
    usable(values, 1)?;
    if !(0.0..0.5).contains(&cut) {
        return Err(Error::OutOfRange {
            what: "share to cut",
            value: cut,
            must: "from 0 to below 0.5",
        });
    }
    let away = (cut * values.len() as f64) as usize;
    mean(&sorted(values)[away..values.len() - away])
}

pub(super) fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// Median of a sorted list that is not empty.
pub(super) fn middle(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[half]
    } else {
        // Halved before adding: the sum of two huge values may overflow.
        sorted[half - 1] / 2.0 + sorted[half] / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degenerate_input_is_an_error_and_not_a_number() {
        assert_eq!(median(&[]), Err(Error::Empty));
        assert_eq!(sd(&[1.0]), Err(Error::TooFew { need: 2, got: 1 }));
        assert!(matches!(
            mad(&[1.0, f64::NAN]),
            Err(Error::NotFinite { index: 1, .. })
        ));
        assert!(quantile(&[1.0], 1.1).is_err());
        assert!(trimmed_mean(&[1.0], 0.5).is_err());
    }

    #[test]
    fn the_ends_are_quantiles_too() {
        let values = [3.0, 1.0, 2.0];
        assert_eq!(quantile(&values, 0.0), Ok(1.0));
        assert_eq!(quantile(&values, 1.0), Ok(3.0));
        assert_eq!(median(&[f64::MAX, f64::MAX]), Ok(f64::MAX));
    }
}
