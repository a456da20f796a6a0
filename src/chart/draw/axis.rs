//! Where a value stands on a straight scale, and which values are too far out for it.

/// An outlier is this many times farther out than all that is nearer.
const GAP: f64 = 6.0;

/// An axis cut off before outliers ends this many times farther out than the rest.
const ROOM_AFTER_CUT: f64 = 1.6;

/// Both sides of zero are shown, the shorter at least this share of the longer.
const LEAST_SIDE: f64 = 0.06;

/// A straight axis from `low` to `high`, drawn between two x positions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    low: f64,
    high: f64,
    left: f64,
    right: f64,
}

impl Axis {
    /// An axis that holds zero, `keep`, and `values` but for outliers, which would squeeze the rest to a point.
    ///
    /// What counts as outliers are at most half of the values on one side, far beyond the others and `keep`.
    pub fn new(values: &[f64], keep: f64, (left, right): (f64, f64)) -> Self {
        let keep = if keep.is_finite() { keep } else { 0.0 };
        let side = |sign: f64| -> Vec<f64> {
            let mut side: Vec<f64> = values
                .iter()
                .map(|value| value * sign)
                .filter(|value| value.is_finite())
                .collect();
            side.sort_by(f64::total_cmp);
            side
        };
        let (low, high) = (reach(&side(-1.0), 0.0), reach(&side(1.0), keep));
        let least = match low.max(high) * LEAST_SIDE {
            nothing if nothing <= 0.0 => 1.0,
            least => least,
        };
        let (low, high) = (low.max(least), high.max(least));
        Self {
            low: -low,
            high,
            left,
            right,
        }
    }

    /// The x position of `value`; beyond the axis, its end.
    pub fn x(&self, value: f64) -> f64 {
        let share = (value.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        self.left + share * (self.right - self.left)
    }

    /// `value` lies beyond the axis.
    pub fn cuts(&self, value: f64) -> bool {
        value < self.low || value > self.high
    }

    /// Three to six round numbers within the axis.
    pub fn ticks(&self) -> Vec<f64> {
        let rough = (self.high - self.low) / 4.0;
        let power = 10_f64.powf(rough.log10().floor());
        let step = match rough / power {
            share if share < 1.5 => power,
            share if share < 3.5 => 2.0 * power,
            share if share < 7.5 => 5.0 * power,
            _ => 10.0 * power,
        };
        let (first, last) = ((self.low / step).ceil(), (self.high / step).floor());
        (first as i64..=last as i64)
            .map(|at| at as f64 * step)
            .collect()
    }
}

/// How far an axis goes for ascending `values` of which only positive ones need room.
fn reach(values: &[f64], keep: f64) -> f64 {
    for at in values.len().div_ceil(2)..values.len() {
        let near = values[at - 1].max(keep);
        if at > 0 && near > 0.0 && values[at] > GAP * near {
            return near * ROOM_AFTER_CUT;
        }
    }
    let far = values.last().copied().unwrap_or(0.0);
    far.max(keep).max(0.0) * 1.06
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outliers_do_not_squeeze_the_rest() {
        let axis = Axis::new(&[2.0, 2.5, 3.0, 930.0], 50.0, (0.0, 100.0));
        assert!(axis.cuts(930.0) && !axis.cuts(50.0));
        assert!(axis.x(50.0) > 50.0);
        assert_eq!(axis.x(930.0), 100.0);
    }

    #[test]
    fn what_all_share_is_no_outlier() {
        for values in [&[930.0][..], &[800.0, 900.0, 930.0], &[2.0, 40.0, 240.0]] {
            let axis = Axis::new(values, 50.0, (0.0, 100.0));
            assert!(values.iter().all(|value| !axis.cuts(*value)), "{values:?}");
        }
    }

    #[test]
    fn zero_is_always_on_the_axis() {
        for values in [&[][..], &[5.0], &[-5.0], &[f64::INFINITY], &[-1e9, 1e-9]] {
            let axis = Axis::new(values, 0.0, (0.0, 100.0));
            assert!(axis.x(0.0) > 0.0 && axis.x(0.0) < 100.0, "{values:?}");
            assert!(axis.ticks().len() >= 3, "{values:?} {:?}", axis.ticks());
        }
    }
}
