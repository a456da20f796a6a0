use super::{Check, Judged, Readings, fit, noisy, stats};

pub const CHECK: Check = Check {
    id: "speed",
    what: "Is the machine equally fast all the time? The CPU time of a fixed loop in a page, again and again: more than 10 % variation means changing frequencies, heat, or a neighbour on the same core.",
    judge,
};

fn judge(readings: &Readings) -> Option<Judged> {
    // Fewer than two rounds tell nothing of variation: the browser did not answer, and that is said elsewhere.
    let varies = stats::contended(&readings.speed_ms).ok()?;
    let typical = stats::median(&readings.speed_ms).ok()?;
    let governor = readings
        .governor
        .as_ref()
        .map_or(String::new(), |governor| format!("; governor {governor}"));
    let seen = format!(
        "{typical:.1} ms for a fixed loop, which varies by {:.1} % over {} rounds{governor}",
        varies.value * 100.0,
        readings.speed_ms.len()
    );
    if !varies.raised {
        return fit(seen);
    }
    let advice = match readings.governor.as_deref() {
        Some("performance") | None => {
            "stop what runs beside it, let the machine cool, or use one with processors of its own"
        }
        Some(_) => "set the frequency governor to performance, and stop what runs beside it",
    };
    noisy(seen, advice)
}
