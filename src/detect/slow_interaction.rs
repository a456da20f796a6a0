//! Clicks and keys that are answered late.

use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::{Evidence, Run, per_reaction, reaction_at};

pub const DETECTOR: Detector = Detector {
    id: "slow_interaction",
    name: "slow answer to input",
    severity: Severity::Warning,
    what: "CPU time of the tag's code in its listeners of clicks, touches and keys, and in what they ask for before the next frame; for the slowest of them, and beyond the page without the tag.",
    example: "A session recorder writes down the whole document in each click event.",
    needs_steps: &["click", "press", "type"],
    why: "The page seems not to have heard: a menu opens late, letters appear after they were typed, people click again. It is what INP measures, one of the three Core Web Vitals.",
    fix: "Ask the owner to note in the listener only what is needed, and to do the work after the next frame, with scheduler.yield() or requestIdleCallback.",
    thresholds: &[CPU],
    detect,
};

#[rustfmt::skip]
const CPU: Threshold = Threshold {
    id: "cpu", name: "CPU of the tag's code in one answer, beyond the control arm", value: 50.0, unit: Unit::Ms,
    source: "ninety tags in Chromium 156: INP differs by at most 8 ms with those that behave, by 240 ms and more with those that do not; 200 ms is good by web.dev's measure, and phones have a quarter of a desktop's speed",
};

fn detect(arms: &Arms) -> Vec<Finding> {
    let limit = arms.limit(&CPU);
    let before = arms.most_without(all_ms);
    // A tag that wraps the page's own listeners moves their work to its own and adds none.
    let is_slow = |evidence: &Evidence| own_ms(evidence).min(all_ms(evidence) - before) >= limit;
    let Some(seen) = arms.seen(is_slow) else {
        return vec![];
    };
    let culprit = arms.blame_places(|evidence| {
        let reactions = evidence.reactions();
        let runs = evidence.runs().into_iter();
        let within = runs.filter(|run| reaction_at(&reactions, run.start_us).is_some());
        within
            .map(|run| (run.code, run.script, run.cpu_us))
            .collect()
    });
    let slowest = arms.with.iter().find_map(|evidence| {
        let reactions = evidence.reactions();
        let costs = per_reaction(&reactions, &evidence.runs(), |run| own(evidence, run));
        let (answer, _) = costs.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        Some((
            answer.kind,
            evidence
                .step_at(answer.start_us)
                .map(|step| step.text.clone()),
        ))
    });
    let (kind, step) = slowest.unwrap_or(("input", None));
    let own = arms.figure("tag's CPU in its slowest answer to input", Unit::Ms, own_ms);
    let did = format!(
        "takes {} of CPU before the page can answer a {kind}",
        Unit::Ms.show(own.with)
    );
    let inp = |evidence: &Evidence| {
        let pages = evidence.visit.pages.iter();
        let all = pages.flat_map(|page| page.interactions.iter().map(|one| one.duration_ms));
        all.fold(0.0, f64::max)
    };
    vec![arms.finding(
        &DETECTOR,
        Sighting {
            seen,
            culprit,
            did,
            step,
            figures: vec![
                own,
                arms.figure("script CPU in the slowest answer", Unit::Ms, all_ms),
                arms.figure("longest interaction, wall time", Unit::Ms, inp),
            ],
        },
    )]
}

fn own<'v>(evidence: &Evidence<'v>, run: &Run<'v>) -> f64 {
    if evidence.is_tags(run.code, run.script) {
        run.cpu_us
    } else {
        0.0
    }
}

/// The tag's CPU time in the answer in which it is largest, milliseconds.
fn own_ms(evidence: &Evidence) -> f64 {
    slowest_ms(evidence, |run| own(evidence, run))
}

fn all_ms(evidence: &Evidence) -> f64 {
    slowest_ms(evidence, |run| run.cpu_us)
}

fn slowest_ms<'v>(evidence: &Evidence<'v>, cost: impl Fn(&Run<'v>) -> f64) -> f64 {
    let (reactions, runs) = (evidence.reactions(), evidence.runs());
    let costs = per_reaction(&reactions, &runs, cost);
    costs.into_iter().map(|(_, cost)| cost).fold(0.0, f64::max) / 1e3
}
