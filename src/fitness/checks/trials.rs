use super::{Check, Judged, Readings, Stop, fit, noisy, unfit};

/// As the judge of a run has it.
const LOST_AT_MOST: f64 = 0.20;

pub const CHECK: Check = Check {
    id: "trials",
    what: "Did the page, measured against itself, load and play its steps every time?",
    judge,
};

fn judge(readings: &Readings) -> Option<Judged> {
    let played = match readings.session.as_ref()? {
        Ok(played) => played,
        Err(why) => {
            return unfit(
                why,
                "see that `tagperf check` and the page itself are sound",
            );
        }
    };
    let fault = played
        .fault
        .as_ref()
        .map_or(String::new(), |fault| format!("; the first fault: {fault}"));
    let blocks = played.session.certificate.blocks;
    let seen = format!(
        "{blocks} of {} blocks, {} of {} trials without evidence{fault}",
        played.planned_blocks, played.lost, played.trials
    );
    let lost = played.trials == 0 || played.lost as f64 > LOST_AT_MOST * played.trials as f64;
    match &played.stop {
        Stop::Interrupted => noisy(
            format!("{seen}; interrupted"),
            "examine the machine again, and let it end",
        ),
        Stop::Broken(why) => unfit(format!("{seen}; it broke off: {why}"), "free some space"),
        Stop::TooManyFaults => unfit(
            seen,
            "mend the page or its steps: it does not load reliably",
        ),
        _ if lost => unfit(
            seen,
            "mend the page or its steps: it does not load reliably",
        ),
        Stop::Decided | Stop::BlocksSpent | Stop::TimeSpent => fit(seen),
    }
}
