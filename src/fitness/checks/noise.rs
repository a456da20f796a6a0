use super::{Check, Judged, Needed, Played, Readings, Schedule, fit, noisy, plain, played};

pub const CHECK: Check = Check {
    id: "noise",
    what: "Is each gated metric steady enough for its margin? If not, most verdicts on it will be inconclusive.",
    judge,
};

fn judge(readings: &Readings) -> Option<Judged> {
    let played = played(readings)?;
    let power = &played.power;
    let names = |of: &[&Needed]| {
        let names: Vec<&str> = of
            .iter()
            .map(|needed| played.name(&needed.metric))
            .collect();
        names.join(", ")
    };
    let untold: Vec<&Needed> = power
        .metrics
        .iter()
        .filter(|n| n.blocks.is_none())
        .collect();
    if !untold.is_empty() {
        return noisy(
            format!("too few pairs to tell the noise of {}", names(&untold)),
            "examine it with more blocks: --blocks 20",
        );
    }
    let beyond: Vec<&Needed> = power.beyond().collect();
    if beyond.is_empty() {
        return fit(format!(
            "every margin can be decided within {} {}s",
            power.budget,
            power.design.noun()
        ));
    }
    let advice: Vec<String> = beyond
        .iter()
        .filter_map(|needed| advice(played, needed))
        .collect();
    noisy(
        format!(
            "{} {}s are too few for the margin of {}",
            power.budget,
            power.design.noun(),
            names(&beyond)
        ),
        advice.join("; "),
    )
}

fn advice(played: &Played, needed: &Needed) -> Option<String> {
    let unit = played.metric(&needed.metric)?.unit;
    let margin = plain(unit, needed.least_margin?);
    let advice = format!("raise [gate] {} to {margin}", needed.metric);
    Some(match needed.blocks? {
        blocks @ ..=Schedule::MOST => format!("{advice}, or --max-blocks to {blocks}"),
        _ => format!("{advice}: no --max-blocks that is allowed would do"),
    })
}
