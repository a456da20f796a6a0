//! How steep a line through scattered points is.

/// A slope and its interval, in the points' units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Slope {
    pub per_unit: f64,
    /// 95 % interval; with fewer than five points, the least and the greatest slope between two of them.
    pub low: f64,
    pub high: f64,
}

/// More points are thinned out: the work grows with their square.
const MOST_POINTS: usize = 128;

/// The Theil–Sen estimator: the median of the slopes between all pairs of points, with Sen's interval from
/// Kendall's tau (P. K. Sen, Journal of the American Statistical Association 63, 1968). A single jump or a few
/// wild points do not move it. `None` with fewer than two points.
pub fn theil_sen(points: &[(f64, f64)]) -> Option<Slope> {
    let step = points.len().div_ceil(MOST_POINTS).max(1);
    let points: Vec<(f64, f64)> = points.iter().copied().step_by(step).collect();
    let mut slopes: Vec<f64> = Vec::new();
    for (at, a) in points.iter().enumerate() {
        let later = points[at + 1..].iter().filter(|b| b.0 != a.0);
        slopes.extend(later.map(|b| (b.1 - a.1) / (b.0 - a.0)));
    }
    slopes.retain(|slope| slope.is_finite());
    slopes.sort_by(f64::total_cmp);
    let last = slopes.len().checked_sub(1)?;
    let median = f64::midpoint(slopes[last / 2], slopes[slopes.len() / 2]);
    let (low, high) = ranks(points.len(), slopes.len());
    Some(Slope {
        per_unit: median,
        low: slopes[low.min(last)],
        high: slopes[high.min(last)],
    })
}

/// Which of the ordered slopes bound the interval.
fn ranks(points: usize, slopes: usize) -> (usize, usize) {
    let n = points as f64;
    let spread = 1.96 * (n * (n - 1.0) * (2.0 * n + 5.0) / 18.0).sqrt();
    let all = slopes as f64;
    let low = ((all - spread) / 2.0).floor().max(0.0);
    let high = ((all + spread) / 2.0).ceil().min(all);
    if points < 5 {
        return (0, slopes);
    }
    (low as usize, high as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_slope() {
        let points: Vec<(f64, f64)> = (0..20)
            .map(|x| (f64::from(x), 3.0 * f64::from(x)))
            .collect();
        let slope = theil_sen(&points).unwrap();
        assert_eq!((slope.per_unit, slope.low, slope.high), (3.0, 3.0, 3.0));
    }

    #[test]
    fn a_jump_is_no_slope_and_noise_is_in_the_interval() {
        let jump: Vec<(f64, f64)> = (0..20).map(|x| (f64::from(x), f64::from(x / 10))).collect();
        assert!(theil_sen(&jump).unwrap().low <= 0.0);
        let noise = [0.4, -0.3, 0.1, -0.2, 0.3, -0.4, 0.2, 0.0, -0.1, 0.3];
        let points = noise
            .iter()
            .enumerate()
            .map(|(x, e)| (x as f64, 2.0 * x as f64 + e));
        let slope = theil_sen(&points.collect::<Vec<_>>()).unwrap();
        assert!(
            slope.low < 2.0 && 2.0 < slope.high && slope.high < 2.3,
            "{slope:?}"
        );
    }

    #[test]
    fn damaged_points_make_no_slope() {
        assert_eq!(theil_sen(&[]), None);
        assert_eq!(theil_sen(&[(1.0, 1.0)]), None);
        assert_eq!(theil_sen(&[(1.0, 1.0), (1.0, 2.0)]), None);
        assert_eq!(theil_sen(&[(0.0, f64::NAN), (1.0, f64::MAX)]), None);
    }
}
