//! The size of a paired difference: Hodges–Lehmann estimate and interval from Walsh averages.

use super::Error;
use super::describe::middle;
use super::distribution::normal_quantile;
use super::error::{share, usable};
use super::null::{first_within, signed_rank_sf};

/// Up to so many differences the interval's ranks come from the exact null distribution; beyond, from the
/// normal approximation, which at the usual levels errs to the wide side by less than 1 rank in 250.
pub const EXACT_BLOCKS: usize = 150;

/// A two-sided interval and the confidence that its ranks attain, at least what was asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
    /// 0.98 for a 98 % interval.
    pub confidence: f64,
}

impl Interval {
    pub fn holds(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// The Walsh averages (dᵢ + dⱼ)/2, i ≤ j, of paired differences, in ascending order.
///
/// Their median is the Hodges–Lehmann estimate of the typical difference, and their order statistics bound
/// it: counting those above a value is the signed-rank statistic of `d` less that value (Tukey 1949;
/// Hodges & Lehmann 1963). Assumes differences that are symmetric about the typical one.
#[derive(Clone, Debug, PartialEq)]
pub struct WalshAverages {
    sorted: Vec<f64>,
    blocks: usize,
    /// P(W⁺ ≥ w); empty beyond [`EXACT_BLOCKS`].
    null: Vec<f64>,
}

impl WalshAverages {
    /// O(n³) for n differences up to [`EXACT_BLOCKS`], O(n² log n) beyond.
    ///
    /// # Errors
    /// No values, or one that is not finite.
    pub fn of(d: &[f64]) -> Result<Self, Error> {
        usable(d, 1)?;
        let mut sorted: Vec<f64> = d
            .iter()
            .enumerate()
            .flat_map(|(i, a)| d[i..].iter().map(move |b| a / 2.0 + b / 2.0))
            .collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let null = if d.len() <= EXACT_BLOCKS {
            signed_rank_sf(d.len())
        } else {
            Vec::new()
        };
        Ok(Self {
            sorted,
            blocks: d.len(),
            null,
        })
    }

    /// The Hodges–Lehmann estimate.
    pub fn estimate(&self) -> f64 {
        middle(&self.sorted)
    }

    /// The value that the typical difference is below with probability at most `alpha`:
    /// W₍M−w+1₎ of the M averages, w the smallest rank sum with P(W⁺ ≥ w) ≤ `alpha`.
    ///
    /// `None` when n differences cannot support the level: `alpha` < 2⁻ⁿ.
    ///
    /// # Errors
    /// `alpha` is not between 0 and 1.
    pub fn lower(&self, alpha: f64) -> Result<Option<f64>, Error> {
        Ok(self
            .critical(alpha)?
            .map(|w| self.sorted[self.sorted.len() - w]))
    }

    /// The value that the typical difference is above with probability at most `alpha`: W₍w₎.
    ///
    /// # Errors
    /// As [`WalshAverages::lower`].
    pub fn upper(&self, alpha: f64) -> Result<Option<f64>, Error> {
        Ok(self.critical(alpha)?.map(|w| self.sorted[w - 1]))
    }

    /// Both bounds, each at the one-sided level `alpha`: confidence is at least 1 − 2·`alpha`.
    ///
    /// `None` when n differences cannot support the level.
    ///
    /// # Errors
    /// `alpha` is not between 0 and 0.5.
    pub fn interval(&self, alpha: f64) -> Result<Option<Interval>, Error> {
        if alpha >= 0.5 {
            return Err(Error::OutOfRange {
                what: "one-sided level",
                value: alpha,
                must: "between 0 and 0.5",
            });
        }
        Ok(self.critical(alpha)?.map(|w| Interval {
            low: self.sorted[self.sorted.len() - w],
            high: self.sorted[w - 1],
            confidence: 1.0 - 2.0 * self.null.get(w).copied().unwrap_or(alpha),
        }))
    }

    /// Number of differences.
    pub fn blocks(&self) -> usize {
        self.blocks
    }

    /// The critical rank sum of a one-sided level, at least 1.
    fn critical(&self, alpha: f64) -> Result<Option<usize>, Error> {
        share("one-sided level", alpha)?;
        if self.blocks <= EXACT_BLOCKS {
            return Ok(first_within(&self.null, alpha));
        }
        let n = self.blocks as f64;
        let sd = (n * (n + 1.0) * (2.0 * n + 1.0) / 24.0).sqrt();
        let z = normal_quantile(1.0 - alpha)?;
        // Half a rank for continuity, and one since the approximation is not quite conservative near 5 %.
        let w = (n * (n + 1.0) / 4.0 + z * sd + 1.5).ceil().max(1.0);
        Ok((w <= self.sorted.len() as f64).then_some(w as usize))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{critical_signed_rank, signed_rank_p};
    use super::*;

    #[test]
    fn degenerate_input() {
        assert_eq!(WalshAverages::of(&[]), Err(Error::Empty));
        let three = WalshAverages::of(&[1.0, 2.0, 4.0]).unwrap();
        assert_eq!(three.interval(0.01), Ok(None));
        assert!(three.interval(0.5).is_err());
        assert!(three.lower(0.0).is_err());
        assert!(three.upper(f64::NAN).is_err());
    }

    #[test]
    fn the_approximate_ranks_are_close_and_never_narrower() {
        for n in [EXACT_BLOCKS + 1, 250] {
            let walsh = WalshAverages::of(&vec![0.0; n]).unwrap();
            for alpha in [0.05, 0.01, 0.001, 0.0001] {
                let exact = critical_signed_rank(n, alpha).unwrap();
                let rough = walsh.critical(alpha).unwrap().unwrap();
                assert!(rough >= exact, "{n} {alpha}: {rough} below {exact}");
                assert!(
                    rough - exact <= exact / 250,
                    "{n} {alpha}: {rough} for {exact}"
                );
            }
        }
    }

    proptest! {
        #![proptest_config(super::super::seeded())]

        #[test]
        fn estimate_and_interval_move_with_the_data(
            d in prop::collection::vec(-100.0..100f64, 8..30), shift in -50.0..50f64, turn in 0usize..30,
        ) {
            let walsh = WalshAverages::of(&d).unwrap();
            let mut moved: Vec<f64> = d.iter().map(|v| v + shift).collect();
            moved.rotate_left(turn % d.len());
            let moved = WalshAverages::of(&moved).unwrap();
            prop_assert!((moved.estimate() - walsh.estimate() - shift).abs() < 1e-9);
            let (a, b) = (walsh.interval(0.02).unwrap().unwrap(), moved.interval(0.02).unwrap().unwrap());
            prop_assert!((b.low - a.low - shift).abs() < 1e-9 && (b.high - a.high - shift).abs() < 1e-9);
            prop_assert!(a.holds(walsh.estimate()) && a.confidence >= 0.96);
            let flipped = WalshAverages::of(&d.iter().map(|v| -v).collect::<Vec<_>>()).unwrap();
            prop_assert!((flipped.estimate() + walsh.estimate()).abs() < 1e-9);
            let c = flipped.interval(0.02).unwrap().unwrap();
            prop_assert_eq!((c.low, c.high), (-a.high, -a.low));
        }

        #[test]
        fn the_interval_is_the_test_turned_around(
            d in prop::collection::vec(-100.0..100f64, 8..20), margin in -30.0..30f64,
        ) {
            let walsh = WalshAverages::of(&d).unwrap();
            let shifted: Vec<f64> = d.iter().map(|v| v - margin).collect();
            let regressed = signed_rank_p(&shifted, 0.0).unwrap() <= 0.02;
            prop_assert_eq!(regressed, walsh.lower(0.02).unwrap().unwrap() > margin);
        }
    }
}
