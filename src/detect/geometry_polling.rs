//! Geometry or style that is asked for again and again while nothing happens.

use super::idle::{main_figure, step};
use super::{Arms, Detector, Sighting, Threshold};
use crate::model::{Finding, Severity, Unit};
use crate::trace::{Evidence, Going, Kind, Loop, POLLS_PER_S};

pub const DETECTOR: Detector = Detector {
    id: "geometry_polling",
    name: "polling of geometry or style",
    severity: Severity::Warning,
    what: "Timers or animation frames that ask for the place, size or style of elements again and again while nobody touches the page. What asks without the tag as well does not count.",
    example: "A viewability script measures an advertisement with getBoundingClientRect in every frame.",
    needs_steps: &[],
    why: "The main thread never comes to rest, and where the page changes, each question makes the browser lay it out at once and again.",
    fix: "Ask the owner to use IntersectionObserver for what is in view and ResizeObserver for sizes: the browser tells them of changes, and of nothing else.",
    thresholds: THRESHOLDS,
    detect,
};

#[rustfmt::skip]
const READS: Threshold = Threshold {
    id: "reads", name: "questions for geometry or style per second at rest, beyond the control arm", value: POLLS_PER_S, unit: Unit::Count,
    source: "a check of one element ten times per second has 10, one in every frame 60, one of all elements hundreds; tags that observe have none",
};

const THRESHOLDS: &[Threshold] = &[READS];

fn detect(arms: &Arms) -> Vec<Finding> {
    let reads = |evidence: &Evidence| {
        let loops = polls(evidence);
        loops.fold(0.0, |sum, (at, _)| sum + at.reads_per_s)
    };
    let Some(seen) = arms.exceeds(&READS, reads) else {
        return Vec::new();
    };
    let culprit = arms.blame_places(|evidence| {
        polls(evidence)
            .map(|(at, going)| (going.code, going.script, at.reads_per_s))
            .collect()
    });
    let sighting = Sighting {
        seen,
        culprit,
        did: format!(
            "asks for geometry or style {:.0} times per second while nobody touches the page",
            arms.with(reads)
        ),
        step: step(arms),
        figures: vec![
            arms.figure(
                "questions for geometry or style per second at rest",
                Unit::Count,
                reads,
            ),
            main_figure(arms),
        ],
    };
    vec![arms.finding(&DETECTOR, sighting)]
}

fn polls<'a, 'v>(evidence: &'a Evidence<'v>) -> impl Iterator<Item = (&'a Loop, &'a Going<'v>)> {
    let loops = evidence.loops().iter();
    let polls = loops.filter(|at| at.kind == Kind::Geometry);
    polls.map(|at| (at, &evidence.rest().going[at.going]))
}
