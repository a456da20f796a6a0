//! Layout shifts grouped into session windows.

use crate::model::LayoutShift;

const GAP_MS: f64 = 1000.0;
const LENGTH_MS: f64 = 5000.0;

/// The largest sum of scores within one session window.
///
/// A window ends at a second without a shift, and at five seconds in any case; shifts that follow an
/// input are expected by the user and do not count: <https://web.dev/articles/cls>.
pub fn worst_window(shifts: &[LayoutShift]) -> f64 {
    let sound = |shift: &&LayoutShift| {
        !shift.after_input && shift.time_ms.is_finite() && shift.score.is_finite()
    };
    let mut unexpected: Vec<&LayoutShift> = shifts.iter().filter(sound).collect();
    unexpected.sort_by(|a, b| a.time_ms.total_cmp(&b.time_ms));

    let (mut worst, mut sum) = (0.0_f64, 0.0);
    let (mut first, mut last) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    for shift in unexpected {
        if shift.time_ms - last >= GAP_MS || shift.time_ms - first >= LENGTH_MS {
            first = shift.time_ms;
            sum = 0.0;
        }
        last = shift.time_ms;
        sum += shift.score.max(0.0);
        worst = worst.max(sum);
    }
    worst
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time_ms: f64, score: f64) -> LayoutShift {
        LayoutShift {
            time_ms,
            score,
            ..LayoutShift::default()
        }
    }

    #[test]
    fn shifts_less_than_a_second_apart_add_up() {
        let shifts = [at(100.0, 0.1), at(1099.0, 0.2), at(2099.0, 0.25)];
        assert!((worst_window(&shifts) - 0.3).abs() < 1e-12);
    }

    #[test]
    fn a_window_ends_after_five_seconds() {
        let shifts: Vec<LayoutShift> = (0..12).map(|i| at(500.0 * f64::from(i), 0.1)).collect();
        assert!((worst_window(&shifts) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn shifts_after_an_input_are_left_out() {
        let mut expected = at(100.0, 0.5);
        expected.after_input = true;
        assert_eq!(worst_window(&[expected.clone(), at(200.0, 0.1)]), 0.1);
        assert_eq!(worst_window(&[expected]), 0.0);
    }

    #[test]
    fn order_does_not_matter_and_absurd_entries_are_left_out() {
        let shifts = [
            at(5000.0, 0.2),
            at(f64::NAN, 9.0),
            at(10.0, f64::INFINITY),
            at(20.0, 0.1),
            at(21.0, -4.0),
        ];
        assert_eq!(worst_window(&shifts), 0.2);
    }
}
