use super::{Check, Judged, Readings, fit, noisy};

/// A quiet machine is within 5 % of a fourfold slowdown.
const OFF_AT_MOST: f64 = 0.15;

pub const CHECK: Check = Check {
    id: "throttle",
    what: "Does the browser slow a page down as much as it is told? On a busy machine it does not, and scenarios with `cpu_slowdown` are worthless there.",
    judge,
};

fn judge(readings: &Readings) -> Option<Judged> {
    let (asked, reached) = readings.slowdown?;
    let seen = format!("a slowdown of {asked:.1} was asked for, {reached:.2} was reached");
    if (reached / asked - 1.0).abs() <= OFF_AT_MOST {
        return fit(seen);
    }
    noisy(
        seen,
        "set no `cpu_slowdown` here, and stop what runs beside it",
    )
}
