//! How fast a run was, and how much faster than its baseline.

use crate::model::{Environment, Mismatch, Speed, SpeedRatio};
use crate::stats::{mean, median, sd, speed_is_comparable};

/// A slowdown counts as verified when CPU time grew by at least this share of what was asked for…
const VERIFIED_FROM: f64 = 0.9;
/// …and at most this: the slowing down itself takes up to a quarter, on a busy machine a little more.
const VERIFIED_TO: f64 = 1.4;

/// The speed of the run in `environment`, of which all calibrations are known.
pub fn speed(environment: &Environment) -> Speed {
    let loops = &environment.calibration_ms;
    // Without a calibration there is no median, and of a single one no deviation.
    let spread = sd(loops).and_then(|sd| Ok(sd / mean(loops)?));
    Speed {
        cpu_model: environment.cpu_model.clone(),
        cpu_count: environment.cpu_count,
        slowdown: environment.cpu_slowdown_asked,
        slowdown_counted: rounded(environment.cpu_slowdown_counted),
        calibration_ms: median(loops).ok().map(rounded),
        calibration_cv: spread.ok().map(rounded),
        calibrations: loops.len(),
    }
}

/// How much faster `now` was than `then`.
///
/// Two runs on one machine at one slowdown that both lack a calibration were equally fast as far as anyone
/// knows.
///
/// # Errors
/// What is missing: a calibration of two different machines, or the measured effect of a slowdown.
pub fn speed_ratio(then: &Speed, now: &Speed) -> Result<SpeedRatio, Mismatch> {
    let one_machine = then.cpu_model == now.cpu_model && then.cpu_count == now.cpu_count;
    let loops = |speed: &Speed| speed.calibration_ms.filter(|ms| *ms > 0.0);
    let calibration = match (loops(then), loops(now)) {
        (Some(then), Some(now)) => then / now,
        _ if one_machine => 1.0,
        _ => return Err(missing(then, now)),
    };
    let slowdown = then.slowdown_counted / now.slowdown_counted;
    if !(slowdown.is_finite() && slowdown > 0.0) {
        let shown =
            |speed: &Speed| format!("{}, measured as {}", speed.slowdown, speed.slowdown_counted);
        return Err(Mismatch {
            what: "CPU slowdown".into(),
            baseline: shown(then),
            run: shown(now),
        });
    }
    let unexplained = if verified(then) && verified(now) {
        calibration
    } else {
        calibration * slowdown
    };
    Ok(SpeedRatio {
        calibration,
        slowdown,
        comparable: speed_is_comparable(unexplained),
        indirect: !then.is_like(now),
    })
}

fn verified(speed: &Speed) -> bool {
    (VERIFIED_FROM..=VERIFIED_TO).contains(&(speed.slowdown_counted / speed.slowdown))
}

fn missing(then: &Speed, now: &Speed) -> Mismatch {
    let shown = |speed: &Speed| {
        let loops = speed.calibration_ms.map_or_else(
            || "never calibrated".into(),
            |ms| format!("{ms:.1} ms per calibration loop"),
        );
        format!("{} x {}, {loops}", speed.cpu_count, speed.cpu_model)
    };
    Mismatch {
        what: "machine".into(),
        baseline: shown(then),
        run: shown(now),
    }
}

/// Finer than the clock, and short enough to read in a diff.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
