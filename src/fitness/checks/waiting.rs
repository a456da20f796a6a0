use super::{Check, Judged, Readings, fit, noisy, played, untold};

/// Two processors, left alone: 35 %, since the servers and the browser's other processes run beside the page.
/// With one of them kept busy by something else it was 70 %.
const TOO_MUCH: f64 = 0.5;

pub const CHECK: Check = Check {
    id: "waiting",
    what: "Of the time in which the page's main thread had work, how long did it wait for a processor? The best sign of a machine that is too busy; wall-clock metrics contain that waiting, CPU time does not.",
    judge,
};

fn judge(readings: &Readings) -> Option<Judged> {
    let Some(share) = played(readings)?.waiting else {
        return untold("the kernel has no schedstat");
    };
    let seen = format!(
        "the page's main thread waited for a CPU in {:.0} % of the time in which it had work",
        share * 100.0
    );
    if share <= TOO_MUCH {
        return fit(seen);
    }
    noisy(
        seen,
        "stop what runs beside it, give it more processors, or gate CPU time and not LCP",
    )
}
