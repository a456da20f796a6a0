use super::{Check, Judged, Readings, fit, noisy, played};

pub const CHECK: Check = Check {
    id: "drift",
    what: "Did the page become steadily slower or faster during the session? The arms are interleaved, so verdicts hold, but a warming or filling machine is a noisy one.",
    judge,
};

fn judge(readings: &Readings) -> Option<Judged> {
    let played = played(readings)?;
    let drifting: Vec<&str> = played
        .session
        .noise
        .iter()
        .filter(|noise| noise.drifted)
        .map(|noise| played.name(&noise.metric))
        .collect();
    if drifting.is_empty() {
        return fit("none");
    }
    noisy(
        format!(
            "{} drifted from the first block to the last",
            drifting.join(", ")
        ),
        "let the machine warm up or cool down, and see what fills up while it runs",
    )
}
