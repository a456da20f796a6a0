use super::{Check, Judged, Readings, fit, noisy};

/// A visit keeps the page, the browser's other processes and the servers busy at once.
const ENOUGH: usize = 2;

pub const CHECK: Check = Check {
    id: "cpus",
    what: "How many processors may tagperf and its browser use? With a single one the page waits for the servers and for the browser's other processes, which wall-clock metrics such as LCP count as the page's time.",
    judge,
};

fn judge(readings: &Readings) -> Option<Judged> {
    let cpus = &readings.cpus;
    let of = match cpus.present {
        Some(present) if present != cpus.allowed => format!("{} of {present}", cpus.allowed),
        _ => cpus.allowed.to_string(),
    };
    let seen = format!("{of} x {}", cpus.model);
    if cpus.allowed >= ENOUGH {
        return fit(seen);
    }
    noisy(
        seen,
        "give it two processors or more: the page, the browser and the servers share a single one",
    )
}
