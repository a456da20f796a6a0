use super::{Check, Judged, Readings, fit, noisy, unfit};

/// Metrics are told to a tenth of a millisecond.
const COARSE_US: f64 = 100.0;
/// No metric means anything with such steps.
const BROKEN_US: f64 = 1000.0;
/// Far more than a time service that slews the clock does in a session.
const JUMP_S: f64 = 0.5;

pub const CHECK: Check = Check {
    id: "clock",
    what: "Is the system's clock fine enough, and did it run through? A machine that was put to sleep in the middle measured nothing.",
    judge,
};

fn judge(readings: &Readings) -> Option<Judged> {
    let clock = &readings.clock;
    let source = clock
        .source
        .as_ref()
        .map_or(String::new(), |source| format!(" ({source})"));
    let seen = format!("steps of {:.2} µs{source}", clock.step_us);
    if clock.step_us.is_nan() || clock.step_us > BROKEN_US {
        return unfit(
            seen,
            "boot with another clock source: /sys/devices/system/clocksource lists them",
        );
    }
    if clock.jump_s.abs() > JUMP_S {
        return noisy(
            format!("{seen}; the wall clock jumped by {:.1} s", clock.jump_s),
            "the machine slept, or its time was set: examine it again",
        );
    }
    if clock.step_us > COARSE_US {
        return noisy(
            seen,
            "choose another clock source: /sys/devices/system/clocksource lists them",
        );
    }
    fit(seen)
}
