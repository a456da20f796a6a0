//! Now against an accepted baseline: the difference of two differences, measured in different runs.
//!
//! Both runs measured the tag against their own control, so a changed page cancels. What does not cancel
//! is another machine: it is scaled away by a calibration loop and paid for by a wider interval. The
//! result rests on that scaling and not on randomisation: call it indirect.

use super::error::positive;
use super::{Error, Interval, WalshAverages};

/// A speed ratio beyond this, or below its inverse, is too far for "regressed" from a baseline.
pub const MAX_SPEED_RATIO: f64 = 1.25;
/// How much of |ln speed ratio| a scaled cost may be off, since not all work scales like the loop.
pub const WIDENING: f64 = 0.3;
/// p-values below this are reported as this.
const LEAST_P: f64 = 1e-12;

/// An estimate with its one-sided bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounded {
    pub estimate: f64,
    pub low: f64,
    pub high: f64,
}

/// `now` − `then` with bounds recovered from theirs (MOVER, Zou & Donner 2008):
/// L = (h₂−h₁) − √((h₂−l₂)² + (u₁−h₁)²), U likewise.
///
/// Assumes independent estimates. The level of the bounds carries over.
pub fn mover_difference(then: Bounded, now: Bounded) -> Bounded {
    let estimate = now.estimate - then.estimate;
    let below = (now.estimate - now.low).hypot(then.high - then.estimate);
    let above = (now.high - now.estimate).hypot(then.estimate - then.low);
    Bounded {
        estimate,
        low: estimate - below,
        high: estimate + above,
    }
}

/// Is the speed ratio close enough to 1 that "regressed" may be said from a baseline?
pub fn speed_is_comparable(ratio: f64) -> bool {
    (1.0 / MAX_SPEED_RATIO..=MAX_SPEED_RATIO).contains(&ratio)
}

/// How a tag's cost grew from the baseline's run to this one.
#[derive(Clone, Debug, PartialEq)]
pub struct Growth {
    then: WalshAverages,
    now: WalshAverages,
    widening: f64,
}

impl Growth {
    /// `then` and `now` are each run's paired differences. `speed` is the baseline's calibration time over
    /// this run's: 2 when this machine is twice as fast. The differences of now are multiplied by it; give
    /// 1 for bytes, counts and whatever does not scale with the machine.
    ///
    /// # Errors
    /// A side has no values or one that is not finite, or `speed` is not a finite number above 0.
    pub fn between(then: &[f64], now: &[f64], speed: f64) -> Result<Self, Error> {
        positive("speed ratio", speed)?;
        let scaled: Vec<f64> = now.iter().map(|d| d * speed).collect();
        let (then, now) = (WalshAverages::of(then)?, WalshAverages::of(&scaled)?);
        let larger = then.estimate().abs().max(now.estimate().abs());
        Ok(Self {
            widening: WIDENING * speed.ln().abs() * larger,
            then,
            now,
        })
    }

    /// The baseline's cost: what a relative margin is a share of.
    pub fn before(&self) -> f64 {
        self.then.estimate()
    }

    /// Scaled cost now minus cost then.
    pub fn estimate(&self) -> f64 {
        self.now.estimate() - self.then.estimate()
    }

    /// What was added to each side of the interval because the machines differ.
    pub fn widening(&self) -> f64 {
        self.widening
    }

    /// MOVER interval, widened, each side at the one-sided level `alpha`; `None` when a run has too few
    /// differences for the level.
    ///
    /// # Errors
    /// `alpha` is not between 0 and 0.5.
    pub fn interval(&self, alpha: f64) -> Result<Option<Interval>, Error> {
        let (Some(then), Some(now)) = (self.then.interval(alpha)?, self.now.interval(alpha)?)
        else {
            return Ok(None);
        };
        let bounded = |of: Interval, estimate: f64| Bounded {
            estimate,
            low: of.low,
            high: of.high,
        };
        let both = mover_difference(
            bounded(then, self.then.estimate()),
            bounded(now, self.now.estimate()),
        );
        Ok(Some(Interval {
            low: both.low - self.widening,
            high: both.high + self.widening,
            confidence: 1.0 - 2.0 * alpha,
        }))
    }

    /// P-value of "the cost grew by more than `margin`": the smallest level at which the interval lies
    /// above it; 1 when no level below 1/2 does.
    ///
    /// # Errors
    /// `margin` is not finite.
    pub fn p_regressed(&self, margin: f64) -> Result<f64, Error> {
        finite(margin)?;
        self.least_level(|interval| interval.low > margin)
    }

    /// P-value of "the cost grew by less than `margin`".
    ///
    /// # Errors
    /// `margin` is not finite.
    pub fn p_ok(&self, margin: f64) -> Result<f64, Error> {
        finite(margin)?;
        self.least_level(|interval| interval.high < margin)
    }

    /// Intervals shrink as the level rises, so the levels at which `beyond` holds are those above one.
    fn least_level(&self, beyond: impl Fn(Interval) -> bool) -> Result<f64, Error> {
        let holds = |alpha: f64| Ok::<bool, Error>(self.interval(alpha)?.is_some_and(&beyond));
        let (mut no, mut yes) = (LEAST_P, 0.499);
        if !holds(yes)? {
            return Ok(1.0);
        }
        if holds(no)? {
            return Ok(no);
        }
        // Halving the logarithm: 60 steps settle the last digit.
        for _ in 0..60 {
            let middle = (no * yes).sqrt();
            if holds(middle)? {
                yes = middle;
            } else {
                no = middle;
            }
        }
        Ok(yes)
    }
}

fn finite(margin: f64) -> Result<(), Error> {
    if margin.is_finite() {
        Ok(())
    } else {
        Err(Error::OutOfRange {
            what: "margin",
            value: margin,
            must: "a finite number",
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn around(center: f64, n: usize) -> Vec<f64> {
        (0..n)
            .map(|i| center + (i as f64 * 7.0) % 10.0 - 4.5)
            .collect()
    }

    #[test]
    fn a_doubled_cost_is_growth_and_an_equal_one_is_not() {
        let (then, same, twice) = (around(60.0, 20), around(61.0, 20), around(120.0, 20));
        let grown = Growth::between(&then, &twice, 1.0).unwrap();
        assert!(grown.p_regressed(15.0).unwrap() < 1e-4);
        assert_eq!(grown.p_ok(15.0), Ok(1.0));
        let equal = Growth::between(&then, &same, 1.0).unwrap();
        assert!(equal.p_ok(15.0).unwrap() < 1e-4);
        assert_eq!(equal.p_regressed(15.0), Ok(1.0));
        assert_eq!(equal.widening(), 0.0);
    }

    #[test]
    fn a_slower_machine_is_scaled_and_paid_for() {
        let then = around(60.0, 20);
        let slower: Vec<f64> = then.iter().map(|d| d * 1.25).collect();
        let growth = Growth::between(&then, &slower, 0.8).unwrap();
        assert!(growth.estimate().abs() < 1e-9);
        assert!((growth.widening() - 0.3 * 1.25f64.ln() * growth.before()).abs() < 1e-9);
        assert!(speed_is_comparable(0.8) && speed_is_comparable(1.25));
        assert!(!speed_is_comparable(0.79) && !speed_is_comparable(f64::NAN));
    }

    #[test]
    fn degenerate_input() {
        assert!(Growth::between(&[], &[1.0], 1.0).is_err());
        assert!(Growth::between(&[1.0], &[f64::NAN], 1.0).is_err());
        assert!(Growth::between(&[1.0], &[1.0], 0.0).is_err());
        let growth = Growth::between(&[1.0], &[2.0], 1.0).unwrap();
        assert_eq!(growth.interval(0.01), Ok(None));
        assert_eq!(growth.p_regressed(0.0), Ok(1.0));
        assert!(growth.p_ok(f64::NAN).is_err());
    }

    proptest! {
        #![proptest_config(super::super::seeded())]

        #[test]
        fn p_and_interval_agree(
            then in prop::collection::vec(-20.0..20f64, 8..20),
            now in prop::collection::vec(0.0..60f64, 8..20),
            margin in -10.0..50f64,
        ) {
            let growth = Growth::between(&then, &now, 1.1).unwrap();
            let interval = growth.interval(0.02).unwrap().unwrap();
            prop_assert_eq!(growth.p_regressed(margin).unwrap() <= 0.02, interval.low > margin);
            prop_assert_eq!(growth.p_ok(margin).unwrap() <= 0.02, interval.high < margin);
        }
    }
}
