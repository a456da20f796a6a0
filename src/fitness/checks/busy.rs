use super::{Check, Judged, Readings, fit, noisy, untold, worst};

/// Share of the processors that others may use. One of two taken made load times 27 % longer.
const TOO_BUSY: f64 = 0.15;

pub const CHECK: Check = Check {
    id: "busy",
    what: "Does something else keep the processors busy, before the session or during it? CPU time survives that, LCP and long tasks do not.",
    judge,
};

fn judge(readings: &Readings) -> Option<Judged> {
    let share = |watched: &super::Watched| Some(watched.others? / watched.cpus.max(1) as f64);
    let Some((watched, share)) = worst(readings, share) else {
        return untold("the system has no /proc/stat");
    };
    let load = readings
        .load
        .map_or(String::new(), |load| format!("; load average {load:.2}"));
    let others = watched.others.unwrap_or_default();
    let culprit = watched.most.as_ref().map_or(String::new(), |(name, cpus)| {
        format!(", {cpus:.1} of them by `{name}`")
    });
    let seen = format!(
        "others kept {others:.1} of {} CPUs busy {}",
        watched.cpus, watched.when
    );
    if share <= TOO_BUSY {
        return fit(seen + &load);
    }
    noisy(
        format!("{seen}{culprit}{load}"),
        "stop what runs beside it, or use a machine that is left alone",
    )
}
