use super::{Check, Judged, Readings, fit, noisy, untold, worst};

/// On a quiet machine of two processors a session itself makes 15 %; with one of them taken it was 46 %.
const TOO_MUCH: f64 = 0.35;

pub const CHECK: Check = Check {
    id: "pressure",
    what: "For which share of the time did some process of the machine wait for a processor? The kernel's own measure of contention (https://docs.kernel.org/accounting/psi.html); some of it is tagperf's own.",
    judge,
};

fn judge(readings: &Readings) -> Option<Judged> {
    let Some((watched, share)) = worst(readings, |watched| watched.stalled) else {
        return untold("the kernel has no /proc/pressure/cpu");
    };
    let seen = format!(
        "something waited for a CPU {:.0} % of the time {}",
        share * 100.0,
        watched.when
    );
    if share <= TOO_MUCH {
        return fit(seen);
    }
    noisy(seen, "stop what runs beside it, or give it more processors")
}
