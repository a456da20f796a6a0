use super::{Check, Judged, Readings, fit, noisy, untold, worst};

/// A quiet virtual machine shows well below 1 %.
const TOO_MUCH: f64 = 0.02;

pub const CHECK: Check = Check {
    id: "steal",
    what: "Does the hypervisor run other machines while this one has work? Nothing inside the machine sees who.",
    judge,
};

fn judge(readings: &Readings) -> Option<Judged> {
    let Some((watched, share)) = worst(readings, |watched| watched.steal) else {
        return untold("the system has no /proc/stat");
    };
    let seen = format!("{:.1} % of the CPU time {}", share * 100.0, watched.when);
    if share <= TOO_MUCH {
        return fit(seen);
    }
    noisy(
        seen,
        "use a machine with processors of its own, or measure at another hour",
    )
}
