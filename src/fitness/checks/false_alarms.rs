use super::{Check, Judged, Readings, fit, played, unfit};

/// The gate promises 1 %; a thousand relabellings of a test that keeps it never show so many.
const TOO_MANY: f64 = 0.03;

pub const CHECK: Check = Check {
    id: "false_alarms",
    what: "Does the gate blame a page for costing more than itself? Once as it was measured, and a thousand times with its arms relabelled by lot and all margins taken away.",
    judge,
};

fn judge(readings: &Readings) -> Option<Judged> {
    let certificate = &played(readings)?.session.certificate;
    let seen = format!(
        "{} of {} gated effects regressed; {:.1} % of {} relabellings fail without margins (1 % is allowed)",
        certificate.regressed,
        certificate.effects,
        certificate.false_alarms * 100.0,
        certificate.relabelled
    );
    if certificate.regressed == 0 && certificate.false_alarms <= TOO_MANY {
        return fit(seen);
    }
    unfit(
        seen,
        "do not gate here: the two arms are the same page; see whether it differs from visit to visit, and examine the machine again",
    )
}
