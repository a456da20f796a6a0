use super::{Check, Judged, Readings, fit, unfit, untold};

/// A run of forty blocks with traces keeps some tens of megabytes, the browser's profile as much again.
const LEAST: u64 = 200_000_000;

pub const CHECK: Check = Check {
    id: "disk",
    what: "Is there room for what a run keeps? A run whose record breaks off never passes.",
    judge,
};

fn judge(readings: &Readings) -> Option<Judged> {
    let Some(free) = readings.disk_free else {
        return untold("the folder of runs cannot be asked");
    };
    let seen = format!("{:.1} GB free where runs are kept", free as f64 / 1e9);
    if free >= LEAST {
        return fit(seen);
    }
    unfit(seen, "free some space, or keep runs elsewhere with --out")
}
