//! What a run could have seen: the smallest effect, and the blocks that a margin takes.

use super::distribution::normal_quantile;
use super::error::{positive, share};
use super::{Error, WalshAverages};

/// The effect that `d.len()` more blocks like these would call significant at the one-sided level `alpha`
/// with probability `power`: the minimum detectable effect.
///
/// Half the width of the Walsh interval at `alpha`, times (z₁₋α + z_power) / z at the level that the
/// interval's ranks attain. In simulation the power at the result was 69 to 80 % for `power` = 80 %. A
/// standard deviation guessed from the median absolute deviation is far too optimistic here.
/// `None` when so few blocks have no interval at that level.
///
/// # Errors
/// No values, one that is not finite, or `alpha` or `power` not between 0 and 1 (0.5 for `alpha`).
pub fn mde(d: &[f64], alpha: f64, power: f64) -> Result<Option<f64>, Error> {
    share("power", power)?;
    let Some(interval) = WalshAverages::of(d)?.interval(alpha)? else {
        return Ok(None);
    };
    let attained = normal_quantile((1.0 + interval.confidence) / 2.0)?;
    let wanted = normal_quantile(1.0 - alpha)? + normal_quantile(power)?;
    Ok(Some(
        (interval.high - interval.low) / 2.0 * wanted / attained,
    ))
}

/// What `mde`, found with `blocks` blocks, becomes with `planned` blocks: it shrinks with their square root.
/// Infinite for no planned blocks.
pub fn mde_at(mde: f64, blocks: usize, planned: usize) -> f64 {
    mde * (blocks as f64 / planned as f64).sqrt()
}

/// How many blocks it takes until the minimum detectable effect is `margin`: n·(MDE/margin)², rounded up.
///
/// # Errors
/// `margin` is not a finite number above 0, or `mde` is not a finite number from 0.
pub fn blocks_needed(mde: f64, blocks: usize, margin: f64) -> Result<usize, Error> {
    positive("margin", margin)?;
    if mde != 0.0 {
        positive("minimum detectable effect", mde)?;
    }
    Ok((blocks as f64 * (mde / margin).powi(2)).ceil() as usize)
}

/// `value` rounded up to two digits, for advice that must not promise too much: 38.2 becomes 39. Zero, negative
/// and infinite values stay as they are.
pub fn two_digits_up(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return value;
    }
    let digit = 10f64.powf(value.log10().floor() - 1.0);
    // Rounding error must not lift 80 to 81.
    (value / digit - 1e-9).ceil() * digit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_blocks_see_smaller_effects() {
        let d: Vec<f64> = (0..20).map(|i| f64::from(i * 7 % 20) - 9.5).collect();
        let seen = mde(&d, 0.01, 0.8).unwrap().unwrap();
        assert!((mde_at(seen, 20, 80) - seen / 2.0).abs() < 1e-12);
        assert_eq!(blocks_needed(seen, 20, seen), Ok(20));
        assert_eq!(blocks_needed(seen, 20, seen / 2.0), Ok(80));
        // It is between the margins that 10 and 90 % of a normal test would see.
        assert!(mde(&d, 0.01, 0.9).unwrap().unwrap() > seen);
    }

    #[test]
    fn advice_is_rounded_up_to_two_digits() {
        for (value, expected) in [(38.2, 39.0), (80.0, 80.0), (1234.0, 1300.0), (0.0, 0.0)] {
            assert!((two_digits_up(value) - expected).abs() < 1e-9, "{value}");
        }
        assert!((two_digits_up(0.0123) - 0.013).abs() < 1e-12);
    }

    #[test]
    fn degenerate_input() {
        assert_eq!(mde(&[1.0; 6], 0.01, 0.8), Ok(None));
        assert_eq!(mde(&[1.0; 7], 0.01, 0.8), Ok(Some(0.0)));
        assert!(mde(&[], 0.01, 0.8).is_err());
        assert!(mde(&[1.0; 7], 0.01, 1.0).is_err());
        assert!(blocks_needed(1.0, 10, 0.0).is_err());
        assert!(blocks_needed(f64::NAN, 10, 1.0).is_err());
        assert_eq!(blocks_needed(0.0, 10, 1.0), Ok(0));
    }
}
